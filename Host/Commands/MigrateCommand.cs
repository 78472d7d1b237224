using System.CommandLine;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki migrate</c>: moves a running node to another machine. With <c>--qemu</c> it is QEMU that moves the whole
/// machine to another QEMU, and both are named by their control sockets.
/// </summary>
internal static class MigrateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "Where the node is: QEMU's control socket." };
        var target = new Argument<string>("target") { Description = "Where it shall go: QEMU's control socket." };
        var byQemu = new Option<bool>("--qemu")
        {
            Description = "QEMU's own live migration, to a QEMU of the same machine that was started with "
                + "'-incoming defer' (hauki run --incoming).",
            Required = true,
        };
        var bandwidth = new Option<int?>("--bandwidth") { Description = "With --qemu: Mbit/s, at most." };
        var downtime = new Option<int?>("--downtime")
        {
            Description = "How long the node may stand still, in ms.",
        };
        var command = new Command("migrate", "Moves a running node to another machine.")
        {
            source, target, byQemu, bandwidth, downtime,
        };
        command.SetAction(parsed => MoveByQemu(
            parsed.GetValue(source)!,
            parsed.GetValue(target)!,
            new QemuMigration
            {
                BandwidthMax = parsed.GetValue(bandwidth) * 1_000_000L / 8,
                DowntimeLimitMs = parsed.GetValue(downtime),
            }));
        return command;
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
