using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Tests.Unit.Drivers;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>Frames for a node that stands still.</summary>
[TestFixture]
public sealed class KeptFramesTests
{
    private static readonly MacAddress Node = new(0x52_54_00_00_00_01);
    private static readonly MacAddress Peer = new(0x52_54_00_00_00_02);

    [Test]
    public void Frames_for_the_node_alone_are_kept_in_order()
    {
        KeptFrames kept = new(new SimulatedDma());
        byte[] into = new byte[INetworkDevice.FrameMax];
        for (int i = 0; i < 5; i++)
        {
            kept.Keep(Frame(Node, 60 + i, (byte)i), Node);
            kept.Keep(Frame(MacAddress.Broadcast, 60, 99), Node);
            kept.Keep(Frame(Peer, 60, 99), Node);
        }

        Assert.That(kept.Count, Is.EqualTo(5));
        for (int i = 0; i < 5; i++)
        {
            int length = kept.TakeNext(into);
            Assert.That(into.AsSpan(0, length).SequenceEqual(Frame(Node, 60 + i, (byte)i)));
        }

        Assert.That(kept.TakeNext(into), Is.Zero);
    }

    [Test]
    public void What_is_sent_on_comes_from_a_messenger_and_is_otherwise_untouched()
    {
        KeptFrames kept = new(new SimulatedDma());
        byte[] into = new byte[INetworkDevice.FrameMax];
        kept.Keep(Frame(Node, 1514, 7), Node);
        Assert.That(kept.TakeNextForwarded(into), Is.EqualTo(1514));
        Assert.That(MacAddress.Read(into), Is.EqualTo(Node));
        Assert.That(MacAddress.Read(into.AsSpan(MacAddress.Length)), Is.EqualTo(KeptFrames.Messenger));
        Assert.That(KeptFrames.Messenger.IsStation, Is.True);
        Assert.That(into.AsSpan(12).SequenceEqual(Frame(Node, 1514, 7).AsSpan(12)));
        Assert.That(kept.TakeNextForwarded(into), Is.Zero);
    }

    [Test]
    public void A_flood_is_cut_off_and_nothing_is_left_in_memory_afterwards()
    {
        SimulatedDma memory = new();
        KeptFrames kept = new(memory);
        for (int i = 0; i < 1000; i++)
        {
            kept.Keep(Frame(Node, 1514, (byte)i), Node);
        }

        const int fit = KeptFrames.Capacity / 1516;
        Assert.That((kept.Count, kept.Dropped), Is.EqualTo((fit, 1000 - fit)));
        kept.Keep(new byte[8], Node);
        kept.Keep(new byte[1600], Node);
        Assert.That(kept.Dropped, Is.EqualTo(1000 - fit), "what is no frame is not counted either");
        kept.Clear();
        Assert.That(kept.Count, Is.Zero);
        Assert.That(memory.At(0x0010_0000, KeptFrames.Capacity).IndexOfAnyExcept((byte)0), Is.Negative);
        kept.Keep(Frame(Node, 60, 1), Node);
        Assert.That(kept.Count, Is.EqualTo(1));
    }

    private static byte[] Frame(MacAddress to, int length, byte fill)
    {
        byte[] frame = new byte[length];
        frame.AsSpan().Fill(fill);
        to.Write(frame);
        Peer.Write(frame.AsSpan(MacAddress.Length));
        return frame;
    }
}
