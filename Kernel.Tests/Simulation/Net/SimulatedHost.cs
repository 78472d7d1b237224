using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Something on a host that wants to be called at a moment.</summary>
internal interface IHostTimer
{
    /// <summary>The moment has come.</summary>
    void OnTimer(Instant now);
}

/// <summary>
/// One computer: a stack, a card with four transmit buffers, and the loop between them. It asserts what every loop may
/// expect: that the stack comes to rest, and that what is due is done by Advance.
/// </summary>
internal sealed class SimulatedHost : ISimulated
{
    public const int FrameArrives = 0;
    private const int TimerRuns = 1;
    private const int CardHasRoom = 2;
    private const int ApplicationRuns = 3;
    private const int TransmitBuffers = 4;
    private const int RestlessMax = 20_000;

    private readonly SimulatedWire wire;
    private readonly byte[] room = new byte[INetworkDevice.FrameMax];
    private readonly List<(SimulatedEvent What, long Delay)> postponed = [];
    private long wakeAt = long.MaxValue;
    private long cardBusyUntil;
    private bool cardIsAwaited;
    private int lastLength;

    public SimulatedHost(SimulatedWire wire, int index, int seed, int prefix = 24, int mtu = 1500)
    {
        this.wire = wire;
        Index = index;
        Mtu = mtu;
        Name = $"host {index}";
        SentLabel = $"{index} ->   ";
        ReceivedLabel = $"   -> {index}";
        Address = new MacAddress(0x02_00_00_00_00_10UL + (ulong)index);
        Ip = Ipv4Address.Of(10, 0, (byte)(index / 250), (byte)(1 + (index % 250)));
        byte[] secret = new byte[NetworkStack.SecretLength];
        new Random(seed).NextBytes(secret);
        Stack = new NetworkStack(Address, secret);
        Stack.Configure(
            new InterfaceConfiguration(Ip, prefix, Ipv4Address.Any, mtu), wire.Time.Now, probe: false);
        wire.Add(this);
        Pump();
    }

    public int Index { get; }

    public string Name { get; }

    public string SentLabel { get; }

    public string ReceivedLabel { get; }

    public int Mtu { get; }

    public MacAddress Address { get; }

    public Ipv4Address Ip { get; set; }

    /// <summary>The stack; another one may take its place, as after a move.</summary>
    public NetworkStack Stack { get; set; }

    public SimulatedTime Time => wire.Time;

    /// <summary>Bits per second of the card.</summary>
    public long CardBitsPerSecond { get; set; } = 1_000_000_000;

    /// <summary>How much too late the loop calls Advance, at most, in nanoseconds.</summary>
    public long TimerLateness { get; set; }

    /// <summary>Frames that the stack took.</summary>
    public long FramesReceived { get; private set; }

    /// <summary>Called with everything the stack sends, before the wire; for tests that watch one host.</summary>
    public Action<WireFrame>? Watch { get; set; }

    /// <summary>The frame that <see cref="Watch"/> is called about.</summary>
    public ReadOnlySpan<byte> LastSent => room.AsSpan(0, lastLength);

    /// <summary>Does the host stand still, as a node does that is being moved?</summary>
    public bool IsStopped { get; private set; }

    /// <summary>
    /// While it stands still: are frames kept, and delivered so many nanoseconds after it goes on? Otherwise they are
    /// lost.
    /// </summary>
    public long? KeptFramesDelay { get; set; }

    /// <summary>Stands still.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Goes on.</summary>
    /// <param name="isToldSo">Is the stack told that it has landed?</param>
    public void GoOn(bool isToldSo)
    {
        Instant now = Time.Now;
        IsStopped = false;
        wakeAt = long.MaxValue;
        foreach ((SimulatedEvent what, long delay) in postponed)
        {
            Time.At(new Instant(now.Nanoseconds + delay), what);
        }

        postponed.Clear();
        Stack.Advance(now);
        if (isToldSo)
        {
            wire.Checker.OnLanded(this);
            Stack.OnTimeJump(0, now);
        }

        Pump();
    }

    /// <summary>Calls <paramref name="who"/> after so many nanoseconds.</summary>
    public void Schedule(IHostTimer who, long delay) =>
        Time.At(
            new Instant(Time.Now.Nanoseconds + delay), new SimulatedEvent(new Alarm(this, who), ApplicationRuns));

    /// <inheritdoc/>
    public void Happen(in SimulatedEvent what, Instant now)
    {
        switch (what.Kind)
        {
            case FrameArrives when IsStopped:
                MissFrame(what);
                return;
            case FrameArrives:
                if (!what.Spoiled)
                {
                    wire.Checker.OnDelivered(this, what.Frame.AsSpan(0, what.Length), now);
                }

                FramesReceived++;
                Stack.OnFrame(what.Frame.AsSpan(0, what.Length), now);
                wire.Return(what.Frame!);
                break;
            case TimerRuns when IsStopped:
                return;
            case TimerRuns when wakeAt == now.Nanoseconds:
                wakeAt = long.MaxValue;
                Stack.Advance(now);
                break;
            case TimerRuns:
                return;
            case CardHasRoom:
                cardIsAwaited = false;
                break;
        }

        Pump();
    }

    /// <summary>What the loop does after anything: owners, frames to send, and the next moment to wake up.</summary>
    public void Pump()
    {
        Instant now = Time.Now;
        for (int turn = 0; !IsStopped; turn++)
        {
            if (turn > RestlessMax)
            {
                throw new SimulationFaultException($"{Name} does not come to rest\n{wire.Checker.Report()}");
            }

            if (TellOwners(now) | SendWhatFits(now))
            {
                continue;
            }

            if (!Stack.TryGetNextDue(out Instant due))
            {
                return;
            }

            if (due > now)
            {
                WakeAt(due);
                return;
            }

            Stack.Advance(now);
        }
    }

    private void MissFrame(in SimulatedEvent what)
    {
        if (KeptFramesDelay is long delay)
        {
            postponed.Add((what, delay));
        }
        else
        {
            wire.Return(what.Frame!);
        }
    }

    private bool TellOwners(Instant now)
    {
        bool any = false;
        for (int i = 0; Stack.Ready.Take() is { } socket; i++)
        {
            any = true;
            socket.Owner?.OnSocketReady(socket, now);
            if (i > RestlessMax)
            {
                throw new SimulationFaultException($"{Name}: a socket is ready again and again");
            }
        }

        return any;
    }

    private bool SendWhatFits(Instant now)
    {
        bool any = false;
        while (!IsCardFull(now))
        {
            int length = Stack.Transmit(room, now);
            if (length == 0)
            {
                return any;
            }

            any = true;
            lastLength = length;
            wire.Checker.OnSent(this, room.AsSpan(0, length), now);
            Watch?.Invoke(wire.Checker.Last);
            wire.Send(this, room.AsSpan(0, length));
            long start = Math.Max(cardBusyUntil, now.Nanoseconds);
            cardBusyUntil = start + (length * 8_000_000_000L / CardBitsPerSecond);

            // What the next frame does not write must not come from this one.
            room.AsSpan(0, length).Fill(0xA5);
        }

        return any;
    }

    private bool IsCardFull(Instant now)
    {
        long frameTime = INetworkDevice.FrameMax * 8_000_000_000L / CardBitsPerSecond;
        long free = cardBusyUntil - ((TransmitBuffers - 1) * frameTime);
        if (free <= now.Nanoseconds)
        {
            return false;
        }

        if (!cardIsAwaited)
        {
            cardIsAwaited = true;
            Time.At(new Instant(free), new SimulatedEvent(this, CardHasRoom));
        }

        return true;
    }

    private void WakeAt(Instant due)
    {
        long late = TimerLateness == 0 ? 0 : wire.Random.NextInt64(TimerLateness);
        long at = due.Nanoseconds + late;
        if (due.Nanoseconds >= wakeAt || at >= wakeAt)
        {
            return;
        }

        wakeAt = at;
        Time.At(new Instant(at), new SimulatedEvent(this, TimerRuns));
    }

    // An application's timer: the host pumps afterwards, as the loop would.
    private sealed class Alarm(SimulatedHost host, IHostTimer who) : ISimulated
    {
        public void Happen(in SimulatedEvent what, Instant now)
        {
            if (host.IsStopped)
            {
                host.postponed.Add((what, 0));
                return;
            }

            who.OnTimer(now);
            host.Pump();
        }
    }
}
