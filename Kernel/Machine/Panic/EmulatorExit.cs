namespace HaukiOS.Machine;

/// <summary>Tells an emulator to end, with a code. On a real machine nothing listens, and nothing happens.</summary>
public static class EmulatorExit
{
    // QEMU: -device isa-debug-exit,iobase=0xf4,iosize=4 ends with 2 * code + 1. Bochs: the word to port 8900h.
    private const ushort QemuPort = 0xF4;
    private const ushort BochsPort = 0x8900;

    /// <summary>Ends the emulator. Returns if there is none.</summary>
    public static void With(uint code)
    {
        Cpu.Out32(QemuPort, code);
        const string Word = "Shutdown";
        for (int i = 0; i < Word.Length; i++)
            Cpu.Out8(BochsPort, (byte)Word[i]);
    }
}
