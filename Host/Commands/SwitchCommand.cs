using System;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using HaukiOS.Host.Switch;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki switch</c>: an Ethernet switch for emulated machines, with faults from a seed. Runs until Ctrl-C or for
/// a given time, then prints what passed.
/// </summary>
internal static class SwitchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var port = new Option<string[]>("--port")
        {
            Description = $"A port: {PortSpecification.Forms}.",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "What the fates of all frames follow from.",
            DefaultValueFactory = _ => 1,
        };
        var script = new Option<FileInfo?>("--script") { Description = "A file of lines such as '10s partition a|b'." };
        var fault = new Option<string?>("--fault") { Description = "Faults on every wire, such as 'loss 5%'." };
        var pcap = new Option<string[]>("--pcap")
        {
            Description = "FILE for all frames as they come in; PORT=FILE for what passes one port.",
        };
        var seconds = new Option<double>("--seconds") { Description = "When to end; never when left out." };
        var every = new Option<double>("--every") { Description = "Prints the counters every so many seconds." };
        var command = new Command("switch", "An Ethernet switch for QEMU's stream and dgram sockets, with faults.")
        {
            port, seed, script, fault, pcap, seconds, every,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(port)!,
            parsed.GetValue(seed),
            ScriptOf(parsed.GetValue(script), parsed.GetValue(fault)),
            parsed.GetValue(pcap) ?? [],
            parsed.GetValue(seconds),
            parsed.GetValue(every)));
        return command;
    }

    private static FaultScript ScriptOf(FileInfo? file, string? faults)
    {
        if (file is { Exists: false })
        {
            throw new UserErrorException($"There is no {file}.");
        }

        var first = faults is null ? string.Empty : $"0s {faults}\n";
        return FaultScript.Parse(first + (file is null ? string.Empty : File.ReadAllText(file.FullName)));
    }

    private static int Run(
        string[] ports, ulong seed, FaultScript script, string[] captures, double seconds, double every)
    {
        using var made = new VirtualSwitch(seed);
        foreach (var text in ports)
        {
            made.Add(PortSpecification.Open(text));
        }

        foreach (var text in captures)
        {
            Capture(made, text);
        }

        made.Play(script);
        made.Start();
        System.Console.Error.WriteLine($"switch: {ports.Length} ports, seed {seed}; Ctrl-C ends it");
        using var end = new ManualResetEventSlim();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Set();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var until = seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        var pause = every > 0 ? TimeSpan.FromSeconds(every) : TimeSpan.FromMinutes(1);
        while (made.Now < until)
        {
            var left = until - made.Now;
            if (end.Wait(left < pause ? left : pause))
            {
                break;
            }

            made.ThrowIfFailed();
            if (every > 0)
            {
                System.Console.WriteLine(made.Statistics());
            }
        }

        System.Console.Write(made.Statistics());
        return 0;
    }

    private static void Capture(VirtualSwitch made, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            made.CaptureAll(text);
            return;
        }

        var port = made.Locked(fabric => FindPort(fabric, text[..equals]));
        made.CaptureAt(port, text[(equals + 1)..]);
    }

    private static SwitchPort FindPort(SwitchFabric fabric, string name)
    {
        foreach (var port in fabric.Ports)
        {
            if (port.Name == name)
            {
                return port;
            }
        }

        throw new UserErrorException($"There is no port '{name}' to capture at.");
    }
}
