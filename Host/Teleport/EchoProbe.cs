using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using HaukiOS.Host.Network;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// Somebody outside who asks a node the smallest question there is (ICMP echo) a thousand times a second, and keeps
/// the moments at which the system saw the answers come in. It judges a move of whatever kind by the same measure: no
/// clock of the moved machine has part in it, and neither has the host's scheduler, for the moments are the frames'.
/// </summary>
public sealed unsafe class EchoProbe : IDisposable
{
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private const int Length = 8;
    private const int IdentifierAt = 4;
    private const int SequenceAt = 6;
    private const nuint FrameTime = 0x8907; // SIOCGSTAMPNS: when the frame came that was received last
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int PaceMs = 1;

    private static readonly TimeSpan Dead = TimeSpan.FromSeconds(2);
    private static int made;

    private readonly Socket socket;
    private readonly IPEndPoint node;
    private readonly Thread asker;
    private readonly Thread listener;
    private readonly System.Threading.Lock gate = new();
    private readonly AnswerGaps gaps = new();
    private readonly ushort identifier = (ushort)(Environment.ProcessId + Interlocked.Increment(ref made));
    private volatile bool isStopping;

    /// <summary>Begins to ask.</summary>
    /// <param name="space">The network from which.</param>
    /// <param name="address">The node's address.</param>
    public EchoProbe(NetworkNamespace space, string address)
    {
        node = new IPEndPoint(IPAddress.Parse(address), 0);
        socket = space.NewSocket(SocketType.Raw, ProtocolType.Icmp);
        socket.Connect(node); // and so hears nobody else
        TimeOfLatest();
        gaps.Restart(Now);
        listener = new Thread(Listen) { IsBackground = true, Name = "echo in", Priority = ThreadPriority.Highest };
        asker = new Thread(Ask) { IsBackground = true, Name = "echo out", Priority = ThreadPriority.Highest };
        listener.Start();
        asker.Start();
    }

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>
    /// The longest pause between two answers since the last call, less the usual one; null if no answer comes any more.
    /// </summary>
    public TimeSpan? TakeLongestGap()
    {
        lock (gate)
        {
            var now = Now;
            var longest = gaps.Longest(now, (long)Dead.TotalNanoseconds);
            gaps.Restart(now);
            return longest is { } found ? TimeSpan.FromTicks(found / TimeSpan.NanosecondsPerTick) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isStopping = true;
        asker.Join();
        socket.Dispose();
        listener.Join();
    }

    private void Ask()
    {
        Span<byte> question = stackalloc byte[Length];
        for (ushort sequence = 0; !isStopping; sequence++)
        {
            question.Clear();
            question[0] = EchoRequest;
            BinaryPrimitives.WriteUInt16BigEndian(question[IdentifierAt..], identifier);
            BinaryPrimitives.WriteUInt16BigEndian(question[SequenceAt..], sequence);
            var sum = (EchoRequest << 8) + identifier + sequence;
            sum = (sum & 0xFFFF) + (sum >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(question[2..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
            try
            {
                socket.Send(question);
            }
            catch (SocketException)
            {
                // Whoever answers no more is not found on the wire after a while; the next question may get through.
            }

            Thread.Sleep(PaceMs);
        }
    }

    private void Listen()
    {
        Span<byte> packet = stackalloc byte[128];
        while (true)
        {
            try
            {
                var answer = packet[..socket.Receive(packet)];
                answer = answer[Math.Min(answer.Length, (answer[0] & 15) * sizeof(uint))..];
                if (answer.Length >= Length && answer[0] == EchoReply
                    && BinaryPrimitives.ReadUInt16BigEndian(answer[IdentifierAt..]) == identifier)
                {
                    lock (gate)
                    {
                        gaps.Add(TimeOfLatest());
                    }
                }
            }
            catch (SocketException) when (!isStopping)
            {
                // An error of a question that did not get through is told here as well.
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    // Of the frame, not of this thread's turn. The first call makes the system write times down.
    private long TimeOfLatest()
    {
        Libc.TimeSpec time;
        return Libc.Control((int)socket.SafeHandle.DangerousGetHandle(), FrameTime, &time) == 0
            ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
            : Now;
    }
}
