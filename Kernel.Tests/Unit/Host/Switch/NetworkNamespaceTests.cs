using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using HaukiOS.Host.Network;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>Networks of real Linux that are made and thrown away, and the switch's tap into them. Needs root.</summary>
public sealed class NetworkNamespaceTests
{
    private const int Length = 60;

    /// <summary>Without the means there is nothing to test; the message says what is missing.</summary>
    [SetUp]
    public void RequireRoot()
    {
        if (NetworkNamespace.WhyNot() is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    /// <summary>Sockets and programs in it see its addresses alone, and nothing of it is left.</summary>
    [Test]
    public void A_network_of_its_own_comes_and_goes()
    {
        string name;
        using (var space = new NetworkNamespace())
        {
            name = space.Name;
            space.AddBridge("br0", "10.9.0.1/24");
            space.AddTap("br0");
            Assert.That(space.Run("ip", "-br", "addr"), Does.Contain("10.9.0.1/24").And.Contain("tap0"));
            using var listener = space.NewSocket(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.1"), 0));
            listener.Listen(1);
            using var client = space.NewSocket(SocketType.Stream, ProtocolType.Tcp);
            client.Connect(listener.LocalEndPoint!);
            using var outside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.That(() => outside.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.1"), 0)),
                Throws.TypeOf<SocketException>());
            Assert.That(File.Exists("/run/netns/" + name));
        }

        Assert.That(File.Exists("/run/netns/" + name), Is.False);
    }

    /// <summary>Linux asks for an address by ARP through the tap, and a station on the switch answers.</summary>
    [Test]
    public void Linux_hears_a_station_on_the_switch()
    {
        if (MissingTool.Sentence("arping") is { } missing)
        {
            Assert.Ignore(missing);
        }

        using var space = new NetworkNamespace();
        using var made = new VirtualSwitch();
        made.Add(new TapPort("linux", "hktap", space.Name));
        var station = made.Add(new MemoryPort("m"));
        space.AddAddress("hktap", "10.9.0.1/24");
        made.Start();
        var answering = Task.Run(() => AnswerArp(station));
        var (code, output, errors) = space.Try("arping", "-c", "3", "-W", "0.2", "-i", "hktap", "10.9.0.77");
        Assert.That((code, output), Is.EqualTo((0, output)), output + errors);
        Assert.That(output, Does.Contain("52:54:00:00:00:4d"));
        Assert.That(answering.GetAwaiter().GetResult(), Is.True);
    }

    // RFC 826: the request comes back with its halves exchanged.
    private static bool AnswerArp(MemoryPort station)
    {
        var frame = new byte[SwitchFabric.FrameMax];
        byte[] me = [0x52, 0x54, 0, 0, 0, 0x4D];
        for (var answers = 0; answers < 3;)
        {
            if (!station.TryReceive(frame, out _, TimeSpan.FromSeconds(60)))
            {
                return false;
            }

            if (frame[12] != 8 || frame[13] != 6 || frame[21] != 1)
            {
                continue;
            }

            var asked = frame.AsSpan(38, 4).ToArray();
            frame.AsSpan(6, 6).CopyTo(frame);
            me.CopyTo(frame, 6);
            frame[21] = 2;
            frame.AsSpan(22, 10).CopyTo(frame.AsSpan(32));
            me.CopyTo(frame, 22);
            asked.CopyTo(frame, 28);
            station.TrySend(frame.AsSpan(0, Length));
            answers++;
        }

        return true;
    }
}
