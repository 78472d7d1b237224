using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HaukiOS.Memory;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>Pages put down and read again, against plain copies; and whatever a hostile peer may send.</summary>
[TestFixture]
public sealed unsafe class PageEncoderTests
{
    private const int PageSize = (int)AddressMap.PageSize;
    private const int Fence = 64;

    private BlockMachine machine = null!;
    private PageEncoder encoder = null!;
    private byte* fenced;
    private byte* page;

    [SetUp]
    public void MakeMachine()
    {
        machine = new BlockMachine(8);
        encoder = new PageEncoder(machine);
        Assert.That(encoder.TryBegin(), Is.True);
        fenced = (byte*)NativeMemory.AlignedAlloc(PageSize + (2 * Fence), 64);
        page = fenced + Fence;
        new Span<byte>(fenced, PageSize + (2 * Fence)).Fill(0xA5);
    }

    [TearDown]
    public void DropMachine()
    {
        encoder.End();
        machine.Dispose();
        NativeMemory.AlignedFree(fenced);
    }

    [Test]
    public void Every_kind_of_page_comes_out_as_it_went_in()
    {
        Random random = new(41);
        byte[] into = new byte[PageEncoder.LengthMax];
        foreach ((string name, byte[] content, PageEncoding expected, int most) in Samples(random))
        {
            fixed (byte* from = content)
            {
                encoder.Forget(AddressMap.Heap);
                int length = encoder.Encode(AddressMap.Heap, from, into, out PageEncoding encoding);
                Assert.That(encoding, Is.EqualTo(expected), name);
                Assert.That(length, Is.LessThanOrEqualTo(most), name);
                new Span<byte>(page, PageSize).Fill(0xEE);
                Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length), page), Is.True, name);
                Assert.That(new Span<byte>(page, PageSize).SequenceEqual(content), Is.True, name);
                AssertFences();
            }
        }
    }

    [Test]
    public void A_page_that_is_written_to_a_little_costs_a_little()
    {
        Random random = new(42);
        byte[] into = new byte[PageEncoder.LengthMax];
        byte[] content = new byte[PageSize];
        random.NextBytes(content);
        fixed (byte* from = content)
        {
            int first = encoder.Encode(AddressMap.Heap, from, into, out PageEncoding encoding);
            Assert.That(encoding, Is.EqualTo(PageEncoding.Raw));
            Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, first), page), Is.True);

            Assert.That(encoder.Encode(AddressMap.Heap, from, into, out encoding), Is.Zero);
            Assert.That(encoding, Is.EqualTo(PageEncoding.Same));
            Assert.That(PageDecoder.TryDecode(encoding, default, page), Is.True);

            for (int round = 0; round < 50; round++)
            {
                content[random.Next(PageSize)]++;
                int length = encoder.Encode(AddressMap.Heap, from, into, out encoding);
                Assert.That(encoding, Is.EqualTo(PageEncoding.Delta));
                Assert.That(length, Is.LessThanOrEqualTo(16), "mask, tags, one word");
                Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length), page), Is.True);
                Assert.That(new Span<byte>(page, PageSize).SequenceEqual(content), Is.True);
            }
        }
    }

    [TestCase(8, Description = "copies for all")]
    [TestCase(2, Description = "fewer copies than pages: they come and go")]
    [TestCase(1, Description = "no memory for anything")]
    public void The_targets_pages_are_the_sources_whatever_happens_to_the_copies(int mebibytes)
    {
        const int pages = 300;
        Random random = new(mebibytes);
        using BlockMachine small = new(mebibytes == 1 ? 2 : mebibytes);
        PageEncoder other = new(small);
        uint before = small.Frames->Free;
        List<uint> held = new();
        Assert.That(other.TryBegin(), Is.True);
        byte[][] source = new byte[pages][];
        byte[]?[] target = new byte[pages][];
        byte[] into = new byte[PageEncoder.LengthMax];
        for (int i = 0; i < pages; i++)
        {
            source[i] = new byte[PageSize];
        }

        for (int step = 0; step < 6000; step++)
        {
            int number = Math.Min(random.Next(pages), random.Next(pages));
            uint address = AddressMap.Heap + (uint)(number * PageSize * 7);
            Disturb(random, source[number]);
            if (random.Next(50) == 0)
            {
                other.Forget(address);
                target[number] = null;
            }

            ChangeFreeMemory(random, small, held, keepsAll: mebibytes == 1);
            target[number] = Transfer(other, address, source[number], target[number], into);
            Assert.That(target[number].AsSpan().SequenceEqual(source[number]), $"step {step}, page {number}");
        }

        EncoderFigures figures = other.Figures;
        Assert.That(figures.Delta, mebibytes == 1 ? Is.GreaterThanOrEqualTo(0) : Is.GreaterThan(500));
        Assert.That(figures.Evicted, mebibytes == 2 ? Is.GreaterThan(0) : Is.GreaterThanOrEqualTo(0));
        other.End();
        foreach (uint frame in held)
        {
            small.Frames->Return(frame);
        }

        Assert.That(small.Frames->Free, Is.EqualTo(before), "every frame is given back");
    }

    [Test]
    public void Whatever_arrives_nothing_outside_of_the_page_is_written_to()
    {
        Random random = new(43);
        byte[] into = new byte[PageEncoder.LengthMax];
        byte[] content = new byte[PageSize];
        byte[] untouched = new byte[PageSize];
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            Disturb(random, content);
            byte[] data;
            fixed (byte* from = content)
            {
                data = into[..encoder.Encode(AddressMap.Heap, from, into, out _)];
            }

            Mutate(random, ref data);
            var encoding = (PageEncoding)random.Next(8);
            new Span<byte>(page, PageSize).CopyTo(untouched);
            if (!PageDecoder.TryDecode(encoding, data, page))
            {
                refused++;
                Assert.That(new Span<byte>(page, PageSize).SequenceEqual(untouched), Is.True, "half a page written");
            }

            AssertFences();
        }

        Assert.That(refused, Is.GreaterThan(5000));
    }

    [Test]
    public void What_is_not_exactly_one_packed_page_is_refused()
    {
        byte[] content = new byte[PageSize];
        byte[] into = new byte[PageEncoder.LengthMax];
        for (int i = 0; i < PageSize; i += 12)
        {
            BitConverter.TryWriteBytes(content.AsSpan(i), 0x4400_0000 + (i * 16));
        }

        fixed (byte* from = content)
        {
            int length = encoder.Encode(AddressMap.Heap, from, into, out PageEncoding encoding);
            Assert.That(encoding, Is.EqualTo(PageEncoding.Packed));
            for (int cut = 0; cut < length; cut++)
            {
                Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, cut), page), Is.False);
            }

            Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length + 1), page), Is.False);
            Assert.That(PageDecoder.TryDecode(PageEncoding.Raw, into.AsSpan(0, length), page), Is.False);
            Assert.That(PageDecoder.TryDecode(PageEncoding.Zero, into.AsSpan(0, 1), page), Is.False);
            Assert.That(PageDecoder.TryDecode((PageEncoding)99, default, page), Is.False);
            Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length), page), Is.True);
        }
    }

    [Test]
    public void By_sixteen_bytes_or_by_words_the_outcome_is_the_same()
    {
        Random random = new(44);
        uint[] page = new uint[PageSize / 4], copy = new uint[PageSize / 4];
        uint* one = stackalloc uint[PageWords.GroupWords], other = stackalloc uint[PageWords.GroupWords];
        for (int i = 0; i < 20_000; i++)
        {
            Array.Clear(page);
            page[random.Next(page.Length)] = (uint)random.Next(3);
            fixed (uint* from = page, to = copy)
            {
                bool isZero = PageWords.Copy(from, to);
                Assert.That(copy.AsSpan().SequenceEqual(page));
                Assert.That(PageWords.CopyScalar(from, to), Is.EqualTo(isZero));
                Assert.That(PageWords.IsZeroGroup(from), Is.EqualTo(PageWords.IsZeroScalar(from)));
                to[random.Next(PageWords.GroupWords)] ^= (uint)random.Next(2) << random.Next(32);
                uint[] before = (uint[])copy.Clone();
                bool differs = PageWords.Update(to, from, one);
                Assert.That(copy.AsSpan().SequenceEqual(page));
                before.CopyTo(copy, 0);
                Assert.That(PageWords.UpdateScalar(to, from, other), Is.EqualTo(differs));
                Assert.That(copy.AsSpan().SequenceEqual(page));
                Assert.That(!differs || new Span<uint>(one, PageWords.GroupWords)
                    .SequenceEqual(new Span<uint>(other, PageWords.GroupWords)));
            }
        }
    }

    private static IEnumerable<(string Name, byte[] Content, PageEncoding Expected, int Most)> Samples(Random random)
    {
        byte[] noise = new byte[PageSize];
        random.NextBytes(noise);
        yield return ("zeros", new byte[PageSize], PageEncoding.Zero, 0);
        yield return ("noise", noise, PageEncoding.Raw, PageSize);

        byte[] last = new byte[PageSize];
        last[^1] = 1;
        yield return ("one byte at the end", last, PageEncoding.Packed, 16);

        byte[] same = new byte[PageSize];
        same.AsSpan().Fill(0x5A);
        yield return ("one value", same, PageEncoding.Packed, 800);

        uint[] pointers = new uint[PageSize / 4];
        for (int i = 0; i < pointers.Length; i++)
        {
            uint near = AddressMap.Heap + ((uint)random.Next(4) << 12) + (uint)random.Next(4096);
            pointers[i] = random.Next(3) == 0 ? near : (uint)random.Next(40);
        }

        yield return ("objects", MemoryMarshal.AsBytes<uint>(pointers).ToArray(), PageEncoding.Packed, 2700);

        byte[] half = (byte[])noise.Clone();
        half.AsSpan(PageSize / 2).Clear();
        yield return ("half noise", half, PageEncoding.Packed, (PageSize / 2) + 200);
    }

    /// <summary>Changes nothing, a word, a stretch or all of a page; sometimes to zero.</summary>
    private static void Disturb(Random random, byte[] content)
    {
        int start = random.Next(PageSize / 4) * 4;
        switch (random.Next(8))
        {
            case 0:
                break;
            case 1:
                random.NextBytes(content);
                break;
            case 2:
                Array.Clear(content);
                break;
            case 3:
                random.NextBytes(content.AsSpan(start, random.Next(PageSize - start)));
                break;
            case 4:
                content.AsSpan(start).Fill((byte)random.Next(3));
                break;
            default:
                BitConverter.TryWriteBytes(content.AsSpan(start), AddressMap.Heap + random.Next(1 << 14));
                break;
        }
    }

    private static byte[] Transfer(PageEncoder encoder, uint address, byte[] source, byte[]? target, byte[] into)
    {
        int length;
        PageEncoding encoding;
        fixed (byte* from = source)
        {
            length = encoder.Encode(address, from, into, out encoding);
        }

        // A page that the target does not have yet begins with whatever stood in its frame.
        bool isNew = target is null;
        Assert.That(isNew && encoding is PageEncoding.Delta or PageEncoding.Same && isNew, Is.False);
        byte[] result = target ?? new byte[PageSize];
        if (isNew)
        {
            result.AsSpan().Fill(0x77);
        }

        fixed (byte* to = result)
        {
            Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length), to), Is.True);
        }

        return result;
    }

    /// <summary>The node takes memory while copies are kept, and gives it back.</summary>
    private static void ChangeFreeMemory(Random random, BlockMachine machine, List<uint> held, bool keepsAll)
    {
        if (held.Count > 0 && !keepsAll && random.Next(3) == 0)
        {
            machine.Frames->Return(held[^1]);
            held.RemoveAt(held.Count - 1);
        }
        else if ((keepsAll || random.Next(4) == 0) && machine.Frames->TryTake(out uint frame))
        {
            held.Add(frame);
        }
    }

    private static void Mutate(Random random, ref byte[] data)
    {
        switch (random.Next(4))
        {
            case 0:
                Array.Resize(ref data, random.Next(PageSize + 100));
                break;
            case 1 when data.Length > 0:
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                data = new byte[random.Next(300)];
                random.NextBytes(data);
                break;
        }
    }

    private void AssertFences()
    {
        Assert.That(new Span<byte>(fenced, Fence).IndexOfAnyExcept((byte)0xA5), Is.EqualTo(-1));
        Assert.That(new Span<byte>(page + PageSize, Fence).IndexOfAnyExcept((byte)0xA5), Is.EqualTo(-1));
    }
}
