using System.Globalization;
using System.Linq;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>A machine that a node can be on.</summary>
/// <param name="Model">The network card: one of <see cref="NetworkCard.Models"/>.</param>
/// <param name="MemoryMiB">Memory in MiB.</param>
public sealed record Station(string Model, int MemoryMiB)
{
    /// <summary>The disk; null for none.</summary>
    public DiskImage? Disk { get; init; }

    /// <summary>Reads <c>CARD:MIB</c>.</summary>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static Station Parse(string text)
    {
        var words = text.Split(':');
        return words.Length == 2 && NetworkCard.Models.Contains(words[0])
            && int.TryParse(words[1], CultureInfo.InvariantCulture, out var memory) && memory > 0
            ? new Station(words[0], memory)
            : throw new UserErrorException($"'{text}' is no machine; say something like {NetworkCard.Rtl8139}:64.");
    }
}
