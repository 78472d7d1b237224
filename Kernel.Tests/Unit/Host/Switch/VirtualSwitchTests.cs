using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using HaukiOS.Host;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>The switch with its sockets: stations speak to it as QEMU does.</summary>
public sealed class VirtualSwitchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] buffer = new byte[SwitchFabric.FrameMax];
    private ScratchDirectory scratch = null!;
    private VirtualSwitch made = null!;

    /// <summary>A switch at rest.</summary>
    [SetUp]
    public void Make()
    {
        scratch = new ScratchDirectory();
        made = new VirtualSwitch();
    }

    /// <summary>Nothing broke unseen.</summary>
    [TearDown]
    public void Remove()
    {
        made.ThrowIfFailed();
        made.Dispose();
        scratch.Dispose();
    }

    /// <summary>Two machines on Unix streams, as servers and clients.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Frames_pass_between_streams(bool isUnix)
    {
        var (first, second) = (Listener("a", isUnix), Listener("b", isUnix));
        made.Start();
        using var a = Station.Connect(first.Address);
        using var b = Station.Connect(second.Address);
        AwaitPeer(second, 1);
        a.Send(Frames.Of(Frames.Everybody, 1, 41));
        Assert.That(Frames.NumberOf(b.Receive()), Is.EqualTo(41));
        b.Send(Frames.Of(1, 2, 42, 1514));
        Assert.That(a.Receive(), Is.EqualTo(Frames.Of(1, 2, 42, 1514)));
        Assert.That(made.Statistics(), Does.Contain("a>b: 1 offered, 1 delivered").And.Contain("b: in 1 frames, 1514"));
    }

    /// <summary>A machine that is switched off and on again finds its port, whoever connects to whom.</summary>
    [Test]
    public void Peers_may_go_and_come_again()
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var place = new UnixDomainSocketEndPoint(scratch.File("server"));
        var listener = Listener("a", isUnix: true);
        var client = made.Add(StreamPort.Connect("b", place));
        made.Start();

        // The port tried before anybody listened; it tries again.
        server.Bind(place);
        server.Listen(1);
        for (var round = 0; round < 3; round++)
        {
            using var a = Station.Connect(listener.Address);
            using var b = new Station(server.Accept());
            AwaitPeer(client, round + 1);
            a.Send(Frames.Of(Frames.Everybody, 1, round));
            Assert.That(Frames.NumberOf(b.Receive()), Is.EqualTo(round));
        }
    }

    /// <summary>Nonsense on a stream costs its connection, and nothing else.</summary>
    [Test]
    public void A_broken_stream_is_closed_and_the_next_one_taken()
    {
        var listener = Listener("a", isUnix: true);
        var other = made.Add(new MemoryPort("m"));
        made.Start();
        using (var broken = Station.Connect(listener.Address))
        {
            broken.SendRaw([0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]);
            Assert.That(broken.IsClosedByPeer(), Is.True);
        }

        using var a = Station.Connect(listener.Address);
        a.Send(Frames.Of(Frames.Everybody, 1, 5));
        Assert.That(other.TryReceive(buffer, out _, Patience), Is.True);
        Assert.That(Frames.NumberOf(buffer), Is.EqualTo(5));
        Assert.That(listener.Counters.Malformed, Is.EqualTo(1));
    }

    /// <summary>One frame a datagram, between Unix paths and between UDP ports; the peer may come later.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Frames_pass_between_datagram_sockets(bool isUnix)
    {
        using var station = new Socket(
            isUnix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Unspecified);
        EndPoint here = isUnix
            ? new UnixDomainSocketEndPoint(scratch.File("here"))
            : new IPEndPoint(IPAddress.Loopback, 0);
        if (!isUnix)
        {
            station.Bind(here);
            here = station.LocalEndPoint!;
        }

        var port = made.Add(new DatagramPort(
            "d",
            isUnix ? new UnixDomainSocketEndPoint(scratch.File("there")) : new IPEndPoint(IPAddress.Loopback, 0),
            here));
        var other = made.Add(new MemoryPort("m"));
        made.Start();
        if (isUnix)
        {
            station.Bind(here);
        }

        station.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        station.SendTo(Frames.Of(Frames.Everybody, 1, 8, 1514), port.Address);
        Assert.That(other.TryReceive(buffer, out var length, Patience), Is.True);
        Assert.That((length, Frames.NumberOf(buffer)), Is.EqualTo((1514, 8)));
        Assert.That(other.TrySend(Frames.Of(1, 2, 9, 1000)), Is.True);
        Assert.That((station.Receive(buffer), Frames.NumberOf(buffer)), Is.EqualTo((1000, 9)));
    }

    /// <summary>A script acts while frames pass: a partition comes and goes.</summary>
    [Test]
    public void A_script_parts_and_heals()
    {
        var (a, b) = (made.Add(new MemoryPort("a")), made.Add(new MemoryPort("b")));
        made.Play(FaultScript.Parse("0s partition a|b"));
        made.Start();
        a.TrySend(Frames.Of(2, 1, 1));
        Assert.That(b.TryReceive(buffer, out _, TimeSpan.FromMilliseconds(50)), Is.False);
        made.Play(FaultScript.Parse("100ms heal\n100ms delay 30ms"));
        Assert.That(
            () => made.Locked(static fabric => fabric.WireBetween("a", "b").IsParted), Is.False.After(20_000, 10));
        var from = Stopwatch.GetTimestamp();
        a.TrySend(Frames.Of(2, 1, 2));
        Assert.That(b.TryReceive(buffer, out _, Patience), Is.True);
        Assert.That(Frames.NumberOf(buffer), Is.EqualTo(2));
        Assert.That(Stopwatch.GetElapsedTime(from).TotalMilliseconds, Is.AtLeast(29));
    }

    /// <summary>Two stations at full speed: everything arrives in order, and faster than emulated cards.</summary>
    [Test]
    public void A_clean_wire_is_fast()
    {
        const int frames = 50_000;
        const int length = 1514;
        const int window = 256;
        var (first, second) = (Listener("a", isUnix: true), Listener("b", isUnix: true));
        made.Start();
        using var a = Station.Connect(first.Address);
        using var b = Station.Connect(second.Address);
        AwaitPeer(first, 1);
        b.Send(Frames.Of(Frames.Everybody, 2, 0));
        a.Receive();
        var from = Environment.CpuUsage.TotalTime;

        // The receiver tells now and then how far it is, as TCP does: a switch drops what runs ahead of everybody.
        var sender = Task.Run(() =>
        {
            var frame = Frames.Of(2, 1, 0, length);
            for (var i = 0; i < frames; i++)
            {
                if (i >= 2 * window && i % window == 0)
                {
                    a.Receive();
                }

                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(14), i);
                a.Send(frame, isLast: i % 32 == 31);
            }

            a.Flush();
        });
        var wrong = 0;
        for (var i = 0; i < frames; i++)
        {
            wrong += Frames.NumberOf(b.Receive()) == i ? 0 : 1;
            if (i % window == window - 1)
            {
                b.Send(Frames.Of(1, 2, i));
            }
        }

        sender.GetAwaiter().GetResult();
        var seconds = (Environment.CpuUsage.TotalTime - from).TotalSeconds;
        var megabits = frames * length * 8.0 / 1e6 / seconds;
        TestContext.Out.WriteLine($"{megabits:0} Mbit, {frames / seconds:0} frames in a second of a processor");
        Assert.That(wrong, Is.Zero);
        Assert.That(megabits, Is.GreaterThan(100), "Mbit; a thousand are usual");
    }

    /// <summary>The words of a command line become ports, or an error that shows the right words.</summary>
    [TestCase("nothing")]
    [TestCase("=listen:unix:x")]
    [TestCase("a b=listen:unix:x")]
    [TestCase("a=listen:unix:")]
    [TestCase("a=listen:tcp:nowhere")]
    [TestCase("a=dgram:unix:onlyone")]
    [TestCase("a=listen:udp:127.0.0.1:1")]
    [TestCase("a=tap:a_name_that_is_too_long")]
    public void A_wrong_port_is_explained(string text) => Assert.That(
        () => PortSpecification.Open(text),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("is no"));

    /// <summary>The words of a command line become ports.</summary>
    [Test]
    public void Ports_are_made_from_words()
    {
        made.Add(PortSpecification.Open($"a=listen:unix:{scratch.File("a")}"));
        made.Add(PortSpecification.Open("b=listen:tcp:127.0.0.1:0"));
        made.Add(PortSpecification.Open($"c=connect:unix:{scratch.File("a")}"));
        made.Add(PortSpecification.Open($"d=dgram:unix:{scratch.File("d")},{scratch.File("e")}"));
        made.Add(PortSpecification.Open("f=dgram:udp:127.0.0.1:0,127.0.0.1:9"));
        Assert.That(File.Exists(scratch.File("a")) && File.Exists(scratch.File("d")));
        Assert.That(() => made.Add(new MemoryPort("a")), Throws.TypeOf<UserErrorException>());
    }

    // What is sent to a port before its peer is there is lost, as on a wire.
    private void AwaitPeer(SwitchPort port, int connections) => Assert.That(
        () => made.Locked(_ => port.Counters.Connections), Is.EqualTo(connections).After(10_000, 5));

    private StreamPort Listener(string name, bool isUnix) => made.Add(StreamPort.Listen(
        name,
        isUnix ? new UnixDomainSocketEndPoint(scratch.File(name)) : new IPEndPoint(IPAddress.Loopback, 0)));

    // One end of a stream as QEMU holds it.
    private sealed class Station(Socket socket) : IDisposable
    {
        private readonly BufferedStream output = new(new NetworkStream(socket), 1 << 16);
        private readonly BufferedStream input = new(
            new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)Patience.TotalMilliseconds }, 1 << 16);
        private readonly byte[] prefix = new byte[4];
        private readonly byte[] sendPrefix = new byte[4];

        public static Station Connect(EndPoint address)
        {
            var isUnix = address is UnixDomainSocketEndPoint;
            var socket = new Socket(
                address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            socket.Connect(address);
            return new Station(socket);
        }

        public void Send(byte[] frame, bool isLast = true)
        {
            BinaryPrimitives.WriteInt32BigEndian(sendPrefix, frame.Length);
            output.Write(sendPrefix);
            output.Write(frame);
            if (isLast)
            {
                output.Flush();
            }
        }

        public void Flush() => output.Flush();

        public void SendRaw(byte[] bytes) => socket.Send(bytes);

        public byte[] Receive()
        {
            input.ReadExactly(prefix);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            input.ReadExactly(frame);
            return frame;
        }

        public bool IsClosedByPeer()
        {
            try
            {
                return input.ReadByte() < 0;
            }
            catch (IOException)
            {
                return true;
            }
        }

        public void Dispose()
        {
            output.Dispose();
            input.Dispose();
        }
    }
}
