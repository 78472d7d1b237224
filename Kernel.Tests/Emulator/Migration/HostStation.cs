using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;
using HaukiOS.Hardware;
using HaukiOS.Host.Switch;
using HaukiOS.Net;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// The test itself as a station on a switch: our own stack on a port in memory, with a thread that lives in real time.
/// It holds a conversation with a node, and says over channels of its own what no HaukiOS would say.
/// </summary>
internal sealed class HostStation : ISocketOwner, IDisposable
{
    /// <summary>Its address.</summary>
    public const string Address = "10.9.0.200";

    private const int TurnMilliseconds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly System.Threading.Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly MemoryPort port;
    private readonly NetworkStack stack;
    private readonly Thread thread;
    private readonly List<ChannelLine> lines = [];
    private Func<TcpConnection, ChannelLine>? answerer;
    private TcpListener? listener;
    private Exception? failure;
    private volatile bool isOver;

    /// <summary>A station at a port.</summary>
    public HostStation(MemoryPort port)
    {
        this.port = port;
        Assert.That(Ipv4Address.TryParse(Address, out Ipv4Address address));
        stack = new NetworkStack(
            new MacAddress(0x0200_0000_0200u), RandomNumberGenerator.GetBytes(NetworkStack.SecretLength));
        stack.Configure(new InterfaceConfiguration(address, 24, Ipv4Address.Any), Now, probe: false);
        thread = new Thread(Run) { IsBackground = true, Name = "station" };
        thread.Start();
    }

    private Instant Now => new((long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);

    /// <summary>Opens a connection; it need not stand yet.</summary>
    public TcpConnection Connect(string address, ushort to) => Do(now =>
    {
        Assert.That(Ipv4Address.TryParse(address, out Ipv4Address remote));
        return stack.Tcp.Connect(new Endpoint(remote, to), now, out SocketError error)
            ?? throw new InvalidOperationException(error.Sentence());
    });

    /// <summary>Says something on a connection to an echo, and hears just that.</summary>
    public void Converse(TcpConnection connection, int bytes)
    {
        byte[] said = RandomNumberGenerator.GetBytes(bytes);
        byte[] heard = new byte[bytes];
        int sent = 0, received = 0;
        Await("the echo", now =>
        {
            Assert.That(connection.Error, Is.EqualTo(SocketError.None));
            sent += connection.Send(said.AsSpan(sent), now);
            received += connection.Receive(heard.AsSpan(received), now);
            return received == bytes;
        });
        Assert.That(heard, Is.EqualTo(said));
    }

    /// <summary>Carries a channel on, from now to its end.</summary>
    /// <returns>The line.</returns>
    public T Speak<T>(string address, ushort to, Func<TcpConnection, T> speaker)
        where T : ChannelLine
    {
        TcpConnection connection = Connect(address, to);
        T line = Do(_ =>
        {
            T made = speaker(connection);
            lines.Add(made);
            return made;
        });
        Await("the end of a channel", _ => line.IsOver);
        return line;
    }

    /// <summary>Whoever connects to a port is answered by lines of this kind from now on.</summary>
    public void Listen(ushort at, Func<TcpConnection, ChannelLine> answer) => Do(_ =>
    {
        answerer = answer;
        listener ??= stack.Tcp.Listen(at, 4, out SocketError _);
        listener!.Owner = this;
        return true;
    });

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        while (listener!.Accept() is TcpConnection connection)
        {
            lines.Add(answerer!(connection));
        }
    }

    /// <summary>Waits until something holds, which is looked at while the station rests.</summary>
    public void Await(string what, Func<Instant, bool> holds)
    {
        long from = Stopwatch.GetTimestamp();
        while (!Do(holds))
        {
            Assert.That(Stopwatch.GetElapsedTime(from), Is.LessThan(Patience), what);
            Thread.Sleep(1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        thread.Join();
        lines.ForEach(static line => line.Dispose());
    }

    private T Do<T>(Func<Instant, T> act)
    {
        lock (gate)
        {
            if (failure is not null)
            {
                throw new InvalidOperationException("the station has failed", failure);
            }

            return act(Now);
        }
    }

    private void Run()
    {
        byte[] frame = new byte[INetworkDevice.FrameMax];
        byte[] coming = new byte[SwitchFabric.FrameMax];
        try
        {
            while (!isOver)
            {
                bool isOne = port.TryReceive(coming, out int length, TimeSpan.FromMilliseconds(TurnMilliseconds));
                lock (gate)
                {
                    for (; isOne; isOne = port.TryReceive(coming, out length))
                    {
                        stack.OnFrame(coming.AsSpan(0, length), Now);
                    }

                    Turn(frame);
                }
            }
        }
        catch (Exception problem)
        {
            failure = problem;
        }
    }

    private void Turn(byte[] frame)
    {
        Instant now = Now;
        if (stack.TryGetNextDue(out Instant due) && due <= now)
        {
            stack.Advance(now);
        }

        while (stack.Ready.Take() is NetSocket socket)
        {
            socket.Owner?.OnSocketReady(socket, now);
        }

        foreach (ChannelLine line in lines)
        {
            if (!line.IsOver)
            {
                line.Step(now);
            }
        }

        for (int length = stack.Transmit(frame, now); length > 0; length = stack.Transmit(frame, now))
        {
            port.TrySend(frame.AsSpan(0, length));
        }
    }
}
