using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Switch;
using static System.FormattableString;

namespace HaukiOS.Host.Network;

/// <summary>
/// Sends mutated frames to a live node: most from a station of its own, some as twisted copies of what a Linux
/// sends to the node on a connection at the same time. After every few frames the node has to answer an echo
/// request: it must be alive, and no frame is lost to a full ring for want of time.
/// </summary>
public sealed class GuestFuzz : IDisposable
{
    /// <summary>The address of the station that sends.</summary>
    public const string StationAddress = "10.9.0.66";

    /// <summary>The port at which the node must echo.</summary>
    public const int EchoPort = 7;

    // As much as the smallest ring of the three cards holds, and a little less.
    private const int BatchFrames = 16;
    private const int BatchBytes = 6000;
    private const int AskingMax = 500;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Station = [0x52, 0x54, 0, 0x66, 0x66, 0x66];
    private static readonly byte[] Node = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

    private readonly NodeOnSwitch lab;
    private readonly int seed;
    private readonly Random random;
    private readonly FrameMutator mutator;
    private readonly SampleFrames samples;
    private readonly MemoryPort overheard = new("overheard");
    private readonly byte[] frame = new byte[SwitchFabric.FrameMax];
    private readonly byte[] heard = new byte[SwitchFabric.FrameMax];
    private readonly Thread talker;
    private volatile bool isOver;
    private ushort sequence;

    /// <summary>Prepares; nothing is sent yet.</summary>
    public GuestFuzz(NodeOnSwitch lab, int seed)
    {
        this.lab = lab;
        this.seed = seed;
        random = new Random(seed);
        mutator = new FrameMutator(random);
        samples = new SampleFrames(
            Station, IPAddress.Parse(StationAddress), Node, IPAddress.Parse(NodeOnSwitch.NodeAddress), seed)
        {
            Ports = [EchoPort, 9],
        };

        // Frames with the addresses of others must not teach the switch anything.
        lab.Switch.Locked(_ => lab.Third.Learns = false);
        lab.Switch.Locked(_ => lab.Node.Mirror = overheard);
        talker = new Thread(Talk) { IsBackground = true, Name = "honest connection" };
        talker.Start();
    }

    /// <summary>Mutated frames that were sent.</summary>
    public long Frames { get; private set; }

    /// <summary>Echo requests that had to be sent again.</summary>
    public long AskedAgain { get; private set; }

    /// <summary>Exchanges that the honest connection has made.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Sends so many frames.</summary>
    /// <exception cref="EmulatorException">The node has stopped answering.</exception>
    public void Run(long count, Action<string> progress)
    {
        var until = Frames + count;
        var start = Stopwatch.GetTimestamp();
        var next = TimeSpan.FromSeconds(5);
        while (Frames < until)
        {
            for (int frames = 0, bytes = 0; frames < BatchFrames && bytes < BatchBytes && Frames < until; frames++)
            {
                bytes += SendOne();
            }

            Ask();
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed > next)
            {
                next = elapsed + TimeSpan.FromSeconds(5);
                progress(Invariant($"{Frames} frames, {AskedAgain} asked again, {Exchanges} honest exchanges"));
            }
        }
    }

    /// <summary>Ends the honest connection and puts right what the lies have done to Linux.</summary>
    public void Dispose()
    {
        isOver = true;
        talker.Join();
        lab.Switch.Locked(_ => lab.Node.Mirror = null);
        lab.Space.Configure("neigh", "flush", "dev", lab.Device);
    }

    private int SendOne()
    {
        var length = 0;
        if (random.Next(4) == 0)
        {
            // Every fourth is a twisted copy of the latest frame of Linux, if there is one.
            while (overheard.TryReceive(heard, out var size))
            {
                if (heard.AsSpan(0, 6).SequenceEqual(Node) && size <= FrameMutator.FrameMax)
                {
                    heard.AsSpan(0, size).CopyTo(frame);
                    length = size;
                }
            }
        }

        length = mutator.Mutate(frame, length > 0 ? length : samples.Write(frame));
        Send(length);
        Frames++;
        return length;
    }

    private void Ask()
    {
        sequence++;
        for (var asking = 0; asking < AskingMax; asking++)
        {
            if (asking > 0)
            {
                // A lie may have told the node that we are elsewhere; a question of ours puts it right (RFC 826).
                AskedAgain++;
                Send(samples.Arp(frame, operation: 1));
            }

            Send(samples.Echo(frame, sequence, payload: 8));
            var from = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(from) < AnswerPatience
                && lab.Third.TryReceive(heard, out var length, AnswerPatience))
            {
                var said = heard.AsSpan(0, length);
                if (samples.AnswerOf(said) == sequence)
                {
                    return;
                }

                if (samples.IsQuestionForMe(said))
                {
                    Send(samples.Arp(frame, operation: 2));
                }
            }
        }

        var seconds = AskingMax * AnswerPatience.TotalSeconds;
        throw lab.Machine.Failure(Invariant(
            $"The node has not answered for {seconds:0} s, after {Frames} mutated frames of seed {seed}."));
    }

    private void Send(int length)
    {
        // The queue is longer than a batch; it is full only while the switch is busy.
        while (!lab.Third.TrySend(frame.AsSpan(0, length)))
        {
            lab.Switch.ThrowIfFailed();
            Thread.Yield();
        }
    }

    // What an honest Linux does meanwhile. Twisted copies of its frames break its connections; it makes new ones.
    private void Talk()
    {
        var bytes = new byte[200];
        while (!isOver)
        {
            try
            {
                using var socket = lab.Connect(EchoPort, TimeSpan.FromSeconds(1));
                while (!isOver)
                {
                    socket.Send(bytes);
                    for (var got = 0; got < bytes.Length;)
                    {
                        var count = socket.Receive(bytes, got, bytes.Length - got, SocketFlags.None);
                        if (count == 0)
                        {
                            throw new SocketException((int)SocketError.ConnectionReset);
                        }

                        got += count;
                    }

                    Exchanges++;
                    Thread.Sleep(1);
                }
            }
            catch (Exception problem) when (problem is SocketException or TimeoutException)
            {
                // The node may have been told that Linux is elsewhere; asked by Linux, it learns better.
                lab.Space.Configure("neigh", "flush", "dev", lab.Device);
            }
        }
    }
}
