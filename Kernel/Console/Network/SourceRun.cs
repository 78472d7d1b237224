using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Console.Network;

/// <summary>
/// <c>connect ADDRESS PORT source BYTES</c>: sends so many bytes as fast as the peer takes them, byte number N being
/// N modulo 251, and tells how long it took until the peer had acknowledged all of them and closed.
/// </summary>
internal sealed class SourceRun : RunningCommand, ISocketOwner
{
    private const int Period = 251; // a prime: no power of two hides a block that was lost or doubled
    private const int PatternLength = Period * 256;
    private const int ProgressMilliseconds = 500;

    private readonly NetworkService network;
    private readonly TcpConnection connection;
    private readonly byte[] pattern = new byte[PatternLength];
    private readonly long wanted;
    private long sent;
    private bool started;
    private bool closed;
    private bool cancelled;
    private Instant begin;
    private Instant end;
    private Instant nextProgress;

    /// <summary>Sends over a connection that is being opened.</summary>
    public SourceRun(ConsoleContext context, NetworkService network, TcpConnection connection, long wanted)
        : base(context)
    {
        this.network = network;
        this.connection = connection;
        this.wanted = wanted;
        for (int i = 0; i < PatternLength; i++)
        {
            pattern[i] = (byte)(i % Period);
        }

        connection.Owner = this;
    }

    public override bool IsHurried => false;

    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (!started && connection.State is TcpState.Established or TcpState.CloseWait)
        {
            started = true;
            begin = now;
        }

        Drop(now);
        if (started && !closed)
        {
            Fill(now);
        }

        bool isOver = connection.Error != SocketError.None || connection.IsReceiveClosed;
        if (isOver || (closed && connection.SendPending == 0))
        {
            end = end == Instant.PowerOn ? now : end;
            Context.Wake();
        }
    }

    public override bool Step(Instant now)
    {
        if (cancelled)
        {
            connection.Abort(now);
            return Finish("interrupted", now);
        }

        if (connection.Error != SocketError.None)
        {
            return Finish(connection.Error.Sentence(), now);
        }

        if (closed && connection.SendPending == 0)
        {
            return Finish(null, now);
        }

        if (connection.IsReceiveClosed && !closed && connection.State == TcpState.Closed)
        {
            return Finish("the peer closed", now);
        }

        if (now >= nextProgress)
        {
            nextProgress = now.AddMilliseconds(ProgressMilliseconds);
            Context.Output.Progress($"{sent} of {wanted} bytes");
        }

        return false;
    }

    public override void Cancel() => cancelled = true;

    private void Fill(Instant now)
    {
        while (sent < wanted)
        {
            int start = (int)(sent % Period);
            int length = (int)Math.Min(wanted - sent, PatternLength - start);
            int taken = connection.Send(pattern.AsSpan(start, length), now);
            sent += taken;
            if (taken < length)
            {
                return;
            }
        }

        closed = true;
        connection.Shutdown(now);
    }

    // The peer may say what it likes.
    private void Drop(Instant now)
    {
        while (connection.Peek().Length is > 0 and int length)
        {
            connection.Consume(length, now);
        }
    }

    private bool Finish(string? problem, Instant now)
    {
        connection.Owner = null;
        long acknowledged = connection.Statistics.BytesAcknowledged;
        connection.Close(now);
        network.Kick();
        Context.Output.EndProgress();
        long milliseconds = Math.Max(1, ((end == Instant.PowerOn ? now : end) - begin) / 1_000_000);
        long kilobits = acknowledged * 8 / milliseconds;
        Context.Output.WriteLine(problem is null
            ? $"{sent} bytes in {milliseconds} ms, {kilobits / 1000}.{kilobits / 100 % 10} Mbit/s"
            : $"connect: {problem}, after {Math.Min(sent, acknowledged)} of {wanted} bytes");
        return true;
    }
}
