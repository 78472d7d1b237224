using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Migration;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Somebody on the wire who hears everything and says whatever they like, but has no keys: the node moves all the same,
/// and every page is right.
/// </summary>
[TestFixture]
internal sealed class HostileWireTests
{
    private const int FramesPerStep = 2;

    [Test]
    public void Forged_frames_of_every_kind_in_both_directions_do_not_keep_the_node_from_moving([Range(1, 3)] int seed)
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 500, seed);
        var forger = new Forger(lab, seed);
        lab.Work = lab.WhileStopped = forger.Flood;

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, lab.Source.Teleporter.Status.ToString());

        Assert.That(forger.Said, Is.GreaterThan(100));
        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void A_token_is_heard_also_when_nonsense_follows_at_once()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 50, seed: 1);
        lab.Target.Node.Card!.Tap = frame =>
        {
            if (LinkFrames.TryReadToken(frame, out ulong session, out _))
            {
                byte[] nonsense = new byte[LinkFrames.TokenFrameLength];
                LinkFrames.WriteToken(
                    nonsense, MacAddress.Broadcast, KeptFrames.Messenger, session, new byte[LinkFrames.TokenLength]);
                lab.Source.Node.Card!.Arrive(nonsense);
            }
        };

        Assert.That(lab.Begin(), Is.Null);
        // Its target says the token at once and not again: as if all later ones were lost.
        lab.WhileStopped = () => Assert.That(lab.Source.Told, Has.None.Contains("stands still"), "it is in doubt");
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True);
    }

    [Test]
    public void A_flood_for_the_node_that_stands_still_is_kept_within_its_bound_and_holds_nothing_up()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 200, seed: 1);
        long forwarded = 0;
        lab.Source.Node.Card!.Tap = frame =>
            forwarded += LinkFrames.SenderOf(frame) == KeptFrames.Messenger && !LinkFrames.TryRead(frame, out _, out _)
                ? frame.Length : 0;
        lab.WhileStopped = () =>
        {
            for (int i = 0; lab.Target.Landed is null && i < 32; i++)
            {
                lab.Source.Node.Card.Arrive(ForTheNode(lab));
            }
        };

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, lab.Source.Teleporter.Status.ToString());

        Assert.That(forwarded, Is.GreaterThan(0).And.LessThanOrEqualTo(KeptFrames.Capacity));
        Assert.That(lab.Compare(), Is.Null);
    }

    private static byte[] ForTheNode(MoveLab lab)
    {
        byte[] frame = new byte[INetworkDevice.FrameMax];
        lab.Source.Node.Card!.Address.Write(frame);
        frame[12] = 0x08; // IPv4
        return frame;
    }

    /// <summary>Knows the session from the wire, and everything that was ever said.</summary>
    private sealed class Forger
    {
        private readonly MoveLab lab;
        private readonly Random random;
        private ulong session;
        private byte[] last = [];

        public Forger(MoveLab lab, int seed)
        {
            this.lab = lab;
            random = new Random(seed);
            lab.Source.Node.Card!.Tap = lab.Target.Node.Card!.Tap = frame =>
            {
                if (LinkFrames.TryRead(frame, out _, out ulong of))
                {
                    session = of;
                    last = frame;
                }
            };
        }

        public int Said { get; private set; }

        public void Flood()
        {
            for (int i = 0; session != 0 && lab.Target.Landed is null && i < FramesPerStep; i++)
            {
                Said++;
                lab.Source.Node.Card!.Arrive(Forge());
                lab.Target.Node.Card!.Arrive(Forge());
            }
        }

        private byte[] Forge()
        {
            byte[] frame = last;
            switch (random.Next(4))
            {
                case 0:
                    byte[] token = new byte[LinkFrames.TokenLength];
                    random.NextBytes(token);
                    frame = new byte[LinkFrames.TokenFrameLength];
                    LinkFrames.WriteToken(frame, MacAddress.Broadcast, KeptFrames.Messenger, session, token);
                    return frame;
                case 1:
                    frame = new byte[LinkFrames.QuestionFrameLength];
                    LinkFrames.WriteQuestion(frame, MacAddress.Broadcast, KeptFrames.Messenger, session);
                    return frame;
                case 2:
                    return frame; // once more, and to both
                default:
                    frame = (byte[])frame.Clone();
                    int at = random.Next(EtherType.HeaderLength, frame.Length);
                    frame[at] ^= (byte)(1 << random.Next(8));
                    BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(LinkFrames.SessionAt), session);
                    return frame;
            }
        }
    }
}
