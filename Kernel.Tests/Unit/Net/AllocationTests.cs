using System;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>A collection stops the loop: the way of a packet allocates nothing.</summary>
[TestFixture]
public sealed class AllocationTests
{
    [Test]
    public void No_packet_costs_memory()
    {
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        lab.Stack.Capture.Start();
        var remote = new Endpoint(StackLab.PeerAddress, 5000);
        var local = new Endpoint(StackLab.OwnAddress, 7);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        RawSocket raw = lab.Stack.RawEthernet.Open(EtherType.Experimental, out _)!;
        byte[] udp = Frames.Udp(remote, local, Frames.Pattern(2000));
        byte[][] frames =
        [
            Frames.Arp(true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.OwnAddress),
            Frames.Arp(true, StackLab.Router, Ipv4Address.Of(10, 9, 0, 77), default, StackLab.OwnAddress),
            Frames.ToUs(Frames.Ip(remote.Address, local.Address, 1, Frames.Icmp(8, 0, 1, Frames.Pattern(56)))),
            Frames.ToUs(Frames.Ip(remote.Address, local.Address, 17, Frames.Udp(remote, local, [1, 2, 3]))),
            Frames.ToUs(Frames.Ip(remote.Address, local.Address, 17, udp[..1480], 7, 0x2000)),
            Frames.ToUs(Frames.Ip(remote.Address, local.Address, 17, udp[1480..], 7, 185)),
            Frames.ToUs(Frames.Ip(
                remote.Address, local.Address, 17, Frames.Udp(remote, local with { Port = 99 }, [1]))),
            Frames.ToUs(Frames.Ip(remote.Address, local.Address, 200, [1])),
            Frames.Ethernet(StackLab.Own, StackLab.Peer, EtherType.Experimental, Frames.Pattern(50)),
        ];
        byte[] room = new byte[INetworkDevice.FrameMax];

        long Turn(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < rounds; i++)
            {
                foreach (byte[] frame in frames)
                {
                    lab.Stack.OnFrame(frame, lab.Now);
                }

                socket.Send(remote, udp, lab.Now);
                raw.Send(StackLab.Peer, udp.AsSpan(0, 100));
                while (lab.Stack.Ready.Take() is not null)
                {
                }

                while (socket.TryReceive(room, out _, out _) || raw.TryReceive(room, out _, out _))
                {
                }

                while (lab.Stack.Transmit(room, lab.Now) > 0)
                {
                }

                lab.Stack.Advance(lab.Now);
                lab.Stack.TryGetNextDue(out _);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // On a busy computer the runtime, while it compiles better code, allocates on this thread as well, now and
        // then; what a packet costs shows every time.
        const int turns = 5;
        long least = long.MaxValue;
        for (int turn = 0; turn < turns; turn++)
        {
            least = Math.Min(least, Turn(1000));
        }

        Assert.That(least, Is.Zero);
        Assert.That(lab[NetCounter.Reassembled], Is.EqualTo(turns * 1000));
        Assert.That(lab[NetCounter.UdpQueueFull] + lab[NetCounter.RawQueueFull], Is.Zero);
    }
}
