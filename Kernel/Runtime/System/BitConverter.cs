using System.Runtime.CompilerServices;

namespace System;

/// <summary>Values as bits and bytes. The machine is little endian.</summary>
public static class BitConverter
{
    public static readonly bool IsLittleEndian = true;

    public static unsafe long DoubleToInt64Bits(double value) => *(long*)&value;

    public static unsafe ulong DoubleToUInt64Bits(double value) => *(ulong*)&value;

    public static unsafe double Int64BitsToDouble(long value) => *(double*)&value;

    public static unsafe double UInt64BitsToDouble(ulong value) => *(double*)&value;

    public static unsafe int SingleToInt32Bits(float value) => *(int*)&value;

    public static unsafe uint SingleToUInt32Bits(float value) => *(uint*)&value;

    public static unsafe float Int32BitsToSingle(int value) => *(float*)&value;

    public static unsafe float UInt32BitsToSingle(uint value) => *(float*)&value;

    public static byte[] GetBytes(bool value) => [value ? (byte)1 : (byte)0];

    public static byte[] GetBytes(char value) => ToBytes(value);

    public static byte[] GetBytes(short value) => ToBytes(value);

    public static byte[] GetBytes(ushort value) => ToBytes(value);

    public static byte[] GetBytes(int value) => ToBytes(value);

    public static byte[] GetBytes(uint value) => ToBytes(value);

    public static byte[] GetBytes(long value) => ToBytes(value);

    public static byte[] GetBytes(ulong value) => ToBytes(value);

    public static byte[] GetBytes(float value) => ToBytes(value);

    public static byte[] GetBytes(double value) => ToBytes(value);

    public static bool TryWriteBytes(Span<byte> destination, int value) => TryWrite(destination, value);

    public static bool TryWriteBytes(Span<byte> destination, uint value) => TryWrite(destination, value);

    public static bool TryWriteBytes(Span<byte> destination, long value) => TryWrite(destination, value);

    public static bool TryWriteBytes(Span<byte> destination, ulong value) => TryWrite(destination, value);

    public static bool TryWriteBytes(Span<byte> destination, double value) => TryWrite(destination, value);

    public static bool ToBoolean(byte[] value, int startIndex) => From<byte>(value, startIndex) != 0;

    public static char ToChar(byte[] value, int startIndex) => From<char>(value, startIndex);

    public static short ToInt16(byte[] value, int startIndex) => From<short>(value, startIndex);

    public static short ToInt16(ReadOnlySpan<byte> value) => From<short>(value);

    public static ushort ToUInt16(byte[] value, int startIndex) => From<ushort>(value, startIndex);

    public static ushort ToUInt16(ReadOnlySpan<byte> value) => From<ushort>(value);

    public static int ToInt32(byte[] value, int startIndex) => From<int>(value, startIndex);

    public static int ToInt32(ReadOnlySpan<byte> value) => From<int>(value);

    public static uint ToUInt32(byte[] value, int startIndex) => From<uint>(value, startIndex);

    public static uint ToUInt32(ReadOnlySpan<byte> value) => From<uint>(value);

    public static long ToInt64(byte[] value, int startIndex) => From<long>(value, startIndex);

    public static long ToInt64(ReadOnlySpan<byte> value) => From<long>(value);

    public static ulong ToUInt64(byte[] value, int startIndex) => From<ulong>(value, startIndex);

    public static ulong ToUInt64(ReadOnlySpan<byte> value) => From<ulong>(value);

    public static float ToSingle(byte[] value, int startIndex) => From<float>(value, startIndex);

    public static float ToSingle(ReadOnlySpan<byte> value) => From<float>(value);

    public static double ToDouble(byte[] value, int startIndex) => From<double>(value, startIndex);

    public static double ToDouble(ReadOnlySpan<byte> value) => From<double>(value);

    public static string ToString(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ToString(value, 0, value.Length);
    }

    public static string ToString(byte[] value, int startIndex) =>
        ToString(value, startIndex, (value?.Length ?? 0) - startIndex);

    /// <summary>Two hexadecimal digits a byte, with dashes between them.</summary>
    public static string ToString(byte[] value, int startIndex, int length)
    {
        ArgumentNullException.ThrowIfNull(value);
        ReadOnlySpan<byte> bytes = value.AsSpan(startIndex, length);
        TextBuffer text = new(stackalloc char[96]);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
            {
                text.Append('-');
            }

            text.Append("0123456789ABCDEF"[bytes[i] >> 4]);
            text.Append("0123456789ABCDEF"[bytes[i] & 15]);
        }

        return text.ToString();
    }

    private static byte[] ToBytes<T>(T value) where T : unmanaged
    {
        byte[] bytes = new byte[Unsafe.SizeOf<T>()];
        Unsafe.WriteUnaligned(ref bytes[0], value);
        return bytes;
    }

    private static bool TryWrite<T>(Span<byte> destination, T value) where T : unmanaged
    {
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            return false;
        }

        Unsafe.WriteUnaligned(ref destination[0], value);
        return true;
    }

    private static T From<T>(ReadOnlySpan<byte> value) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value.Length, Unsafe.SizeOf<T>(), nameof(value));
        return Unsafe.ReadUnaligned<T>(in value[0]);
    }

    private static T From<T>(byte[] value, int startIndex) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(value);
        if ((uint)startIndex >= (uint)value.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        if (startIndex > value.Length - Unsafe.SizeOf<T>())
        {
            throw new ArgumentException("Destination array is not long enough.", nameof(value));
        }

        return Unsafe.ReadUnaligned<T>(in value[startIndex]);
    }
}
