using System.Globalization;

namespace System;

/// <summary>Conversions between numbers that check their range, and between numbers and text in a base.</summary>
public static partial class Convert
{
    public static byte ToByte(byte value) => checked((byte)value);

    public static byte ToByte(sbyte value) => checked((byte)value);

    public static byte ToByte(short value) => checked((byte)value);

    public static byte ToByte(ushort value) => checked((byte)value);

    public static byte ToByte(int value) => checked((byte)value);

    public static byte ToByte(uint value) => checked((byte)value);

    public static byte ToByte(long value) => checked((byte)value);

    public static byte ToByte(ulong value) => checked((byte)value);

    public static byte ToByte(char value) => checked((byte)value);

    public static byte ToByte(bool value) => value ? (byte)1 : (byte)0;

    public static byte ToByte(float value) => checked((byte)Math.Round((double)value));

    public static byte ToByte(double value) => checked((byte)Math.Round(value));

    public static byte ToByte(string? value) => value is null ? (byte)0 : byte.Parse(value);

    public static byte ToByte(string? value, IFormatProvider? provider) =>
        value is null ? (byte)0 : byte.Parse(value, provider);

    public static sbyte ToSByte(byte value) => checked((sbyte)value);

    public static sbyte ToSByte(sbyte value) => checked((sbyte)value);

    public static sbyte ToSByte(short value) => checked((sbyte)value);

    public static sbyte ToSByte(ushort value) => checked((sbyte)value);

    public static sbyte ToSByte(int value) => checked((sbyte)value);

    public static sbyte ToSByte(uint value) => checked((sbyte)value);

    public static sbyte ToSByte(long value) => checked((sbyte)value);

    public static sbyte ToSByte(ulong value) => checked((sbyte)value);

    public static sbyte ToSByte(char value) => checked((sbyte)value);

    public static sbyte ToSByte(bool value) => value ? (sbyte)1 : (sbyte)0;

    public static sbyte ToSByte(float value) => checked((sbyte)Math.Round((double)value));

    public static sbyte ToSByte(double value) => checked((sbyte)Math.Round(value));

    public static sbyte ToSByte(string? value) => value is null ? (sbyte)0 : sbyte.Parse(value);

    public static sbyte ToSByte(string? value, IFormatProvider? provider) =>
        value is null ? (sbyte)0 : sbyte.Parse(value, provider);

    public static short ToInt16(byte value) => checked((short)value);

    public static short ToInt16(sbyte value) => checked((short)value);

    public static short ToInt16(short value) => checked((short)value);

    public static short ToInt16(ushort value) => checked((short)value);

    public static short ToInt16(int value) => checked((short)value);

    public static short ToInt16(uint value) => checked((short)value);

    public static short ToInt16(long value) => checked((short)value);

    public static short ToInt16(ulong value) => checked((short)value);

    public static short ToInt16(char value) => checked((short)value);

    public static short ToInt16(bool value) => value ? (short)1 : (short)0;

    public static short ToInt16(float value) => checked((short)Math.Round((double)value));

    public static short ToInt16(double value) => checked((short)Math.Round(value));

    public static short ToInt16(string? value) => value is null ? (short)0 : short.Parse(value);

    public static short ToInt16(string? value, IFormatProvider? provider) =>
        value is null ? (short)0 : short.Parse(value, provider);

    public static ushort ToUInt16(byte value) => checked((ushort)value);

    public static ushort ToUInt16(sbyte value) => checked((ushort)value);

    public static ushort ToUInt16(short value) => checked((ushort)value);

    public static ushort ToUInt16(ushort value) => checked((ushort)value);

    public static ushort ToUInt16(int value) => checked((ushort)value);

    public static ushort ToUInt16(uint value) => checked((ushort)value);

    public static ushort ToUInt16(long value) => checked((ushort)value);

    public static ushort ToUInt16(ulong value) => checked((ushort)value);

    public static ushort ToUInt16(char value) => checked((ushort)value);

    public static ushort ToUInt16(bool value) => value ? (ushort)1 : (ushort)0;

    public static ushort ToUInt16(float value) => checked((ushort)Math.Round((double)value));

    public static ushort ToUInt16(double value) => checked((ushort)Math.Round(value));

    public static ushort ToUInt16(string? value) => value is null ? (ushort)0 : ushort.Parse(value);

    public static ushort ToUInt16(string? value, IFormatProvider? provider) =>
        value is null ? (ushort)0 : ushort.Parse(value, provider);

    public static int ToInt32(byte value) => checked((int)value);

    public static int ToInt32(sbyte value) => checked((int)value);

    public static int ToInt32(short value) => checked((int)value);

    public static int ToInt32(ushort value) => checked((int)value);

    public static int ToInt32(int value) => checked((int)value);

    public static int ToInt32(uint value) => checked((int)value);

    public static int ToInt32(long value) => checked((int)value);

    public static int ToInt32(ulong value) => checked((int)value);

    public static int ToInt32(char value) => checked((int)value);

    public static int ToInt32(bool value) => value ? (int)1 : (int)0;

    public static int ToInt32(float value) => checked((int)Math.Round((double)value));

    public static int ToInt32(double value) => checked((int)Math.Round(value));

    public static int ToInt32(string? value) => value is null ? (int)0 : int.Parse(value);

    public static int ToInt32(string? value, IFormatProvider? provider) =>
        value is null ? (int)0 : int.Parse(value, provider);

    public static uint ToUInt32(byte value) => checked((uint)value);

    public static uint ToUInt32(sbyte value) => checked((uint)value);

    public static uint ToUInt32(short value) => checked((uint)value);

    public static uint ToUInt32(ushort value) => checked((uint)value);

    public static uint ToUInt32(int value) => checked((uint)value);

    public static uint ToUInt32(uint value) => checked((uint)value);

    public static uint ToUInt32(long value) => checked((uint)value);

    public static uint ToUInt32(ulong value) => checked((uint)value);

    public static uint ToUInt32(char value) => checked((uint)value);

    public static uint ToUInt32(bool value) => value ? (uint)1 : (uint)0;

    public static uint ToUInt32(float value) => checked((uint)Math.Round((double)value));

    public static uint ToUInt32(double value) => checked((uint)Math.Round(value));

    public static uint ToUInt32(string? value) => value is null ? (uint)0 : uint.Parse(value);

    public static uint ToUInt32(string? value, IFormatProvider? provider) =>
        value is null ? (uint)0 : uint.Parse(value, provider);

    public static long ToInt64(byte value) => checked((long)value);

    public static long ToInt64(sbyte value) => checked((long)value);

    public static long ToInt64(short value) => checked((long)value);

    public static long ToInt64(ushort value) => checked((long)value);

    public static long ToInt64(int value) => checked((long)value);

    public static long ToInt64(uint value) => checked((long)value);

    public static long ToInt64(long value) => checked((long)value);

    public static long ToInt64(ulong value) => checked((long)value);

    public static long ToInt64(char value) => checked((long)value);

    public static long ToInt64(bool value) => value ? (long)1 : (long)0;

    public static long ToInt64(float value) => checked((long)Math.Round((double)value));

    public static long ToInt64(double value) => checked((long)Math.Round(value));

    public static long ToInt64(string? value) => value is null ? (long)0 : long.Parse(value);

    public static long ToInt64(string? value, IFormatProvider? provider) =>
        value is null ? (long)0 : long.Parse(value, provider);

    public static ulong ToUInt64(byte value) => checked((ulong)value);

    public static ulong ToUInt64(sbyte value) => checked((ulong)value);

    public static ulong ToUInt64(short value) => checked((ulong)value);

    public static ulong ToUInt64(ushort value) => checked((ulong)value);

    public static ulong ToUInt64(int value) => checked((ulong)value);

    public static ulong ToUInt64(uint value) => checked((ulong)value);

    public static ulong ToUInt64(long value) => checked((ulong)value);

    public static ulong ToUInt64(ulong value) => checked((ulong)value);

    public static ulong ToUInt64(char value) => checked((ulong)value);

    public static ulong ToUInt64(bool value) => value ? (ulong)1 : (ulong)0;

    public static ulong ToUInt64(float value) => checked((ulong)Math.Round((double)value));

    public static ulong ToUInt64(double value) => checked((ulong)Math.Round(value));

    public static ulong ToUInt64(string? value) => value is null ? (ulong)0 : ulong.Parse(value);

    public static ulong ToUInt64(string? value, IFormatProvider? provider) =>
        value is null ? (ulong)0 : ulong.Parse(value, provider);

    public static double ToDouble(byte value) => value;

    public static double ToDouble(sbyte value) => value;

    public static double ToDouble(short value) => value;

    public static double ToDouble(ushort value) => value;

    public static double ToDouble(int value) => value;

    public static double ToDouble(uint value) => value;

    public static double ToDouble(long value) => value;

    public static double ToDouble(ulong value) => value;

    public static double ToDouble(float value) => value;

    public static double ToDouble(double value) => value;

    public static double ToDouble(string? value) => value is null ? 0 : double.Parse(value);

    public static bool ToBoolean(int value) => value != 0;

    public static bool ToBoolean(string? value) => value is not null && bool.Parse(value);

    public static char ToChar(int value) => checked((char)value);

    public static char ToChar(string value) => char.Parse(value);

    public static string ToString(bool value) => value.ToString();

    public static string ToString(char value) => value.ToString();

    public static string ToString(double value) => value.ToString();

    public static string ToString(object? value) => value?.ToString() ?? "";

    public static string ToString(int value) => value.ToString();

    public static string ToString(uint value) => value.ToString();

    public static string ToString(long value) => value.ToString();

    public static string ToString(ulong value) => value.ToString();

    public static string ToString(byte value, int toBase) => InBase(value, value, toBase);

    public static string ToString(short value, int toBase) => InBase(value, (ushort)value, toBase);

    public static string ToString(int value, int toBase) => InBase(value, (uint)value, toBase);

    public static string ToString(long value, int toBase) => InBase(value, (ulong)value, toBase);

    public static int ToInt32(string? value, int fromBase) =>
        (int)FromBase(value, fromBase, uint.MaxValue, int.MaxValue);

    public static uint ToUInt32(string? value, int fromBase) =>
        (uint)FromBase(value, fromBase, uint.MaxValue, uint.MaxValue);

    public static long ToInt64(string? value, int fromBase) =>
        (long)FromBase(value, fromBase, ulong.MaxValue, long.MaxValue);

    public static byte ToByte(string? value, int fromBase) =>
        (byte)FromBase(value, fromBase, byte.MaxValue, byte.MaxValue);

    private static string InBase(long value, ulong bits, int toBase)
    {
        if (toBase == 10)
        {
            return value.ToString();
        }

        int shift = ShiftOf(toBase);
        TextBuffer text = new(stackalloc char[64]);
        int count = 1;
        while (count * shift < 64 && bits >> (count * shift) != 0)
        {
            count++;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            text.Append(HexDigit((int)(bits >> (i * shift)) & (toBase - 1), 'a'));
        }

        return text.ToString();
    }

    private static ulong FromBase(string? value, int fromBase, ulong mostBits, ulong mostDecimal)
    {
        if (value is null)
        {
            return 0;
        }

        if (fromBase == 10)
        {
            long number = long.Parse(value, NumberStyles.AllowLeadingSign);
            return number > 0 && (ulong)number > mostDecimal ? throw new OverflowException() : (ulong)number;
        }

        int shift = ShiftOf(fromBase);
        ReadOnlySpan<char> digits = value;
        if (fromBase == 16 && digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits.Slice(2);
        }

        if (digits.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), "Index was out of range.");
        }

        ulong bits = 0;
        foreach (char c in digits)
        {
            int digit = Number.HexDigit(c);
            if (digit < 0 || digit >= fromBase)
            {
                throw new FormatException("Could not find any recognizable digits.");
            }

            if (bits > mostBits >> shift)
            {
                throw new OverflowException("Value was either too large or too small.");
            }

            bits = (bits << shift) | (uint)digit;
        }

        return bits;
    }

    private static int ShiftOf(int numberBase) => numberBase switch
    {
        2 => 1,
        8 => 3,
        16 => 4,
        _ => throw new ArgumentException("Invalid Base."),
    };
}
