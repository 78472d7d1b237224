using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System.Buffers.Binary;

/// <summary>Numbers in bytes of either order. The machine is little endian.</summary>
public static class BinaryPrimitives
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short ReadInt16LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<short>(source);

    public static bool TryReadInt16LittleEndian(ReadOnlySpan<byte> source, out short value)
    {
        bool valid = source.Length >= sizeof(short);
        value = valid ? ReadInt16LittleEndian(source) : (short)0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt16LittleEndian(Span<byte> destination, short value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteInt16LittleEndian(Span<byte> destination, short value)
    {
        if (destination.Length < sizeof(short))
        {
            return false;
        }

        WriteInt16LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short ReadInt16BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<short>(source));

    public static bool TryReadInt16BigEndian(ReadOnlySpan<byte> source, out short value)
    {
        bool valid = source.Length >= sizeof(short);
        value = valid ? ReadInt16BigEndian(source) : (short)0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt16BigEndian(Span<byte> destination, short value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt16BigEndian(Span<byte> destination, short value)
    {
        if (destination.Length < sizeof(short))
        {
            return false;
        }

        WriteInt16BigEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<ushort>(source);

    public static bool TryReadUInt16LittleEndian(ReadOnlySpan<byte> source, out ushort value)
    {
        bool valid = source.Length >= sizeof(ushort);
        value = valid ? ReadUInt16LittleEndian(source) : (ushort)0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt16LittleEndian(Span<byte> destination, ushort value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteUInt16LittleEndian(Span<byte> destination, ushort value)
    {
        if (destination.Length < sizeof(ushort))
        {
            return false;
        }

        WriteUInt16LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<ushort>(source));

    public static bool TryReadUInt16BigEndian(ReadOnlySpan<byte> source, out ushort value)
    {
        bool valid = source.Length >= sizeof(ushort);
        value = valid ? ReadUInt16BigEndian(source) : (ushort)0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt16BigEndian(Span<byte> destination, ushort value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt16BigEndian(Span<byte> destination, ushort value)
    {
        if (destination.Length < sizeof(ushort))
        {
            return false;
        }

        WriteUInt16BigEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadInt32LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<int>(source);

    public static bool TryReadInt32LittleEndian(ReadOnlySpan<byte> source, out int value)
    {
        bool valid = source.Length >= sizeof(int);
        value = valid ? ReadInt32LittleEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt32LittleEndian(Span<byte> destination, int value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteInt32LittleEndian(Span<byte> destination, int value)
    {
        if (destination.Length < sizeof(int))
        {
            return false;
        }

        WriteInt32LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadInt32BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<int>(source));

    public static bool TryReadInt32BigEndian(ReadOnlySpan<byte> source, out int value)
    {
        bool valid = source.Length >= sizeof(int);
        value = valid ? ReadInt32BigEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt32BigEndian(Span<byte> destination, int value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt32BigEndian(Span<byte> destination, int value)
    {
        if (destination.Length < sizeof(int))
        {
            return false;
        }

        WriteInt32BigEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<uint>(source);

    public static bool TryReadUInt32LittleEndian(ReadOnlySpan<byte> source, out uint value)
    {
        bool valid = source.Length >= sizeof(uint);
        value = valid ? ReadUInt32LittleEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt32LittleEndian(Span<byte> destination, uint value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteUInt32LittleEndian(Span<byte> destination, uint value)
    {
        if (destination.Length < sizeof(uint))
        {
            return false;
        }

        WriteUInt32LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<uint>(source));

    public static bool TryReadUInt32BigEndian(ReadOnlySpan<byte> source, out uint value)
    {
        bool valid = source.Length >= sizeof(uint);
        value = valid ? ReadUInt32BigEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt32BigEndian(Span<byte> destination, uint value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt32BigEndian(Span<byte> destination, uint value)
    {
        if (destination.Length < sizeof(uint))
        {
            return false;
        }

        WriteUInt32BigEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadInt64LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<long>(source);

    public static bool TryReadInt64LittleEndian(ReadOnlySpan<byte> source, out long value)
    {
        bool valid = source.Length >= sizeof(long);
        value = valid ? ReadInt64LittleEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt64LittleEndian(Span<byte> destination, long value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteInt64LittleEndian(Span<byte> destination, long value)
    {
        if (destination.Length < sizeof(long))
        {
            return false;
        }

        WriteInt64LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadInt64BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<long>(source));

    public static bool TryReadInt64BigEndian(ReadOnlySpan<byte> source, out long value)
    {
        bool valid = source.Length >= sizeof(long);
        value = valid ? ReadInt64BigEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt64BigEndian(Span<byte> destination, long value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt64BigEndian(Span<byte> destination, long value)
    {
        if (destination.Length < sizeof(long))
        {
            return false;
        }

        WriteInt64BigEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<ulong>(source);

    public static bool TryReadUInt64LittleEndian(ReadOnlySpan<byte> source, out ulong value)
    {
        bool valid = source.Length >= sizeof(ulong);
        value = valid ? ReadUInt64LittleEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt64LittleEndian(Span<byte> destination, ulong value) =>
        MemoryMarshal.Write(destination, value);

    public static bool TryWriteUInt64LittleEndian(Span<byte> destination, ulong value)
    {
        if (destination.Length < sizeof(ulong))
        {
            return false;
        }

        WriteUInt64LittleEndian(destination, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<ulong>(source));

    public static bool TryReadUInt64BigEndian(ReadOnlySpan<byte> source, out ulong value)
    {
        bool valid = source.Length >= sizeof(ulong);
        value = valid ? ReadUInt64BigEndian(source) : 0;
        return valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt64BigEndian(Span<byte> destination, ulong value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt64BigEndian(Span<byte> destination, ulong value)
    {
        if (destination.Length < sizeof(ulong))
        {
            return false;
        }

        WriteUInt64BigEndian(destination, value);
        return true;
    }

    public static float ReadSingleLittleEndian(ReadOnlySpan<byte> source) =>
        BitConverter.UInt32BitsToSingle(ReadUInt32LittleEndian(source));

    public static void WriteSingleLittleEndian(Span<byte> destination, float value) =>
        WriteUInt32LittleEndian(destination, BitConverter.SingleToUInt32Bits(value));

    public static float ReadSingleBigEndian(ReadOnlySpan<byte> source) =>
        BitConverter.UInt32BitsToSingle(ReadUInt32BigEndian(source));

    public static void WriteSingleBigEndian(Span<byte> destination, float value) =>
        WriteUInt32BigEndian(destination, BitConverter.SingleToUInt32Bits(value));

    public static double ReadDoubleLittleEndian(ReadOnlySpan<byte> source) =>
        BitConverter.UInt64BitsToDouble(ReadUInt64LittleEndian(source));

    public static void WriteDoubleLittleEndian(Span<byte> destination, double value) =>
        WriteUInt64LittleEndian(destination, BitConverter.DoubleToUInt64Bits(value));

    public static double ReadDoubleBigEndian(ReadOnlySpan<byte> source) =>
        BitConverter.UInt64BitsToDouble(ReadUInt64BigEndian(source));

    public static void WriteDoubleBigEndian(Span<byte> destination, double value) =>
        WriteUInt64BigEndian(destination, BitConverter.DoubleToUInt64Bits(value));

    public static sbyte ReverseEndianness(sbyte value) => value;

    public static byte ReverseEndianness(byte value) => value;

    public static short ReverseEndianness(short value) => (short)ReverseEndianness((ushort)value);

    public static ushort ReverseEndianness(ushort value) => (ushort)((value >> 8) | (value << 8));

    public static int ReverseEndianness(int value) => (int)ReverseEndianness((uint)value);

    // Known to the compiler: one BSWAP.
    [Intrinsic]
    public static uint ReverseEndianness(uint value) =>
        (value >> 24) | ((value >> 8) & 0xFF00) | ((value << 8) & 0xFF_0000) | (value << 24);

    public static long ReverseEndianness(long value) => (long)ReverseEndianness((ulong)value);

    public static ulong ReverseEndianness(ulong value) =>
        ((ulong)ReverseEndianness((uint)value) << 32) | ReverseEndianness((uint)(value >> 32));
}
