using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System.Runtime.Intrinsics;

/// <summary>
/// Sixteen bytes in one register. Operators and conversions are instructions, expanded by the compiler.
/// </summary>
[Intrinsic]
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly struct Vector128<T> : IEquatable<Vector128<T>>
{
    // Two fields and not an array: this is the layout that the compiler knows.
    private readonly ulong _00;
    private readonly ulong _01;

    public static int Count => 16 / Unsafe.SizeOf<T>();

    public static bool IsSupported => true;

    public static Vector128<T> Zero
    {
        [Intrinsic]
        get => default;
    }

    public T this[int index] => Vector128.GetElement(this, index);

    [Intrinsic]
    public static Vector128<T> operator +(Vector128<T> left, Vector128<T> right) => left + right;

    [Intrinsic]
    public static Vector128<T> operator -(Vector128<T> left, Vector128<T> right) => left - right;

    [Intrinsic]
    public static Vector128<T> operator &(Vector128<T> left, Vector128<T> right) => left & right;

    [Intrinsic]
    public static Vector128<T> operator |(Vector128<T> left, Vector128<T> right) => left | right;

    [Intrinsic]
    public static Vector128<T> operator ^(Vector128<T> left, Vector128<T> right) => left ^ right;

    [Intrinsic]
    public static Vector128<T> operator ~(Vector128<T> vector) => ~vector;

    [Intrinsic]
    public static Vector128<T> operator <<(Vector128<T> value, int shiftCount) => value << shiftCount;

    [Intrinsic]
    public static Vector128<T> operator >>(Vector128<T> value, int shiftCount) => value >> shiftCount;

    [Intrinsic]
    public static Vector128<T> operator >>>(Vector128<T> value, int shiftCount) => value >>> shiftCount;

    public static bool operator ==(Vector128<T> left, Vector128<T> right) => left.Equals(right);

    public static bool operator !=(Vector128<T> left, Vector128<T> right) => !left.Equals(right);

    public bool Equals(Vector128<T> other) => _00 == other._00 && _01 == other._01;

    public override bool Equals(object? obj) => obj is Vector128<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_00, _01);

    public override string ToString()
    {
        Text.StringBuilder text = new("<");
        for (int i = 0; i < Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(this[i]?.ToString());
        }

        return text.Append('>').ToString();
    }
}

/// <summary>Making, taking apart and reinterpreting <see cref="Vector128{T}"/>.</summary>
public static unsafe class Vector128
{
    public static bool IsHardwareAccelerated
    {
        [Intrinsic]
        get => IsHardwareAccelerated;
    }

    [Intrinsic]
    public static Vector128<TTo> As<TFrom, TTo>(this Vector128<TFrom> vector) =>
        Unsafe.BitCast<Vector128<TFrom>, Vector128<TTo>>(vector);

    [Intrinsic]
    public static Vector128<byte> AsByte<T>(this Vector128<T> vector) => vector.As<T, byte>();

    [Intrinsic]
    public static Vector128<sbyte> AsSByte<T>(this Vector128<T> vector) => vector.As<T, sbyte>();

    [Intrinsic]
    public static Vector128<short> AsInt16<T>(this Vector128<T> vector) => vector.As<T, short>();

    [Intrinsic]
    public static Vector128<ushort> AsUInt16<T>(this Vector128<T> vector) => vector.As<T, ushort>();

    [Intrinsic]
    public static Vector128<int> AsInt32<T>(this Vector128<T> vector) => vector.As<T, int>();

    [Intrinsic]
    public static Vector128<uint> AsUInt32<T>(this Vector128<T> vector) => vector.As<T, uint>();

    [Intrinsic]
    public static Vector128<long> AsInt64<T>(this Vector128<T> vector) => vector.As<T, long>();

    [Intrinsic]
    public static Vector128<ulong> AsUInt64<T>(this Vector128<T> vector) => vector.As<T, ulong>();

    [Intrinsic]
    public static Vector128<float> AsSingle<T>(this Vector128<T> vector) => vector.As<T, float>();

    [Intrinsic]
    public static Vector128<double> AsDouble<T>(this Vector128<T> vector) => vector.As<T, double>();

    [Intrinsic]
    public static Vector128<byte> Create(byte value) => Create(value);

    [Intrinsic]
    public static Vector128<byte> Create(
        byte e0, byte e1, byte e2, byte e3, byte e4, byte e5, byte e6, byte e7, byte e8, byte e9, byte e10,
        byte e11, byte e12, byte e13, byte e14, byte e15) =>
        Create(
            e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15);

    [Intrinsic]
    public static Vector128<byte> CreateScalar(byte value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<byte> CreateScalarUnsafe(byte value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<sbyte> Create(sbyte value) => Create(value);

    [Intrinsic]
    public static Vector128<sbyte> Create(
        sbyte e0, sbyte e1, sbyte e2, sbyte e3, sbyte e4, sbyte e5, sbyte e6, sbyte e7, sbyte e8, sbyte e9,
        sbyte e10, sbyte e11, sbyte e12, sbyte e13, sbyte e14, sbyte e15) =>
        Create(
            e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15);

    [Intrinsic]
    public static Vector128<sbyte> CreateScalar(sbyte value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<sbyte> CreateScalarUnsafe(sbyte value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<short> Create(short value) => Create(value);

    [Intrinsic]
    public static Vector128<short> Create(
        short e0, short e1, short e2, short e3, short e4, short e5, short e6, short e7) =>
        Create(
            e0, e1, e2, e3, e4, e5, e6, e7);

    [Intrinsic]
    public static Vector128<short> CreateScalar(short value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<short> CreateScalarUnsafe(short value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<ushort> Create(ushort value) => Create(value);

    [Intrinsic]
    public static Vector128<ushort> Create(
        ushort e0, ushort e1, ushort e2, ushort e3, ushort e4, ushort e5, ushort e6, ushort e7) =>
        Create(
            e0, e1, e2, e3, e4, e5, e6, e7);

    [Intrinsic]
    public static Vector128<ushort> CreateScalar(ushort value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<ushort> CreateScalarUnsafe(ushort value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<int> Create(int value) => Create(value);

    [Intrinsic]
    public static Vector128<int> Create(int e0, int e1, int e2, int e3) => Create(e0, e1, e2, e3);

    [Intrinsic]
    public static Vector128<int> CreateScalar(int value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<int> CreateScalarUnsafe(int value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<uint> Create(uint value) => Create(value);

    [Intrinsic]
    public static Vector128<uint> Create(uint e0, uint e1, uint e2, uint e3) => Create(e0, e1, e2, e3);

    [Intrinsic]
    public static Vector128<uint> CreateScalar(uint value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<uint> CreateScalarUnsafe(uint value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<long> Create(long value) => Create(value);

    [Intrinsic]
    public static Vector128<long> Create(long e0, long e1) => Create(e0, e1);

    [Intrinsic]
    public static Vector128<long> CreateScalar(long value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<long> CreateScalarUnsafe(long value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<ulong> Create(ulong value) => Create(value);

    [Intrinsic]
    public static Vector128<ulong> Create(ulong e0, ulong e1) => Create(e0, e1);

    [Intrinsic]
    public static Vector128<ulong> CreateScalar(ulong value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<ulong> CreateScalarUnsafe(ulong value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<float> Create(float value) => Create(value);

    [Intrinsic]
    public static Vector128<float> Create(float e0, float e1, float e2, float e3) => Create(e0, e1, e2, e3);

    [Intrinsic]
    public static Vector128<float> CreateScalar(float value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<float> CreateScalarUnsafe(float value) => CreateScalarUnsafe(value);

    [Intrinsic]
    public static Vector128<double> Create(double value) => Create(value);

    [Intrinsic]
    public static Vector128<double> Create(double e0, double e1) => Create(e0, e1);

    [Intrinsic]
    public static Vector128<double> CreateScalar(double value) => CreateScalar(value);

    [Intrinsic]
    public static Vector128<double> CreateScalarUnsafe(double value) => CreateScalarUnsafe(value);

    public static Vector128<T> Create<T>(T[] values) => Create<T>((ReadOnlySpan<T>)values);

    public static Vector128<T> Create<T>(ReadOnlySpan<T> values)
    {
        if (values.Length < Vector128<T>.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(values));
        }

        return Unsafe.ReadUnaligned<Vector128<T>>(in Unsafe.As<T, byte>(ref values.Reference));
    }

    public static void CopyTo<T>(this Vector128<T> vector, Span<T> destination)
    {
        if (destination.Length < Vector128<T>.Count)
        {
            throw new ArgumentException("Destination is too short.", nameof(destination));
        }

        Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref destination.Reference), vector);
    }

    public static T GetElement<T>(this Vector128<T> vector, int index)
    {
        if ((uint)index >= (uint)Vector128<T>.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        return Unsafe.Add(ref Unsafe.As<Vector128<T>, T>(ref vector), index);
    }

    public static Vector128<T> WithElement<T>(this Vector128<T> vector, int index, T value)
    {
        if ((uint)index >= (uint)Vector128<T>.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        Unsafe.Add(ref Unsafe.As<Vector128<T>, T>(ref vector), index) = value;
        return vector;
    }

    public static T ToScalar<T>(this Vector128<T> vector) => GetElement(vector, 0);

    [Intrinsic]
    public static Vector128<T> Load<T>(T* source) => *(Vector128<T>*)source;

    [Intrinsic]
    public static void Store<T>(this Vector128<T> source, T* destination) => *(Vector128<T>*)destination = source;

    public static Vector128<T> LoadUnsafe<T>(ref readonly T source) =>
        Unsafe.ReadUnaligned<Vector128<T>>(in Unsafe.As<T, byte>(ref Unsafe.AsRef(in source)));

    public static void StoreUnsafe<T>(this Vector128<T> source, ref T destination) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref destination), source);

    public static Vector128<T> Add<T>(Vector128<T> left, Vector128<T> right) => left + right;

    public static Vector128<T> Subtract<T>(Vector128<T> left, Vector128<T> right) => left - right;

    public static Vector128<T> Xor<T>(Vector128<T> left, Vector128<T> right) => left ^ right;

    public static Vector128<T> BitwiseAnd<T>(Vector128<T> left, Vector128<T> right) => left & right;

    public static Vector128<T> BitwiseOr<T>(Vector128<T> left, Vector128<T> right) => left | right;

    public static Vector128<T> AndNot<T>(Vector128<T> left, Vector128<T> right) => left & ~right;

    public static bool EqualsAll<T>(Vector128<T> left, Vector128<T> right) => left == right;
}

/// <summary>Eight bytes; only a shape here, nothing computes with it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public readonly struct Vector64<T>
{
    private readonly ulong _00;
}

/// <summary>Not on this machine.</summary>
public static class Vector64
{
    public static bool IsHardwareAccelerated => false;
}

/// <summary>Thirty-two bytes; only a shape here, the machine has no such registers.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public readonly struct Vector256<T>
{
    private readonly Vector128<T> lower;
    private readonly Vector128<T> upper;
}

/// <summary>Not on this machine.</summary>
public static class Vector256
{
    public static bool IsHardwareAccelerated => false;
}

/// <summary>Sixty-four bytes; only a shape here, the machine has no such registers.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public readonly struct Vector512<T>
{
    private readonly Vector256<T> lower;
    private readonly Vector256<T> upper;
}

/// <summary>Not on this machine.</summary>
public static class Vector512
{
    public static bool IsHardwareAccelerated => false;
}
