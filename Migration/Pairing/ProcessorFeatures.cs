using System.Text;

namespace HaukiOS.Migration;

/// <summary>
/// Whether a node finds, on another processor, what its code makes use of: exactly what the first instructions of the
/// kernel insist on (Kernel/Boot/boot.asm), for nothing in it looks for more. Whatever else the source's processor has
/// does not keep a node from going to a plainer one.
/// </summary>
public static class ProcessorFeatures
{
    // CPUID leaf 1, EDX (Intel SDM volume 2A, table 3-11).
    private static readonly (int Bit, string Name)[] Used =
    [
        (0, "FPU"), (3, "PSE"), (4, "TSC"), (8, "CX8"), (15, "CMOV"), (24, "FXSR"), (25, "SSE"), (26, "SSE2"),
    ];

    /// <summary>Names what the source's processor can and the target's cannot; empty if there is nothing.</summary>
    public static string Missing(uint source, uint target)
    {
        var names = new StringBuilder();
        foreach ((int bit, string name) in Used)
        {
            if ((source & ~target & (1u << bit)) != 0)
            {
                names.Append(names.Length > 0 ? ", " : string.Empty).Append(name);
            }
        }

        return names.ToString();
    }

    /// <summary>Why a node of that processor cannot go on here.</summary>
    /// <returns>A sentence, or null if it can.</returns>
    public static string? Judge(uint source, uint target)
    {
        string missing = Missing(source, target);
        return missing.Length == 0
            ? null
            : $"the processor there lacks what the node may be using: {missing}";
    }
}
