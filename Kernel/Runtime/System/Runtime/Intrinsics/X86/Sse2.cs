using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that every machine of this kind has.</summary>
[Intrinsic]
public abstract class X86Base
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static void Pause() => Pause();
}

/// <summary>Streaming SIMD extensions: each method is one instruction.</summary>
[Intrinsic]
public abstract unsafe class Sse : X86Base
{
    public static new bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => Multiply(left, right);

    [Intrinsic]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => Divide(left, right);

    [Intrinsic]
    public static Vector128<float> And(Vector128<float> left, Vector128<float> right) => And(left, right);

    [Intrinsic]
    public static Vector128<float> AndNot(Vector128<float> left, Vector128<float> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<float> Or(Vector128<float> left, Vector128<float> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<float> Xor(Vector128<float> left, Vector128<float> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Min(left, right);

    [Intrinsic]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Max(left, right);

    [Intrinsic]
    public static Vector128<float> CompareEqual(Vector128<float> left, Vector128<float> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<float> CompareLessThan(Vector128<float> left, Vector128<float> right) =>
        CompareLessThan(left, right);

    [Intrinsic]
    public static Vector128<float> CompareGreaterThan(Vector128<float> left, Vector128<float> right) =>
        CompareGreaterThan(left, right);

    [Intrinsic]
    public static Vector128<float> UnpackLow(Vector128<float> left, Vector128<float> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<float> UnpackHigh(Vector128<float> left, Vector128<float> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<float> MoveLowToHigh(Vector128<float> left, Vector128<float> right) =>
        MoveLowToHigh(left, right);

    [Intrinsic]
    public static Vector128<float> MoveHighToLow(Vector128<float> left, Vector128<float> right) =>
        MoveHighToLow(left, right);

    [Intrinsic]
    public static Vector128<float> Sqrt(Vector128<float> value) => Sqrt(value);

    [Intrinsic]
    public static Vector128<float> Reciprocal(Vector128<float> value) => Reciprocal(value);

    [Intrinsic]
    public static Vector128<float> ReciprocalSqrt(Vector128<float> value) => ReciprocalSqrt(value);

    [Intrinsic]
    public static Vector128<float> Shuffle(Vector128<float> left, Vector128<float> right, byte control) =>
        Shuffle(left, right, control);

    [Intrinsic]
    public static int MoveMask(Vector128<float> value) => MoveMask(value);

    [Intrinsic]
    public static Vector128<float> LoadVector128(float* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<float> LoadAlignedVector128(float* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<float> LoadScalarVector128(float* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static void Store(float* address, Vector128<float> source) => Store(address, source);

    [Intrinsic]
    public static void StoreAligned(float* address, Vector128<float> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(float* address, Vector128<float> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void Prefetch0(void* address) => Prefetch0(address);

    [Intrinsic]
    public static void Prefetch1(void* address) => Prefetch1(address);

    [Intrinsic]
    public static void Prefetch2(void* address) => Prefetch2(address);

    [Intrinsic]
    public static void PrefetchNonTemporal(void* address) => PrefetchNonTemporal(address);

    [Intrinsic]
    public static void StoreFence() => StoreFence();
}

/// <summary>SSE2: each method is one instruction. The most this machine has.</summary>
[Intrinsic]
public abstract unsafe class Sse2 : Sse
{
    public static new bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static Vector128<byte> Add(Vector128<byte> left, Vector128<byte> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<sbyte> Add(Vector128<sbyte> left, Vector128<sbyte> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<short> Add(Vector128<short> left, Vector128<short> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<ushort> Add(Vector128<ushort> left, Vector128<ushort> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<int> Add(Vector128<int> left, Vector128<int> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<long> Add(Vector128<long> left, Vector128<long> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<ulong> Add(Vector128<ulong> left, Vector128<ulong> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<double> Add(Vector128<double> left, Vector128<double> right) => Add(left, right);

    [Intrinsic]
    public static Vector128<byte> Subtract(Vector128<byte> left, Vector128<byte> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<sbyte> Subtract(Vector128<sbyte> left, Vector128<sbyte> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<short> Subtract(Vector128<short> left, Vector128<short> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<ushort> Subtract(Vector128<ushort> left, Vector128<ushort> right) =>
        Subtract(left, right);

    [Intrinsic]
    public static Vector128<int> Subtract(Vector128<int> left, Vector128<int> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<uint> Subtract(Vector128<uint> left, Vector128<uint> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<long> Subtract(Vector128<long> left, Vector128<long> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<ulong> Subtract(Vector128<ulong> left, Vector128<ulong> right) => Subtract(left, right);

    [Intrinsic]
    public static Vector128<double> Subtract(Vector128<double> left, Vector128<double> right) =>
        Subtract(left, right);

    [Intrinsic]
    public static Vector128<byte> And(Vector128<byte> left, Vector128<byte> right) => And(left, right);

    [Intrinsic]
    public static Vector128<sbyte> And(Vector128<sbyte> left, Vector128<sbyte> right) => And(left, right);

    [Intrinsic]
    public static Vector128<short> And(Vector128<short> left, Vector128<short> right) => And(left, right);

    [Intrinsic]
    public static Vector128<ushort> And(Vector128<ushort> left, Vector128<ushort> right) => And(left, right);

    [Intrinsic]
    public static Vector128<int> And(Vector128<int> left, Vector128<int> right) => And(left, right);

    [Intrinsic]
    public static Vector128<uint> And(Vector128<uint> left, Vector128<uint> right) => And(left, right);

    [Intrinsic]
    public static Vector128<long> And(Vector128<long> left, Vector128<long> right) => And(left, right);

    [Intrinsic]
    public static Vector128<ulong> And(Vector128<ulong> left, Vector128<ulong> right) => And(left, right);

    [Intrinsic]
    public static Vector128<double> And(Vector128<double> left, Vector128<double> right) => And(left, right);

    [Intrinsic]
    public static Vector128<byte> AndNot(Vector128<byte> left, Vector128<byte> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<sbyte> AndNot(Vector128<sbyte> left, Vector128<sbyte> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<short> AndNot(Vector128<short> left, Vector128<short> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<ushort> AndNot(Vector128<ushort> left, Vector128<ushort> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<int> AndNot(Vector128<int> left, Vector128<int> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<uint> AndNot(Vector128<uint> left, Vector128<uint> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<long> AndNot(Vector128<long> left, Vector128<long> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<ulong> AndNot(Vector128<ulong> left, Vector128<ulong> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<double> AndNot(Vector128<double> left, Vector128<double> right) => AndNot(left, right);

    [Intrinsic]
    public static Vector128<byte> Or(Vector128<byte> left, Vector128<byte> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<sbyte> Or(Vector128<sbyte> left, Vector128<sbyte> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<short> Or(Vector128<short> left, Vector128<short> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<ushort> Or(Vector128<ushort> left, Vector128<ushort> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<int> Or(Vector128<int> left, Vector128<int> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<uint> Or(Vector128<uint> left, Vector128<uint> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<long> Or(Vector128<long> left, Vector128<long> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<ulong> Or(Vector128<ulong> left, Vector128<ulong> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<double> Or(Vector128<double> left, Vector128<double> right) => Or(left, right);

    [Intrinsic]
    public static Vector128<byte> Xor(Vector128<byte> left, Vector128<byte> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<sbyte> Xor(Vector128<sbyte> left, Vector128<sbyte> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<short> Xor(Vector128<short> left, Vector128<short> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<ushort> Xor(Vector128<ushort> left, Vector128<ushort> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<int> Xor(Vector128<int> left, Vector128<int> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<uint> Xor(Vector128<uint> left, Vector128<uint> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<long> Xor(Vector128<long> left, Vector128<long> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<ulong> Xor(Vector128<ulong> left, Vector128<ulong> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<double> Xor(Vector128<double> left, Vector128<double> right) => Xor(left, right);

    [Intrinsic]
    public static Vector128<byte> UnpackLow(Vector128<byte> left, Vector128<byte> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<sbyte> UnpackLow(Vector128<sbyte> left, Vector128<sbyte> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<short> UnpackLow(Vector128<short> left, Vector128<short> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<ushort> UnpackLow(Vector128<ushort> left, Vector128<ushort> right) =>
        UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<int> UnpackLow(Vector128<int> left, Vector128<int> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<uint> UnpackLow(Vector128<uint> left, Vector128<uint> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<long> UnpackLow(Vector128<long> left, Vector128<long> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<ulong> UnpackLow(Vector128<ulong> left, Vector128<ulong> right) => UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<double> UnpackLow(Vector128<double> left, Vector128<double> right) =>
        UnpackLow(left, right);

    [Intrinsic]
    public static Vector128<byte> UnpackHigh(Vector128<byte> left, Vector128<byte> right) => UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<sbyte> UnpackHigh(Vector128<sbyte> left, Vector128<sbyte> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<short> UnpackHigh(Vector128<short> left, Vector128<short> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<ushort> UnpackHigh(Vector128<ushort> left, Vector128<ushort> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<int> UnpackHigh(Vector128<int> left, Vector128<int> right) => UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<uint> UnpackHigh(Vector128<uint> left, Vector128<uint> right) => UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<long> UnpackHigh(Vector128<long> left, Vector128<long> right) => UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<ulong> UnpackHigh(Vector128<ulong> left, Vector128<ulong> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<double> UnpackHigh(Vector128<double> left, Vector128<double> right) =>
        UnpackHigh(left, right);

    [Intrinsic]
    public static Vector128<double> Multiply(Vector128<double> left, Vector128<double> right) =>
        Multiply(left, right);

    [Intrinsic]
    public static Vector128<double> Divide(Vector128<double> left, Vector128<double> right) => Divide(left, right);

    [Intrinsic]
    public static Vector128<ulong> Multiply(Vector128<uint> left, Vector128<uint> right) => Multiply(left, right);

    [Intrinsic]
    public static Vector128<short> MultiplyLow(Vector128<short> left, Vector128<short> right) =>
        MultiplyLow(left, right);

    [Intrinsic]
    public static Vector128<short> MultiplyHigh(Vector128<short> left, Vector128<short> right) =>
        MultiplyHigh(left, right);

    [Intrinsic]
    public static Vector128<ushort> MultiplyLow(Vector128<ushort> left, Vector128<ushort> right) =>
        MultiplyLow(left, right);

    [Intrinsic]
    public static Vector128<ushort> MultiplyHigh(Vector128<ushort> left, Vector128<ushort> right) =>
        MultiplyHigh(left, right);

    [Intrinsic]
    public static Vector128<int> MultiplyAddAdjacent(Vector128<short> left, Vector128<short> right) =>
        MultiplyAddAdjacent(left, right);

    [Intrinsic]
    public static Vector128<byte> AddSaturate(Vector128<byte> left, Vector128<byte> right) =>
        AddSaturate(left, right);

    [Intrinsic]
    public static Vector128<byte> SubtractSaturate(Vector128<byte> left, Vector128<byte> right) =>
        SubtractSaturate(left, right);

    [Intrinsic]
    public static Vector128<sbyte> AddSaturate(Vector128<sbyte> left, Vector128<sbyte> right) =>
        AddSaturate(left, right);

    [Intrinsic]
    public static Vector128<sbyte> SubtractSaturate(Vector128<sbyte> left, Vector128<sbyte> right) =>
        SubtractSaturate(left, right);

    [Intrinsic]
    public static Vector128<short> AddSaturate(Vector128<short> left, Vector128<short> right) =>
        AddSaturate(left, right);

    [Intrinsic]
    public static Vector128<short> SubtractSaturate(Vector128<short> left, Vector128<short> right) =>
        SubtractSaturate(left, right);

    [Intrinsic]
    public static Vector128<ushort> AddSaturate(Vector128<ushort> left, Vector128<ushort> right) =>
        AddSaturate(left, right);

    [Intrinsic]
    public static Vector128<ushort> SubtractSaturate(Vector128<ushort> left, Vector128<ushort> right) =>
        SubtractSaturate(left, right);

    [Intrinsic]
    public static Vector128<byte> Average(Vector128<byte> left, Vector128<byte> right) => Average(left, right);

    [Intrinsic]
    public static Vector128<ushort> Average(Vector128<ushort> left, Vector128<ushort> right) => Average(left, right);

    [Intrinsic]
    public static Vector128<ushort> SumAbsoluteDifferences(Vector128<byte> left, Vector128<byte> right) =>
        SumAbsoluteDifferences(left, right);

    [Intrinsic]
    public static Vector128<byte> Min(Vector128<byte> left, Vector128<byte> right) => Min(left, right);

    [Intrinsic]
    public static Vector128<short> Min(Vector128<short> left, Vector128<short> right) => Min(left, right);

    [Intrinsic]
    public static Vector128<double> Min(Vector128<double> left, Vector128<double> right) => Min(left, right);

    [Intrinsic]
    public static Vector128<byte> Max(Vector128<byte> left, Vector128<byte> right) => Max(left, right);

    [Intrinsic]
    public static Vector128<short> Max(Vector128<short> left, Vector128<short> right) => Max(left, right);

    [Intrinsic]
    public static Vector128<double> Max(Vector128<double> left, Vector128<double> right) => Max(left, right);

    [Intrinsic]
    public static Vector128<byte> CompareEqual(Vector128<byte> left, Vector128<byte> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<sbyte> CompareEqual(Vector128<sbyte> left, Vector128<sbyte> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<short> CompareEqual(Vector128<short> left, Vector128<short> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<ushort> CompareEqual(Vector128<ushort> left, Vector128<ushort> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<int> CompareEqual(Vector128<int> left, Vector128<int> right) => CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<uint> CompareEqual(Vector128<uint> left, Vector128<uint> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<double> CompareEqual(Vector128<double> left, Vector128<double> right) =>
        CompareEqual(left, right);

    [Intrinsic]
    public static Vector128<sbyte> CompareGreaterThan(Vector128<sbyte> left, Vector128<sbyte> right) =>
        CompareGreaterThan(left, right);

    [Intrinsic]
    public static Vector128<short> CompareGreaterThan(Vector128<short> left, Vector128<short> right) =>
        CompareGreaterThan(left, right);

    [Intrinsic]
    public static Vector128<int> CompareGreaterThan(Vector128<int> left, Vector128<int> right) =>
        CompareGreaterThan(left, right);

    [Intrinsic]
    public static Vector128<double> CompareGreaterThan(Vector128<double> left, Vector128<double> right) =>
        CompareGreaterThan(left, right);

    [Intrinsic]
    public static Vector128<sbyte> CompareLessThan(Vector128<sbyte> left, Vector128<sbyte> right) =>
        CompareLessThan(left, right);

    [Intrinsic]
    public static Vector128<short> CompareLessThan(Vector128<short> left, Vector128<short> right) =>
        CompareLessThan(left, right);

    [Intrinsic]
    public static Vector128<int> CompareLessThan(Vector128<int> left, Vector128<int> right) =>
        CompareLessThan(left, right);

    [Intrinsic]
    public static Vector128<double> CompareLessThan(Vector128<double> left, Vector128<double> right) =>
        CompareLessThan(left, right);

    [Intrinsic]
    public static Vector128<short> ShiftLeftLogical(Vector128<short> value, byte count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<short> ShiftLeftLogical(Vector128<short> value, Vector128<short> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<ushort> ShiftLeftLogical(Vector128<ushort> value, byte count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<ushort> ShiftLeftLogical(Vector128<ushort> value, Vector128<ushort> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftLeftLogical(Vector128<int> value, byte count) => ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftLeftLogical(Vector128<int> value, Vector128<int> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<uint> ShiftLeftLogical(Vector128<uint> value, byte count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<uint> ShiftLeftLogical(Vector128<uint> value, Vector128<uint> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<long> ShiftLeftLogical(Vector128<long> value, byte count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<long> ShiftLeftLogical(Vector128<long> value, Vector128<long> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<ulong> ShiftLeftLogical(Vector128<ulong> value, byte count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<ulong> ShiftLeftLogical(Vector128<ulong> value, Vector128<ulong> count) =>
        ShiftLeftLogical(value, count);

    [Intrinsic]
    public static Vector128<short> ShiftRightLogical(Vector128<short> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<short> ShiftRightLogical(Vector128<short> value, Vector128<short> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<ushort> ShiftRightLogical(Vector128<ushort> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<ushort> ShiftRightLogical(Vector128<ushort> value, Vector128<ushort> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftRightLogical(Vector128<int> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftRightLogical(Vector128<int> value, Vector128<int> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<uint> ShiftRightLogical(Vector128<uint> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<uint> ShiftRightLogical(Vector128<uint> value, Vector128<uint> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<long> ShiftRightLogical(Vector128<long> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<long> ShiftRightLogical(Vector128<long> value, Vector128<long> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<ulong> ShiftRightLogical(Vector128<ulong> value, byte count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<ulong> ShiftRightLogical(Vector128<ulong> value, Vector128<ulong> count) =>
        ShiftRightLogical(value, count);

    [Intrinsic]
    public static Vector128<short> ShiftRightArithmetic(Vector128<short> value, byte count) =>
        ShiftRightArithmetic(value, count);

    [Intrinsic]
    public static Vector128<short> ShiftRightArithmetic(Vector128<short> value, Vector128<short> count) =>
        ShiftRightArithmetic(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftRightArithmetic(Vector128<int> value, byte count) =>
        ShiftRightArithmetic(value, count);

    [Intrinsic]
    public static Vector128<int> ShiftRightArithmetic(Vector128<int> value, Vector128<int> count) =>
        ShiftRightArithmetic(value, count);

    [Intrinsic]
    public static Vector128<byte> ShiftLeftLogical128BitLane(Vector128<byte> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<sbyte> ShiftLeftLogical128BitLane(Vector128<sbyte> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<short> ShiftLeftLogical128BitLane(Vector128<short> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<ushort> ShiftLeftLogical128BitLane(Vector128<ushort> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<int> ShiftLeftLogical128BitLane(Vector128<int> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<uint> ShiftLeftLogical128BitLane(Vector128<uint> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<long> ShiftLeftLogical128BitLane(Vector128<long> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<ulong> ShiftLeftLogical128BitLane(Vector128<ulong> value, byte numBytes) =>
        ShiftLeftLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<byte> ShiftRightLogical128BitLane(Vector128<byte> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<sbyte> ShiftRightLogical128BitLane(Vector128<sbyte> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<short> ShiftRightLogical128BitLane(Vector128<short> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<ushort> ShiftRightLogical128BitLane(Vector128<ushort> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<int> ShiftRightLogical128BitLane(Vector128<int> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<uint> ShiftRightLogical128BitLane(Vector128<uint> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<long> ShiftRightLogical128BitLane(Vector128<long> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<ulong> ShiftRightLogical128BitLane(Vector128<ulong> value, byte numBytes) =>
        ShiftRightLogical128BitLane(value, numBytes);

    [Intrinsic]
    public static Vector128<int> Shuffle(Vector128<int> value, byte control) => Shuffle(value, control);

    [Intrinsic]
    public static Vector128<uint> Shuffle(Vector128<uint> value, byte control) => Shuffle(value, control);

    [Intrinsic]
    public static Vector128<double> Shuffle(Vector128<double> left, Vector128<double> right, byte control) =>
        Shuffle(left, right, control);

    [Intrinsic]
    public static Vector128<short> ShuffleLow(Vector128<short> value, byte control) => ShuffleLow(value, control);

    [Intrinsic]
    public static Vector128<ushort> ShuffleLow(Vector128<ushort> value, byte control) => ShuffleLow(value, control);

    [Intrinsic]
    public static Vector128<short> ShuffleHigh(Vector128<short> value, byte control) => ShuffleHigh(value, control);

    [Intrinsic]
    public static Vector128<ushort> ShuffleHigh(Vector128<ushort> value, byte control) => ShuffleHigh(value, control);

    [Intrinsic]
    public static Vector128<sbyte> PackSignedSaturate(Vector128<short> left, Vector128<short> right) =>
        PackSignedSaturate(left, right);

    [Intrinsic]
    public static Vector128<short> PackSignedSaturate(Vector128<int> left, Vector128<int> right) =>
        PackSignedSaturate(left, right);

    [Intrinsic]
    public static Vector128<byte> PackUnsignedSaturate(Vector128<short> left, Vector128<short> right) =>
        PackUnsignedSaturate(left, right);

    [Intrinsic]
    public static int MoveMask(Vector128<byte> value) => MoveMask(value);

    [Intrinsic]
    public static int MoveMask(Vector128<sbyte> value) => MoveMask(value);

    [Intrinsic]
    public static int MoveMask(Vector128<double> value) => MoveMask(value);

    [Intrinsic]
    public static Vector128<double> Sqrt(Vector128<double> value) => Sqrt(value);

    [Intrinsic]
    public static Vector128<double> ConvertToVector128Double(Vector128<int> value) => ConvertToVector128Double(value);

    [Intrinsic]
    public static Vector128<int> ConvertToVector128Int32(Vector128<float> value) => ConvertToVector128Int32(value);

    [Intrinsic]
    public static Vector128<float> ConvertToVector128Single(Vector128<int> value) => ConvertToVector128Single(value);

    [Intrinsic]
    public static int ConvertToInt32(Vector128<int> value) => ConvertToInt32(value);

    [Intrinsic]
    public static uint ConvertToUInt32(Vector128<uint> value) => ConvertToUInt32(value);

    [Intrinsic]
    public static Vector128<int> ConvertScalarToVector128Int32(int value) => ConvertScalarToVector128Int32(value);

    [Intrinsic]
    public static Vector128<uint> ConvertScalarToVector128UInt32(uint value) => ConvertScalarToVector128UInt32(value);

    [Intrinsic]
    public static Vector128<short> Insert(Vector128<short> value, short data, byte index) =>
        Insert(value, data, index);

    [Intrinsic]
    public static ushort Extract(Vector128<ushort> value, byte index) => Extract(value, index);

    [Intrinsic]
    public static Vector128<ushort> Insert(Vector128<ushort> value, ushort data, byte index) =>
        Insert(value, data, index);

    [Intrinsic]
    public static Vector128<byte> LoadVector128(byte* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<sbyte> LoadVector128(sbyte* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<short> LoadVector128(short* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<ushort> LoadVector128(ushort* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<int> LoadVector128(int* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<uint> LoadVector128(uint* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<long> LoadVector128(long* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<ulong> LoadVector128(ulong* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<double> LoadVector128(double* address) => LoadVector128(address);

    [Intrinsic]
    public static Vector128<byte> LoadAlignedVector128(byte* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<sbyte> LoadAlignedVector128(sbyte* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<short> LoadAlignedVector128(short* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<ushort> LoadAlignedVector128(ushort* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<int> LoadAlignedVector128(int* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<uint> LoadAlignedVector128(uint* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<long> LoadAlignedVector128(long* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<ulong> LoadAlignedVector128(ulong* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<double> LoadAlignedVector128(double* address) => LoadAlignedVector128(address);

    [Intrinsic]
    public static Vector128<int> LoadScalarVector128(int* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static Vector128<uint> LoadScalarVector128(uint* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static Vector128<long> LoadScalarVector128(long* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static Vector128<ulong> LoadScalarVector128(ulong* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static Vector128<double> LoadScalarVector128(double* address) => LoadScalarVector128(address);

    [Intrinsic]
    public static void Store(byte* address, Vector128<byte> source) => Store(address, source);

    [Intrinsic]
    public static void Store(sbyte* address, Vector128<sbyte> source) => Store(address, source);

    [Intrinsic]
    public static void Store(short* address, Vector128<short> source) => Store(address, source);

    [Intrinsic]
    public static void Store(ushort* address, Vector128<ushort> source) => Store(address, source);

    [Intrinsic]
    public static void Store(int* address, Vector128<int> source) => Store(address, source);

    [Intrinsic]
    public static void Store(uint* address, Vector128<uint> source) => Store(address, source);

    [Intrinsic]
    public static void Store(long* address, Vector128<long> source) => Store(address, source);

    [Intrinsic]
    public static void Store(ulong* address, Vector128<ulong> source) => Store(address, source);

    [Intrinsic]
    public static void Store(double* address, Vector128<double> source) => Store(address, source);

    [Intrinsic]
    public static void StoreAligned(byte* address, Vector128<byte> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(sbyte* address, Vector128<sbyte> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(short* address, Vector128<short> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(ushort* address, Vector128<ushort> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(int* address, Vector128<int> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(uint* address, Vector128<uint> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(long* address, Vector128<long> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(ulong* address, Vector128<ulong> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAligned(double* address, Vector128<double> source) => StoreAligned(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(byte* address, Vector128<byte> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(sbyte* address, Vector128<sbyte> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(short* address, Vector128<short> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(ushort* address, Vector128<ushort> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(int* address, Vector128<int> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(uint* address, Vector128<uint> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(long* address, Vector128<long> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(ulong* address, Vector128<ulong> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreAlignedNonTemporal(double* address, Vector128<double> source) =>
        StoreAlignedNonTemporal(address, source);

    [Intrinsic]
    public static void StoreScalar(long* address, Vector128<long> source) => StoreScalar(address, source);

    [Intrinsic]
    public static void StoreScalar(ulong* address, Vector128<ulong> source) => StoreScalar(address, source);

    [Intrinsic]
    public static void StoreScalar(double* address, Vector128<double> source) => StoreScalar(address, source);

    [Intrinsic]
    public static void LoadFence() => LoadFence();

    [Intrinsic]
    public static void MemoryFence() => MemoryFence();
}
