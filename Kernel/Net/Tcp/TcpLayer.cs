using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// TCP: all its connections and listeners (RFC 9293). Finds whom a segment is for, makes connections within bounds, and
/// asks those that have something to say, one segment each in turn, whenever the card has room.
/// </summary>
public sealed class TcpLayer
{
    /// <summary>The protocol's number in IPv4.</summary>
    public const byte ProtocolNumber = 6;

    private const int WindowMin = 2048;

    private readonly TcpTable table;
    private readonly TcpListener?[] listeners;
    private readonly TcpControlQueue control;
    private readonly TcpSynCookies cookies;

    // Connections that may have something to send, in turn.
    private TcpConnection? firstInOutput;
    private TcpConnection? lastInOutput;

    // Connections in TIME-WAIT, the oldest first.
    private TcpConnection? firstInTimeWait;
    private TcpConnection? lastInTimeWait;
    private int inTimeWait;

    private uint portsTried;

    /// <summary>What is counted.</summary>
    internal TcpCounters Count;

    /// <summary>Makes the layer.</summary>
    public TcpLayer(TcpEnvironment environment)
        : this(environment, new TcpLimits())
    {
    }

    /// <summary>Makes the layer with other bounds.</summary>
    public TcpLayer(TcpEnvironment environment, TcpLimits limits)
    {
        Environment = environment;
        Limits = limits;
        Numbers = new TcpNumbers(environment);
        Pool = new TcpBufferPool(limits.BufferBudget);
        Clock = new TcpClock();
        Timers = new TcpTimers(limits.Connections);
        Challenges = new TcpChallenges(Numbers);
        table = new TcpTable(limits.Connections, Numbers);
        listeners = new TcpListener?[limits.Listeners];
        control = new TcpControlQueue(limits.ControlSegments);
        cookies = new TcpSynCookies(Numbers);
        WindowMax = limits.RingMax;
        while (limits.RingMax >> WindowScale > ushort.MaxValue)
        {
            WindowScale++;
        }
    }

    /// <summary>What was counted.</summary>
    public TcpCounters Counters => Count;

    /// <summary>How much it may take.</summary>
    public TcpLimits Limits { get; }

    /// <summary>Connections of every state.</summary>
    public int ConnectionCount => table.Count;

    /// <summary>Listeners.</summary>
    public int ListenerCount { get; private set; }

    /// <summary>Bytes in use for rings, of all connections.</summary>
    public int BufferBytes => Pool.Promised;

    /// <summary>
    /// The largest window to offer to a peer. A card that can hold only so much before the loop looks at it is better
    /// off with that than with the losses.
    /// </summary>
    public int WindowMax
    {
        get;
        set => field = Math.Clamp(value, WindowMin, Limits.RingMax);
    }

    /// <summary>Does the card sum up segments? Then only the pseudo header's sum is written.</summary>
    public bool LeavesChecksum { get; set; }

    /// <summary>
    /// The longest segment, header and payload, that the card cuts up by itself; 0: it does not. Only together with
    /// <see cref="LeavesChecksum"/>.
    /// </summary>
    public int LargeSegmentMax { get; set; }

    internal TcpEnvironment Environment { get; }

    internal TcpNumbers Numbers { get; }

    internal TcpBufferPool Pool { get; }

    internal TcpClock Clock { get; }

    internal TcpTimers Timers { get; }

    internal TcpChallenges Challenges { get; }

    /// <summary>Half-open connections.</summary>
    internal int HalfOpen { get; set; }

    /// <summary>How far our windows are shifted (RFC 7323, section 2.3).</summary>
    internal int WindowScale { get; }

    /// <summary>The moment of the last call that had one.</summary>
    internal Instant LastMoment { get; private set; }

    /// <summary>Connection number <paramref name="index"/> of <see cref="ConnectionCount"/>, for people.</summary>
    public TcpConnection ConnectionAt(int index) => table.At(index);

    /// <summary>Listener number <paramref name="index"/> of <see cref="ListenerCount"/>, for people.</summary>
    public TcpListener ListenerAt(int index) =>
        index < ListenerCount ? listeners[index]! : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Takes one segment to this node. Everything about it is checked here, the checksum too.</summary>
    public void Receive(in Ipv4Packet header, ReadOnlySpan<byte> segment, Instant now)
    {
        uint milliseconds = Update(now);
        if (!TcpSegment.TryDecode(header, segment, out TcpSegment decoded))
        {
            Count.Malformed++;
            return;
        }

        Count.SegmentsReceived++;
        TcpConnection? connection = table.Find(
            header.Destination, decoded.DestinationPort, header.Source, decoded.SourcePort);
        if (connection is not null && !TryReplace(connection, decoded, now))
        {
            connection.OnSegment(decoded, segment, milliseconds);
        }
        else if (connection is null && IsHost(header.Source) && IsHost(header.Destination))
        {
            OnSegmentToNobody(decoded, segment, 0, now);
        }
    }

    /// <summary>
    /// Does the quoted segment belong to a connection, and is it in flight (RFC 5927, section 4.1)? Only then may
    /// the error lower the path MTU.
    /// </summary>
    public bool IsCredible(in IcmpError error) => FindQuoted(error) is not null;

    /// <summary>Takes an ICMP error about a segment of ours. The path MTU is lowered already.</summary>
    public void OnIcmpError(in IcmpError error, Instant now)
    {
        Update(now);
        FindQuoted(error)?.OnIcmpError(error.Kind);
    }

    /// <summary>Writes the next segment to send, header and payload, checksum included.</summary>
    /// <param name="into">Room for it; it decides the longest segment together with the path MTU.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="output">Where it goes, and how long it is.</param>
    /// <returns>False if there is nothing to send.</returns>
    public bool TryTakeSegment(Span<byte> into, Instant now, out TcpOutput output)
    {
        uint milliseconds = Update(now);
        if (control.TryTake(out TcpControlSegment segment))
        {
            Count.SegmentsSent++;
            output = new TcpOutput(segment.Local.Address, segment.Remote.Address, segment.Write(into), true);
            return true;
        }

        while (firstInOutput is { } connection)
        {
            firstInOutput = connection.NextInOutput;
            lastInOutput = firstInOutput is null ? null : lastInOutput;
            connection.NextInOutput = null;
            connection.IsInOutput = false;
            int length = connection.Build(into, milliseconds);
            if (length == 0)
            {
                continue;
            }

            if (connection.MayHaveMore)
            {
                WantOutput(connection);
            }

            Count.SegmentsSent++;
            output = new TcpOutput(
                connection.Local.Address, connection.Remote.Address, length, !connection.MayFragment,
                connection.IsChecksumLeft, connection.CutInto);
            return true;
        }

        output = default;
        return false;
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        uint milliseconds = Update(now);
        while (Timers.TakeDue(milliseconds) is { } connection)
        {
            connection.OnTimer(milliseconds);
        }
    }

    /// <summary>
    /// The node has landed on another machine, or stood still: every connection makes itself heard at once.
    /// </summary>
    public void OnLanded(Instant now)
    {
        uint milliseconds = Update(now);
        for (int i = 0; i < table.Count; i++)
        {
            table.At(i).OnLanded(milliseconds);
        }
    }

    /// <summary>When <see cref="Advance"/> is to be called at the latest.</summary>
    public bool TryGetNextDue(out Instant due)
    {
        bool isAny = Timers.TryPeek(out uint at);
        due = isAny ? Clock.At(at) : default;
        return isAny;
    }

    /// <summary>Accepts connections at a port.</summary>
    /// <param name="port">The port; 0 is refused.</param>
    /// <param name="backlog">The most connections that may wait to be accepted.</param>
    /// <param name="error">Why there is no listener.</param>
    public TcpListener? Listen(ushort port, int backlog, out SocketError error)
    {
        error = port == 0 || FindListener(port) is not null ? SocketError.AddressInUse
            : ListenerCount == listeners.Length ? SocketError.TooManySockets
            : SocketError.None;
        if (error != SocketError.None)
        {
            return null;
        }

        var listener = new TcpListener(this, port, Math.Clamp(backlog, 1, Limits.Backlog));
        listeners[ListenerCount++] = listener;
        return listener;
    }

    /// <summary>Begins a connection; its owner is told when it stands or has failed.</summary>
    public TcpConnection? Connect(Endpoint remote, Instant now, out SocketError error)
    {
        uint milliseconds = Update(now);
        if (!IsHost(remote.Address) || remote.Port == 0)
        {
            error = SocketError.NetworkUnreachable;
            return null;
        }

        error = Environment.SelectSource(remote.Address, out Ipv4Address source);
        if (error == SocketError.None && !TryMakeRoom())
        {
            error = SocketError.TooManySockets;
        }

        if (error != SocketError.None)
        {
            return null;
        }

        if (!TryChoosePort(source, remote, out ushort port))
        {
            error = SocketError.NoPortsLeft;
            return null;
        }

        var local = new Endpoint(source, port);
        var connection = new TcpConnection(this, local, remote, Numbers.InitialSequence(local, remote, now), null);
        if (!connection.TryOpenActive(milliseconds))
        {
            error = SocketError.TooManySockets;
            return null;
        }

        table.Add(connection);
        Count.ActiveOpens++;
        return connection;
    }

    /// <summary>Ends every connection of an address at once without a word: it is no longer ours.</summary>
    public void Drop(Ipv4Address local, Instant now)
    {
        Update(now);
        for (int i = table.Count - 1; i >= 0; i--)
        {
            TcpConnection connection = table.At(i);
            if (connection.Local.Address == local)
            {
                connection.End(SocketError.NetworkDown);
            }
        }
    }

    /// <summary>Puts a connection in the list of those that may have something to send, at its end.</summary>
    internal void WantOutput(TcpConnection connection)
    {
        if (connection.IsInOutput)
        {
            return;
        }

        connection.IsInOutput = true;
        if (lastInOutput is null)
        {
            firstInOutput = connection;
        }
        else
        {
            lastInOutput.NextInOutput = connection;
        }

        lastInOutput = connection;
    }

    /// <summary>Queues a reset.</summary>
    internal void SendReset(Endpoint local, Endpoint remote, uint sequence, uint acknowledgement, TcpFlags flags)
    {
        var reset = new TcpControlSegment
        {
            Local = local,
            Remote = remote,
            Sequence = sequence,
            Acknowledgement = acknowledgement,
            Flags = flags,
        };
        if (TrySend(reset))
        {
            Count.ResetsSent++;
        }
    }

    /// <summary>Answers a segment with a reset that its sender will believe (RFC 9293, section 3.10.7.1).</summary>
    internal void RefuseSegment(in TcpSegment segment)
    {
        if (segment.IsReset)
        {
            return;
        }

        Endpoint local = LocalOf(segment);
        Endpoint remote = RemoteOf(segment);
        if (segment.IsAck)
        {
            SendReset(local, remote, segment.Acknowledgement, 0, TcpFlags.Reset);
        }
        else
        {
            SendReset(local, remote, 0, segment.Sequence + segment.Length, TcpFlags.Reset | TcpFlags.Ack);
        }
    }

    /// <summary>A connection has ended.</summary>
    internal void Forget(TcpConnection connection)
    {
        LeaveTimeWait(connection);
        Timers.Remove(connection);
        if (connection.TableIndex >= 0)
        {
            table.Remove(connection);
        }
    }

    /// <summary>A listener has closed: nothing that began with it and is not accepted goes on.</summary>
    internal void Forget(TcpListener listener, Instant now)
    {
        int index = Array.IndexOf(listeners, listener, 0, ListenerCount);
        listeners[index] = listeners[--ListenerCount];
        listeners[ListenerCount] = null;
        for (int i = table.Count - 1; i >= 0; i--)
        {
            TcpConnection connection = table.At(i);
            if (connection.Listener == listener && connection.State == TcpState.SynReceived)
            {
                connection.Abort(now);
            }
        }
    }

    /// <summary>A connection enters TIME-WAIT, or begins it anew: it is the youngest there.</summary>
    internal void EnterTimeWait(TcpConnection connection)
    {
        LeaveTimeWait(connection);
        connection.IsInTimeWait = true;
        connection.PreviousInTimeWait = lastInTimeWait;
        if (lastInTimeWait is null)
        {
            firstInTimeWait = connection;
        }
        else
        {
            lastInTimeWait.NextInTimeWait = connection;
        }

        lastInTimeWait = connection;
        inTimeWait++;
        if (inTimeWait > Limits.TimeWait)
        {
            RecycleTimeWait();
        }
    }

    private static bool IsHost(Ipv4Address address) =>
        address != Ipv4Address.Any && address != Ipv4Address.Broadcast && !address.IsMulticast;

    private static Endpoint LocalOf(in TcpSegment segment) => new(segment.Destination, segment.DestinationPort);

    private static Endpoint RemoteOf(in TcpSegment segment) => new(segment.Source, segment.SourcePort);

    private uint Update(Instant now)
    {
        LastMoment = now;
        return Clock.Update(now);
    }

    private TcpListener? FindListener(ushort port)
    {
        for (int i = 0; i < ListenerCount; i++)
        {
            if (listeners[i]!.Port == port)
            {
                return listeners[i];
            }
        }

        return null;
    }

    // A SYN that is surely newer than a connection in TIME-WAIT between the same ends takes its place (RFC 6191).
    private bool TryReplace(TcpConnection connection, in TcpSegment segment, Instant now)
    {
        const TcpFlags handshake = TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Reset | TcpFlags.Fin;
        if (connection.State != TcpState.TimeWait || (segment.Flags & handshake) != TcpFlags.Syn
            || FindListener(segment.DestinationPort) is null
            || !connection.MayBeReplaced(segment, out uint sequenceMin))
        {
            return false;
        }

        connection.End(SocketError.None);
        OnSegmentToNobody(segment, default, sequenceMin, now);
        return true;
    }

    // RFC 9293, sections 3.10.7.1 (no connection) and 3.10.7.2 (LISTEN).
    private void OnSegmentToNobody(
        in TcpSegment segment, ReadOnlySpan<byte> bytes, uint sequenceMin, Instant now)
    {
        TcpListener? listener = FindListener(segment.DestinationPort);
        if (segment.IsReset)
        {
            return;
        }

        if (listener is null)
        {
            RefuseSegment(segment);
        }
        else if (segment.IsAck)
        {
            if (segment.IsSyn || !TryAcceptCookie(listener, segment, bytes))
            {
                RefuseSegment(segment);
            }
        }
        else if (segment.IsSyn && !segment.IsFin)
        {
            OnSyn(listener, segment, sequenceMin, now);
        }
    }

    private void OnSyn(TcpListener listener, in TcpSegment syn, uint sequenceMin, Instant now)
    {
        if (!listener.HasRoom)
        {
            Count.Refused++;
            return;
        }

        Endpoint local = LocalOf(syn);
        Endpoint remote = RemoteOf(syn);
        if (HalfOpen >= Limits.HalfOpen)
        {
            AnswerWithCookie(local, remote, syn);
            return;
        }

        if (!TryMakeRoom())
        {
            Count.Refused++;
            return;
        }

        uint initial = Numbers.InitialSequence(local, remote, now);
        if (sequenceMin != 0)
        {
            initial = Sequence.Later(initial, sequenceMin);
        }

        var connection = new TcpConnection(this, local, remote, initial, listener);
        table.Add(connection);
        connection.OpenPassive(syn, Clock.Now);
    }

    private void AnswerWithCookie(Endpoint local, Endpoint remote, in TcpSegment syn)
    {
        uint timestamp = Clock.Now + Numbers.TimestampOffset(local.Address, remote.Address);
        var answer = new TcpControlSegment
        {
            Local = local,
            Remote = remote,
            Sequence = cookies.Make(local, remote, syn, Clock.Now),
            Acknowledgement = syn.Sequence + 1,
            Flags = TcpFlags.Syn | TcpFlags.Ack,
            Window = (ushort)Math.Min(WindowMax, TcpConnection.WindowFirst),
            Options = new TcpSynOptions(
                Environment.PathMtu(remote.Address) - TcpSegmentSizes.Headers,
                syn.HasTimestamp && syn.WindowScale >= 0 ? WindowScale : -1,
                syn.HasTimestamp && syn.SackPermitted,
                syn.HasTimestamp, TcpSynCookies.Timestamp(timestamp, syn), syn.Timestamp),
        };
        if (TrySend(answer))
        {
            Count.CookiesSent++;
        }
    }

    private bool TryAcceptCookie(TcpListener listener, in TcpSegment segment, ReadOnlySpan<byte> bytes)
    {
        Endpoint local = LocalOf(segment);
        Endpoint remote = RemoteOf(segment);
        if (!cookies.IsInUse(Clock.Now))
        {
            return false;
        }

        if (!cookies.TryAccept(local, remote, segment, Clock.Now, out TcpSegment offered))
        {
            Count.CookiesRejected++;

            // Data: the acknowledgement before them may have got lost, and a reset would end a connection that stands
            // for the peer. What it sends again first will be the third step of the handshake.
            return segment.PayloadLength > 0;
        }

        if (!listener.HasRoom || !TryMakeRoom())
        {
            // The peer believes that it is connected; it will say something, and there may be room then.
            Count.Refused++;
            return true;
        }

        var connection = new TcpConnection(this, local, remote, segment.Acknowledgement - 1, listener);
        table.Add(connection);
        connection.OpenFromCookie(offered, Clock.Now);
        Count.CookiesAccepted++;
        connection.OnSegment(segment, bytes, Clock.Now);
        return true;
    }

    private bool TrySend(in TcpControlSegment segment)
    {
        bool isSent = control.TryAdd(segment);
        if (!isSent)
        {
            Count.ControlDropped++;
        }

        return isSent;
    }

    // Room in the table, if need be by ending the oldest connection in TIME-WAIT.
    private bool TryMakeRoom()
    {
        if (table.IsFull && firstInTimeWait is not null)
        {
            RecycleTimeWait();
        }

        return !table.IsFull;
    }

    private void RecycleTimeWait()
    {
        Count.TimeWaitRecycled++;
        firstInTimeWait!.End(SocketError.None);
    }

    private void LeaveTimeWait(TcpConnection connection)
    {
        if (!connection.IsInTimeWait)
        {
            return;
        }

        connection.IsInTimeWait = false;
        inTimeWait--;
        TcpConnection? before = connection.PreviousInTimeWait;
        TcpConnection? after = connection.NextInTimeWait;
        connection.PreviousInTimeWait = null;
        connection.NextInTimeWait = null;
        if (before is null)
        {
            firstInTimeWait = after;
        }
        else
        {
            before.NextInTimeWait = after;
        }

        if (after is null)
        {
            lastInTimeWait = before;
        }
        else
        {
            after.PreviousInTimeWait = before;
        }
    }

    // The simple hash-based choice of RFC 6056, section 3.3.3: from a secret place for this peer, the next free one. As
    // there are fewer connections than ports, one more try than connections is always enough.
    private bool TryChoosePort(Ipv4Address source, Endpoint remote, out ushort port)
    {
        uint offset = Numbers.PortOffset(source, remote);
        int tries = Math.Min(TcpNumbers.EphemeralCount, table.Count + ListenerCount + 1);
        for (int i = 0; i < tries; i++)
        {
            portsTried++;
            port = (ushort)(TcpNumbers.EphemeralFirst + ((offset + portsTried) % TcpNumbers.EphemeralCount));
            if (FindListener(port) is null && table.Find(source, port, remote.Address, remote.Port) is null)
            {
                return true;
            }
        }

        port = 0;
        return false;
    }

    private TcpConnection? FindQuoted(in IcmpError error)
    {
        const int quotedMin = 8;
        if (error.Quoted.Length < quotedMin)
        {
            return null;
        }

        ReadOnlySpan<byte> quoted = error.Quoted;
        ushort localPort = (ushort)((quoted[0] << 8) | quoted[1]);
        ushort remotePort = (ushort)((quoted[2] << 8) | quoted[3]);
        uint sequence = ((uint)quoted[4] << 24) | ((uint)quoted[5] << 16) | ((uint)quoted[6] << 8) | quoted[7];
        TcpConnection? connection = table.Find(
            error.Original.Source, localPort, error.Original.Destination, remotePort);
        return connection is not null && connection.IsInFlight(sequence) ? connection : null;
    }
}
