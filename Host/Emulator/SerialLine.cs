using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// The far end of an emulated machine's COM1. A thread keeps everything that arrives, with the moment it came;
/// <see cref="Expect"/> walks through it with a cursor and waits, up to a deadline, for what is not there yet.
/// </summary>
public sealed class SerialLine : IDisposable
{
    /// <summary>Bytes kept. A machine that says more than this has gone mad, and the wait for it fails.</summary>
    public const int TranscriptMax = 256 << 20;

    // A failure shows this much of the transcript's end: enough for a panic and what led to it.
    private const int ShownOnFailure = 24_000;

    private readonly Socket socket;
    private readonly System.Threading.Lock sending = new();
    private readonly object gate = new();
    private readonly List<Arrival> arrivals = [];
    private byte[] received = new byte[64 << 10];
    private int length;
    private int cursor;
    private string? ended;

    /// <summary>Takes over a connected socket.</summary>
    public SerialLine(Socket socket)
    {
        this.socket = socket;
        new Thread(Receive) { IsBackground = true, Name = "serial line" }.Start();
    }

    private readonly record struct Arrival(int End, long Timestamp);

    /// <summary>Everything received so far.</summary>
    public string Transcript
    {
        get
        {
            lock (gate)
            {
                return Encoding.UTF8.GetString(received, 0, length);
            }
        }
    }

    /// <summary>When the last byte of the latest match arrived, in <see cref="Stopwatch"/> ticks.</summary>
    public long MatchedAt { get; private set; }

    /// <summary>Sends text as it is; a line is ended with CR by the caller.</summary>
    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes; waits while the guest is slow to take them.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (sending)
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[socket.Send(bytes)..];
            }
        }
    }

    /// <summary>Waits until <paramref name="text"/> arrives and moves the cursor behind it.</summary>
    /// <returns>What stood between the cursor and the text.</returns>
    /// <exception cref="EmulatorException">It did not arrive in time, or the line ended.</exception>
    public string Expect(string text, TimeSpan patience) => ExpectAny([text], patience).Before;

    /// <summary>Waits for whichever of the texts comes first and moves the cursor behind it.</summary>
    /// <returns>The text's index, and what stood between the cursor and it.</returns>
    public (int Index, string Before) ExpectAny(IReadOnlyList<string> texts, TimeSpan patience)
    {
        var needles = new byte[texts.Count][];
        for (var i = 0; i < needles.Length; i++)
        {
            needles[i] = Encoding.UTF8.GetBytes(texts[i]);
        }

        var deadline = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        lock (gate)
        {
            var from = cursor;
            while (true)
            {
                if (FindFirst(needles, from) is var (index, at) && index >= 0)
                {
                    var before = Encoding.UTF8.GetString(received, cursor, at - cursor);
                    cursor = at + needles[index].Length;
                    MatchedAt = ArrivalOf(cursor);
                    return (index, before);
                }

                // A text may be cut by the end of what has arrived: look at its possible beginning again.
                from = Math.Max(cursor, length - LongestOf(needles) + 1);
                WaitForMore(deadline, texts, patience);
            }
        }
    }

    /// <summary>Waits for the end of the line the cursor stands in.</summary>
    /// <returns>The rest of that line, without its end.</returns>
    public string ExpectLineEnd(TimeSpan patience) => Expect("\n", patience).TrimEnd('\r');

    /// <summary>Waits until the machine has closed the line, and moves the cursor to its end.</summary>
    /// <returns>What stood between the cursor and the end.</returns>
    public string ExpectEnd(TimeSpan patience)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        lock (gate)
        {
            while (ended is null)
            {
                WaitForMore(deadline, ["(the end of the line)"], patience);
            }

            var rest = Encoding.UTF8.GetString(received, cursor, length - cursor);
            cursor = length;
            return rest;
        }
    }

    /// <summary>Is the text already there behind the cursor? Moves nothing and waits for nothing.</summary>
    public bool Pending(string text)
    {
        lock (gate)
        {
            return received.AsSpan(cursor, length - cursor).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
    }

    /// <summary>The sentence followed by what the machine said last.</summary>
    public string WithTranscript(string sentence)
    {
        var all = Transcript;
        var shown = all.Length <= ShownOnFailure ? all : "[…]" + all[^ShownOnFailure..];
        return $"{sentence}\n--- serial line, {all.Length} characters in all ---\n{shown}\n--- end of serial line ---";
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static int LongestOf(byte[][] needles)
    {
        var longest = 0;
        foreach (var needle in needles)
        {
            longest = Math.Max(longest, needle.Length);
        }

        return longest;
    }

    private (int Index, int At) FindFirst(byte[][] needles, int from)
    {
        var best = (Index: -1, At: int.MaxValue);
        var area = received.AsSpan(from, length - from);
        for (var i = 0; i < needles.Length; i++)
        {
            var at = area.IndexOf(needles[i]);
            if (at >= 0 && from + at < best.At)
            {
                best = (i, from + at);
            }
        }

        return best;
    }

    private void WaitForMore(long deadline, IReadOnlyList<string> texts, TimeSpan patience)
    {
        var wanted = string.Join(" or ", texts);
        if (ended is not null)
        {
            throw new EmulatorException(WithTranscript($"The serial line ended ({ended}); waited for '{wanted}'."));
        }

        var left = deadline - Stopwatch.GetTimestamp();
        if (left <= 0)
        {
            var seconds = patience.TotalSeconds;
            throw new EmulatorException(WithTranscript($"'{wanted}' did not come within {seconds:0.#} s."));
        }

        Monitor.Wait(gate, TimeSpan.FromSeconds((double)left / Stopwatch.Frequency));
    }

    private long ArrivalOf(int end)
    {
        var low = 0;
        var high = arrivals.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (arrivals[middle].End < end)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return arrivals[low].Timestamp;
    }

    private void Receive()
    {
        var buffer = new byte[64 << 10];
        var reason = "closed by the emulator";
        try
        {
            while (true)
            {
                var count = socket.Receive(buffer);
                if (count == 0 || !Keep(buffer.AsSpan(0, count)))
                {
                    break;
                }
            }
        }
        catch (SocketException problem)
        {
            reason = problem.Message;
        }
        catch (ObjectDisposedException)
        {
            reason = "closed here";
        }

        lock (gate)
        {
            ended ??= reason;
            Monitor.PulseAll(gate);
        }
    }

    private bool Keep(ReadOnlySpan<byte> bytes)
    {
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (length + bytes.Length > TranscriptMax)
            {
                ended = $"more than {TranscriptMax >> 20} MiB were said";
                return false;
            }

            if (length + bytes.Length > received.Length)
            {
                Array.Resize(ref received, Math.Max(received.Length * 2, length + bytes.Length));
            }

            bytes.CopyTo(received.AsSpan(length));
            length += bytes.Length;
            arrivals.Add(new Arrival(length, now));
            Monitor.PulseAll(gate);
            return true;
        }
    }
}
