using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>
/// A channel over a TCP connection, from either side: carries bytes between the socket and the channel, and tells when
/// the channel opens and when a message has come. What is said is for those who derive from it.
/// </summary>
public abstract class ChannelLine : ISocketOwner, IDisposable
{
    private readonly PendingBit? work;

    /// <summary>Takes a connection over.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="work">Set when there is something to compute, or to look at; null: nobody is told.</param>
    protected ChannelLine(TcpConnection connection, PendingBit? work)
    {
        Connection = connection;
        this.work = work;
        connection.NoDelay = true;
        connection.Owner = this;
    }

    /// <summary>The channel; null before it is known which.</summary>
    public SecureChannel? Channel { get; protected set; }

    /// <summary>Is there a part of a handshake to compute?</summary>
    public bool HasWork => !IsOver && Channel is { HasWork: true };

    /// <summary>Is there nothing left to do with the connection?</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why the channel failed, if it did.</summary>
    public ChannelError Error => Channel?.Error ?? ChannelError.None;

    /// <summary>The connection.</summary>
    protected TcpConnection Connection { get; }

    /// <summary>Has the channel been open?</summary>
    protected bool WasOpen { get; private set; }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        Pump(now);
        work?.Set();
    }

    /// <summary>Computes a part of the handshake: at most one scalar multiplication.</summary>
    public void Step(Instant now)
    {
        Channel?.Step(now);
        Pump(now);
    }

    /// <summary>Moves on what can be moved on without waiting.</summary>
    public void Pump(Instant now)
    {
        Channel?.Advance(now);
        for (bool moved = true; moved && !IsOver;)
        {
            moved = Receive(now) | Send(now);
            moved |= Look(now);
        }

        if (HasWork)
        {
            work?.Set();
        }
    }

    /// <summary>Ends the connection: with all that was said, or broken off.</summary>
    public virtual void End(Instant now, bool isAborted)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        Channel?.Dispose();
        Connection.Owner = null;
        if (isAborted)
        {
            Connection.Abort(now);
        }
        else
        {
            Connection.Close(now);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Channel?.Dispose();

    /// <summary>There is no channel yet: takes the first bytes, or says them.</summary>
    /// <returns>True if something moved.</returns>
    protected abstract bool Prepare(Instant now);

    /// <summary>The channel is open.</summary>
    protected abstract void OnOpen(Instant now);

    /// <summary>A message has come; it is consumed afterwards.</summary>
    protected abstract void OnMessage(ReadOnlySpan<byte> message, Instant now);

    /// <summary>The channel or the connection has ended, by an error or because the other side has closed.</summary>
    protected abstract void OnEnd(Instant now);

    private bool Receive(Instant now)
    {
        if (Channel is null)
        {
            return Prepare(now);
        }

        ReadOnlySpan<byte> bytes = Connection.Peek();
        int taken = bytes.IsEmpty ? 0 : Channel.Feed(bytes);
        if (taken > 0)
        {
            Connection.Consume(taken, now);
        }
        else if (Connection.IsReceiveClosed || Connection.Error != SocketError.None)
        {
            Channel.FeedEnd();
        }

        return taken > 0;
    }

    private bool Send(Instant now)
    {
        if (Channel is null)
        {
            return false;
        }

        ReadOnlySpan<byte> output = Channel.Output;
        int sent = output.IsEmpty ? 0 : Connection.Send(output, now);
        Channel.ConsumeOutput(sent);
        return sent > 0;
    }

    private bool Look(Instant now)
    {
        bool looked = false;
        if (Channel is { State: ChannelState.Open } && !WasOpen)
        {
            WasOpen = true;
            looked = true;
            OnOpen(now);
        }

        if (!IsOver && Channel is { HasMessage: true })
        {
            looked = true;
            OnMessage(Channel.Message, now);
            if (!IsOver)
            {
                Channel.ConsumeMessage();
            }
        }

        bool isBroken = Connection.Error != SocketError.None || (Channel is null && Connection.IsReceiveClosed);
        bool isClosed = Channel is { State: ChannelState.Closed, Output.IsEmpty: true };
        if (!IsOver && (isBroken || isClosed || Channel is { State: ChannelState.Failed }))
        {
            OnEnd(now);
        }

        return looked;
    }
}
