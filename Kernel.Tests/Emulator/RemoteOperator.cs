using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// An operator at a computer of their own: the command <c>hauki unlock</c> itself, in a process, against a machine
/// whose port is forwarded to this host.
/// </summary>
internal sealed partial class RemoteOperator
{
    /// <summary>
    /// Words for the kernel, after which the machine has its address at once and not when a lease has been granted.
    /// </summary>
    public const string NodeAddress = "net=10.0.2.15/24,10.0.2.2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly string directory;

    public RemoteOperator(string directory) => this.directory = directory;

    /// <summary>The port of this host that leads to the machine's.</summary>
    public int Port { get; } = FreePorts.Take(1)[0];

    public string KnownNodes => Path.Combine(directory, "known-nodes");

    /// <summary>The machine's card: a network of QEMU's own, in which the machine gets its address by DHCP.</summary>
    public NetworkCard Card(string model) => new(model, $"user,hostfwd=tcp:127.0.0.1:{Port}-10.0.2.15:4285");

    /// <summary>That machine, with its address from the first moment on.</summary>
    public MachineOptions Reachable(MachineOptions options, string kernel) => options with
    {
        Card = Card(NetworkCard.Rtl8139), Iso = null, Kernel = kernel, KernelArguments = NodeAddress,
    };

    /// <summary>Runs the command.</summary>
    /// <param name="answers">What it reads, a line each.</param>
    /// <param name="more">More arguments.</param>
    /// <returns>Its exit code, and all that it said.</returns>
    public (int Code, string Said) Unlock(IEnumerable<string> answers, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "hauki.dll"), "unlock", $"127.0.0.1:{Port}",
            "--known", KnownNodes, "--key", Path.Combine(directory, "operator-key"), .. more,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        foreach (string answer in answers)
        {
            process.StandardInput.WriteLine(answer);
        }

        process.StandardInput.Close();
        string said = process.StandardOutput.ReadToEnd();
        Assert.That(process.WaitForExit(Patience), "hauki unlock does not end");
        return (process.ExitCode, said + errors.Result);
    }

    /// <summary>Waits until the machine can be reached, and reads its fingerprint at the console.</summary>
    public static string ReadFingerprint(QemuMachine machine)
    {
        machine.Serial.Expect("the questions can be answered over the network at 10.0.2.15:4285", Patience);
        machine.Serial.Expect("answer> ", Patience);
        ConsoleDriver.GiveRandomness(machine.Serial);
        Match shown = BootKey().Matches(machine.Serial.Transcript).Last();
        return shown.Groups[1].Value;
    }

    [GeneratedRegex("boot key: (([0-9A-Z]{4}-){7}[0-9A-Z]{4})\r\n")]
    private static partial Regex BootKey();
}
