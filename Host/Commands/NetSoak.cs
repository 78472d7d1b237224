using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// The network's part of <c>hauki soak</c>: traffic at full rate in every manner for as long as one likes, on one
/// card, with this Linux as the peer; every few seconds frames must have moved both ways, and the node's memory
/// must stay as it was. And a million mutated frames into a live node.
/// </summary>
internal sealed class NetSoak
{
    private const string LinuxAddress = NodeOnSwitch.LinuxAddress;
    private const string NodeAddress = NodeOnSwitch.NodeAddress;
    private const int RoundSeconds = 15;
    private const int FuzzParts = 10;

    // As for the other soaks: noise that no leak hides in.
    private const double DriftMaxKibibytes = 1024;

    // Without a frame for this long something is wedged: no timer of TCP waits so long under full traffic.
    private static readonly TimeSpan StillnessMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DeathMax = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly (string Name, string Program, string[] Words)[] Rounds =
    [
        ("receive", "iperf3", []),
        ("send", "iperf3", ["-R"]),
        ("both", "iperf3", ["--bidir"]),
        ("eight at once", "iperf3", ["-P", "8"]),
        ("small writes", "iperf3", ["-l", "100", "-N"]),
        ("small pings", "ping", ["-f", "-q", "-s", "18"]),
        ("large pings", "ping", ["-f", "-q", "-s", "4000"]),
    ];

    private readonly string card;
    private readonly NetworkNamespace space;
    private readonly ConsoleDriver console;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private MemoryFigures? baseline;
    private (long In, long Out) seen;
    private TimeSpan movedAt;
    private int failures;

    private NetSoak(string card, NetworkNamespace space, ConsoleDriver console)
    {
        this.card = card;
        this.space = space;
        this.console = console;
    }

    /// <summary>Full traffic on one card.</summary>
    /// <returns>How many things went wrong.</returns>
    public static int Run(Layout layout, string card, TimeSpan duration)
    {
        RequireTools("ip", "iperf3", "ping");
        using var space = NetworkNamespace.Create(LinuxAddress + "/24");
        using var machine = space.Start(NodeOnSwitch.Usual(layout) with { Card = space.NewCard(card) });
        var console = new ConsoleDriver(machine.Serial)
        {
            ReadyPrompt = ConsoleDriver.PromptWithoutDisk,
            Patience = Patience,
        };
        machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        console.Command("iperf");
        var soak = new NetSoak(card, space, console);
        try
        {
            soak.Run(duration);
        }
        catch (EmulatorException problem)
        {
            soak.Fail(problem.Message);
        }

        System.Console.WriteLine(soak.failures == 0
            ? Invariant($"soak net {card}: {soak.watch.Elapsed:hh\\:mm\\:ss}, traffic and memory steady, passed")
            : Invariant($"soak net {card}: FAILED, {soak.failures} times"));
        return soak.failures;
    }

    /// <summary>Mutated frames into a live node with one card.</summary>
    /// <returns>How many things went wrong.</returns>
    public static int Fuzz(Layout layout, string card, long frames, int seed)
    {
        RequireTools("ip");
        using var lab = new NodeOnSwitch(NodeOnSwitch.Usual(layout), card);
        lab.AwaitPrompt(Patience);
        lab.Console.Command($"listen {GuestFuzz.EchoPort} echo");
        lab.Console.Command("listen 9 discard");
        var fuzz = new GuestFuzz(lab, seed);

        void Progress(string line) => System.Console.WriteLine($"soak net-fuzz {card}: {line}");

        // The first tenth fills every buffer that is filled once and kept.
        var before = 0.0;
        for (var part = 1; part <= FuzzParts; part++)
        {
            fuzz.Run((frames * part / FuzzParts) - fuzz.Frames, static _ => { });
            var live = lab.ReadMemory().LiveKibibytes;
            before = part == 1 ? live : before;
            Progress(Invariant($"{fuzz.Frames} frames, {live:0} KiB live, {fuzz.AskedAgain} asked again, ")
                + Invariant($"{fuzz.Exchanges} honest exchanges; ")
                + string.Concat(Lines(lab.Console.Command("net"), "tcp:")));
        }

        fuzz.Dispose();
        Progress("waiting until the node has given up every peer that was only a lie");
        AwaitNoConnections(lab.Console);
        var drift = lab.ReadMemory().LiveKibibytes - before;
        Progress(lab.Console.Command("net counters").TrimEnd());
        using var socket = lab.Connect(GuestFuzz.EchoPort, Patience);
        socket.Send("hauki"u8);
        var answered = socket.Receive(new byte[5]) > 0;
        var passed = answered && drift <= DriftMaxKibibytes;
        Progress(Invariant($"{fuzz.Frames} frames of seed {seed}, live memory moved by {drift:0} KiB, ")
            + (passed ? "the console and an echo answer, passed" : "FAILED"));
        return passed ? 0 : 1;
    }

    // Silent peers are asked for a minute, those that owe an acknowledgement for five.
    private static void AwaitNoConnections(ConsoleDriver console)
    {
        var from = Stopwatch.GetTimestamp();
        while (!console.Command("net").Contains(" 0 connections, ", StringComparison.Ordinal)
            && Stopwatch.GetElapsedTime(from) < DeathMax)
        {
            Thread.Sleep(1000);
        }
    }

    private static void RequireTools(params string[] programs)
    {
        if (MissingTool.Sentence(programs) is { } sentence)
        {
            throw new UserErrorException(sentence);
        }
    }

    private void Run(TimeSpan duration)
    {
        for (var round = 0; watch.Elapsed < duration; round++)
        {
            var (name, program, words) = Rounds[round % Rounds.Length];
            Round(name, program, words);
            if (round % Rounds.Length == Rounds.Length - 1)
            {
                Judge();
            }
        }
    }

    private void Round(string name, string program, string[] words)
    {
        string[] all = program == "ping"
            ? [.. words, "-w", Invariant($"{RoundSeconds}"), NodeAddress]
            : ["-c", NodeAddress, "-J", "-t", Invariant($"{RoundSeconds}"), .. words];
        using var process = space.Start(program, all);
        var output = Task.Run(process.StandardOutput.ReadToEnd);
        var errors = Task.Run(process.StandardError.ReadToEnd);
        movedAt = watch.Elapsed;
        while (!process.WaitForExit(Look))
        {
            Watch(name);
        }

        var said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        var rate = program == "ping" ? PingSummary(said) : IperfSummary(said);
        System.Console.WriteLine(Invariant($"soak net {card} {watch.Elapsed:hh\\:mm\\:ss} {name}: {rate}"));
        if (process.ExitCode != 0)
        {
            Fail($"{program} ended with {process.ExitCode}: {said}");
        }
    }

    // Frames that this Linux has sent and received on its interface to the machine: no word of the node's is needed.
    private void Watch(string name)
    {
        var now = CountFrames();
        if (now.In != seen.In && now.Out != seen.Out)
        {
            (seen, movedAt) = (now, watch.Elapsed);
        }
        else if (watch.Elapsed - movedAt > StillnessMax)
        {
            Fail(Invariant($"{name}: nothing moves ({now.Out - seen.Out} frames to the node, ")
                + Invariant($"{now.In - seen.In} from it in {(watch.Elapsed - movedAt).TotalSeconds:0} s)\n")
                + console.Command("net") + console.Command("net counters"));
            movedAt = watch.Elapsed;
        }
    }

    private (long In, long Out) CountFrames()
    {
        var links = JsonNode.Parse(Tool.Run("ip", "-n", space.Name, "-s", "-j", "link", "show", "dev", "tap0"))!;
        var figures = links.AsArray()[0]!["stats64"]!;
        return (figures["rx"]!["packets"]!.GetValue<long>(), figures["tx"]!["packets"]!.GetValue<long>());
    }

    private void Judge()
    {
        console.Command("soak alloc 64");
        var memory = MemoryFigures.Read(console);
        baseline ??= memory;
        var drift = memory.LiveKibibytes - baseline.Value.LiveKibibytes;
        System.Console.WriteLine(Invariant($"soak net {card} {watch.Elapsed:hh\\:mm\\:ss} memory: ")
            + Invariant($"{memory.LiveKibibytes:0} KiB live, {drift:+0;-0;0}"));
        foreach (var line in Lines(console.Command("net"), "received:", "sent:", "interrupts:", "tcp:"))
        {
            System.Console.WriteLine($"soak net {card}   {line}");
        }

        if (Math.Abs(drift) > DriftMaxKibibytes)
        {
            Fail(Invariant($"live memory moved by {drift:0} KiB"));
        }
    }

    private void Fail(string what)
    {
        failures++;
        System.Console.WriteLine(Invariant($"soak net {card} {watch.Elapsed:hh\\:mm\\:ss} FAILURE: {what}"));
    }

    private static IEnumerable<string> Lines(string said, params string[] beginnings) => said.Split('\n').Where(line =>
        beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)));

    private static string PingSummary(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", lines.Where(static line =>
            line.Contains("received", StringComparison.Ordinal) || line.StartsWith("rtt", StringComparison.Ordinal)));
    }

    private static string IperfSummary(string said)
    {
        try
        {
            var end = JsonNode.Parse(said)!["end"]!.AsObject();
            IEnumerable<string> rates = end
                .Where(static pair => pair.Key.StartsWith("sum_received", StringComparison.Ordinal))
                .Select(static pair => pair.Value!["bits_per_second"]!.GetValue<double>() / 1e6)
                .Select(static rate => rate.ToString("0.0", CultureInfo.InvariantCulture));
            return string.Join(" and ", rates) + " Mbit/s";
        }
        catch (Exception problem) when (problem is System.Text.Json.JsonException or NullReferenceException)
        {
            return "no figures";
        }
    }
}
