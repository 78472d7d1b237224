using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// A conversation with a node's echo service that never pauses: numbered words go out at an even pace and have to
/// come back, each of them once and in order. It knows the longest silence there was, and so what a move of the node
/// looked like from outside.
/// </summary>
public sealed class StreamClient : IDisposable
{
    /// <summary>Bytes a second each way that load neither the node nor the computer under it.</summary>
    public const int UsualPace = 400_000;

    /// <summary>The same for a machine whose card takes a frame a millisecond, as Bochs's does.</summary>
    public const int GentlePace = 40_000;

    private const int WordBytes = 8;
    private const int ReceiveBytes = 64 << 10;

    // Whoever was held up does not make up for more than this: no burst follows a silence.
    private static readonly TimeSpan ArrearsMax = TimeSpan.FromMilliseconds(20);

    private readonly Socket socket;
    private readonly Thread sender;
    private readonly Thread receiver;
    private readonly int bytesPerSecond;
    private readonly object gate = new();
    private readonly System.Threading.Lock turn = new();
    private long sent;
    private long received;
    private long lastArrival = Stopwatch.GetTimestamp();
    private long longestSilence;
    private string? problem;
    private bool hasEnded;
    private volatile bool isStopping;
    private volatile bool isPaused;

    /// <summary>Starts the conversation on a connection, which it takes over.</summary>
    /// <param name="socket">Connected to the echo service.</param>
    /// <param name="bytesPerSecond">The pace, each way.</param>
    public StreamClient(Socket socket, int bytesPerSecond = UsualPace)
    {
        this.socket = socket;
        this.bytesPerSecond = bytesPerSecond;
        socket.NoDelay = true;
        socket.SendTimeout = socket.ReceiveTimeout = 0;
        sender = new Thread(Send) { IsBackground = true, Name = "stream out", Priority = ThreadPriority.Highest };
        receiver = new Thread(Receive) { IsBackground = true, Name = "stream in", Priority = ThreadPriority.Highest };
        receiver.Start();
        sender.Start();
    }

    /// <summary>Bytes sent so far.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Bytes that have come back so far, all of them the right ones.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>What went wrong first, in a sentence; null if nothing has.</summary>
    public string? Problem
    {
        get
        {
            lock (gate)
            {
                return problem;
            }
        }
    }

    /// <summary>The longest silence since the last call, the one that lasts included.</summary>
    public TimeSpan TakeLongestSilence()
    {
        lock (gate)
        {
            var now = Stopwatch.GetTimestamp();
            var longest = Math.Max(longestSilence, now - lastArrival);
            longestSilence = 0;
            lastArrival = now;
            return Stopwatch.GetElapsedTime(0, longest);
        }
    }

    /// <summary>Waits until something comes back that is sent from now on.</summary>
    /// <exception cref="TimeoutException">Nothing did, or something is wrong.</exception>
    public void AwaitEcho(TimeSpan patience) => Await(Sent + WordBytes, patience);

    /// <summary>Sends nothing until <see cref="Resume"/>; ends when all has come back.</summary>
    /// <exception cref="TimeoutException">Not all came back, or something is wrong.</exception>
    public void Pause(TimeSpan patience)
    {
        lock (turn)
        {
            isPaused = true;
        }

        Await(Sent, patience);
    }

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        lock (gate)
        {
            lastArrival = Stopwatch.GetTimestamp();
        }

        isPaused = false;
    }

    /// <summary>Sends no more, waits for what is still on its way, and closes from both ends.</summary>
    /// <exception cref="TimeoutException">Not all came back, or something is wrong.</exception>
    public void Finish(TimeSpan patience)
    {
        isStopping = true;
        sender.Join();
        Await(Sent, patience);
        socket.Shutdown(SocketShutdown.Send);
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        lock (gate)
        {
            while (!hasEnded && problem is null)
            {
                WaitUntil(deadline, "The node did not close its end");
            }
        }

        ThrowIfWrong();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isStopping = true;
        socket.Dispose();
        sender.Join();
        receiver.Join();
    }

    private void Await(long bytes, TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        lock (gate)
        {
            while (received < bytes && problem is null)
            {
                WaitUntil(deadline, "The stream stands still");
            }
        }

        ThrowIfWrong();
    }

    private void WaitUntil(long deadline, string sentence)
    {
        var left = deadline - Environment.TickCount64;
        if (left <= 0 || !Monitor.Wait(gate, (int)left))
        {
            throw new TimeoutException($"{sentence}: {Sent} bytes went out, {received} came back.");
        }
    }

    private void ThrowIfWrong()
    {
        if (Problem is { } sentence)
        {
            throw new TimeoutException(sentence);
        }
    }

    private void Send()
    {
        // Who speaks more slowly says less often something, not less each time: it is segments that cost.
        var beat = Math.Max(1, UsualPace / bytesPerSecond);
        var largest = (int)(bytesPerSecond * ArrearsMax.TotalSeconds) / WordBytes * WordBytes;
        var buffer = new byte[Math.Max(WordBytes, largest)];
        var begin = Stopwatch.GetTimestamp();
        var forgiven = 0L;
        try
        {
            while (!isStopping)
            {
                Thread.Sleep(beat);
                var owed = (long)(Stopwatch.GetElapsedTime(begin).TotalSeconds * bytesPerSecond) - forgiven - sent;
                if (owed > buffer.Length)
                {
                    forgiven += owed - buffer.Length;
                    owed = buffer.Length;
                }

                lock (turn)
                {
                    SendWords(buffer.AsSpan(0, isPaused ? 0 : (int)owed / WordBytes * WordBytes));
                }
            }
        }
        catch (SocketException broken)
        {
            Fail($"The connection broke while it was sent to: {broken.Message}.");
        }
        catch (ObjectDisposedException)
        {
            // Disposed in the middle of the conversation.
        }
    }

    private void SendWords(Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += WordBytes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], (sent + at) / WordBytes);
        }

        while (!bytes.IsEmpty)
        {
            var count = socket.Send(bytes);
            Interlocked.Add(ref sent, count);
            bytes = bytes[count..];
        }
    }

    private void Receive()
    {
        var buffer = new byte[ReceiveBytes];
        try
        {
            while (socket.Receive(buffer) is > 0 and var count)
            {
                Check(buffer.AsSpan(0, count));
            }

            End();
        }
        catch (SocketException broken)
        {
            Fail($"The connection broke: {broken.Message}.");
        }
        catch (ObjectDisposedException)
        {
            // Disposed in the middle of the conversation.
        }
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var now = Stopwatch.GetTimestamp();
            longestSilence = Math.Max(longestSilence, now - lastArrival);
            lastArrival = now;
            Span<byte> word = stackalloc byte[WordBytes];
            foreach (var got in bytes)
            {
                BinaryPrimitives.WriteInt64LittleEndian(word, received / WordBytes);
                var wanted = word[(int)(received % WordBytes)];
                if (got != wanted && problem is null)
                {
                    problem = $"Byte {received} came back as {got:x2} instead of {wanted:x2}: "
                        + "something was lost, doubled or changed.";
                }

                received++;
            }

            Monitor.PulseAll(gate);
        }
    }

    private void End()
    {
        lock (gate)
        {
            hasEnded = true;
            if (!isStopping || received < sent)
            {
                // The system tells of a reset only once: it may have been the sender that heard of it.
                problem ??= $"The connection broke: {sent} bytes went out, {received} came back.";
            }

            Monitor.PulseAll(gate);
        }
    }

    private void Fail(string sentence)
    {
        lock (gate)
        {
            problem ??= hasEnded ? null : sentence;
            Monitor.PulseAll(gate);
        }
    }
}
