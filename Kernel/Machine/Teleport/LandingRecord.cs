using System.Runtime.InteropServices;

namespace HaukiOS.Machine;

/// <summary>What a landed node gets from the kernel that stood by on its machine, besides the baggage.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public unsafe struct LandingGift
{
    /// <summary>Bytes of <see cref="Seed"/>.</summary>
    public const int SeedLength = 64;

    /// <summary>Speed of this machine's cycle counter; 0 if it is not known.</summary>
    public ulong CyclesPerSecond;

    /// <summary>This machine's cycle counter at <see cref="TimeNanoseconds"/>.</summary>
    public ulong Timestamp;

    /// <summary>What the node's monotonic clock shows at <see cref="Timestamp"/>.</summary>
    public long TimeNanoseconds;

    /// <summary>Entropy of this machine; secret.</summary>
    public fixed byte Seed[SeedLength];
}

/// <summary>
/// The page on which the kernel that stood by leaves the machine to the node that lands. It lies in the machine-local
/// zone, and its address is in EAX when the node goes on (teleport.asm). Two builds may meet here: a change of the
/// layout is a change of <see cref="RightFormat"/>, and is refused by <see cref="Landing.Check"/> through
/// <see cref="CpuState.RightFormat"/>, which grows along.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct LandingRecord
{
    /// <summary>Bytes.</summary>
    public const int Size = 2256;

    /// <summary>"HKLR".</summary>
    public const uint RightMagic = 0x524C_4B48;

    /// <summary>The layout's number.</summary>
    public const uint RightFormat = 1;

    /// <summary>Bytes of baggage, at most.</summary>
    public const int BaggageMax = 1024;

    public CpuState State;
    public uint Magic;
    public uint Format;
    public uint PageDirectory;
    public uint FrameBits;
    public uint FrameCount;
    public uint FramesTotal;
    public uint FramesFree;
    public uint MachineEnd;
    public uint Descriptors;
    public uint Trampoline;
    public uint BaggageLength;

    /// <summary>Limit 0, address 0: until the node has tables of its own, a fault resets the machine.</summary>
    public ulong NoGates;

    public LandingGift Gift;
    public FrameRanges Usable;
    public fixed byte Baggage[BaggageMax];
}
