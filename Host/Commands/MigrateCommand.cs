using System;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Host.Control;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using HaukiOS.Host.Unlock;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki migrate</c>: moves a running node to another machine. With <c>--qemu</c> it is QEMU that moves the whole
/// machine to another QEMU, and both are named by their control sockets.
/// </summary>
internal static class MigrateCommand
{
    private const int DowntimeDefaultMs = 30;
    private const int CodeBytes = 10; // docs/pairing.md

    private static readonly Option<string?> Code = new("--code")
    {
        Description = "The pairing code that the other machine shows; not needed if the node was there before.",
    };

    private static readonly Option<string?> Fingerprint = new("--fingerprint")
    {
        Description = "The node's boot key, if 'hauki unlock' has not pinned it.",
    };

    private static readonly Option<string> Known = new("--known")
    {
        Description = "The file of pinned nodes.",
        DefaultValueFactory = _ => KnownNodes.DefaultFile,
    };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "The file of the operator's own key: the one that has unlocked the node.",
        DefaultValueFactory = _ => OperatorKey.DefaultFile,
    };

    private static readonly Option<int?> Downtime = new("--downtime")
    {
        Description = "How long the node may stand still, in ms; 30 if nothing is said, or QEMU's own default.",
    };

    private static readonly Option<bool> ByQemu = new("--qemu")
    {
        Description = "QEMU's own live migration, to a QEMU of the same machine that was started with "
            + "'-incoming defer' (hauki run --incoming).",
    };

    private static readonly Option<int?> Bandwidth = new("--bandwidth")
    {
        Description = "With --qemu: Mbit/s, at most.",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("NODE")
        {
            Description = "The node: ADDRESS or ADDRESS:PORT. With --qemu: QEMU's control socket.",
        };
        var target = new Argument<string>("TARGET")
        {
            Description = "The address of the machine that stands by. With --qemu: QEMU's control socket.",
        };
        var command = new Command(
            "migrate",
            "Moves a running node to another machine, and shows how it goes; Ctrl-C gives it up. Ends with 0 moved, "
            + "1 the node goes on where it is, 2 not pinned or wrong usage, 3 unreachable, 5 the node is not the "
            + "pinned one, 6 nothing was heard any more.")
        {
            source, target, Code, Downtime, Fingerprint, Known, Key, ByQemu, Bandwidth,
        };
        command.SetAction(parsed => parsed.GetValue(ByQemu)
            ? MoveByQemu(
                parsed.GetValue(source)!,
                parsed.GetValue(target)!,
                QemuOptions.Read(parsed, Bandwidth, Downtime))
            : Move(NodeAddress.Parse(parsed.GetValue(source)!, ControlProtocol.Port), Order(parsed, target), parsed));
        return command;
    }

    private static MoveOrder Order(ParseResult parsed, Argument<string> target)
    {
        QemuOptions.Refuse(parsed, Bandwidth);
        var text = parsed.GetValue(target)!;
        if (!Ipv4Address.TryParse(text, out var address))
        {
            throw new UserErrorException($"'{text}' is no address: say TARGET as that machine shows it.");
        }

        var code = parsed.GetValue(Code);
        if (code is not null && !CrockfordBase32.TryRead(Encoding.UTF8.GetBytes(code), new byte[CodeBytes]))
        {
            throw new UserErrorException(
                $"'{code}' is no pairing code; it has 16 letters and digits in groups of four.");
        }

        var downtime = parsed.GetValue(Downtime) ?? DowntimeDefaultMs;
        return downtime is >= 1 and <= ControlRequest.DowntimeMaxMs
            ? new MoveOrder(address, code) { DowntimeMs = downtime }
            : throw new UserErrorException($"--downtime is from 1 to {ControlRequest.DowntimeMaxMs} ms.");
    }

    private static int Move(NodeAddress node, MoveOrder order, ParseResult parsed)
    {
        using var operatorKey = OperatorKey.LoadOrMake(parsed.GetValue(Key)!);
        var view = new MoveView();
        var isCancelled = false;
        void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            // The first one gives the move up, and the node says how it ends; the second one ends this program.
            e.Cancel = !isCancelled;
            isCancelled = true;
        }

        System.Console.CancelKeyPress += OnCancel;
        try
        {
            var mover = new Mover(
                node,
                KnownNodes.Load(parsed.GetValue(Known)!),
                operatorKey,
                () => UnlockCommand.Connect(node, "is the node up, and 'remote' on?"),
                view.Show)
            {
                Given = UnlockCommand.ReadFingerprint(parsed.GetValue(Fingerprint)),
                IsCancelled = () => isCancelled,
            };
            var outcome = mover.Run(order);
            view.End(outcome, mover);
            return (int)outcome;
        }
        finally
        {
            System.Console.CancelKeyPress -= OnCancel;
        }
    }

    private static int MoveByQemu(string source, string target, QemuMigration how)
    {
        using var scratch = new ScratchDirectory();
        using var from = QmpClient.Connect(source);
        using var to = QmpClient.Connect(target);
        var figures = how.Run(from, to, scratch.File("move"), System.Console.WriteLine);
        System.Console.WriteLine(
            Invariant($"moved: stood still {figures.DowntimeMs:0} ms, {figures.TotalMs:0} ms in all, ")
            + Invariant($"{figures.Bytes / 1e6:0.0} MB in {figures.Rounds} rounds"));
        from.Execute("quit");
        return 0;
    }
}
