using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>A directory for one test; gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The directory.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("hauki-").FullName;

    /// <summary>A path in the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Runs a program in the directory and waits for it.</summary>
    /// <returns>The exit code, and all that it said.</returns>
    public (int ExitCode, string Output) Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A build server that outlives the test would hold the pipes open, and the test with them.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', words)} did not end");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
