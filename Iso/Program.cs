using System.Runtime;

namespace HaukiOS.Image;

/// <summary>Where the machine layer hands over to the composed kernel.</summary>
internal static class Program
{
    // The compiler wants an entry point; nothing calls it.
    private static void Main()
    {
    }

    [RuntimeExport("KernelMain")]
    private static void KernelMain() => new Composition().Run();
}
