using System;
using System.Collections.Generic;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>The queue under datagrams and frames, against a list.</summary>
[TestFixture]
public sealed class RecordRingTests
{
    [Test]
    public void What_goes_in_comes_out_whole_and_in_order([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        var ring = new RecordRing(64, 12);
        var model = new Queue<(byte[] Record, uint Tag)>();
        for (uint turn = 0; turn < 50_000; turn++)
        {
            if (random.Next(2) == 0)
            {
                int count = random.Next(1, 4), longest = random.Next(0, 24);
                bool isPromised = ring.CanHold(count, count * longest, longest + 1);
                for (int i = 0; i < count; i++)
                {
                    byte[] record = new byte[longest];
                    random.NextBytes(record);
                    bool isTaken = ring.TryAdd(longest, new RecordTag(turn), out Span<byte> room);
                    Assert.That(isTaken || !isPromised || longest == 0, Is.True, $"turn {turn}: promised and refused");
                    if (isTaken)
                    {
                        record.CopyTo(room);
                        model.Enqueue((record, turn));
                    }
                }
            }
            else
            {
                bool isThere = ring.TryTake(out ReadOnlySpan<byte> record, out RecordTag tag);
                Assert.That(isThere, Is.EqualTo(model.TryDequeue(out (byte[] Record, uint Tag) expected)));
                Assert.That(!isThere || record.SequenceEqual(expected.Record), Is.True, $"turn {turn}");
                Assert.That(tag.A, Is.EqualTo(expected.Tag));
            }

            Assert.That(ring.Count, Is.EqualTo(model.Count));
        }
    }

    [Test]
    public void A_full_ring_is_not_half_free_and_an_empty_one_takes_all_its_bytes()
    {
        var ring = new RecordRing(64, 12);
        Assert.That(ring.TryAdd(64, default, out _), Is.True);
        Assert.That((ring.IsHalfFree, ring.TryAdd(0, default, out _)), Is.EqualTo((false, false)));
        ring.TryTake(out _, out _);
        Assert.That((ring.IsHalfFree, ring.TryAdd(65, default, out _)), Is.EqualTo((true, false)));

        // A ring whose end has come round to just before its beginning, and meets it.
        for (int i = 0; i < 4; i++)
        {
            ring.TryAdd(16, default, out _);
        }

        ring.TryTake(out _, out _);
        Assert.That(ring.TryAdd(17, default, out _), Is.False);
        Assert.That(ring.TryAdd(16, default, out _), Is.True);
        Assert.That((ring.IsHalfFree, ring.TryAdd(1, default, out _)), Is.EqualTo((false, false)), "full is not empty");
        ring.TryTake(out _, out _);
        Assert.That(ring.TryAdd(17, default, out _), Is.False, "the queue begins behind its end");
        Assert.That(ring.TryAdd(16, default, out _), Is.True);
    }
}
