using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using HaukiOS.Host.Teleport;
using HaukiOS.Net.Services;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// Connections of one node with Linux in every state of RFC 9293 that a peer can bring about, all at once, held there
/// by a wire that loses everything one way. After a move each of them must end as it should.
/// </summary>
internal sealed class ConversationStates : IDisposable
{
    private const int QuotePort = 17;
    private const int Bytes = 26_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Shuttle shuttle;
    private readonly byte[] noise = new byte[Bytes];
    private readonly List<Socket> sockets = [];
    private readonly Socket closeWait;
    private readonly Socket lastAck;
    private readonly Socket finWait1;
    private readonly Socket finWait2;
    private readonly Socket closing;
    private readonly Task<Socket> synReceived;

    /// <summary>Brings the connections about. The shuttle is on a switch.</summary>
    public ConversationStates(Shuttle shuttle)
    {
        this.shuttle = shuttle;
        var (node, linux) = (shuttle.Place, MoveNetwork.LinuxPort);
        new Random(4).NextBytes(noise);
        shuttle.Console.Command($"listen {QuotePort} quote");
        using (var timeWait = Connect(QuotePort))
        {
            Assert.That(Receive(timeWait), Is.EqualTo(QuoteService.Quote));
        }

        finWait2 = Connect(QuotePort);
        Assert.That(Receive(finWait2), Is.EqualTo(QuoteService.Quote));

        // Linux does not read, so the node cannot say all that it has to say back.
        closeWait = shuttle.Network.Space.NewSocket(SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(closeWait);
        closeWait.ReceiveBufferSize = 4096;
        closeWait.Connect(IPAddress.Parse(Shuttle.NodeAddress), Shuttle.EchoPort);
        closeWait.Send(noise);
        closeWait.Shutdown(SocketShutdown.Send);
        lastAck = Connect(Shuttle.EchoPort);
        lastAck.Send(noise, 1000, SocketFlags.None);
        AwaitStates("time wait", "fin wait2", "close wait", "established");

        // Linux is sure of these two; the node is not until it hears more, and by then is not heard any more.
        var arrivals = Delivered(linux, node);
        shuttle.Network.SetFaults($"{node}>{linux} delay 500ms");
        var opening = (ConnectAsync(QuotePort), ConnectAsync(QuotePort));
        Assert.That(() => Delivered(linux, node), Is.GreaterThanOrEqualTo(arrivals + 2).After(60_000, 5));
        shuttle.Network.SetFaults($"{linux}>{node} loss 100%");
        (finWait1, closing) = (opening.Item1.GetAwaiter().GetResult(), opening.Item2.GetAwaiter().GetResult());
        sockets.AddRange(finWait1, closing);
        shuttle.Network.SetFaults($"{linux}>{node} none");
        shuttle.Network.SetFaults($"{node}>{linux} loss 100%");
        finWait1.Send([1]);
        closing.Send([1]);
        AwaitStates("fin wait1", "fin wait1");
        closing.Shutdown(SocketShutdown.Send);
        lastAck.Shutdown(SocketShutdown.Send);
        synReceived = ConnectAsync(Shuttle.EchoPort);
        AwaitStates("time wait", "fin wait2", "close wait", "fin wait1", "closing", "last ack", "syn received");
    }

    /// <summary>Every connection ends as it should, and none is broken off.</summary>
    public void AssertAllEndWell()
    {
        Assert.That(Receive(finWait1), Is.EqualTo(QuoteService.Quote), "fin wait1");
        Assert.That(Receive(closing), Is.EqualTo(QuoteService.Quote), "closing");
        Assert.That(ReceiveAll(lastAck), Is.EqualTo(noise[..1000]), "last ack");
        Assert.That(ReceiveAll(closeWait), Is.EqualTo(noise), "close wait");
        var late = synReceived.GetAwaiter().GetResult();
        sockets.Add(late);
        late.Send(noise, 1000, SocketFlags.None);
        late.Shutdown(SocketShutdown.Send);
        Assert.That(ReceiveAll(late), Is.EqualTo(noise[..1000]), "syn received");
        finWait1.Shutdown(SocketShutdown.Send);
        finWait2.Shutdown(SocketShutdown.Send);
        Assert.That(() => States().Except(["time wait"]), Is.Empty.After(60_000, 100));
    }

    /// <inheritdoc/>
    public void Dispose() => sockets.ForEach(static socket => socket.Dispose());

    private static string Receive(Socket socket) => Encoding.UTF8.GetString(ReceiveAll(socket));

    private static byte[] ReceiveAll(Socket socket)
    {
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        var all = new List<byte>();
        var bytes = new byte[4096];
        while (socket.Receive(bytes) is > 0 and var count)
        {
            all.AddRange(bytes[..count]);
        }

        return [.. all];
    }

    private Socket Connect(int port)
    {
        var socket = ConnectAsync(port).GetAwaiter().GetResult();
        sockets.Add(socket);
        return socket;
    }

    private Task<Socket> ConnectAsync(int port) => shuttle.Network.Space.ConnectAsync(
        new IPEndPoint(IPAddress.Parse(Shuttle.NodeAddress), port), Patience);

    private long Delivered(string from, string to) =>
        shuttle.Network.Switch!.Locked(fabric => fabric.WireBetween(from, to).Counters.Delivered);

    private void AwaitStates(params string[] wanted)
    {
        var states = new List<string>();
        Assert.That(
            () =>
            {
                states = [.. States()];
                return wanted.GroupBy(static state => state)
                    .All(group => states.Count(state => state == group.Key) >= group.Count());
            },
            Is.True.After(60_000, 50),
            () => $"wanted {string.Join(", ", wanted)}; there are {string.Join(", ", states)}");
    }

    // The lines are like: tcp 10.9.0.2:7 to 10.9.0.1:40000: fin wait1, 0 bytes to read, 29 on their way
    private IEnumerable<string> States() => shuttle.Console.Command("net").Split('\n')
        .Where(static line => line.Contains($" to {MoveNetwork.LinuxAddress}:", StringComparison.Ordinal))
        .Select(static line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Split(',')[0]);
}
