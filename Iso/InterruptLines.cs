using System;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Machine;

namespace HaukiOS.Image;

/// <summary>The interrupt lines: two 8259A in front of the processor's interrupt table.</summary>
public sealed unsafe class InterruptLines : IInterruptLines
{
    /// <summary>Handlers that can share a line: a PCI machine has four slots.</summary>
    public const int SharedMax = 4;

    private static InterruptLines? instance;

    private readonly Pic8259 controller;

    // Delegates and not the interfaces: an interface call may have to be resolved, and that is not for interrupt time.
    private readonly Action?[] handlers = new Action?[Pic8259.LineCount * SharedMax];

    /// <summary>Takes the controllers over; every line is masked. To be called once.</summary>
    public InterruptLines(Pic8259 controller)
    {
        this.controller = controller;
        instance = this;
        Restart();
        for (int line = 0; line < Pic8259.LineCount; line++)
        {
            InterruptTable.SetHandler(InterruptTable.FirstLine + line, &OnLine);
        }
    }

    /// <summary>Learns the moment of every interrupt, once it is there.</summary>
    public EntropyPool? Entropy { get; set; }

    /// <summary>Takes the controllers of another machine over: nobody is attached, every line is masked.</summary>
    public void Restart()
    {
        handlers.AsSpan().Clear();
        controller.Initialise(InterruptTable.FirstLine);
    }

    /// <summary>Lets no interrupt through any more: this machine changes hands.</summary>
    public void Silence() => controller.MaskAll();

    /// <inheritdoc/>
    public void Attach(int line, IInterruptHandler handler)
    {
        for (int i = line * SharedMax; i < (line + 1) * SharedMax; i++)
        {
            if (handlers[i] is null)
            {
                handlers[i] = handler.OnInterrupt;
                controller.Unmask(line);
                return;
            }
        }

        throw new InvalidOperationException("too many devices share an interrupt line");
    }

    private static void OnLine(TrapFrame* frame)
    {
        InterruptLines lines = instance!;
        int line = (int)frame->Vector - InterruptTable.FirstLine;
        if (lines.controller.IsSpurious(line))
        {
            return;
        }

        lines.Entropy?.NoteInterrupt(Cpu.ReadTimestamp());
        for (int i = line * SharedMax; i < (line + 1) * SharedMax && lines.handlers[i] is { } handler; i++)
        {
            handler();
        }

        lines.controller.EndOfInterrupt(line);
        BackgroundWorker.LeaveAfterInterrupt(frame);
    }
}
