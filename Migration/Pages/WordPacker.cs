using System;
using System.Numerics;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// Packs a page by its words, as a memory holds them: zeros, small numbers, and pointers that agree in their upper bits
/// with one seen before (Wilson, Kaplan, Smaragdakis, "The Case for Compressed Caching in Virtual Memory Systems",
/// USENIX 1999, algorithm WKdm). What is packed can be the difference to another page, word by word.
/// <para>
/// Layout, little endian: a mask of the 64 groups of 16 words, a bit set if the group has a word that is not zero; for
/// each such group 32 bits, two for each word, the first lowest (<c>0</c> zero, <c>1</c> the word that the dictionary
/// has, <c>2</c> one that differs from it in the low 12 bits, <c>3</c> any other); then all words of kind 3, 32 bits
/// each; those of kind 2, 16 bits each, the dictionary's place in the upper 4; the places of kind 1, 4 bits each, the
/// first in the low half. The dictionary has 16 words, all zero at first. A word's place is the upper 4 bits of a
/// product of its upper 20; every word but zero is put there.
/// </para>
/// </summary>
public static unsafe class WordPacker
{
    /// <summary>The most bytes that <see cref="Pack"/> needs to put streams together.</summary>
    public const int ScratchBytes = 8192;

    private const int Words = (int)AddressMap.PageSize / sizeof(uint);
    private const int GroupWords = PageWords.GroupWords;
    private const int DictionaryWords = 16;
    private const int LowBits = 12;
    private const uint Spread = 0x9E37_79B1; // 2^32 divided by the golden ratio
    private const int PlaceShift = 28;

    // A page that has another content from the beginning is not likely to be the same further on.
    private const int EarlyGroup = 7;
    private const int EarlyMost = (EarlyGroup + 1) * GroupWords * sizeof(uint) * 7 / 8;

    // Groups that are looked at beforehand: 3, 11, 19 and so on.
    private const int SampleStart = 3;
    private const int SampleStep = 8;
    private const int SampleBytes = Words / SampleStep * sizeof(uint);

    private const uint Exact = 1;
    private const uint Near = 2;
    private const uint Other = 3;

    private const uint LowOfEachPair = 0x5555_5555;

    // Places in the scratch memory.
    private const int DictionaryOffset = 0;
    private const int TagsOffset = 64;
    private const int PlacesOffset = TagsOffset + (Words / 4);
    private const int NearsOffset = PlacesOffset + Words;
    private const int OthersOffset = NearsOffset + (Words * 2);

    /// <summary>Packs a page.</summary>
    /// <param name="page">The page; it must not change meanwhile if there is no <paramref name="copy"/>.</param>
    /// <param name="copy">
    /// The page that the difference is to, which becomes a copy of what was packed; if there is no room, it is neither
    /// that nor what it was. Null to pack the page itself.
    /// </param>
    /// <param name="scratch"><see cref="ScratchBytes"/> of memory, 4-byte aligned.</param>
    /// <param name="into">Receives what comes out.</param>
    /// <returns>How many bytes; -1 if they are more than <paramref name="into"/> has room for.</returns>
    public static int Pack(uint* page, uint* copy, byte* scratch, Span<byte> into)
    {
        Streams streams = Open(scratch);
        Streams starts = streams;
        uint* dictionary = (uint*)(scratch + DictionaryOffset);
        int room = into.Length - sizeof(ulong);
        ulong mask = 0;
        uint* words = stackalloc uint[GroupWords];
        for (int group = 0; group < Words / GroupWords; group++)
        {
            uint* from = page + (group * GroupWords);
            if (copy == null)
            {
                if (PageWords.IsZeroGroup(from))
                {
                    continue;
                }
            }
            else if (PageWords.Update(copy + (group * GroupWords), from, words))
            {
                from = words;
            }
            else
            {
                continue;
            }

            mask |= 1UL << group;
            PackGroup(from, dictionary, ref streams);
            int length = streams.LengthSince(starts);
            if (length > room || (group == EarlyGroup && length > EarlyMost && copy != null))
            {
                return -1;
            }
        }

        return room < 0 ? -1 : Join(mask, starts, streams, into);
    }

    /// <summary>
    /// Is a page likely to become shorter? A look at a few groups of it: most pages that cannot be packed are so
    /// everywhere, and packing takes longer than anything else that is done to a page.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> of memory, 4-byte aligned.</param>
    public static bool IsWorthwhile(uint* page, byte* scratch)
    {
        Streams streams = Open(scratch);
        Streams starts = streams;
        for (int group = SampleStart; group < Words / GroupWords; group += SampleStep)
        {
            PackGroup(page + (group * GroupWords), (uint*)(scratch + DictionaryOffset), ref streams);
        }

        return streams.LengthSince(starts) < SampleBytes * 7 / 8;
    }

    /// <summary>Unpacks a page. Nothing of it changes unless all of <paramref name="data"/> is well formed.</summary>
    /// <param name="data">What <see cref="Pack"/> gave, or anything else.</param>
    /// <param name="page">4096 bytes, 4-byte aligned; in a difference, the other page.</param>
    /// <param name="isDifference">Was it packed as a difference to what now stands in the page?</param>
    /// <returns>False for what <see cref="Pack"/> can never have given.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> data, uint* page, bool isDifference)
    {
        if (data.Length < sizeof(ulong))
        {
            return false;
        }

        fixed (byte* start = data)
        {
            ulong mask = *(ulong*)start;
            int groups = BitOperations.PopCount(mask);
            if (data.Length < sizeof(ulong) + (groups * sizeof(uint)))
            {
                return false;
            }

            Streams streams = default;
            streams.Tags = (uint*)(start + sizeof(ulong));
            Count(streams.Tags, groups, out int exact, out int near, out int other);
            streams.Others = streams.Tags + groups;
            streams.Nears = (ushort*)(streams.Others + other);
            streams.Places = (byte*)(streams.Nears + near);
            if (streams.Places + ((exact + 1) / 2) != start + data.Length)
            {
                return false;
            }

            Unpack(mask, streams, page, isDifference);
            return true;
        }
    }

    private static void Unpack(ulong mask, Streams streams, uint* page, bool isDifference)
    {
        uint* dictionary = stackalloc uint[DictionaryWords];
        new Span<uint>(dictionary, DictionaryWords).Clear();
        int places = 0;
        for (int group = 0; group < Words / GroupWords; group++, page += GroupWords)
        {
            if ((mask >> group & 1) == 0)
            {
                if (!isDifference)
                {
                    new Span<uint>(page, GroupWords).Clear();
                }

                continue;
            }

            uint tags = *streams.Tags++;
            for (int i = 0; i < GroupWords; i++, tags >>= 2)
            {
                uint word = 0;
                switch (tags & 3)
                {
                    case Exact:
                        word = dictionary[(streams.Places[places / 2] >> (4 * (places & 1))) & 15];
                        places++;
                        break;
                    case Near:
                        uint near = *streams.Nears++;
                        uint* place = dictionary + (near >> LowBits);
                        word = *place = (*place & ~((1u << LowBits) - 1)) | (near & ((1u << LowBits) - 1));
                        break;
                    case Other:
                        word = *streams.Others++;
                        dictionary[PlaceOf(word)] = word;
                        break;
                }

                page[i] = isDifference ? page[i] ^ word : word;
            }
        }
    }

    /// <summary>Empties the dictionary.</summary>
    /// <returns>Where the streams begin.</returns>
    private static Streams Open(byte* scratch)
    {
        new Span<uint>(scratch + DictionaryOffset, DictionaryWords).Clear();
        Streams streams = default;
        streams.Tags = (uint*)(scratch + TagsOffset);
        streams.Places = scratch + PlacesOffset;
        streams.Nears = (ushort*)(scratch + NearsOffset);
        streams.Others = (uint*)(scratch + OthersOffset);
        return streams;
    }

    private static uint PlaceOf(uint word) => ((word >> LowBits) * Spread) >> PlaceShift;

    private static void PackGroup(uint* words, uint* dictionary, ref Streams streams)
    {
        uint tags = 0;
        for (int i = GroupWords - 1; i >= 0; i--, words++)
        {
            uint word = *words;
            uint tag = 0;
            if (word != 0)
            {
                uint place = PlaceOf(word);
                uint difference = dictionary[place] ^ word;
                dictionary[place] = word;
                if (difference == 0)
                {
                    tag = Exact;
                    *streams.Places++ = (byte)place;
                }
                else if (difference < 1u << LowBits)
                {
                    tag = Near;
                    *streams.Nears++ = (ushort)((place << LowBits) | (word & ((1u << LowBits) - 1)));
                }
                else
                {
                    tag = Other;
                    *streams.Others++ = word;
                }
            }

            tags = (tags >> 2) | (tag << 30);
        }

        *streams.Tags++ = tags;
    }

    private static int Join(ulong mask, in Streams starts, in Streams ends, Span<byte> into)
    {
        int exact = (int)(ends.Places - starts.Places);
        for (int i = 0; i < exact; i += 2)
        {
            // One half too many at an odd end: it is zero.
            int second = i + 1 < exact ? starts.Places[i + 1] : 0;
            starts.Places[i / 2] = (byte)(starts.Places[i] | (second << 4));
        }

        BitConverter.TryWriteBytes(into, mask);
        int at = sizeof(ulong);
        at += Append(starts.Tags, (byte*)ends.Tags, into[at..]);
        at += Append(starts.Others, (byte*)ends.Others, into[at..]);
        at += Append(starts.Nears, (byte*)ends.Nears, into[at..]);
        return at + Append(starts.Places, starts.Places + ((exact + 1) / 2), into[at..]);
    }

    private static int Append(void* start, byte* end, Span<byte> into)
    {
        ReadOnlySpan<byte> bytes = new(start, (int)(end - (byte*)start));
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private static void Count(uint* tags, int groups, out int exact, out int near, out int other)
    {
        exact = near = other = 0;
        for (int i = 0; i < groups; i++)
        {
            uint low = tags[i] & LowOfEachPair;
            uint high = (tags[i] >> 1) & LowOfEachPair;
            exact += BitOperations.PopCount(low & ~high);
            near += BitOperations.PopCount(high & ~low);
            other += BitOperations.PopCount(high & low);
        }
    }

    /// <summary>Where the next item of each kind goes, or comes from.</summary>
    private struct Streams
    {
        public uint* Tags;
        public byte* Places; // one byte each while packing, two in a byte afterwards
        public ushort* Nears;
        public uint* Others;

        public readonly int LengthSince(in Streams start) =>
            (int)((byte*)Tags - (byte*)start.Tags) + ((int)(Places - start.Places + 1) / 2)
            + (int)((byte*)Nears - (byte*)start.Nears) + (int)((byte*)Others - (byte*)start.Others);
    }
}
