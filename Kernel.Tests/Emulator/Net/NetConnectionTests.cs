using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;
using static System.FormattableString;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>Connections between the node and sockets of real Linux, in all the ways they begin and end.</summary>
[TestFixture(NetworkCard.Rtl8139)]
[TestFixture(NetworkCard.Ne2000Pci)]
[TestFixture(NetworkCard.Ne2000Isa)]
public sealed class NetConnectionTests(string card) : NetFixture(card)
{
    private const int Mebibyte = 1 << 20;

    /// <summary>A thousand connections, one after the other, each with its exchange.</summary>
    [Test]
    public void Serves_a_thousand_connections_in_turn()
    {
        var from = Stopwatch.GetTimestamp();
        var bytes = Noise(100, seed: 1);
        for (var i = 0; i < 1000; i++)
        {
            using var socket = Lab.Connect(EchoPort, Patience);
            BitConverter.TryWriteBytes(bytes, i);
            socket.Send(bytes);
            Assert.That(Receive(socket, bytes.Length), Is.EqualTo(bytes), $"connection {i}");
        }

        TestContext.Out.WriteLine($"{Stopwatch.GetElapsedTime(from).TotalSeconds:0.0} s");
        AwaitNoConnections();
    }

    /// <summary>
    /// Two hundred connections at once, all of them open before the first one ends; and again and again, which costs
    /// the node no more memory than the first time.
    /// </summary>
    [Test]
    public async Task Serves_two_hundred_connections_at_once_and_keeps_nothing()
    {
        // As fast as a wire of the cards' time: an emulated ring else gets two hundred frames in one instant.
        Lab.SetFaults("rate 100Mbit");
        var live = new double[4];
        for (var round = 0; round < live.Length; round++)
        {
            await ServeManyAsync();
            live[round] = Lab.ReadMemory().LiveKibibytes;
        }

        TestContext.Out.WriteLine($"KiB alive after each round: {string.Join(", ", live)}");
        Assert.That(live.Max(), Is.LessThan(live[0] + 1024), "KiB alive");
    }

    /// <summary>Linux ends what it says; what the node says goes on until it is all said.</summary>
    [Test]
    public void A_half_closed_connection_goes_on_the_other_way()
    {
        var bytes = Noise(100_000, seed: 5);
        using var socket = Lab.Connect(EchoPort, Patience);
        var sending = Task.Run(() =>
        {
            socket.Send(bytes);
            socket.Shutdown(SocketShutdown.Send);
        });
        Assert.That(Receive(socket, bytes.Length), Is.EqualTo(bytes));
        Assert.That(Receive(socket, 1), Is.Empty, "and then the node ends, too");
        sending.GetAwaiter().GetResult();
        AwaitNoConnections();
    }

    /// <summary>The node ends what it says, and hears Linux to its end.</summary>
    [Test]
    public void The_node_may_half_close_too()
    {
        using var listener = Lab.Listen(4000);
        Lab.Machine.Serial.Send($"connect {NodeOnSwitch.LinuxAddress} 4000\r");
        using var socket = listener.Accept();
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        Lab.Machine.Serial.Expect("connected to ", Patience);
        Lab.Machine.Serial.Send("good day\r");
        Assert.That(Encoding.UTF8.GetString(Receive(socket, 9)), Is.EqualTo("good day\n"));
        Lab.Machine.Serial.Send("\u0004");
        Assert.That(Receive(socket, 1), Is.Empty, "the node has ended what it says");
        socket.Send("still here\n"u8);
        Lab.Machine.Serial.Expect("still here", Patience);
        socket.Shutdown(SocketShutdown.Send);
        Lab.Console.ReadUntilPrompt(Patience);
        AwaitNoConnections();
    }

    /// <summary>Both ends close while the other's word is under way (RFC 9293, section 3.6, case 3).</summary>
    [Test]
    public void Both_may_close_at_once()
    {
        using var listener = Lab.Listen(4001);
        Lab.Machine.Serial.Send($"connect {NodeOnSwitch.LinuxAddress} 4001\r");
        using var socket = listener.Accept();
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        Lab.Machine.Serial.Expect("connected to ", Patience);

        // A wire so slow that neither FIN arrives before the other has left.
        Lab.SetFaults("delay 500ms");
        Lab.Machine.Serial.Send("\u0004");
        socket.Shutdown(SocketShutdown.Send);
        Assert.That(Receive(socket, 1), Is.Empty);
        Lab.Console.ReadUntilPrompt(Patience);
        Lab.SetFaults("none");
        AssertEchoes();
    }

    /// <summary>A connection that Linux breaks off is gone at once, and so is one that the node breaks off.</summary>
    [Test]
    public void A_reset_ends_a_connection_at_once()
    {
        AwaitNoConnections();
        using (var socket = Lab.Connect(EchoPort, Patience))
        {
            socket.Send(Noise(1000, seed: 1));
            Assert.That(Connections(), Has.Length.EqualTo(1));
            socket.LingerState = new LingerOption(true, 0);
        }

        AwaitNoConnections();
        using var other = Lab.Connect(DiscardPort, Patience);
        other.Send([1]);
        Lab.Console.Command($"unlisten {DiscardPort}");
        Assert.That(() => Receive(other, 1), Throws.TypeOf<SocketException>()
            .With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
        Lab.Console.Command($"listen {DiscardPort} discard");
    }

    /// <summary>Nobody listens there: Linux is told at once.</summary>
    [Test]
    public void A_connection_to_nobody_is_refused() => Assert.That(
        () => Lab.Connect(4444, Patience),
        Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));

    /// <summary>
    /// A peer that does not read closes its window, and the node's behind it; when it reads again, slowly, every
    /// byte arrives.
    /// </summary>
    [Test]
    public void A_slow_reader_gets_every_byte()
    {
        const int bytes = 2 * Mebibyte;
        var noise = Noise(bytes, seed: 8);
        using var socket = Lab.Connect(EchoPort, Patience);
        socket.ReceiveBufferSize = 8192;
        var sent = 0;
        var sender = Task.Run(() =>
        {
            for (var at = 0; at < bytes; at += 16_384)
            {
                socket.Send(noise, at, Math.Min(16_384, bytes - at), SocketFlags.None);
                Volatile.Write(ref sent, at);
            }

            socket.Shutdown(SocketShutdown.Send);
        });

        // Until both windows are closed nothing else moves; the sender stands still then.
        var before = -1;
        while (before != Volatile.Read(ref sent))
        {
            before = Volatile.Read(ref sent);
            Thread.Sleep(1500);
        }

        Assert.That(before, Is.LessThan(bytes - 16_384), "the node must not take what it cannot pass on");
        Assert.That(Receive(socket, bytes), Is.EqualTo(noise));
        sender.GetAwaiter().GetResult();
    }

    /// <summary>Megabytes each way over a clean wire, with checksums on both sides.</summary>
    [Test]
    public void A_large_transfer_arrives_whole_each_way()
    {
        AssertTransferToNode(8 * Mebibyte);
        AssertTransferFromNode(8 * Mebibyte);
    }

    /// <summary>Five in a hundred frames lost each way, and others out of order: every byte arrives once.</summary>
    [Test]
    public void A_large_transfer_survives_loss_and_reordering()
    {
        Lab.SetFaults("loss 5% reorder 5% 3ms duplicate 1%");
        AssertTransferToNode(4 * Mebibyte);
        AssertTransferFromNode(4 * Mebibyte);
    }

    /// <summary>Turned bits are found by checksums, on both sides.</summary>
    [Test]
    public void A_large_transfer_survives_corruption()
    {
        Lab.SetFaults("corrupt 5%");
        AssertTransferToNode(Mebibyte / 2);
        AssertTransferFromNode(Mebibyte / 2);
    }

    /// <summary>The wire is cut for a while in the middle of a transfer.</summary>
    [Test]
    public void A_transfer_outlives_a_cut_of_the_wire()
    {
        Lab.Switch.Play(HaukiOS.Host.Switch.FaultScript.Parse(
            "0s rate 8Mbit queue 60\n300ms partition node|linux\n1500ms heal\n2s none"));
        AssertTransferToNode(Mebibyte);
    }

    private async Task ServeManyAsync()
    {
        const int count = 200;
        var sockets = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => Lab.ConnectAsync(EchoPort, Patience)));
        try
        {
            var exchanges = sockets.Select((socket, i) => ExchangeAsync(socket, Noise(5_000, seed: i)));
            Assert.That(await Task.WhenAll(exchanges), Is.All.True);
        }
        finally
        {
            Array.ForEach(sockets, static socket => socket.Dispose());
        }

        AwaitNoConnections();
    }

    private static async Task<bool> ExchangeAsync(Socket socket, byte[] bytes)
    {
        var sending = socket.SendAsync(bytes);
        var back = new byte[bytes.Length];
        var got = 0;
        while (got < back.Length)
        {
            var more = await socket.ReceiveAsync(back.AsMemory(got)).AsTask().WaitAsync(Patience);
            if (more == 0)
            {
                return false;
            }

            got += more;
        }

        await sending;
        socket.Shutdown(SocketShutdown.Send);
        return back.AsSpan().SequenceEqual(bytes)
            && await socket.ReceiveAsync(new byte[1].AsMemory()).AsTask().WaitAsync(Patience) == 0;
    }

    private void AssertTransferToNode(int count)
    {
        var from = Stopwatch.GetTimestamp();
        var bytes = Noise(count, seed: count);
        using var socket = Lab.Connect(DigestPort, Patience);
        socket.Send(bytes);
        socket.Shutdown(SocketShutdown.Send);
        var said = Encoding.UTF8.GetString(Receive(socket, 200)).TrimEnd();
        Report("to the node", count, from);
        Assert.That(said, Is.EqualTo($"{Convert.ToHexStringLower(SHA256.HashData(bytes))} {count}"));
    }

    // The node's source says N modulo 251 for byte number N.
    private void AssertTransferFromNode(int count)
    {
        var from = Stopwatch.GetTimestamp();
        using var listener = Lab.Listen(4100);
        Lab.Machine.Serial.Send($"connect {NodeOnSwitch.LinuxAddress} 4100 source {count}\r");
        using var socket = listener.Accept();
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        var bytes = Receive(socket, count + 1);
        Report("from the node", count, from);
        socket.Dispose();
        var said = Lab.Console.ReadUntilPrompt(Patience);
        var expected = new byte[count];
        for (var i = 0; i < count; i++)
        {
            expected[i] = (byte)(i % 251);
        }

        Assert.That(bytes.Length, Is.EqualTo(count));
        Assert.That(SHA256.HashData(bytes), Is.EqualTo(SHA256.HashData(expected)));
        Assert.That(said, Does.Contain($"{count} bytes in "));
    }

    private static void Report(string what, int count, long from)
    {
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var megabits = count * 8e-6 / seconds;
        TestContext.Out.WriteLine(Invariant($"{what}: {count} bytes in {seconds:0.00} s, {megabits:0.0} Mbit/s"));
    }
}
