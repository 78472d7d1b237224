using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Interrupts;

/// <summary>
/// The two cascaded interrupt controllers of a PC (Intel 8259A datasheet, 231468-003). Lines 0 to 7 are the first,
/// 8 to 15 the second, which hangs on line 2 of the first.
/// </summary>
public sealed class Pic8259
{
    /// <summary>Interrupt lines in all.</summary>
    public const int LineCount = 16;

    private const int LinesPerPart = 8;
    private const int CascadeLine = 2;
    private const int LastLineOfPart = 7;

    // Initialisation command words (datasheet, "Initialization Command Words"): edge triggered, cascaded, ICW4 follows.
    private const byte StartInitialisation = 0x11;
    private const byte Mode8086 = 0x01;

    // Operation command words.
    private const byte EndOfInterruptNonSpecific = 0x20;
    private const byte SelectRequestRegister = 0x0A;
    private const byte SelectServiceRegister = 0x0B;

    private readonly Port8 firstCommand;
    private readonly Port8 firstMask;
    private readonly Port8 secondCommand;
    private readonly Port8 secondMask;
    private ushort masked = 0xFFFF;

    /// <summary>Binds the controllers at their fixed ports; nothing is written yet.</summary>
    public Pic8259(PortSpace ports)
    {
        firstCommand = new Port8(ports, 0x20);
        firstMask = new Port8(ports, 0x21);
        secondCommand = new Port8(ports, 0xA0);
        secondMask = new Port8(ports, 0xA1);
    }

    /// <summary>
    /// Moves the lines to <paramref name="firstVector"/> and the 15 vectors after it; all lines are masked.
    /// </summary>
    /// <param name="firstVector">A multiple of 8, beyond the 32 exceptions of the processor.</param>
    public void Initialise(byte firstVector)
    {
        firstCommand.Write(StartInitialisation);
        secondCommand.Write(StartInitialisation);
        firstMask.Write(firstVector);
        secondMask.Write((byte)(firstVector + LinesPerPart));
        firstMask.Write(1 << CascadeLine);
        secondMask.Write(CascadeLine);
        firstMask.Write(Mode8086);
        secondMask.Write(Mode8086);
        masked = 0xFFFF & ~(1 << CascadeLine);
        WriteMasks();
    }

    /// <summary>Lets the interrupts of a line through.</summary>
    public void Unmask(int line)
    {
        masked &= (ushort)~(1 << line);
        WriteMasks();
    }

    /// <summary>Keeps the interrupts of every line back, the cascade's included.</summary>
    public void MaskAll()
    {
        masked = 0xFFFF;
        WriteMasks();
    }

    /// <summary>Keeps the interrupts of a line back.</summary>
    public void Mask(int line)
    {
        masked |= (ushort)(1 << line);
        WriteMasks();
    }

    /// <summary>
    /// Was this a request that went away again? The controllers then report their last line without having it in
    /// service (datasheet, "Interrupt Sequence"). Such a call must not be answered by <see cref="EndOfInterrupt"/>.
    /// </summary>
    public bool IsSpurious(int line)
    {
        if ((line & LastLineOfPart) != LastLineOfPart)
        {
            return false;
        }

        Port8 command = line < LinesPerPart ? firstCommand : secondCommand;
        command.Write(SelectServiceRegister);
        bool inService = (command.Read() & (1 << LastLineOfPart)) != 0;
        if (!inService && line >= LinesPerPart)
        {
            // The first controller did see a real request, from the second.
            firstCommand.Write(EndOfInterruptNonSpecific);
        }

        return !inService;
    }

    /// <summary>Does the line wait to be served?</summary>
    public bool IsRequested(int line)
    {
        Port8 command = line < LinesPerPart ? firstCommand : secondCommand;
        command.Write(SelectRequestRegister);
        return (command.Read() & (1 << (line & LastLineOfPart))) != 0;
    }

    /// <summary>The lines that nobody serves and that wait to be served: a bit each.</summary>
    public ushort ReadUnservedRequests()
    {
        firstCommand.Write(SelectRequestRegister);
        secondCommand.Write(SelectRequestRegister);
        return (ushort)((firstCommand.Read() | (secondCommand.Read() << LinesPerPart)) & masked);
    }

    /// <summary>Tells the controllers that the line has been served.</summary>
    public void EndOfInterrupt(int line)
    {
        if (line >= LinesPerPart)
        {
            secondCommand.Write(EndOfInterruptNonSpecific);
        }

        firstCommand.Write(EndOfInterruptNonSpecific);
    }

    private void WriteMasks()
    {
        firstMask.Write((byte)masked);
        secondMask.Write((byte)(masked >> LinesPerPart));
    }
}
