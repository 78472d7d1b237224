using System.Numerics;

namespace System;

/// <summary>
/// A natural number in memory of the caller, as large as exact conversion between binary and decimal floating point
/// needs: 2^-1074 times 10^767 has under 3700 bits. Little endian, no leading zero words.
/// </summary>
internal unsafe struct BigNatural
{
    /// <summary>
    /// Words that are enough for every double and 768 decimal digits, with room for the working bits.
    /// </summary>
    internal const int Words = 128;

    // A pointer and not a span, so that numbers on the stack may go by reference beside each other.
    private readonly uint* memory;
    private int length;

    internal BigNatural(uint* memory, ulong value)
    {
        this.memory = memory;
        words[0] = (uint)value;
        words[1] = (uint)(value >> 32);
        length = words[1] != 0 ? 2 : words[0] != 0 ? 1 : 0;
    }

    internal BigNatural(uint* memory, in BigNatural other)
    {
        this.memory = memory;
        length = other.length;
        other.words.Slice(0, length).CopyTo(words);
    }

    private readonly Span<uint> words => new(memory, Words);

    internal readonly bool IsZero => length == 0;

    internal readonly int BitLength =>
        length == 0 ? 0 : (length * 32) - BitOperations.LeadingZeroCount(words[length - 1]);

    internal void Become(uint value)
    {
        words[0] = value;
        length = value == 0 ? 0 : 1;
    }

    internal void MultiplyAdd(uint factor, uint addend)
    {
        ulong carry = addend;
        for (int i = 0; i < length; i++)
        {
            carry += (ulong)words[i] * factor;
            words[i] = (uint)carry;
            carry >>= 32;
        }

        if (carry != 0)
        {
            words[length++] = (uint)carry;
        }
    }

    internal void MultiplyByPowerOfFive(int exponent)
    {
        const int Step = 13; // 5^13 is the largest power of five in 32 bits
        for (; exponent >= Step; exponent -= Step)
        {
            MultiplyAdd(1220703125, 0);
        }

        uint rest = 1;
        for (; exponent > 0; exponent--)
        {
            rest *= 5;
        }

        MultiplyAdd(rest, 0);
    }

    internal void MultiplyByPowerOfTen(int exponent)
    {
        MultiplyByPowerOfFive(exponent);
        ShiftLeft(exponent);
    }

    internal void ShiftLeft(int count)
    {
        if (length == 0 || count == 0)
        {
            return;
        }

        int whole = count >> 5;
        int bits = count & 31;
        words[length] = 0;
        for (int i = length; i >= 0; i--)
        {
            uint low = i > 0 && bits != 0 ? words[i - 1] >> (32 - bits) : 0;
            uint shifted = (words[i] << bits) | low;
            if (i + whole < words.Length)
            {
                words[i + whole] = shifted;
            }
        }

        words.Slice(0, whole).Clear();
        length += whole;
        if (length < words.Length && words[length] != 0)
        {
            length++;
        }
    }

    /// <summary>Divides by a small number and returns the remainder.</summary>
    internal uint DivideBy(uint divisor)
    {
        ulong remainder = 0;
        for (int i = length - 1; i >= 0; i--)
        {
            ulong part = (remainder << 32) | words[i];
            ulong quotient = part / divisor;
            words[i] = (uint)quotient;
            remainder = part - (quotient * divisor);
        }

        Trim();
        return (uint)remainder;
    }

    internal static int Compare(in BigNatural left, in BigNatural right)
    {
        if (left.length != right.length)
        {
            return left.length < right.length ? -1 : 1;
        }

        for (int i = left.length - 1; i >= 0; i--)
        {
            if (left.words[i] != right.words[i])
            {
                return left.words[i] < right.words[i] ? -1 : 1;
            }
        }

        return 0;
    }

    /// <summary>Compares the sum of two numbers with a third.</summary>
    internal static int CompareSum(in BigNatural first, in BigNatural second, in BigNatural third)
    {
        uint* memory = stackalloc uint[Words];
        BigNatural sum = new(memory, in first);
        sum.Add(in second);
        return Compare(in sum, in third);
    }

    internal void Add(in BigNatural other)
    {
        int longer = Math.Max(length, other.length);
        ulong carry = 0;
        for (int i = 0; i < longer; i++)
        {
            carry += (i < length ? words[i] : 0u) + (ulong)(i < other.length ? other.words[i] : 0u);
            words[i] = (uint)carry;
            carry >>= 32;
        }

        length = longer;
        if (carry != 0)
        {
            words[length++] = (uint)carry;
        }
    }

    /// <summary>Subtracts a number that is not larger.</summary>
    internal void Subtract(in BigNatural other)
    {
        long borrow = 0;
        for (int i = 0; i < length; i++)
        {
            borrow += (long)words[i] - (i < other.length ? other.words[i] : 0u);
            words[i] = (uint)borrow;
            borrow >>= 32;
        }

        Trim();
    }

    /// <summary>The highest 64 bits, and whether any bit below them is set.</summary>
    internal readonly ulong HighBits(out bool restIsZero)
    {
        int drop = BitLength - 64;
        restIsZero = true;
        ulong high = 0;
        for (int bit = BitLength - 1; bit >= 0 && bit >= drop; bit--)
        {
            high = (high << 1) | ((words[bit >> 5] >> (bit & 31)) & 1);
        }

        for (int bit = drop - 1; bit >= 0 && restIsZero; bit--)
        {
            restIsZero = ((words[bit >> 5] >> (bit & 31)) & 1) == 0;
        }

        return high;
    }

    private void Trim()
    {
        while (length > 0 && words[length - 1] == 0)
        {
            length--;
        }
    }
}
