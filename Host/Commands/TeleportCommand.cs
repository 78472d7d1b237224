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
        var card = new Option<string>("--card")
        {
            Description = "The network card.",
            DefaultValueFactory = _ => NetworkCard.Rtl8139,
        };
        card.AcceptOnlyFromAmong([.. NetworkCard.Models]);
        var memory = new Option<int>("--memory")
        {
            Description = "Memory in MiB.",
            DefaultValueFactory = _ => 64,
        };
        var byQemu = new Option<bool>("--qemu")
        {
            Description = "QEMU's own live migration carries the whole machine.",
            Required = true,
        };
        var command = new Command("teleport", "Shows a node that moves while a Linux speaks with it (root).")
        {
            moves, card, memory, byQemu,
        };
        command.SetAction(parsed =>
        {
            if (NetworkNamespace.WhyNot() is { } reason)
            {
                throw new UserErrorException(reason);
            }

            var network = MoveNetwork.OnBridge(Shuttle.Places);
            using var shuttle = new QemuShuttle(
                Layout.Find(), network, parsed.GetValue(card)!, parsed.GetValue(memory));
            return Run(shuttle, parsed.GetValue(moves));
        });
        return command;
    }

    private static int Run(Shuttle shuttle, int moves)
    {
        using var client = shuttle.Converse();
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

        client.Finish(Patience);
        System.Console.WriteLine(Invariant($"{moves} moves, one connection: {client.Sent} bytes there, ")
            + Invariant($"{client.Received} back, none lost; longest silence {worst.TotalMilliseconds:0.0} ms"));
        return 0;
    }
}
