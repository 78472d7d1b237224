using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What one end of a conversation does.</summary>
internal sealed record TalkPlan
{
    /// <summary>Bytes to send in all; with rounds: bytes of each message.</summary>
    public long Bytes { get; init; }

    /// <summary>Messages to send; a round begins when the peer's message of the one before is complete.</summary>
    public int Rounds { get; init; }

    /// <summary>Bytes of each of the peer's messages.</summary>
    public long PeerBytes { get; init; }

    /// <summary>Does this end speak first?</summary>
    public bool IsFirst { get; init; } = true;

    /// <summary>The most bytes handed over at a time.</summary>
    public int Chunk { get; init; } = 32 * 1024;

    /// <summary>Nanoseconds between two chunks, at most; 0: as fast as it goes.</summary>
    public long SendPause { get; init; }

    /// <summary>The most bytes read at a time.</summary>
    public int ReadChunk { get; init; } = 64 * 1024;

    /// <summary>Nanoseconds between two looks at what came, at most; 0: at once.</summary>
    public long ReadPause { get; init; }

    /// <summary>Nanoseconds before anything is read.</summary>
    public long ReadAfter { get; init; }

    /// <summary>The switch of Nagle's algorithm.</summary>
    public bool NoDelay { get; init; }

    /// <summary>See <see cref="TcpConnection.KeepAliveMilliseconds"/>.</summary>
    public int KeepAlive { get; init; }

    /// <summary>After so many nanoseconds it breaks off; 0: never.</summary>
    public long AbortAfter { get; init; }

    /// <summary>After so many nanoseconds it closes, whatever is missing; 0: never.</summary>
    public long CloseAfter { get; init; }

    /// <summary>Shuts down only once the peer has (the other half of a half-close).</summary>
    public bool ShutsDownLast { get; init; }

    /// <summary>Is this end willing to break the conversation off before all is said?</summary>
    public bool MayBreakOff => AbortAfter > 0 || CloseAfter > 0;

    /// <summary>Everything it is to send.</summary>
    public long Total => Rounds > 0 ? Bytes * Rounds : Bytes;
}

/// <summary>One end of a conversation: sends a stream, checks the peer's, and ends as planned.</summary>
internal sealed class Talker : ISocketOwner, IHostTimer
{
    private readonly SimulatedHost host;
    private readonly NetLab lab;
    private readonly TalkPlan plan;
    private readonly int sendKey;
    private readonly int receiveKey;
    private readonly Instant start;
    private readonly byte[] buffer;
    private long nextRead;
    private long nextSend;
    private long alarmAt;
    private bool shutDown;

    public Talker(NetLab lab, SimulatedHost host, TcpConnection connection, TalkPlan plan, int sendKey, int receiveKey)
    {
        this.lab = lab;
        this.host = host;
        this.plan = plan;
        this.sendKey = sendKey;
        this.receiveKey = receiveKey;
        Connection = connection;
        start = lab.Time.Now;
        buffer = new byte[Math.Min(plan.ReadChunk, 16 * 1024)];
        nextRead = start.Nanoseconds + plan.ReadAfter;
        connection.Owner = this;
        connection.NoDelay = plan.NoDelay;
        connection.KeepAliveMilliseconds = plan.KeepAlive;
        if (plan.AbortAfter > 0)
        {
            host.Schedule(this, plan.AbortAfter);
        }

        if (plan.CloseAfter > 0)
        {
            host.Schedule(this, plan.CloseAfter);
        }

        if (plan.ReadAfter > 0)
        {
            host.Schedule(this, plan.ReadAfter);
        }
    }

    /// <summary>The connection; another one takes its place when the host's stack was restored.</summary>
    public TcpConnection Connection { get; set; }

    public TalkPlan Plan => plan;

    public long Sent { get; private set; }

    public long Received { get; private set; }

    /// <summary>The peer's stream has ended as it should.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>This end broke off.</summary>
    public bool BrokeOff { get; private set; }

    /// <summary>What the connection reported.</summary>
    public SocketError Error { get; private set; }

    /// <summary>Nothing more will be done here.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (ReferenceEquals(socket, Connection))
        {
            Act(now);
        }
    }

    /// <inheritdoc/>
    public void OnTimer(Instant now) => Act(now);

    /// <summary>Does what can be done.</summary>
    public void Act(Instant now)
    {
        if (IsOver || BreaksOff(now))
        {
            return;
        }

        Read(now);
        Write(now);
        if (Connection.Error != SocketError.None)
        {
            Error = Connection.Error;
            IsOver = true;
            Connection.Close(now);
            return;
        }

        SawEnd |= Connection.IsReceiveClosed;
        if (Connection.State is TcpState.SynSent or TcpState.SynReceived)
        {
            return;
        }

        if (!shutDown && Sent == plan.Total && (!plan.ShutsDownLast || SawEnd))
        {
            shutDown = true;
            Connection.Shutdown(now);
        }

        if (shutDown && SawEnd)
        {
            IsOver = true;
            Connection.Close(now);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{host.Name} {Connection.Local} {Connection.State}: sent {Sent} of {plan.Total}, received {Received}, "
        + $"end {SawEnd}, over {IsOver}, error {Error}, broke off {BrokeOff}";

    private bool BreaksOff(Instant now)
    {
        long age = now - start;
        if (plan.AbortAfter > 0 && age >= plan.AbortAfter)
        {
            Connection.Abort(now);
        }
        else if (plan.CloseAfter > 0 && age >= plan.CloseAfter)
        {
            Connection.Close(now);
        }
        else
        {
            return false;
        }

        BrokeOff = true;
        IsOver = true;
        return true;
    }

    private void Read(Instant now)
    {
        while (Connection.ReceiveAvailable > 0)
        {
            if (plan.ReadPause > 0 || plan.ReadAfter > 0)
            {
                if (now.Nanoseconds < nextRead)
                {
                    WakeAt(nextRead, now);
                    return;
                }

                nextRead = plan.ReadPause == 0 ? 0 : now.Nanoseconds + lab.Random.NextInt64(plan.ReadPause);
            }

            if (!ReadOnce(now))
            {
                return;
            }
        }
    }

    private bool ReadOnce(Instant now)
    {
        int available = Connection.ReceiveAvailable;
        if ((Received & 1) == 0)
        {
            ReadOnlySpan<byte> seen = Connection.Peek();
            lab.Require(seen.Length > 0 && seen.Length <= available, $"peek of {seen.Length} of {available}");
            int count = Math.Min(seen.Length, plan.ReadChunk);
            Check(seen[..count]);
            Connection.Consume(count, now);
            return true;
        }

        int got = Connection.Receive(buffer.AsSpan(0, Math.Min(buffer.Length, plan.ReadChunk)), now);
        lab.Require(got > 0, $"{available} bytes are there, and {got} were received");
        Check(buffer.AsSpan(0, got));
        return got > 0;
    }

    private void Check(ReadOnlySpan<byte> data)
    {
        int wrong = Pattern.Mismatch(receiveKey, Received, data);
        if (wrong >= 0)
        {
            lab.Fail($"{this}: byte {Received + wrong} of the stream is wrong");
        }

        Received += data.Length;
    }

    private void Write(Instant now)
    {
        if (shutDown)
        {
            return;
        }

        long target = Target();
        while (Sent < target && Connection.SendSpace > 0)
        {
            if (plan.SendPause > 0)
            {
                if (now.Nanoseconds < nextSend)
                {
                    WakeAt(nextSend, now);
                    return;
                }

                nextSend = now.Nanoseconds + lab.Random.NextInt64(plan.SendPause);
            }

            int length = (int)Math.Min(target - Sent, 1 + lab.Random.Next(plan.Chunk));
            ReadOnlySpan<byte> data = Pattern.At(sendKey, Sent, length);
            int space = Connection.SendSpace;
            int taken = Connection.Send(data, now);
            lab.Require(taken == Math.Min(space, data.Length), $"{taken} of {data.Length} taken with room for {space}");
            Sent += taken;
        }
    }

    private long Target()
    {
        if (plan.Rounds == 0)
        {
            return plan.Total;
        }

        long complete = (Received / plan.PeerBytes) + (plan.IsFirst ? 1 : 0);
        return Math.Min(complete, plan.Rounds) * plan.Bytes;
    }

    private void WakeAt(long when, Instant now)
    {
        if (alarmAt <= now.Nanoseconds)
        {
            alarmAt = when;
            host.Schedule(this, when - now.Nanoseconds);
        }
    }
}
