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

    /// <summary>Is it emulated by Bochs, and not by QEMU?</summary>
    public bool IsBochs { get; init; }

    /// <summary>Is it switched off where it would start anew, as it does when the node has left it?</summary>
    public bool EndsWhenLeft { get; init; }

    /// <summary>Reads <c>CARD:MIB</c> or <c>CARD:MIB:bochs</c>.</summary>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static Station Parse(string text)
    {
        var words = text.Split(':');
        var isBochs = words.Length == 3 && words[2] == BochsMachine.Program;
        return (words.Length == 2 || isBochs) && NetworkCard.Models.Contains(words[0])
            && int.TryParse(words[1], CultureInfo.InvariantCulture, out var memory) && memory > 0
            ? new Station(words[0], memory) { IsBochs = isBochs }
            : throw new UserErrorException($"'{text}' is no machine; say something like {NetworkCard.Rtl8139}:64.");
    }

    /// <summary>Switches such a machine on.</summary>
    /// <param name="layout">Where kernel and CD lie.</param>
    /// <param name="arguments">The kernel's.</param>
    /// <param name="card">The card, with its wire.</param>
    public EmulatedMachine Start(Layout layout, string arguments, NetworkCard card)
    {
        var options = new MachineOptions
        {
            KernelArguments = arguments,
            MemoryMiB = MemoryMiB,
            Disk = Disk,
            EndOnReset = EndsWhenLeft,
            Card = card,
        };
        return IsBochs
            ? BochsMachine.Start(options with { Iso = layout.Iso })
            : QemuMachine.Start(options with { Kernel = layout.Kernel });
    }
}
