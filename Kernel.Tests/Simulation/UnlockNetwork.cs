using System;
using System.Collections.Generic;
using System.IO;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Console;
using HaukiOS.Tests.Unit.Net.Service;
using HaukiOS.Host.Unlock;
using SocketCode = System.Net.Sockets.SocketError;
using SocketException = System.Net.Sockets.SocketException;

namespace HaukiOS.Tests.Simulation;

/// <summary>
/// A node with its console and its whole network, and hosts at the same wire: an operator's, and as many others as a
/// test wants. All of them are stacks of our own; every byte goes through TCP.
/// </summary>
internal sealed class UnlockNetwork : IFrameSink, IUnlockOperator, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("hauki-unlock-").FullName;
    private readonly byte[] room = new byte[INetworkDevice.FrameMax];
    private readonly SimulatedCard card;
    private readonly SimulatedCard wire;

    public UnlockNetwork(int seed, int hosts)
    {
        (card, wire) = SimulatedCard.Pair();
        (card.RingMax, wire.RingMax) = (1024, 1024);
        Machine = new SimulatedMachine(UnlockLab.EnrolledDisk(), seed, card: card) { Beside = Carry };
        Machine.Network.Apply(Settings("10.0.0.1/24"), Machine.Now, probe: false);
        new UnlockPort(Machine.Node, Machine.Entropy, Machine.Network, Machine.Log).Join(Machine.Loop);
        for (int i = 0; i < hosts; i++)
        {
            byte[] secret = new byte[NetworkStack.SecretLength];
            secret[0] = (byte)(i + 1);
            var stack = new NetworkStack(new MacAddress(0x0200_0000_0100 + (ulong)i), secret);
            stack.Configure(Settings($"10.0.0.{i + 2}/24").Configuration, Machine.Now, probe: false);
            Hosts.Add(stack);
        }

        Operator = OperatorKey.LoadOrMake(Path.Combine(directory, "operator-key"));
        Machine.Run(1);
    }

    public SimulatedMachine Machine { get; }

    public List<NetworkStack> Hosts { get; } = [];

    public KeyPair Operator { get; set; }

    public List<string> Said { get; } = [];

    public Dictionary<string, string> Knows { get; set; } = UnlockLab.Answers;

    /// <summary>Called before every ten milliseconds that pass.</summary>
    public Action? EveryTurn { get; set; }

    public LockKeeper Keeper => Machine.Node.Keeper!;

    public UnlockService Service => (UnlockService)Machine.Network.Services[0];

    public Fingerprint BootKey => Fingerprint.Of(Machine.Node.Boot.Key!.PublicKey);

    public string KnownFile => Path.Combine(directory, "known-nodes");

    public static Endpoint Port => new(Ipv4Address.Of(10, 0, 0, 1), UnlockProtocol.Port);

    /// <summary>Unlocks from the first host.</summary>
    public UnlockOutcome Unlock()
    {
        var node = new NodeAddress("10.0.0.1", UnlockProtocol.Port);
        KnownNodes known = KnownNodes.Load(KnownFile);
        return new Unlocker(node, known, Operator, this, () => Connect(Hosts[0])) { Now = Now, Given = BootKey }.Run();
    }

    private TimeSpan Now() => TimeSpan.FromMicroseconds(Machine.Now.Nanoseconds / 1000.0);

    public TcpStream Connect(NetworkStack from, ushort port = UnlockProtocol.Port)
    {
        var node = new Endpoint(Port.Address, port);
        TcpConnection? connection = from.Tcp.Connect(node, Machine.Now, out SocketError error);
        return connection is null
            ? throw new UnlockException(UnlockOutcome.Unreachable, error.ToString(), isPassing: true)
            : new TcpStream(this, connection);
    }

    public void Turn(double seconds = 0.01)
    {
        for (double passed = 0; passed < seconds; passed += 0.01)
        {
            EveryTurn?.Invoke();
            Machine.Run(0.01);
        }
    }

    public int Ask(int number, int count, Question question, SecretBytes answer) =>
        System.Text.Encoding.UTF8.GetBytes(Knows.GetValueOrDefault(question.Text, "certainly wrong"), answer.Span);

    public void Say(string line) => Said.Add(line);

    public void Progress(int thousandths)
    {
    }

    public void Wait(TimeSpan time) => Turn(time.TotalSeconds);

    public void OnFrame(ReadOnlySpan<byte> frame, Instant now)
    {
        foreach (NetworkStack host in Hosts)
        {
            host.OnFrame(frame, now);
        }
    }

    public void Dispose()
    {
        Operator.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static NetworkSettings Settings(string text) =>
        NetworkSettings.TryParse(text, out NetworkSettings settings, out string? problem)
            ? settings
            : throw new ArgumentException(problem, nameof(text));

    private bool Carry(Instant now)
    {
        bool worked = wire.Waiting > 0;
        wire.Receive(this, 256, now);
        foreach (NetworkStack host in Hosts)
        {
            if (host.TryGetNextDue(out Instant due) && due <= now)
            {
                host.Advance(now);
            }

            while (host.Ready.Take() is not null)
            {
                // Whoever holds the socket looks by itself.
            }

            for (int length = host.Transmit(room, now); length > 0; length = host.Transmit(room, now))
            {
                card.Arrive(room.AsSpan(0, length).ToArray());
                worked = true;
            }
        }

        return worked;
    }
}

/// <summary>The operator's end of a TCP connection.</summary>
internal sealed class TcpStream(UnlockNetwork network, TcpConnection connection) : OperatorStream
{
    private Instant Now => network.Machine.Now;

    public override void Write(byte[] buffer, int offset, int count)
    {
        Instant limit = Now.AddMilliseconds(ReadTimeout > 0 ? ReadTimeout : 10_000);
        while (count > 0)
        {
            int sent = connection.Send(buffer.AsSpan(offset, count), Now);
            (offset, count) = (offset + sent, count - sent);
            if (sent == 0)
            {
                Pass(limit);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Instant limit = Now.AddMilliseconds(ReadTimeout);
        while (connection.ReceiveAvailable == 0 && !connection.IsReceiveClosed)
        {
            Pass(limit);
        }

        return connection.Receive(buffer.AsSpan(offset, count), Now);
    }

    protected override void Dispose(bool disposing)
    {
        connection.Close(Now);
        base.Dispose(disposing);
    }

    private void Pass(Instant limit)
    {
        if (connection.Error != SocketError.None)
        {
            throw new IOException(connection.Error.Sentence());
        }

        if (Now > limit)
        {
            throw new IOException("timed out", new SocketException((int)SocketCode.TimedOut));
        }

        network.Turn();
    }
}
