using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>
/// A network card at one end of a wire: what it sends lies in the other one's ring at once, as far as there is room.
/// </summary>
public sealed class SimulatedCard(MacAddress address) : INetworkDevice
{
    private readonly Queue<byte[]> ring = new();
    private readonly byte[] room = new byte[INetworkDevice.FrameMax];
    private DeviceCounters counters;

    public SimulatedCard? Other { get; private set; }

    public string Name => "a simulated card";

    public MacAddress Address { get; private set; } = address;

    public LinkState Link { get; set; } = LinkState.Up;

    public DeviceCounters Counters => counters;

    public PendingBit? Pending { get; set; }

    public int ReceiveCapacity { get; set; } = 32768;

    /// <summary>Frames that may wait in the ring.</summary>
    public int RingMax { get; set; } = 64;

    /// <summary>Frames that may be sent before <see cref="MakeRoom"/>.</summary>
    public int SendRoom { get; set; } = int.MaxValue;

    public int Waiting => ring.Count;

    public int Checks { get; private set; }

    public int Budget { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>Everything sent, for tests without another end.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>What happened, in order: R for a frame received, S for one sent.</summary>
    public string Order { get; set; } = string.Empty;

    /// <summary>Called whenever somebody looks into the ring.</summary>
    public Action? BeforeReceive { get; set; }

    /// <summary>Sees every frame that was sent.</summary>
    public Action<byte[]>? Tap { get; set; }

    public static (SimulatedCard, SimulatedCard) Pair()
    {
        var a = new SimulatedCard(new MacAddress(0x02_00_00_00_00_0A));
        var b = new SimulatedCard(new MacAddress(0x02_00_00_00_00_0B));
        (a.Other, b.Other) = (b, a);
        return (a, b);
    }

    public void Plug(SimulatedCard other) => (Other, other.Other) = (other, this);

    public void Arrive(byte[] frame)
    {
        if (ring.Count == RingMax || Link == LinkState.Down)
        {
            counters.ReceiveMissed++;
            return;
        }

        ring.Enqueue(frame);
        Pending?.Set();
    }

    public void MakeRoom(int frames)
    {
        SendRoom += frames;
        Pending?.Set();
    }

    public void SetAddress(MacAddress other) => Address = other;

    public bool Receive(IFrameSink sink, int budget, Instant now)
    {
        BeforeReceive?.Invoke();
        Budget = budget;
        for (int i = 0; i < budget && ring.TryDequeue(out byte[]? frame); i++)
        {
            Order += 'R';
            counters.Received++;
            counters.ReceivedBytes += frame.Length;
            sink.OnFrame(frame, now);
        }

        return ring.Count > 0;
    }

    public Span<byte> BeginTransmit() => SendRoom > 0 ? room : default;

    public void EndTransmit(int length, in TransmitOffload offload)
    {
        Order += 'S';
        SendRoom -= SendRoom == int.MaxValue ? 0 : 1;
        counters.Sent++;
        counters.SentBytes += length;
        byte[] frame = room.AsSpan(0, length).ToArray();
        if (Other is null)
        {
            Sent.Add(frame);
        }
        else
        {
            Other.Arrive(frame);
        }

        Array.Fill(room, (byte)0xEE);
        Tap?.Invoke(frame);
    }

    public void Check(Instant now) => Checks++;

    public void Stop() => IsStopped = true;
}
