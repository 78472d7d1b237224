using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using HaukiOS.Build.Link;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Checks;

/// <summary>The verb <c>compile</c>: runs ilc and believes its object only if its log is clean.</summary>
public static class CompileVerb
{
    /// <summary>Compiles what the response file names.</summary>
    /// <returns>The tool's exit code.</returns>
    /// <exception cref="BuildException">The compiler failed, or something in the program cannot work.</exception>
    public static int Run(Options options)
    {
        string output = options.Get("out");
        string[] lines = RunCompiler(options.Get("ilc"), options.Get("response"), out int exitCode);
        File.WriteAllLines(options.Get("log"), lines);

        List<string> problems =
            [.. CompilerLog.Problems(lines, options.All("known").SelectMany(ReadKnown).ToList())];
        if (exitCode == 0)
        {
            problems.AddRange(GenericVirtualCalls.Problems(
                CoffObject.Read(output), new HumanNames(ManagedTypes.From(options.All("assembly")))));
        }

        if (exitCode != 0)
        {
            // The reason is often in the middle of the compiler's own stack trace, which stays in the log.
            problems.AddRange(lines.Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)));
            problems.Add($"ilc ended with {exitCode}; all it said is in {options.Get("log")}");
        }

        if (problems.Count > 0)
        {
            // A good-looking object must not be mistaken for an up-to-date one by the next build.
            File.Delete(output);
            throw new BuildException(string.Join('\n', problems));
        }

        return 0;
    }

    private static string[] RunCompiler(string compiler, string response, out int exitCode)
    {
        var start = new ProcessStartInfo(compiler, ["@" + response])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var lines = new List<string>();
        using var process = new Process { StartInfo = start };
        DataReceivedEventHandler keep = (_, received) =>
        {
            lock (lines)
            {
                if (received.Data is not null)
                {
                    lines.Add(received.Data);
                }
            }
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        exitCode = process.ExitCode;
        return [.. lines];
    }

    // One caller a line, as the compiler prints it; `#` begins the reason.
    private static IEnumerable<string> ReadKnown(string path) =>
        File.ReadLines(path).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0);
}
