using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>An endless conversation: a message there, the same length back, a tenth of a second of silence.</summary>
internal sealed class HonestEcho : ISocketOwner, IHostTimer
{
    private const int MessageLength = 3000;

    private readonly NetLab lab;
    private readonly SimulatedHost caller;
    private readonly Server server;
    private readonly TcpConnection connection;
    private readonly byte[] buffer = new byte[MessageLength];
    private long sent;
    private long received;
    private long target;
    private bool waits;

    public HonestEcho(NetLab lab, SimulatedHost caller, SimulatedHost callee, ushort port = 6000)
    {
        this.lab = lab;
        this.caller = caller;
        PeerPort = port;
        TcpListener listener = callee.Stack.Tcp.Listen(port, 4, out _)!;
        server = new Server(lab);
        listener.Owner = server;
        connection = caller.Stack.Tcp.Connect(new Endpoint(callee.Ip, port), lab.Time.Now, out _)!;
        connection.Owner = this;
        caller.Pump();
        lab.Require(lab.RunUntil(() => Rounds > 0, 10 * NetLab.Second), "no honest conversation begins");
    }

    public int Rounds => (int)(received / MessageLength);

    public ushort Port => connection.Local.Port;

    public ushort PeerPort { get; }

    /// <summary>No more rounds after the present one.</summary>
    public bool IsStopped { get; set; }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        lab.Require(connection.Error == SocketError.None, $"an honest conversation was broken: {this}");
        while (connection.Receive(buffer, now) is > 0 and int got)
        {
            lab.Require(
                Pattern.Mismatch(2, received, buffer.AsSpan(0, got)) < 0, $"an honest stream was changed: {this}");
            received += got;
        }

        lab.Require(!connection.IsReceiveClosed, $"an honest conversation was ended: {this}");
        if (received == sent && !waits && !IsStopped && connection.State == TcpState.Established)
        {
            waits = true;
            caller.Schedule(this, 10 * NetLab.Millisecond);
        }

        Push(now);
    }

    /// <inheritdoc/>
    public void OnTimer(Instant now)
    {
        waits = false;
        target += MessageLength;
        Push(now);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{connection.Local} {connection.State} {connection.Error}: sent {sent}, back {received}; {server}";

    private void Push(Instant now)
    {
        while (sent < target)
        {
            int taken = connection.Send(Pattern.At(1, sent, (int)(target - sent)), now);
            if (taken == 0)
            {
                return;
            }

            sent += taken;
        }
    }

    private sealed class Server(NetLab lab) : ISocketOwner
    {
        private readonly byte[] buffer = new byte[MessageLength];
        private TcpConnection? connection;
        private long received;
        private long answered;

        public void OnSocketReady(NetSocket socket, Instant now)
        {
            if (socket is TcpListener listener)
            {
                while (listener.Accept() is { } one)
                {
                    one.Owner = this;
                    if (connection is null)
                    {
                        connection = one;
                    }
                    else
                    {
                        one.Abort(now);
                    }
                }
            }

            if (connection is not null)
            {
                Answer(connection, now);
            }
        }

        public override string ToString() =>
            $"server {connection?.State} {connection?.Error}: received {received}, answered {answered}";

        private void Answer(TcpConnection one, Instant now)
        {
            while (one.Receive(buffer, now) is > 0 and int got)
            {
                lab.Require(
                    Pattern.Mismatch(1, received, buffer.AsSpan(0, got)) < 0, $"an honest stream was changed: {this}");
                received += got;
            }

            while (answered < received)
            {
                int taken = one.Send(Pattern.At(2, answered, (int)(received - answered)), now);
                if (taken == 0)
                {
                    return;
                }

                answered += taken;
            }
        }
    }
}
