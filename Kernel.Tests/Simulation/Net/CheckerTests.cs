using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>The checker of the simulation finds what it is there to find.</summary>
[TestFixture]
public sealed class CheckerTests
{
    private static readonly Station One = new(new MacAddress(0x02_00_00_00_00_01), Ipv4Address.Of(10, 0, 0, 1));
    private static readonly Station Two = new(new MacAddress(0x02_00_00_00_00_02), Ipv4Address.Of(10, 0, 0, 2));

    private readonly WireFrame frame = new();

    [Test]
    public void Right_frames_are_right()
    {
        foreach (byte[] bytes in RightFrames())
        {
            Assert.That(frame.Read(bytes), Is.Null, Convert.ToHexString(bytes));
        }
    }

    [Test]
    public void Every_single_bit_that_flips_behind_the_Ethernet_header_is_noticed()
    {
        foreach (byte[] bytes in RightFrames())
        {
            frame.Read(bytes);
            bool summed = frame.Kind is WireKind.Tcp or WireKind.Udp or WireKind.Icmp;
            for (int bit = 14 * 8; summed && bit < bytes.Length * 8; bit++)
            {
                byte[] bad = [.. bytes];
                bad[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.That(frame.Read(bad), Is.Not.Null, $"bit {bit} of {Convert.ToHexString(bytes)}");
            }
        }
    }

    [TestCase(14, 0x46, "IPv4 header")]
    [TestCase(22, 0, "dead time to live")]
    [TestCase(26, 127, "127/8")]
    [TestCase(46, 0x40, "does not fit")]
    [TestCase(47, 0x03, "flags")]
    [TestCase(47, 0x30, "urgent")]
    [TestCase(55, 3, "option")]
    public void Wrong_fields_with_right_checksums_are_noticed(int at, byte value, string about)
    {
        byte[] bytes = Segment(FrameForge.Mss(1460), []);
        bytes[at] = value;
        FrameForge.FixIpChecksum(bytes);
        FrameForge.FixTransportChecksum(bytes);
        string? fault = frame.Read(bytes);
        Assert.That(fault, Is.Not.Null, about);
        TestContext.Out.WriteLine(fault);
    }

    [Test]
    public void Bytes_behind_the_packet_must_be_zero()
    {
        byte[] bytes = [.. Segment([], []), 0, 0, 0, 1];
        Assert.That(frame.Read(bytes), Does.Contain("padding"));
    }

    [Test]
    public void The_sum_is_that_of_RFC_1071()
    {
        // Section 3 of the RFC has this sum.
        Assert.That(WireFrame.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), Is.EqualTo(0xDDF2));
        Assert.That(WireFrame.Sum([0x00, 0x01, 0xf2]), Is.EqualTo(0xF201));
    }

    [Test]
    public void A_flow_that_keeps_the_rules_is_let_pass()
    {
        FlowScript flow = new();
        flow.Established();
        flow.Sends(1, 1460);
        flow.Sends(1461, 1460);
        flow.Arrives(1, 1000, acknowledgment: 2921);
        flow.Sends(2921, 0, acknowledgment: 1001);
    }

    [Test]
    public void Data_beyond_the_window_are_noticed()
    {
        FlowScript flow = new();
        flow.Established(window: 2000);
        flow.Sends(1, 1460);
        Assert.That(flow.Fault(1461, 1460, 1), Does.Contain("beyond the window"));
    }

    [Test]
    public void An_acknowledgment_of_what_did_not_come_is_noticed()
    {
        FlowScript flow = new();
        flow.Established();
        flow.Arrives(1461, 1460);
        Assert.That(flow.Fault(1, 0, 1462), Does.Contain("did not come"));
    }

    [Test]
    public void More_than_the_peers_MSS_is_noticed()
    {
        FlowScript flow = new();
        flow.Established(mss: 1200);
        flow.Sends(1, 1200);
        Assert.That(flow.Fault(1201, 1201, 1), Does.Contain("MSS"));
    }

    [Test]
    public void More_than_congestion_control_can_allow_is_noticed()
    {
        FlowScript flow = new();
        flow.Established();
        for (int i = 0; i < 10; i++)
        {
            flow.Sends(1 + (i * 1460), 1460);
        }

        Assert.That(flow.Fault(14_601, 1460, 1), Does.Contain("congestion"));
    }

    [Test]
    public void A_gap_in_the_own_sequence_is_noticed()
    {
        FlowScript flow = new();
        flow.Established();
        Assert.That(flow.Fault(2, 10, 1), Does.Contain("leaves out"));
    }

    [Test]
    public void A_window_that_is_taken_back_is_noticed()
    {
        FlowScript flow = new();
        flow.Established();
        flow.Sends(1, 0, window: 50_000);
        Assert.That(flow.Fault(1, 0, 1, window: 49_999), Does.Contain("takes back"));
    }

    [Test]
    public void A_late_acknowledgment_is_noticed()
    {
        FlowScript flow = new();
        flow.Established();
        flow.Sends(1, 0);
        flow.Arrives(1, 100);
        flow.Now = flow.Now.AddMilliseconds(600);
        Assert.That(flow.Fault(1, 0, 101), Does.Contain("4.2.3.2"));
    }

    private static IEnumerable<byte[]> RightFrames()
    {
        yield return FrameForge.Arp(One, MacAddress.Broadcast, 1, default, Two.Ip);
        yield return FrameForge.Udp(One, Two, 1, 2, [1, 2, 3]);
        yield return FrameForge.Icmp(One, Two, 8, 0, 0x10001, [5, 6, 7, 8]);
        yield return Segment(FrameForge.Join(FrameForge.Mss(1460), FrameForge.SackPermitted), []);
        yield return FrameForge.Tcp(One, Two, new ForgedSegment(1, 2, 3, 4, WireFlags.Ack, 5)
        {
            Options = FrameForge.Join([1, 1], FrameForge.Stamps(1, 2), [1, 1], FrameForge.Sack((10, 20))),
            Payload = [1, 2, 3],
        });
    }

    private static byte[] Segment(byte[] options, byte[] payload) => FrameForge.Tcp(
        One, Two, new ForgedSegment(1, 2, 3, 0, WireFlags.Syn, 5) { Options = options, Payload = payload });

    // Plays both sides of a flow by hand: the host is One.
    private sealed class FlowScript
    {
        private readonly TcpFlow flow = new();
        private readonly WireFrame reader = new();

        public Instant Now { get; set; } = new(1_000_000_000);

        public void Established(int window = 60_000, int mss = 1460)
        {
            Sent(new ForgedSegment(1, 2, 0, 0, WireFlags.Syn, 60_000) { Options = FrameForge.Mss(1460) });
            Came(new ForgedSegment(2, 1, 0, 1, WireFlags.Syn | WireFlags.Ack, window)
            {
                Options = FrameForge.Mss(mss),
            });
        }

        public void Sends(int sequence, int length, int acknowledgment = 1, int window = 40_000) =>
            Assert.That(Fault(sequence, length, acknowledgment, window), Is.Null);

        public string? Fault(int sequence, int length, int acknowledgment, int window = 40_000) =>
            Read(new ForgedSegment(1, 2, (uint)sequence, (uint)acknowledgment, WireFlags.Ack, window)
            {
                Payload = new byte[length],
            });

        public void Arrives(int sequence, int length, int acknowledgment = 1) =>
            Came(new ForgedSegment(2, 1, (uint)sequence, (uint)acknowledgment, WireFlags.Ack, 60_000)
            {
                Payload = new byte[length],
            });

        private void Sent(in ForgedSegment segment) => Assert.That(Read(segment), Is.Null);

        private string? Read(in ForgedSegment segment)
        {
            Assert.That(reader.Read(FrameForge.Tcp(One, Two, segment)), Is.Null);
            return flow.OnSent(reader, 1500, Now);
        }

        private void Came(in ForgedSegment segment)
        {
            Assert.That(reader.Read(FrameForge.Tcp(Two, One, segment)), Is.Null);
            flow.OnDelivered(reader, Now);
        }
    }
}
