using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// A peer that goes on sending while the node moves, on a switch that sends to where it has last seen the station
/// address of the node: nothing that the peer sends may be lost on a wire that loses nothing.
/// </summary>
[TestFixture]
internal sealed class SeeOffTests
{
    private const int NumberAt = EtherType.HeaderLength;
    private const int StepMicroseconds = 50;
    private const int RingBytes = 512; // twice what a short frame takes: half a ring is sent at once
    private static readonly MacAddress Peer = new(0x02_00_00_00_00_99);
    private static readonly MacAddress Node = new(0x02_00_00_00_00_0A);

    // How long the node needs from the decision to its first word, how often the peer speaks, how many frames the
    // source's card takes at once, how many the target's holds.
    [TestCase(0, 1000, 4, 64)]
    [TestCase(300, 200, 4, 64)]
    [TestCase(3000, 200, 4, 64)]
    [TestCase(3000, 100, 1, 16)]
    [TestCase(40_000, 1000, 1, 16)]
    [TestCase(200_000, 1000, 2, 16)]
    public void Every_frame_that_was_sent_to_the_node_reaches_it_once(int silent, int pace, int sendRoom, int ring)
    {
        using var scene = new Scene { SilentMicroseconds = silent, PaceMicroseconds = pace };
        scene.SendRoom = sendRoom;
        scene.Lab.Target.Node.Card!.ReceiveCapacity = ring * RingBytes;
        scene.Move(ring);

        Assert.Multiple(() =>
        {
            Assert.That(scene.Taken.Order(), Is.EqualTo(Enumerable.Range(0, scene.Sent)), "lost or doubled");
            Assert.That(scene.SentOn.Count, Is.GreaterThanOrEqualTo(silent / pace));
            Assert.That(scene.SentOn, Is.Ordered, "what was kept keeps its order");
            Assert.That(scene.Overflowed, Is.Zero);
            Assert.That(scene.Relearned, Is.Zero, "frames under the node's address after it had gone");
        });
    }

    [Test]
    public void A_source_that_never_hears_of_its_node_starts_anew_all_the_same()
    {
        using var scene = new Scene { SilentMicroseconds = int.MaxValue, PaceMicroseconds = 1000 };
        scene.Move(16);
        Assert.That(scene.Lab.Source.Told, Has.Some.Contain("not heard until"));
    }

    [Test]
    public void Who_speaks_under_the_nodes_address_before_it_is_known_to_run_elsewhere_is_not_believed()
    {
        using var scene = new Scene { SilentMicroseconds = 3000, PaceMicroseconds = 200, IsForged = true };
        scene.Move(64);
        Assert.That(scene.Taken.Order(), Is.EqualTo(Enumerable.Range(0, scene.Sent)), "lost or doubled");
    }

    [Test]
    public void The_token_that_is_said_again_by_the_node_is_its_word()
    {
        using var scene = new Scene
        {
            SilentMicroseconds = 3000, PaceMicroseconds = 200, Asks = true, LosesFirstToken = true,
        };
        scene.Move(64);
        Assert.That(scene.Taken.Order(), Is.EqualTo(Enumerable.Range(0, scene.Sent)), "lost or doubled");
        Assert.That(scene.Lab.Source.Told, Has.None.Contain("not heard until"));
    }

    [Test]
    public void The_node_that_asks_is_told_that_it_is_known_to_run()
    {
        using var scene = new Scene { SilentMicroseconds = 2000, PaceMicroseconds = 1000, Asks = true };
        scene.Move(64);
        Assert.That(scene.Answers, Is.EqualTo(2), "once before it was there, and once when it was");
    }

    /// <summary>The peer, the switch and what the landed node would do.</summary>
    private sealed class Scene : IDisposable, IFrameSink
    {
        private readonly byte[] frame = new byte[INetworkDevice.FrameMin];
        private long passed;
        private long landedAt = -1;
        private int ring;
        private int inRing;
        private byte[]? token; // the target's, that lets the source go

        public Scene()
        {
            Lab = new MoveLab();
            Lab.Fill(HaukiOS.Memory.AddressMap.Heap, 50, seed: 1);
            Lab.Target.SpeaksOnceLanded = false; // but here, and later
            Lab.WhileStopped = Pass;
            Lab.Target.Node.Card!.Tap = NoteToken;
        }

        public MoveLab Lab { get; }

        public int SilentMicroseconds { get; init; }

        public int PaceMicroseconds { get; init; }

        /// <summary>Does the node ask for the source's token together with its first word?</summary>
        public bool Asks { get; init; }

        /// <summary>Does somebody speak under the node's address before it has landed?</summary>
        public bool IsForged { get; init; }

        /// <summary>Is the word of the target lost that it has decided?</summary>
        public bool LosesFirstToken { get; init; }

        public int SendRoom { get; set; } = 4;

        public int Sent { get; private set; }

        /// <summary>The numbers of the frames that the node has got.</summary>
        public List<int> Taken { get; } = [];

        /// <summary>Those of them that the source has sent on.</summary>
        public List<int> SentOn { get; } = [];

        public int Overflowed { get; private set; }

        public int Relearned { get; private set; }

        public int Answers { get; private set; }

        private bool HasSpoken => landedAt >= 0 && passed - landedAt > SilentMicroseconds;

        public void Move(int ringFrames)
        {
            ring = ringFrames;
            Assert.That(Lab.Begin(), Is.Null);
            Assert.That(Lab.RunUntil(() => Lab.Source.IsGone), Is.True);
            Look();
        }

        public void OnFrame(ReadOnlySpan<byte> seen, Instant now)
        {
            if (LinkFrames.TryReadToken(seen, out _, out _))
            {
                Relearned += LinkFrames.SenderOf(seen) == Node ? 1 : 0;
                Answers++;
                return;
            }

            if (MacAddress.Read(seen) != Node)
            {
                return;
            }

            // A switch does not send a frame back to where it has come from.
            if (!HasSpoken)
            {
                return;
            }

            Overflowed += ++inRing > ring ? 1 : 0;
            int number = BinaryPrimitives.ReadInt32LittleEndian(seen[NumberAt..]);
            Taken.Add(number);
            SentOn.Add(number);
        }

        public void Dispose() => Lab.Dispose();

        private void NoteToken(byte[] sent)
        {
            if (LinkFrames.TryReadToken(sent, out _, out _))
            {
                token = (byte[])sent.Clone();
                sent.AsSpan(0, LosesFirstToken ? sent.Length : 0).Clear();
            }
        }

        // One step of the stopped phase.
        private void Pass()
        {
            passed += StepMicroseconds;
            SimulatedCard source = Lab.Source.Node.Card!;
            source.SendRoom = SendRoom;
            if (Lab.Target.Landed is not null)
            {
                landedAt = landedAt < 0 ? passed : landedAt;
                Look();
            }

            if (IsForged && Lab.Target.Landed is null)
            {
                Speak(source);
            }

            bool wasHeard = HasSpoken && passed - StepMicroseconds - landedAt <= SilentMicroseconds;
            if (wasHeard)
            {
                Speak(source);
            }

            if (passed % PaceMicroseconds < StepMicroseconds)
            {
                Say(source);
            }
        }

        // What the source's card sends lies in the target's ring at once; its loop empties it every millisecond.
        private void Look()
        {
            inRing = passed % 1000 < StepMicroseconds ? 0 : inRing;
            Lab.Target.Node.Card!.Receive(this, int.MaxValue, default);
        }

        private void Speak(SimulatedCard source)
        {
            byte[] word = new byte[INetworkDevice.FrameMin];
            EthernetFrame.WriteHeader(word, MacAddress.Broadcast, Node, EtherType.Arp);
            source.Arrive(word);
            if (Asks && token is not null)
            {
                Node.Write(token.AsSpan(MacAddress.Length));
                source.Arrive(token);
            }
        }

        private void Say(SimulatedCard source)
        {
            EthernetFrame.WriteHeader(frame, Node, Peer, EtherType.Ipv4);
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(NumberAt), Sent++);
            if (HasSpoken)
            {
                Taken.Add(Sent - 1);
            }
            else
            {
                source.Arrive((byte[])frame.Clone());
            }
        }
    }
}
