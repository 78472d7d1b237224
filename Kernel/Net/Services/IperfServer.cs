using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>
/// A server for the TCP tests of iperf3's client: one test at a time, either direction or both, several data
/// connections. Every connection begins with a cookie of 37 bytes; the first one with a new cookie is the control
/// connection, those that show the same cookie later are the data connections.
/// </summary>
public sealed class IperfServer : NetService
{
    /// <summary>The port that iperf3 uses when nothing else is said.</summary>
    public const ushort StandardPort = 5201;

    /// <summary>Connections that have not shown their cookie yet; further ones are broken off.</summary>
    public const int StrangerMax = 64;

    private const int StrangerMilliseconds = 5_000;

    private readonly IperfStranger?[] strangers = new IperfStranger[StrangerMax];
    private int strangerCount;
    private IperfTest? test;
    private string? lastOutcome;

    /// <inheritdoc/>
    public override string Name => "iperf3";

    /// <inheritdoc/>
    public override int ConnectionCount => strangerCount + (test is null ? 0 : 1 + test.StreamCount);

    /// <summary>Tests that were brought to their end.</summary>
    public int TestsDone { get; private set; }

    /// <inheritdoc/>
    public override string? Describe() =>
        test is not null ? "a test is running" : lastOutcome ?? "no test yet";

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        foreach (IperfStranger? stranger in strangers)
        {
            if (stranger is not null && stranger.Deadline <= now)
            {
                Dismiss(stranger);
                stranger.Connection.Abort(now);
            }
        }

        test?.OnBeat(now);
    }

    /// <summary>A connection has shown its cookie.</summary>
    internal void OnCookie(IperfStranger stranger, Instant now)
    {
        Dismiss(stranger);
        TcpConnection connection = stranger.Connection;
        if (test is null)
        {
            test = new IperfTest(this, connection, stranger.Cookie, now);
        }
        else if (!test.TryAddStream(connection, stranger.Cookie, now))
        {
            connection.Send([(byte)IperfState.AccessDenied], now);
            connection.Close(now);
        }
    }

    /// <summary>A connection went away before it had shown its cookie.</summary>
    internal void OnStrangerGone(IperfStranger stranger, Instant now)
    {
        Dismiss(stranger);
        stranger.Connection.Close(now);
    }

    /// <summary>The test is over; the next one may come.</summary>
    internal void OnTestEnded(string outcome, bool complete)
    {
        test = null;
        lastOutcome = outcome;
        TestsDone += complete ? 1 : 0;
    }

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        int place = strangerCount < StrangerMax ? Array.IndexOf(strangers, null) : -1;
        if (place < 0)
        {
            connection.Abort(now);
            return;
        }

        var stranger = new IperfStranger(this, connection, place, now.AddMilliseconds(StrangerMilliseconds));
        strangers[place] = stranger;
        strangerCount++;
        connection.Owner = stranger;
        stranger.OnSocketReady(connection, now);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        foreach (IperfStranger? stranger in strangers)
        {
            stranger?.Connection.Abort(now);
        }

        Array.Clear(strangers);
        strangerCount = 0;
        test?.Drop(now);
    }

    private void Dismiss(IperfStranger stranger)
    {
        stranger.Connection.Owner = null;
        strangers[stranger.Place] = null;
        strangerCount--;
    }
}

/// <summary>A connection to the iperf3 server that has not shown its cookie yet.</summary>
internal sealed class IperfStranger(IperfServer server, TcpConnection connection, int place, Instant deadline)
    : ISocketOwner
{
    /// <summary>36 characters and a NUL.</summary>
    public const int CookieLength = 37;

    private readonly byte[] cookie = new byte[CookieLength];
    private int have;

    public TcpConnection Connection { get; } = connection;

    public int Place { get; } = place;

    public Instant Deadline { get; } = deadline;

    public ReadOnlySpan<byte> Cookie => cookie;

    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (Connection.Owner != this)
        {
            return;
        }

        have += Connection.Receive(cookie.AsSpan(have), now);
        if (have == CookieLength)
        {
            server.OnCookie(this, now);
        }
        else if (Connection.IsReceiveClosed || Connection.State == TcpState.Closed)
        {
            server.OnStrangerGone(this, now);
        }
    }
}
