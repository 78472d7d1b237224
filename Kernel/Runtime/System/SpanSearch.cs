using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Loops over elements that everything which searches is made of.</summary>
internal static class SpanSearch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool AreEqual<T>(T left, T right)
    {
        // Written for types known at compile time: one comparison is all that is left of this.
        if (typeof(T) == typeof(byte))
        {
            return (byte)(object)left! == (byte)(object)right!;
        }

        if (typeof(T) == typeof(char))
        {
            return (char)(object)left! == (char)(object)right!;
        }

        if (typeof(T) == typeof(int))
        {
            return (int)(object)left! == (int)(object)right!;
        }

        return EqualityComparer<T>.Default.Equals(left, right);
    }

    internal static int IndexOf<T>(ReadOnlySpan<T> span, T value)
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (AreEqual(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    internal static int LastIndexOf<T>(ReadOnlySpan<T> span, T value)
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            if (AreEqual(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    internal static bool SequenceEqual<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        if (IsBitwise<T>())
        {
            return BytesEqual(ref Unsafe.As<T, byte>(ref left.Reference), ref Unsafe.As<T, byte>(ref right.Reference),
                (nuint)(uint)left.Length * (nuint)Unsafe.SizeOf<T>());
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (!AreEqual(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal static int IndexOf<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> value)
    {
        if (value.Length == 0)
        {
            return 0;
        }

        int last = span.Length - value.Length;
        for (int start = 0; start <= last; start++)
        {
            int next = IndexOf(span.Slice(start, last - start + 1), value[0]);
            if (next < 0)
            {
                return -1;
            }

            start += next;
            if (SequenceEqual(span.Slice(start, value.Length), value))
            {
                return start;
            }
        }

        return -1;
    }

    internal static int LastIndexOf<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> value)
    {
        for (int start = span.Length - value.Length; start >= 0; start--)
        {
            if (SequenceEqual(span.Slice(start, value.Length), value))
            {
                return start;
            }
        }

        return -1;
    }

    /// <summary>First element that is (or, with <paramref name="wanted"/> false, is not) among the values.</summary>
    internal static int IndexOfAny<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> values, bool wanted)
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (IndexOf(values, span[i]) >= 0 == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    internal static int LastIndexOfAny<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> values, bool wanted)
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            if (IndexOf(values, span[i]) >= 0 == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    internal static int IndexOfRange<T>(ReadOnlySpan<T> span, T low, T high, bool wanted)
    {
        for (int i = 0; i < span.Length; i++)
        {
            bool inside = Comparer<T>.Default.Compare(span[i], low) >= 0
                && Comparer<T>.Default.Compare(span[i], high) <= 0;
            if (inside == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Types whose values are equal exactly when their bytes are.</summary>
    private static bool IsBitwise<T>() =>
        typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte) || typeof(T) == typeof(char)
        || typeof(T) == typeof(short) || typeof(T) == typeof(ushort) || typeof(T) == typeof(int)
        || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(nint) || typeof(T) == typeof(nuint) || typeof(T) == typeof(bool);

    private static bool BytesEqual(ref byte left, ref byte right, nuint count)
    {
        nuint i = 0;
        for (; count - i >= 4; i += 4)
        {
            uint a = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref left, i));
            uint b = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref right, i));
            if (a != b)
            {
                return false;
            }
        }

        for (; i < count; i++)
        {
            if (Unsafe.AddByteOffset(ref left, i) != Unsafe.AddByteOffset(ref right, i))
            {
                return false;
            }
        }

        return true;
    }
}
