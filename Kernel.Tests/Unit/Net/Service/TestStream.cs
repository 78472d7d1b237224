using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>One end of a TCP connection in a test's hand: says what it is given, and keeps what it hears.</summary>
internal sealed class TestStream : ISocketOwner
{
    private readonly NetworkNode node;
    private readonly List<byte> unsaid = [];
    private bool ends;

    public TestStream(NetworkNode node, TcpConnection connection)
    {
        this.node = node;
        Connection = connection;
        connection.Owner = this;
        OnSocketReady(connection, node.Now);
    }

    public TcpConnection Connection { get; }

    public List<byte> Heard { get; } = [];

    /// <summary>Bytes dropped instead of heard, for those who count only.</summary>
    public long Dropped { get; private set; }

    public bool KeepsWhatItHears { get; set; } = true;

    public bool Reads { get; set; } = true;

    /// <summary>Has the peer closed, or broken off?</summary>
    public bool IsOver => Connection.IsReceiveClosed || Connection.State == TcpState.Closed;

    public static TestStream Connect(NetworkNode node, Endpoint remote)
    {
        TcpConnection? connection = node.Stack.Tcp.Connect(remote, node.Now, out SocketError error);
        Assert.That(error, Is.EqualTo(SocketError.None));
        node.Service.Kick();
        return new TestStream(node, connection!);
    }

    public void Say(ReadOnlySpan<byte> bytes, bool ends = false)
    {
        unsaid.AddRange(bytes);
        this.ends |= ends;
        OnSocketReady(Connection, node.Now);
    }

    public void OnSocketReady(NetSocket socket, Instant now)
    {
        while (Reads && Connection.Peek().Length is > 0 and int length)
        {
            if (KeepsWhatItHears)
            {
                Heard.AddRange(Connection.Peek());
            }
            else
            {
                Dropped += length;
            }

            Connection.Consume(length, now);
        }

        if (Connection.State is TcpState.SynSent or TcpState.SynReceived or TcpState.Closed)
        {
            return;
        }

        int taken = Connection.Send(unsaid.ToArray(), now);
        unsaid.RemoveRange(0, taken);
        if (unsaid.Count == 0 && ends)
        {
            ends = false;
            Connection.Shutdown(now);
        }

        node.Service.Kick();
    }
}
