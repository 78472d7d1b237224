namespace System.Buffers;

/// <summary>Fills a span from a state.</summary>
public delegate void SpanAction<T, in TArg>(Span<T> span, TArg arg) where TArg : allows ref struct;

/// <summary>Reads a span with a state.</summary>
public delegate void ReadOnlySpanAction<T, in TArg>(ReadOnlySpan<T> span, TArg arg) where TArg : allows ref struct;

/// <summary>Owns memory and gives it back when disposed.</summary>
public interface IMemoryOwner<T> : IDisposable
{
    Memory<T> Memory { get; }
}

/// <summary>Where a producer writes: asks for room, says how much of it was used.</summary>
public interface IBufferWriter<T>
{
    void Advance(int count);

    Memory<T> GetMemory(int sizeHint = 0);

    Span<T> GetSpan(int sizeHint = 0);
}

/// <summary>Memory that is no array, behind <see cref="Memory{T}"/>.</summary>
public abstract class MemoryManager<T> : IMemoryOwner<T>
{
    public virtual Memory<T> Memory => CreateMemory(GetSpan().Length);

    public abstract Span<T> GetSpan();

    protected Memory<T> CreateMemory(int length) => new(this, 0, length);

    protected Memory<T> CreateMemory(int start, int length) => new(this, start, length);

    protected abstract void Dispose(bool disposing);

    void IDisposable.Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A growing array to write into.</summary>
public sealed class ArrayBufferWriter<T> : IBufferWriter<T>
{
    private T[] buffer;
    private int written;

    public ArrayBufferWriter()
    {
        buffer = [];
    }

    public ArrayBufferWriter(int initialCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        buffer = new T[initialCapacity];
    }

    public ReadOnlyMemory<T> WrittenMemory => new(buffer, 0, written);

    public ReadOnlySpan<T> WrittenSpan => new(buffer, 0, written);

    public int WrittenCount => written;

    public int Capacity => buffer.Length;

    public int FreeCapacity => buffer.Length - written;

    public void Clear()
    {
        buffer.AsSpan(0, written).Clear();
        written = 0;
    }

    public void ResetWrittenCount() => written = 0;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (written > buffer.Length - count)
        {
            throw new InvalidOperationException("More was written than there was room for.");
        }

        written += count;
    }

    public Memory<T> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<T> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(written);
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = checked(written + Math.Max(sizeHint, 1));
        if (needed > buffer.Length)
        {
            Array.Resize(ref buffer!, Math.Max(needed, Math.Max(buffer.Length * 2, 256)));
        }
    }
}

/// <summary>Arrays to borrow. Keeps a few of each power of two; the rest is left to the collector.</summary>
public abstract class ArrayPool<T>
{
    private static readonly ArrayPool<T> SharedPool = new PowerOfTwoPool();

    public static ArrayPool<T> Shared => SharedPool;

    public static ArrayPool<T> Create() => new PowerOfTwoPool();

    public static ArrayPool<T> Create(int maxArrayLength, int maxArraysPerBucket) => new PowerOfTwoPool();

    public abstract T[] Rent(int minimumLength);

    public abstract void Return(T[] array, bool clearArray = false);

    private sealed class PowerOfTwoPool : ArrayPool<T>
    {
        private const int SmallestBits = 4;

        /// <summary>Arrays from 16 to 2^20 elements are kept, at most this many of a size.</summary>
        private const int KeptPerSize = 8;
        private const int Sizes = 17;

        private readonly T[]?[] kept = new T[]?[Sizes * KeptPerSize];

        public override T[] Rent(int minimumLength)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(minimumLength);
            if (minimumLength == 0)
            {
                return [];
            }

            int size = SizeOf(minimumLength);
            if (size >= Sizes)
            {
                return new T[minimumLength];
            }

            foreach (ref T[]? slot in kept.AsSpan(size * KeptPerSize, KeptPerSize))
            {
                if (slot is not null)
                {
                    T[] array = slot;
                    slot = null;
                    return array;
                }
            }

            return new T[1 << (size + SmallestBits)];
        }

        public override void Return(T[] array, bool clearArray = false)
        {
            ArgumentNullException.ThrowIfNull(array);
            if (clearArray)
            {
                Array.Clear(array);
            }

            if (array.Length == 0)
            {
                return;
            }

            int size = SizeOf(array.Length);
            bool ours = size < Sizes && array.Length == 1 << (size + SmallestBits);
            for (int i = 0; ours && i < KeptPerSize; i++)
            {
                ref T[]? slot = ref kept[(size * KeptPerSize) + i];
                if (slot is null)
                {
                    slot = array;
                    return;
                }
            }
        }

        private static int SizeOf(int length) =>
            Math.Max(32 - Numerics.BitOperations.LeadingZeroCount((uint)(length - 1)) - SmallestBits, 0);
    }
}
