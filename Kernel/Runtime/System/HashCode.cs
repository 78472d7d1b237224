using System.Collections.Generic;
using System.ComponentModel;

namespace System;

/// <summary>
/// Mixes hash codes (the 32-bit xxHash of Yann Collet, seed 0). Unlike on the host the seed is fixed: a kernel that
/// boots twice shall behave the same twice.
/// </summary>
public struct HashCode
{
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    private uint state;
    private uint count;

    public void Add<T>(T value) => AddHash(value?.GetHashCode() ?? 0);

    public void Add<T>(T value, IEqualityComparer<T>? comparer) =>
        AddHash(value is null ? 0 : comparer?.GetHashCode(value) ?? value.GetHashCode());

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        foreach (byte element in value)
        {
            AddHash(element);
        }
    }

    public readonly int ToHashCode()
    {
        uint hash = state + Prime5 + (count * 4);
        hash ^= hash >> 15;
        hash *= Prime2;
        hash ^= hash >> 13;
        hash *= Prime3;
        return (int)(hash ^ (hash >> 16));
    }

    public static int Combine<T1>(T1 value1)
    {
        HashCode hash = default;
        hash.Add(value1);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2>(T1 value1, T2 value2)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3>(T1 value1, T2 value2, T3 value3)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        hash.Add(value4);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4, T5>(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5) =>
        Combine(Combine(value1, value2, value3, value4), value5);

    public static int Combine<T1, T2, T3, T4, T5, T6>(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5,
        T6 value6) => Combine(Combine(value1, value2, value3, value4), value5, value6);

    public static int Combine<T1, T2, T3, T4, T5, T6, T7>(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5,
        T6 value6, T7 value7) => Combine(Combine(value1, value2, value3, value4), value5, value6, value7);

    public static int Combine<T1, T2, T3, T4, T5, T6, T7, T8>(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5,
        T6 value6, T7 value7, T8 value8) =>
        Combine(Combine(value1, value2, value3, value4), Combine(value5, value6, value7, value8));

    [Obsolete("A HashCode is used up by ToHashCode.", true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override readonly int GetHashCode() => throw new NotSupportedException();

    [Obsolete("A HashCode is never compared.", true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override readonly bool Equals(object? obj) => throw new NotSupportedException();

    private void AddHash(int value)
    {
        state += (uint)value * Prime3;
        state = ((state << 17) | (state >> 15)) * Prime4;
        count++;
    }
}
