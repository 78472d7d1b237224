using System.Runtime;
using HaukiOS.Conformance;
using HaukiOS.Machine;

namespace HaukiOS.MetalImage;

/// <summary>
/// Runs every conformance case on the metal. Each outcome is one line on COM1; the last line counts them; then the
/// emulator ends. Interrupts stay off: the cases need nothing but the processor and memory.
/// </summary>
internal static class Program
{
    /// <summary>Exit code for "all cases ran"; the emulator turns it into the status 0x21.</summary>
    private const uint AllRan = 0x10;

    // The compiler wants an entry point; nothing calls it.
    private static void Main()
    {
    }

    [RuntimeExport("KernelMain")]
    private static void KernelMain()
    {
        Suite suite = Areas.All();
        foreach (Case one in suite.Cases)
        {
            SerialLine.Write(one.Line());
        }

        SerialLine.Write("conformance done " + suite.Cases.Count);
        SerialLine.Flush();
        EmulatorExit.With(AllRan);
        while (true)
        {
            Cpu.WaitForInterrupt();
        }
    }
}
