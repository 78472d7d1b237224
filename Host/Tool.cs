using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;

namespace HaukiOS.Host;

/// <summary>Programs of the host that are run to their end.</summary>
internal static class Tool
{
    /// <summary>Runs a program and waits for it.</summary>
    /// <returns>Its exit code, its standard output, and its errors.</returns>
    /// <exception cref="UserErrorException">It is not installed.</exception>
    public static (int Code, string Output, string Errors) Try(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            throw new UserErrorException($"{program} is not installed.");
        }
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="UserErrorException">It failed; its own words are in the message.</exception>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        var (code, output, errors) = Try(program, arguments);
        return code == 0
            ? output
            : throw new UserErrorException($"{program} {string.Join(' ', arguments)} failed ({code}):\n{errors}");
    }
}
