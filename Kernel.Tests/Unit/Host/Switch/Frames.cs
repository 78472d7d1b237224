using System;
using System.Buffers.Binary;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>Ethernet frames of numbered stations, each with a number of its own.</summary>
internal static class Frames
{
    /// <summary>A number of no station: a frame to everybody.</summary>
    public const int Everybody = -1;

    private const ulong FirstStation = 0x5254_0000_0000;

    /// <summary>Makes a frame.</summary>
    public static byte[] Of(int to, int from, int number, int length = 60)
    {
        var frame = new byte[length];
        WriteAddress(frame, to == Everybody ? 0xFFFF_FFFF_FFFF : FirstStation + (ulong)to);
        WriteAddress(frame.AsSpan(6), FirstStation + (ulong)from);
        frame[12] = 0x88;
        frame[13] = 0xB5;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(14), number);
        return frame;
    }

    /// <summary>The number that the frame was made with.</summary>
    public static int NumberOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame[14..]);

    private static void WriteAddress(Span<byte> at, ulong address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(address >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(at[2..], (uint)address);
    }
}
