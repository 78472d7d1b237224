namespace System;

/// <summary>
/// A decimal number as digits: 0.d1d2d3... times 10 to the power of <see cref="Scale"/>. No leading zeros; no digits
/// at all for zero.
/// </summary>
internal unsafe struct Digits
{
    /// <summary>Enough for every digit of every double.</summary>
    internal const int Capacity = 1120;

    // A pointer and not a span, so that digits on the stack may go by reference beside other things that grow.
    private readonly byte* memory;
    private readonly int capacity;
    internal int Count;
    internal int Scale;
    internal bool Negative;

    internal Digits(byte* memory, int capacity)
    {
        this.memory = memory;
        this.capacity = capacity;
        Count = 0;
        Scale = 0;
        Negative = false;
    }

    internal readonly Span<byte> Values => new(memory, capacity);

    internal static void FromInteger(ref Digits digits, ulong magnitude, bool negative)
    {
        Span<byte> reversed = stackalloc byte[20];
        int count = 0;
        for (; magnitude != 0; magnitude /= 10)
        {
            reversed[count++] = (byte)(magnitude % 10);
        }

        digits.Count = digits.Scale = count;
        digits.Negative = negative;
        for (int i = 0; i < count; i++)
        {
            digits.Values[i] = reversed[count - 1 - i];
        }

        digits.DropTrailingZeros();
    }

    /// <summary>The digit at a place, zero outside of the digits.</summary>
    internal readonly int At(int index) => (uint)index < (uint)Count ? Values[index] : 0;

    internal void DropTrailingZeros()
    {
        while (Count > 0 && Values[Count - 1] == 0)
        {
            Count--;
        }

        if (Count == 0)
        {
            Scale = 0;
        }
    }

    /// <summary>
    /// Keeps <paramref name="keep"/> digits (zero and less are possible). A half goes to the even digit for binary
    /// floating point and away from zero for everything else, which is what the platform prints.
    /// </summary>
    internal void Round(int keep, bool halfToEven)
    {
        if (keep >= Count)
        {
            return;
        }

        bool up = keep >= 0 && RoundsUp(keep, halfToEven);
        Count = Math.Max(keep, 0);
        if (up)
        {
            Increment();
        }

        DropTrailingZeros();
    }

    private readonly bool RoundsUp(int keep, bool halfToEven)
    {
        if (Values[keep] != 5 || !halfToEven)
        {
            return Values[keep] >= 5;
        }

        bool exactlyHalf = true;
        for (int i = keep + 1; i < Count; i++)
        {
            exactlyHalf &= Values[i] == 0;
        }

        return !exactlyHalf || (keep > 0 && (Values[keep - 1] & 1) != 0);
    }

    private void Increment()
    {
        int i = Count - 1;
        while (i >= 0 && Values[i] == 9)
        {
            i--;
        }

        if (i >= 0)
        {
            Values[i]++;
            Count = i + 1;
            return;
        }

        Values[0] = 1;
        Count = 1;
        Scale++;
    }
}
