using System;

namespace HaukiOS.Host.Switch;

/// <summary>
/// What becomes of one frame on one wire. It follows from the seed, the wire's two names and the number of the frame
/// on that wire, and from nothing else: not from time, and not from what happens on other wires. The same frames in
/// the same order meet the same fate in every run.
/// </summary>
/// <param name="Lost">It does not arrive.</param>
/// <param name="Duplicated">It arrives twice.</param>
/// <param name="HeldBack">Later frames overtake it.</param>
/// <param name="CorruptedBit">Which bit of the frame is turned over; -1 for none.</param>
/// <param name="Wander">How far its delay is from the middle, from -1 to 1 of the jitter.</param>
public readonly record struct Fate(bool Lost, bool Duplicated, bool HeldBack, int CorruptedBit, double Wander)
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    // One draw for each thing that can happen: a script that adds duplication does not change which frames are lost.
    private enum Draw
    {
        Loss = 1,
        Duplication,
        Corruption,
        Bit,
        Reordering,
        Wander,
    }

    /// <summary>Draws the lots.</summary>
    /// <param name="faults">How likely each thing is.</param>
    /// <param name="wire">What <see cref="WireOf"/> gave for the seed and the two ports.</param>
    /// <param name="number">How many frames this wire has been offered before.</param>
    /// <param name="length">The frame's bytes.</param>
    public static Fate Of(LinkFaults faults, ulong wire, ulong number, int length)
    {
        var frame = Mix(wire + (number * Golden));
        if (Happens(faults.Loss, frame, Draw.Loss))
        {
            return new Fate(Lost: true, Duplicated: false, HeldBack: false, CorruptedBit: -1, Wander: 0);
        }

        var bit = Happens(faults.Corruption, frame, Draw.Corruption)
            ? (int)(Number(frame, Draw.Bit) % ((ulong)length * 8))
            : -1;
        return new Fate(
            Lost: false,
            Happens(faults.Duplication, frame, Draw.Duplication),
            Happens(faults.Reordering, frame, Draw.Reordering),
            bit,
            faults.Jitter > TimeSpan.Zero ? (Part(frame, Draw.Wander) * 2) - 1 : 0);
    }

    /// <summary>A number for the wire from one port to another under a seed.</summary>
    public static ulong WireOf(ulong seed, string from, string to) =>
        Mix(Mix(Mix(seed ^ Golden) ^ Digest(from)) + Digest(to));

    private static bool Happens(double probability, ulong frame, Draw draw) =>
        probability > 0 && Part(frame, draw) < probability;

    // 53 bits are what a double holds exactly.
    private static double Part(ulong frame, Draw draw) => (Number(frame, draw) >> 11) * (1.0 / (1UL << 53));

    private static ulong Number(ulong frame, Draw draw) => Mix(frame + ((ulong)draw * Golden));

    // FNV-1a, 64 bits.
    private static ulong Digest(string name)
    {
        var digest = 0xCBF2_9CE4_8422_2325;
        foreach (var character in name)
        {
            digest = (digest ^ character) * 0x100_0000_01B3;
        }

        return digest;
    }

    // The finaliser of SplitMix64: every bit of the input moves half of the output's.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
