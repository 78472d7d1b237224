using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>
/// Two TCP layers and a wire between them that loses, delays, doubles and damages what a seed says. Both ends answer
/// to the addresses of <see cref="TcpScript"/>.
/// </summary>
internal sealed class TcpPair
{
    private readonly Random random;
    private readonly PriorityQueue<(bool ToB, byte[] Segment), long> wire = new();

    internal TcpPair(int seed, TcpLimits? limits = null)
    {
        random = new Random(seed);
        EnvironmentA = new PairEnvironment(TcpScript.LocalAddress, (ulong)seed * 7919);
        EnvironmentB = new PairEnvironment(TcpScript.PeerAddress, (ulong)seed * 104729);
        A = new TcpLayer(EnvironmentA, limits ?? new TcpLimits());
        B = new TcpLayer(EnvironmentB, limits ?? new TcpLimits());
    }

    internal PairEnvironment EnvironmentA { get; }

    internal PairEnvironment EnvironmentB { get; }

    internal TcpLayer A { get; }

    internal TcpLayer B { get; }

    internal Instant Now { get; private set; } = new(5_000_000_000);

    /// <summary>Of 1000 segments so many are lost.</summary>
    internal int Loss { get; set; }

    internal int Doubled { get; set; }

    internal int Damaged { get; set; }

    /// <summary>Of 1000 so many come late by up to this many microseconds.</summary>
    internal int Late { get; set; }

    internal int LateMicroseconds { get; set; } = 3000;

    internal int DelayMicroseconds { get; set; } = 200;

    internal long Segments { get; private set; }

    /// <summary>Called between deliveries: what the owners do.</summary>
    internal Action Owners { get; set; } = () => { };

    /// <summary>Drops a segment if it says so: whether it goes to B, and the segment.</summary>
    internal Func<bool, byte[], bool> Drop { get; set; } = (_, _) => false;

    /// <summary>Connects A to a listener of B; both ends stand afterwards.</summary>
    internal (TcpConnection Client, TcpConnection Server) Connect()
    {
        TcpListener listener = B.Listen(80, 16, out _)!;
        TcpConnection client = A.Connect(new Endpoint(TcpScript.PeerAddress, 80), Now, out SocketError error)!;
        Assert.That(error, Is.EqualTo(SocketError.None));
        TcpConnection? server = null;
        Assert.That(Run(() => (server ??= listener.Accept()) is not null && client.State == TcpState.Established, 60));
        listener.Close(Now);
        return (client, server!);
    }

    /// <summary>Runs until something is so.</summary>
    /// <returns>False: it was not in so many seconds.</returns>
    internal bool Run(Func<bool> until, int seconds)
    {
        Instant end = Now.AddMilliseconds(seconds * 1000L);
        while (Now < end)
        {
            Owners();
            if (until())
            {
                return true;
            }

            Pull(A, toB: true);
            Pull(B, toB: false);
            Instant next = end;
            if (wire.TryPeek(out _, out long at))
            {
                next = Earlier(next, new Instant(at));
            }

            next = A.TryGetNextDue(out Instant due) ? Earlier(next, due) : next;
            next = B.TryGetNextDue(out due) ? Earlier(next, due) : next;
            Now = next > Now ? next : Now;
            A.Advance(Now);
            B.Advance(Now);
            while (wire.TryPeek(out (bool ToB, byte[] Segment) item, out at) && at <= Now.Nanoseconds)
            {
                wire.Dequeue();
                Deliver(item.ToB, item.Segment);
            }
        }

        return until();
    }

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    private void Pull(TcpLayer from, bool toB)
    {
        byte[] room = new byte[1480];
        for (int i = 0; i < 64 && from.TryTakeSegment(room, Now, out TcpOutput output); i++)
        {
            byte[] segment = room[..output.Length];
            Segments++;
            if (random.Next(1000) < Loss || Drop(toB, segment))
            {
                continue;
            }

            int copies = random.Next(1000) < Doubled ? 2 : 1;
            if (random.Next(1000) < Damaged)
            {
                segment = [.. segment];
                segment[random.Next(segment.Length)] ^= (byte)(1 << random.Next(8));
            }

            for (int copy = 0; copy < copies; copy++)
            {
                long delay = DelayMicroseconds + (random.Next(1000) < Late ? random.Next(LateMicroseconds) : 0);
                wire.Enqueue((toB, segment), Now.Nanoseconds + (delay * 1000) + Segments);
            }
        }
    }

    private void Deliver(bool toB, byte[] segment)
    {
        Ipv4Address a = TcpScript.LocalAddress;
        Ipv4Address b = TcpScript.PeerAddress;
        Ipv4Packet header = toB ? new Ipv4Packet(a, b, 6) : new Ipv4Packet(b, a, 6);
        (toB ? B : A).Receive(header, segment, Now);
    }

    /// <summary>The layer below one of the two.</summary>
    internal sealed class PairEnvironment(Ipv4Address address, ulong secret) : TcpEnvironment
    {
        private readonly ScriptEnvironment inner = new() { Secret = secret };

        internal int Mtu { get; set; } = 1500;

        /// <inheritdoc/>
        public override ReadyList Ready => inner.Ready;

        /// <inheritdoc/>
        public override SocketError SelectSource(Ipv4Address destination, out Ipv4Address source)
        {
            source = address;
            return SocketError.None;
        }

        /// <inheritdoc/>
        public override int PathMtu(Ipv4Address destination) => Mtu;

        /// <inheritdoc/>
        public override ulong Hash(uint a, uint b, uint c, uint d, uint domain) => inner.Hash(a, b, c, d, domain);
    }
}

/// <summary>Writes a stream into a connection and checks what comes out of another one.</summary>
internal sealed class TcpStream(TcpConnection from, TcpConnection to, int length)
{
    private readonly byte[] buffer = new byte[32 * 1024];
    private int sent;
    private bool isShut;

    internal int Received { get; private set; }

    internal bool IsDone => Received == length && to.IsReceiveClosed;

    internal void Step(Instant now)
    {
        while (sent < length && from.SendSpace > 0)
        {
            int some = Math.Min(Math.Min(from.SendSpace, buffer.Length), length - sent);
            sent += from.Send(TcpScript.Bytes((uint)sent, some), now);
        }

        if (sent == length && !isShut)
        {
            isShut = true;
            from.Shutdown(now);
        }

        int count = to.Receive(buffer, now);
        if (count > 0 && !buffer.AsSpan(0, count).SequenceEqual(TcpScript.Bytes((uint)Received, count)))
        {
            Assert.Fail($"the bytes after {Received} are not those that were sent");
        }

        Received += count;
    }
}
