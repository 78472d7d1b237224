using System;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using HaukiOS.Host.Bench;
using HaukiOS.Host.Emulator;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki soak</c>: long life in bounded form, on the real CD. Gigabytes go through a small heap, a million puts
/// through a small disk's compaction, and traffic of every kind through each network card; the memory figures before
/// and after must agree.
/// </summary>
internal static class SoakCommand
{
    // The collector's heap may grow to a quarter of the machine: 32 MiB.
    private const int MachineMebibytes = 128;

    // Noise that no leak hides in: a leak of one byte in a thousand allocated would be ten times this.
    private const double DriftMaxKibibytes = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var allocate = new Option<int>("--allocate")
        {
            Description = "MiB to allocate in all.",
            DefaultValueFactory = _ => 10_240,
        };
        var puts = new Option<int>("--puts")
        {
            Description = "How many values to put.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var minutes = new Option<double>("--minutes")
        {
            Description = "How long each card has full traffic.",
            DefaultValueFactory = _ => 30,
        };
        var frames = new Option<long>("--frames")
        {
            Description = "Mutated frames into each card.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "What the mutated frames follow from.",
            DefaultValueFactory = _ => 1,
        };
        var times = new Option<int>("--times")
        {
            Description = "How much more the simulation of the network does than in the daily tests.",
            DefaultValueFactory = _ => 20,
        };
        var moves = new Option<int>("--moves")
        {
            Description = "How often a node moves to another machine.",
            DefaultValueFactory = _ => 500,
        };
        var card = new Option<string?>("--card") { Description = "Only this card; all three when left out." };
        card.AcceptOnlyFromAmong([.. NetworkCard.Models]);
        var only = new Argument<string?>("only")
        {
            Description = "alloc, put, net, net-fuzz, net-sim or moves; all of them when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        only.AcceptOnlyFromAmong("alloc", "put", "net", "net-fuzz", "net-sim", "moves");
        var command = new Command("soak", "Lets the kernel work for a long time and watches its memory.")
        {
            only, allocate, puts, minutes, frames, seed, times, card, moves,
        };
        command.SetAction(parsed =>
        {
            var layout = Layout.Find();
            var chosen = parsed.GetValue(only);
            string[] cards = parsed.GetValue(card) is { } one ? [one] : [.. NetworkCard.Models];
            var failures = chosen is "net" or "net-fuzz" or "net-sim" or "moves" ? 0 : Run(
                layout,
                chosen == "put" ? 0 : parsed.GetValue(allocate),
                chosen == "alloc" ? 0 : parsed.GetValue(puts));
            failures += chosen is null or "net-sim" ? SimulationSoak.Run(layout, parsed.GetValue(times)) : 0;
            failures += chosen is null or "net-fuzz"
                ? cards.Sum(model => NetSoak.Fuzz(layout, model, parsed.GetValue(frames), parsed.GetValue(seed)))
                : 0;
            failures += chosen is null or "net"
                ? cards.Sum(model => NetSoak.Run(layout, model, TimeSpan.FromMinutes(parsed.GetValue(minutes))))
                : 0;
            failures += chosen is null or "moves" ? MoveSoak.Run(layout, parsed.GetValue(moves)) : 0;
            return failures == 0 ? 0 : 1;
        });
        return command;
    }

    private static int Run(Layout layout, int mebibytes, int puts)
    {
        var iso = layout.RequireIso();
        using var scratch = new ScratchDirectory();
        var disk = scratch.File("disk.img");
        SampleOperator.PrepareDisk(iso, disk);
        var options = new MachineOptions { Iso = iso, Disk = new RawDisk(disk), MemoryMiB = MachineMebibytes };
        using var machine = QemuMachine.Start(options);
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(SampleOperator.Answers);

        // A short round first: it fills every buffer that is filled once and kept.
        Round(console, "warm-up", "soak alloc 64", null);
        Round(console, "warm-up", "soak put 1000", null);
        var start = MemoryFigures.Read(console);
        var failures = mebibytes == 0 ? 0 : Round(console, "allocate", Invariant($"soak alloc {mebibytes}"), start);
        failures += puts == 0 ? 0 : Round(console, "store", Invariant($"soak put {puts}"), start);
        System.Console.WriteLine(console.Command("status").TrimEnd());
        console.Leave("reboot");
        console.Unlock(SampleOperator.Answers);
        System.Console.WriteLine("soak: the store opens again after a reboot");
        System.Console.WriteLine(failures == 0 ? "soak: memory flat, passed" : "soak: FAILED");
        return failures == 0 ? 0 : 1;
    }

    private static int Round(ConsoleDriver console, string name, string command, MemoryFigures? baseline)
    {
        var from = Stopwatch.GetTimestamp();
        var said = LastLine(console.Command(command, Patience));
        var figures = MemoryFigures.Read(console);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        string collections = $"{figures.Collections} collections";
        System.Console.WriteLine(Invariant(
            $"soak {name}: {said} ({seconds:0} s; {figures.LiveKibibytes:0} KiB live, {collections})"));
        if (baseline is not { } start)
        {
            return 0;
        }

        var drift = figures.LiveKibibytes - start.LiveKibibytes;
        if (said.Contains("soak:", StringComparison.Ordinal) || Math.Abs(drift) > DriftMaxKibibytes)
        {
            System.Console.WriteLine(
                Invariant($"soak {name}: live memory moved by {drift:0} KiB, or the command failed"));
            return 1;
        }

        return 0;
    }

    // Progress overwrites its line, so what a person sees at the end stands behind the last CR.
    private static string LastLine(string output)
    {
        var lines = output.TrimEnd().Split('\n', '\r');
        return lines[^1].Trim();
    }
}
