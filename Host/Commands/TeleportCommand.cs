using System;
using System.CommandLine;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki teleport</c>: the demonstration. A Linux holds a conversation with a node over one TCP connection while
/// the node moves from machine to machine and back, and tells the longest silence of each move.
/// </summary>
internal static class TeleportCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What the conversation looks like between two moves.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var moves = new Option<int>("--moves")
        {
            Description = "How often the node moves.",
            DefaultValueFactory = _ => 6,
        };
        var from = new Option<string>("--from")
        {
            Description = "The first machine: its card and its memory in MiB. With ':bochs' behind, and an NE2000, "
                + "Bochs emulates it: another PC altogether.",
            DefaultValueFactory = _ => NetworkCard.Rtl8139 + ":64",
        };
        var to = new Option<string>("--to")
        {
            Description = "The second machine.",
            DefaultValueFactory = _ => NetworkCard.Ne2000Pci + ":256",
        };
        var load = new Option<int>("--load") { Description = "MiB that the node writes to without a pause." };
        var bandwidth = new Option<int?>("--bandwidth") { Description = "With --qemu: Mbit/s, at most." };
        var downtime = new Option<int?>("--downtime")
        {
            Description = "With --qemu: how long the node may stand still, in ms.",
        };
        var byQemu = new Option<bool>("--qemu")
        {
            Description = "QEMU's own live migration carries the whole machine, to another one like the first.",
        };
        var command = new Command("teleport", "Shows a node that moves while a Linux speaks with it (root).")
        {
            moves, from, to, load, byQemu, bandwidth, downtime,
        };
        command.SetAction(parsed =>
        {
            Check(parsed.GetValue(moves), parsed.GetValue(load));
            var isByQemu = parsed.GetValue(byQemu);
            if (!isByQemu)
            {
                QemuOptions.Refuse(parsed, bandwidth, downtime);
            }

            var first = Station.Parse(parsed.GetValue(from)!);
            var second = Station.Parse(parsed.GetValue(to)!);
            if (NetworkNamespace.WhyNot() is { } reason)
            {
                throw new UserErrorException(reason);
            }

            var layout = Layout.Find();
            using Shuttle shuttle = isByQemu
                ? new QemuShuttle(layout, MoveNetwork.OnBridge(Shuttle.Places), first)
                {
                    How = QemuOptions.Read(parsed, bandwidth, downtime) with { MaySlowDown = true },
                }
                : new NativeShuttle(layout, MoveNetwork.OnBridge(Shuttle.Places), first, second);
            try
            {
                shuttle.StartLoad(parsed.GetValue(load));
                var pace = first.IsBochs || second.IsBochs ? StreamClient.GentlePace : StreamClient.UsualPace;
                return Run(shuttle, parsed.GetValue(moves), pace);
            }
            catch (TimeoutException problem)
            {
                throw new EmulatorException(problem.Message);
            }
        });
        return command;
    }

    private static void Check(int moves, int load)
    {
        if (moves < 1 || load < 0)
        {
            throw new UserErrorException("--moves is 1 or more, and --load 0 or more.");
        }
    }

    private static int Run(Shuttle shuttle, int moves, int pace)
    {
        using var client = shuttle.Converse(pace);
        client.AwaitEcho(Patience);
        var worst = TimeSpan.Zero;
        for (var move = 1; move <= moves; move++)
        {
            System.Threading.Thread.Sleep(Pause);
            var usual = client.TakeLongestSilence();
            var (from, to) = (shuttle.Place, shuttle.OtherPlace);
            var figures = shuttle.Move(line => System.Console.WriteLine($"  {line}"));
            client.AwaitEcho(Patience);
            var silence = client.TakeLongestSilence();
            worst = silence > worst ? silence : worst;
            System.Console.WriteLine(Invariant($"move {move}, {from} to {to}: ")
                + Invariant($"stood still {figures.DowntimeMs:0.0} ms, {figures.TotalMs:0} ms in all, ")
                + Invariant($"{figures.Bytes / 1e6:0.00} MB; ")
                + Invariant($"the client heard nothing for {silence.TotalMilliseconds:0.0} ms ")
                + Invariant($"(between moves {usual.TotalMilliseconds:0.0})"));
        }

        System.Console.Write(shuttle.StopLoad());
        client.Finish(Patience);
        System.Console.WriteLine(Invariant($"{moves} moves, one connection: {client.Sent} bytes there, ")
            + Invariant($"{client.Received} back, none lost; longest silence {worst.TotalMilliseconds:0.0} ms"));
        return 0;
    }
}
