using System;
using System.Text;

namespace HaukiOS.Store;

/// <summary>Where the newest value of one name lies.</summary>
internal struct IndexEntry
{
    /// <summary>The name in UTF-8; null if the entry is free.</summary>
    public byte[]? Name;

    public ulong Sequence;
    public int Slot;
    public int Offset;
    public int Sectors;
    public int ValueLength;

    /// <summary>The newest value is known to be lost; the place is that of an older one.</summary>
    public bool Damaged;

    internal uint Hash;
    internal int Next;
}

/// <summary>
/// The names of the store in memory: a chained hash table. Entries keep their number for life, so a checkpoint can
/// walk them by number while they change. Bounded by <see cref="NamesMax"/> and <see cref="NameBytesMax"/>: at most
/// 9 MiB, and no more than is in use, rounded up to a power of two.
/// </summary>
internal sealed class NameIndex(uint seed)
{
    /// <summary>Names in all.</summary>
    public const int NamesMax = 65_536;

    /// <summary>Bytes of all names together.</summary>
    public const int NameBytesMax = 4 * 1024 * 1024;

    private const int None = -1;
    private IndexEntry[] entries = new IndexEntry[64];
    private int[] buckets = NewBuckets(64);
    private int firstFree = None;

    /// <summary>Names in the index.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all names together.</summary>
    public int NameBytes { get; private set; }

    /// <summary>Entry numbers in use are below this one.</summary>
    public int NumbersEnd { get; private set; }

    /// <summary>The entry of that number.</summary>
    public ref IndexEntry this[int number] => ref entries[number];

    /// <summary>FNV-1a, 64 bits: names the victim of a damaged record; no security hangs on it.</summary>
    public static ulong NameHash(ReadOnlySpan<byte> name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in name)
        {
            hash = (hash ^ value) * 1099511628211;
        }
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Finds the number of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        uint hash = Hash(name);
        for (int i = buckets[hash & (uint)(buckets.Length - 1)]; i != None; i = entries[i].Next)
        {
            if (entries[i].Hash == hash && name.SequenceEqual(entries[i].Name))
            {
                return i;
            }
        }
        return None;
    }

    /// <summary>Finds the number of the name that has this <see cref="NameHash"/>, or -1. Slow.</summary>
    public int FindByNameHash(ulong hash)
    {
        for (int i = 0; i < NumbersEnd; i++)
        {
            if (entries[i].Name is byte[] name && NameHash(name) == hash)
            {
                return i;
            }
        }
        return None;
    }

    /// <summary>Does one more name fit?</summary>
    public bool HasRoomFor(int nameLength) => Count < NamesMax && NameBytes + nameLength <= NameBytesMax;

    /// <summary>Adds a name that is not there; the caller fills in the rest.</summary>
    /// <returns>Its number.</returns>
    public int Add(ReadOnlySpan<byte> name)
    {
        int number = firstFree;
        if (number != None)
        {
            firstFree = entries[number].Next;
        }
        else
        {
            if (NumbersEnd == entries.Length)
            {
                Grow();
            }
            number = NumbersEnd++;
        }
        uint hash = Hash(name);
        ref int bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
        entries[number] = new IndexEntry { Name = name.ToArray(), Hash = hash, Next = bucket };
        bucket = number;
        Count++;
        NameBytes += name.Length;
        return number;
    }

    /// <summary>Points a name to another place.</summary>
    public void Point(int number, in IndexEntry to)
    {
        ref IndexEntry entry = ref entries[number];
        entry.Sequence = to.Sequence;
        entry.Slot = to.Slot;
        entry.Offset = to.Offset;
        entry.Sectors = to.Sectors;
        entry.ValueLength = to.ValueLength;
        entry.Damaged = to.Damaged;
    }

    /// <summary>Takes a name out.</summary>
    public void Remove(int number)
    {
        ref int link = ref buckets[entries[number].Hash & (uint)(buckets.Length - 1)];
        while (link != number)
        {
            link = ref entries[link].Next;
        }
        link = entries[number].Next;
        Count--;
        NameBytes -= entries[number].Name!.Length;
        entries[number] = new IndexEntry { Next = firstFree };
        firstFree = number;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        entries = new IndexEntry[64];
        buckets = NewBuckets(64);
        firstFree = None;
        Count = 0;
        NameBytes = 0;
        NumbersEnd = 0;
    }

    /// <summary>The name of an entry, for people.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(entries[number].Name!);

    private static int[] NewBuckets(int count)
    {
        int[] fresh = new int[count];
        Array.Fill(fresh, None);
        return fresh;
    }

    private uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261 ^ seed;
        foreach (byte value in name)
        {
            hash = (hash ^ value) * 16777619;
        }
        return hash ^ (hash >> 15);
    }

    private void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        buckets = NewBuckets(entries.Length);
        for (int i = 0; i < NumbersEnd; i++)
        {
            if (entries[i].Name != null)
            {
                ref int bucket = ref buckets[entries[i].Hash & (uint)(buckets.Length - 1)];
                entries[i].Next = bucket;
                bucket = i;
            }
        }
    }
}
