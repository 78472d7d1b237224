using System;
using System.Globalization;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>A node that travels without its own doing: QEMU carries the whole machine to another QEMU.</summary>
public sealed class QemuShuttle : Shuttle
{
    private readonly ScratchDirectory scratch = new();
    private readonly MachineOptions options;
    private readonly string model;
    private QemuMachine machine = null!;
    private QemuMachine? target;
    private MoveFigures? latest;
    private int moves;

    /// <summary>Switches the machine on and lets the node echo.</summary>
    /// <param name="layout">Where the kernel lies.</param>
    /// <param name="network">A network with the <see cref="Shuttle.Places"/>.</param>
    /// <param name="station">What the machine is, at both places.</param>
    public QemuShuttle(Layout layout, MoveNetwork network, Station station)
        : base(network)
    {
        model = station.Model;
        options = new MachineOptions
        {
            Kernel = layout.Kernel,
            KernelArguments = $"net={NodeAddress}/24",
            MemoryMiB = station.MemoryMiB,
        };
        try
        {
            machine = QemuMachine.Start(options with { Card = Network.NewCard(Place, model) });
            AwaitPrompt(machine);
            Console.Command($"listen {EchoPort} echo");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override QemuMachine Machine => machine;

    /// <summary>How QEMU is told to do it.</summary>
    public QemuMigration How { get; init; } = new();

    /// <summary>The machine that was left with the last move, stopped; null before the first one.</summary>
    public QemuMachine? Left { get; private set; }

    /// <inheritdoc/>
    public override void Prepare()
    {
        if (target is null)
        {
            Left?.Dispose();
            Left = null;
            target = QemuMachine.Start(options with
            {
                Card = Network.NewCard(OtherPlace, model),
                Extra = QemuMigration.WaitingArguments,
            });
        }
    }

    /// <inheritdoc/>
    public override MoveFigures Move(Action<string>? progress = null)
    {
        Prepare();
        var there = target!;
        target = null;
        try
        {
            var socket = scratch.File(string.Create(CultureInfo.InvariantCulture, $"move{moves++}"));
            var figures = How.Run(machine.Qmp, there.Qmp, socket, progress);
            Left = machine;
            machine = there;
            Place = OtherPlace;
            latest = figures;
            return figures;
        }
        catch
        {
            there.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What the load had written when the machine was stopped, read from the memory that was left: it needs no guest
    /// that is well after the move.
    /// </summary>
    public override LoadCount CountAfterMove() => new(
        LoadRegion.CountWritten(Left!.DumpMemory(options.MemoryMiB), LoadMebibytes)
            ?? throw Left.Failure("The load's region is not whole in the memory that was left."),
        latest!.Landed);

    /// <inheritdoc/>
    public override void Dispose()
    {
        machine?.Dispose();
        target?.Dispose();
        Left?.Dispose();
        scratch.Dispose();
        base.Dispose();
    }
}
