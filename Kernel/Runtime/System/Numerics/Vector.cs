using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace System.Numerics;

/// <summary>
/// A vector of the machine's width: sixteen bytes. Over <see cref="Vector128{T}"/> and not marked for the compiler,
/// whose own idea of the width would have to be told.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly struct Vector<T> : IEquatable<Vector<T>>
{
    private readonly Vector128<T> value;

    public Vector(ReadOnlySpan<T> values)
    {
        value = Vector128.Create(values);
    }

    public Vector(Span<T> values)
        : this((ReadOnlySpan<T>)values)
    {
    }

    public Vector(ReadOnlySpan<byte> values)
    {
        if (values.Length < 16)
        {
            throw new ArgumentOutOfRangeException(nameof(values));
        }

        value = Unsafe.ReadUnaligned<Vector128<T>>(in values.Reference);
    }

    public Vector(T[] values)
        : this((ReadOnlySpan<T>)values)
    {
    }

    private Vector(Vector128<T> value)
    {
        this.value = value;
    }

    public static int Count => 16 / Unsafe.SizeOf<T>();

    public static Vector<T> Zero => default;

    public T this[int index] => value[index];

    public static Vector<T> operator +(Vector<T> left, Vector<T> right) => new(left.value + right.value);

    public static Vector<T> operator -(Vector<T> left, Vector<T> right) => new(left.value - right.value);

    public static Vector<T> operator ^(Vector<T> left, Vector<T> right) => new(left.value ^ right.value);

    public static Vector<T> operator &(Vector<T> left, Vector<T> right) => new(left.value & right.value);

    public static Vector<T> operator |(Vector<T> left, Vector<T> right) => new(left.value | right.value);

    public static bool operator ==(Vector<T> left, Vector<T> right) => left.value == right.value;

    public static bool operator !=(Vector<T> left, Vector<T> right) => left.value != right.value;

    public void CopyTo(Span<T> destination) => value.CopyTo(destination);

    public void CopyTo(T[] destination) => value.CopyTo(destination);

    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < 16)
        {
            throw new ArgumentException("Destination is too short.", nameof(destination));
        }

        Unsafe.WriteUnaligned(ref destination.Reference, value);
    }

    public bool Equals(Vector<T> other) => value == other.value;

    public override bool Equals(object? obj) => obj is Vector<T> other && Equals(other);

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value.ToString();
}

/// <summary>What there is to know about <see cref="Vector{T}"/>.</summary>
public static class Vector
{
    /// <summary>False: code that asks goes its scalar way.</summary>
    public static bool IsHardwareAccelerated => false;
}
