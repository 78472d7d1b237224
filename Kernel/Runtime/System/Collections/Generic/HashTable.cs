namespace System.Collections.Generic;

/// <summary>
/// Entries by key, chained in buckets: what Dictionary and HashSet are made of. Entries stay in the order they came as
/// long as none is removed; a removed one's place is taken next.
/// </summary>
internal struct HashTable<TKey, TValue>
{
    /// <summary>In <see cref="Entry.Next"/>: end of a chain. Free entries have values below it.</summary>
    private const int End = -1;
    private const int FreeBase = -3;

    internal Entry[]? Entries;
    internal int Used;
    internal int Version;
    internal IEqualityComparer<TKey>? Comparer;

    // One-based numbers of entries, so that a new array needs no filling.
    private int[]? buckets;
    private int freeList;
    private int freeCount;

    internal struct Entry
    {
        internal uint Hash;

        /// <summary>Number of the next entry in the chain.</summary>
        internal int Next;
        internal TKey Key;
        internal TValue Value;

        internal readonly bool IsUsed => Next >= End;
    }

    internal readonly int Count => Used - freeCount;

    internal readonly int Capacity => Entries?.Length ?? 0;

    internal void Initialize(int capacity)
    {
        int size = PrimeAtLeast(capacity);
        buckets = new int[size];
        Entries = new Entry[size];
        freeList = End;
    }

    internal readonly int Find(TKey key)
    {
        if (key is null)
        {
            throw new ArgumentNullException(nameof(key));
        }

        return buckets is null ? End : FindHashed(key, HashOf(key));
    }

    /// <summary>The entry of a key, made if there is none.</summary>
    internal ref Entry FindOrAdd(TKey key, out bool existed)
    {
        if (key is null)
        {
            throw new ArgumentNullException(nameof(key));
        }

        if (buckets is null)
        {
            Initialize(0);
        }

        uint hash = HashOf(key);
        int found = FindHashed(key, hash);
        existed = found >= 0;
        if (existed)
        {
            return ref Entries![found];
        }

        int index;
        if (freeCount > 0)
        {
            index = freeList;
            freeList = FreeBase - Entries![index].Next;
            freeCount--;
        }
        else
        {
            if (Used == Entries!.Length)
            {
                Resize(PrimeAtLeast(checked(Used * 2)));
            }

            index = Used++;
        }

        ref int bucket = ref BucketOf(hash);
        ref Entry entry = ref Entries![index];
        entry.Hash = hash;
        entry.Key = key;
        entry.Next = bucket - 1;
        bucket = index + 1;
        Version++;
        return ref entry;
    }

    internal bool Remove(TKey key, out TValue? value)
    {
        if (key is null)
        {
            throw new ArgumentNullException(nameof(key));
        }

        value = default;
        if (buckets is null)
        {
            return false;
        }

        uint hash = HashOf(key);
        ref int bucket = ref BucketOf(hash);
        int previous = End;
        for (int i = bucket - 1; i >= 0; previous = i, i = Entries![i].Next)
        {
            ref Entry entry = ref Entries![i];
            if (entry.Hash != hash || !AreEqual(entry.Key, key))
            {
                continue;
            }

            if (previous < 0)
            {
                bucket = entry.Next + 1;
            }
            else
            {
                Entries[previous].Next = entry.Next;
            }

            value = entry.Value;
            entry = default;
            entry.Next = FreeBase - freeList;
            freeList = i;
            freeCount++;
            return true;
        }

        return false;
    }

    internal void Clear()
    {
        if (Used > 0)
        {
            Array.Clear(buckets!);
            Array.Clear(Entries!, 0, Used);
            Used = 0;
            freeCount = 0;
            freeList = End;
        }

        Version++;
    }

    internal void EnsureCapacity(int capacity)
    {
        if (buckets is null)
        {
            Initialize(capacity);
        }
        else if (capacity > Entries!.Length)
        {
            Resize(PrimeAtLeast(capacity));
        }
    }

    private readonly int FindHashed(TKey key, uint hash)
    {
        Entry[] entries = Entries!;
        int i = BucketOf(hash) - 1;
        while ((uint)i < (uint)entries.Length)
        {
            ref Entry entry = ref entries[i];
            if (entry.Hash == hash && AreEqual(entry.Key, key))
            {
                return i;
            }

            i = entry.Next;
        }

        return End;
    }

    private readonly uint HashOf(TKey key) =>
        (uint)(Comparer is null ? EqualityComparer<TKey>.Default.GetHashCode(key!) : Comparer.GetHashCode(key!));

    private readonly bool AreEqual(TKey left, TKey right) => Comparer is null
        ? EqualityComparer<TKey>.Default.Equals(left, right)
        : Comparer.Equals(left, right);

    private readonly ref int BucketOf(uint hash) => ref buckets![hash % (uint)buckets.Length];

    private void Resize(int size)
    {
        Entry[] larger = new Entry[size];
        Array.Copy(Entries!, larger, Used);
        buckets = new int[size];
        Entries = larger;
        for (int i = 0; i < Used; i++)
        {
            if (larger[i].IsUsed)
            {
                ref int bucket = ref BucketOf(larger[i].Hash);
                larger[i].Next = bucket - 1;
                bucket = i + 1;
            }
        }
    }

    /// <summary>Bucket counts are primes: hash codes of integers are the integers, and come in regular steps.</summary>
    private static int PrimeAtLeast(int minimum)
    {
        int candidate = Math.Max(minimum, 3) | 1;
        while (!IsPrime(candidate))
        {
            candidate += 2;
        }

        return candidate;
    }

    private static bool IsPrime(int odd)
    {
        for (int divisor = 3; divisor <= odd / divisor; divisor += 2)
        {
            if (odd % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
