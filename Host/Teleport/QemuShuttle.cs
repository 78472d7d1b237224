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

    /// <inheritdoc/>
    public override MoveFigures Move(Action<string>? progress = null)
    {
        var target = QemuMachine.Start(options with
        {
            Card = Network.NewCard(OtherPlace, model),
            Extra = QemuMigration.WaitingArguments,
        });
        try
        {
            var socket = scratch.File(string.Create(CultureInfo.InvariantCulture, $"move{moves++}"));
            var figures = How.Run(machine.Qmp, target.Qmp, socket, progress);
            machine.Dispose();
            machine = target;
            Place = OtherPlace;
            return figures;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        machine?.Dispose();
        scratch.Dispose();
        base.Dispose();
    }
}
