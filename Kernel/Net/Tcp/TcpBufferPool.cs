using System.Numerics;

namespace HaukiOS.Net;

/// <summary>
/// The memory of all rings under one budget. What a ring is promised is counted when it is promised; the array comes
/// with the first byte, and goes back to a shelf of its size, so that connections which come and go leave no work to
/// the collector.
/// </summary>
internal sealed class TcpBufferPool
{
    // Sizes from 4 KiB to 8 MiB. A shelf takes so many; one more array is left to the collector.
    private const int Shelves = 12;
    private const int ShelfMax = 64;

    private readonly byte[]?[][] shelves = new byte[]?[Shelves][];
    private readonly int[] counts = new int[Shelves];
    private readonly int budget;
    private int kept;

    internal TcpBufferPool(int budget)
    {
        this.budget = budget;
        for (int i = 0; i < Shelves; i++)
        {
            shelves[i] = new byte[]?[ShelfMax];
        }
    }

    /// <summary>Bytes promised.</summary>
    internal int Promised { get; private set; }

    /// <summary>Is so much promised that rings do not grow any more?</summary>
    internal bool IsTight => Promised > budget - (budget / 4);

    /// <summary>Promises bytes to a ring.</summary>
    /// <param name="bytes">How many more.</param>
    /// <param name="isGrowth">Only more for one that has some: leaves a quarter for others.</param>
    internal bool TryPromise(int bytes, bool isGrowth)
    {
        int limit = isGrowth ? budget - (budget / 4) : budget;
        if (bytes > limit - Promised)
        {
            return false;
        }

        Promised += bytes;
        for (int shelf = Shelves - 1; shelf >= 0 && Promised + kept > budget; shelf--)
        {
            while (counts[shelf] > 0 && Promised + kept > budget)
            {
                kept -= TakeFrom(shelf).Length;
            }
        }

        return true;
    }

    /// <summary>Takes a promise back.</summary>
    internal void Release(int bytes) => Promised -= bytes;

    /// <summary>
    /// An array of <paramref name="size"/> bytes, a power of two that was promised. Its content is any.
    /// </summary>
    internal byte[] Rent(int size)
    {
        int shelf = ShelfOf(size);
        if (counts[shelf] == 0)
        {
            return new byte[size];
        }

        kept -= size;
        return TakeFrom(shelf);
    }

    /// <summary>Takes an array back.</summary>
    internal void Return(byte[] array)
    {
        int shelf = ShelfOf(array.Length);
        if (counts[shelf] < ShelfMax && Promised + kept + array.Length <= budget)
        {
            shelves[shelf][counts[shelf]++] = array;
            kept += array.Length;
        }
    }

    private static int ShelfOf(int size) => BitOperations.Log2((uint)size / TcpLimits.RingMin);

    private byte[] TakeFrom(int shelf)
    {
        byte[] array = shelves[shelf][--counts[shelf]]!;
        shelves[shelf][counts[shelf]] = null;
        return array;
    }
}
