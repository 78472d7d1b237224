using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

/// <summary>Spans taken for something else.</summary>
public static unsafe class MemoryMarshal
{
    public static Span<byte> AsBytes<T>(Span<T> span) where T : struct =>
        new(ref Unsafe.As<T, byte>(ref span.Reference), checked(span.Length * Unsafe.SizeOf<T>()));

    public static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> span) where T : struct =>
        new(ref Unsafe.As<T, byte>(ref span.Reference), checked(span.Length * Unsafe.SizeOf<T>()));

    public static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span) where TFrom : struct where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span.Reference), CastLength<TFrom, TTo>(span.Length));

    public static ReadOnlySpan<TTo> Cast<TFrom, TTo>(ReadOnlySpan<TFrom> span)
        where TFrom : struct
        where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span.Reference), CastLength<TFrom, TTo>(span.Length));

    public static ref T GetReference<T>(Span<T> span) => ref span.Reference;

    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span.Reference;

    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref *(T*)Unsafe.AsPointer(ref reference), length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref *(T*)Unsafe.AsPointer(in reference), length);

    public static ReadOnlySpan<byte> CreateReadOnlySpanFromNullTerminated(byte* value)
    {
        int length = 0;
        while (value != null && value[length] != 0)
        {
            length++;
        }

        return new ReadOnlySpan<byte>(value, length);
    }

    [Intrinsic]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T GetArrayDataReference<T>(T[] array) =>
        ref Unsafe.As<byte, T>(ref Unsafe.As<RawArrayData>(array).Data);

    public static ref byte GetArrayDataReference(Array array) => ref array.FirstElement;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ReadOnlySpan<byte> source) where T : struct
    {
        if (Unsafe.SizeOf<T>() > source.Length)
        {
            throw new ArgumentOutOfRangeException("length");
        }

        return Unsafe.ReadUnaligned<T>(in source.Reference);
    }

    public static bool TryRead<T>(ReadOnlySpan<byte> source, out T value) where T : struct
    {
        bool enough = Unsafe.SizeOf<T>() <= source.Length;
        value = enough ? Unsafe.ReadUnaligned<T>(in source.Reference) : default;
        return enough;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(Span<byte> destination, in T value) where T : struct
    {
        if (Unsafe.SizeOf<T>() > destination.Length)
        {
            throw new ArgumentOutOfRangeException("length");
        }

        Unsafe.WriteUnaligned(ref destination.Reference, value);
    }

    public static bool TryWrite<T>(Span<byte> destination, in T value) where T : struct
    {
        bool enough = Unsafe.SizeOf<T>() <= destination.Length;
        if (enough)
        {
            Unsafe.WriteUnaligned(ref destination.Reference, value);
        }

        return enough;
    }

    public static ref T AsRef<T>(Span<byte> span) where T : struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span.Length, Unsafe.SizeOf<T>(), "length");
        return ref Unsafe.As<byte, T>(ref span.Reference);
    }

    public static ref readonly T AsRef<T>(ReadOnlySpan<byte> span) where T : struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span.Length, Unsafe.SizeOf<T>(), "length");
        return ref Unsafe.As<byte, T>(ref span.Reference);
    }

    public static bool TryGetArray<T>(ReadOnlyMemory<T> memory, out ArraySegment<T> segment)
    {
        if (memory.Owner is T[] array)
        {
            segment = new ArraySegment<T>(array, memory.Start, memory.Length);
            return true;
        }

        segment = default;
        return memory.Owner is null;
    }

    public static bool TryGetString(ReadOnlyMemory<char> memory, [NotNullWhen(true)] out string? text, out int start,
        out int length)
    {
        text = memory.Owner as string;
        start = text is null ? 0 : memory.Start;
        length = text is null ? 0 : memory.Length;
        return text is not null;
    }

    public static Memory<T> AsMemory<T>(ReadOnlyMemory<T> memory) => new(memory.Owner, memory.Start, memory.Length);

    public static IEnumerable<T> ToEnumerable<T>(ReadOnlyMemory<T> memory)
    {
        for (int i = 0; i < memory.Length; i++)
        {
            yield return memory.Span[i];
        }
    }

    private static int CastLength<TFrom, TTo>(int length)
    {
        uint from = (uint)Unsafe.SizeOf<TFrom>();
        uint to = (uint)Unsafe.SizeOf<TTo>();
        return from == to ? length : checked((int)((ulong)(uint)length * from / to));
    }
}

/// <summary>The insides of collections.</summary>
public static class CollectionsMarshal
{
    public static Span<T> AsSpan<T>(List<T>? list) => list is null ? default : new Span<T>(list.items, 0, list.size);

    public static void SetCount<T>(List<T> list, int count) => list.SetCount(count);

    public static ref TValue GetValueRefOrNullRef<TKey, TValue>(Dictionary<TKey, TValue> dictionary, TKey key)
        where TKey : notnull => ref dictionary.FindReference(key);

    public static ref TValue? GetValueRefOrAddDefault<TKey, TValue>(Dictionary<TKey, TValue> dictionary, TKey key,
        out bool exists) where TKey : notnull => ref dictionary.FindOrAddReference(key, out exists);
}

/// <summary>Immutable arrays and strings seen from inside, and memory of the machine.</summary>
public static unsafe class NativeMemory
{
    public static void Clear(void* ptr, nuint byteCount) =>
        SpanHelpers.ClearWithoutReferences(ref *(byte*)ptr, byteCount);

    public static void Copy(void* source, void* destination, nuint byteCount) =>
        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, byteCount);

    public static void Fill(void* ptr, nuint byteCount, byte value) =>
        SpanHelpers.Fill(ref *(byte*)ptr, value, byteCount);
}
