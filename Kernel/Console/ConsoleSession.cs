using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Secrets;

namespace HaukiOS.Console;

/// <summary>
/// The conversation with the person at the console, from the first question to the last command. A state machine:
/// it is told bytes and moments, and answers through the ports. What is typed while nothing is asked (a key is being
/// derived) waits in a short queue; Ctrl-C is heard at any time.
/// </summary>
public sealed class ConsoleSession : ILoopSource
{
    /// <summary>How often the session looks at the clock, at the worker and at ports without interrupts.</summary>
    public const int BeatMilliseconds = 50;

    /// <summary>Bytes that wait while nothing is asked. What is typed beyond is lost, as at any terminal.</summary>
    public const int QueueMax = 8192;

    /// <summary>Bytes handled in one turn; a flood must not keep the loop from others.</summary>
    private const int BytesPerTurn = 512;

    private const byte ControlC = 0x03;

    private readonly ConsoleParts parts;
    private readonly ConsoleOutput output;
    private readonly LineEditor editor;
    private readonly SecretBytes queue = new(QueueMax);
    private Dialogue current;
    private PendingBit? pending;
    private int queueStart;
    private int queueCount;
    private bool prompted;
    private bool cancelHeard;

    /// <summary>A session that has not said anything yet; it starts with its first turn in the loop.</summary>
    public ConsoleSession(ConsoleParts parts)
    {
        this.parts = parts;
        output = new ConsoleOutput(parts.Ports);
        editor = new LineEditor(output);
        current = new StartDialogue(new ConsoleContext(this, parts, output));
        NeedsBegin = true;
    }

    /// <summary>Is part of a line there already?</summary>
    internal bool IsTyping => queueCount > 0 || editor.HasBegun;

    private bool NeedsBegin { get; set; }

    /// <summary>
    /// Puts the session into the loop. The bit is set by the ports' interrupt handlers; a timer sets it 20 times a
    /// second besides.
    /// </summary>
    public PendingBit Join(EventLoop loop)
    {
        pending = loop.Add(this);
        loop.AddTimer(this).ScheduleEvery(BeatMilliseconds, parts.Clock.Now);
        return pending;
    }

    /// <inheritdoc/>
    public void OnPending(Instant now)
    {
        BeginIfNew(now);
        current.OnBeat(now);
        BeginIfNew(now);
        bool portsHaveMore = ReadPorts();
        if (cancelHeard && current.Prompt is null)
        {
            cancelHeard = false;
            current.OnCancel(now);
            BeginIfNew(now);
        }

        bool lineDone = HandleQueue(now);
        BeginIfNew(now);
        ShowPrompt();
        bool queueWaits = queueCount > 0 && current.Prompt is not null;
        if (portsHaveMore || queueWaits || lineDone || current.IsHurried)
        {
            pending?.Set();
        }
    }

    /// <summary>Asks for a turn before the next beat.</summary>
    internal void Wake() => pending?.Set();

    /// <summary>What the person was asked is not asked any more; a line that has begun is forgotten.</summary>
    internal void DropPrompt()
    {
        prompted = false;
        editor.Clear();
    }

    /// <summary>The next dialogue takes over as soon as the present call has returned.</summary>
    internal void SwitchTo(Dialogue next)
    {
        current = next;
        NeedsBegin = true;
        prompted = false;
    }

    /// <summary>Leaves the line of the prompt; it is shown again before the next byte is taken.</summary>
    internal void BreakLine()
    {
        if (prompted)
        {
            prompted = false;
            editor.Clear();
            output.WriteLine();
        }
    }

    private void BeginIfNew(Instant now)
    {
        while (NeedsBegin)
        {
            NeedsBegin = false;
            current.Begin(now);
        }
    }

    private void ShowPrompt()
    {
        if (!prompted && current.Prompt is string prompt)
        {
            output.EndProgress();
            output.Write(prompt);
            editor.IsSecret = current.IsSecret;
            prompted = true;
        }
    }

    // Moves typed bytes into the queue. While something is asked, a full queue leaves the rest with the port, whose
    // ring is far larger; while nothing is asked, the rest is read and dropped, because a Ctrl-C may follow.
    private bool ReadPorts()
    {
        bool asking = current.Prompt is not null;
        bool more = false;
        foreach (IConsolePort port in parts.Ports)
        {
            int taken = 0;
            while (taken < BytesPerTurn && (queueCount < QueueMax || !asking) && port.TryRead(out byte value))
            {
                taken++;
                if (value == ControlC && !asking)
                {
                    DropQueue();
                    cancelHeard = true;
                }
                else if (queueCount < QueueMax)
                {
                    queue.Span[(queueStart + queueCount) % QueueMax] = value;
                    queueCount++;
                }
            }

            more |= taken == BytesPerTurn;
        }

        return more;
    }

    private void DropQueue()
    {
        CryptographicOperations.ZeroMemory(queue.Span);
        queueStart = 0;
        queueCount = 0;
    }

    // One line at most in one turn: a command may take its time.
    private bool HandleQueue(Instant now)
    {
        for (int i = 0; i < BytesPerTurn && queueCount > 0 && current.Prompt is not null; i++)
        {
            ShowPrompt();
            byte value = queue.Span[queueStart];
            queue.Span[queueStart] = 0;
            queueStart = (queueStart + 1) % QueueMax;
            queueCount--;
            switch (editor.Take(value))
            {
                case LineEvent.Complete:
                    prompted = false;
                    current.OnLine(editor.Line, now);
                    editor.Clear();
                    return true;
                case LineEvent.TooLong:
                    prompted = false;
                    output.WriteLine($"the line is too long (at most {LineEditor.LineMax} bytes); nothing was done");
                    return true;
                case LineEvent.Cancelled:
                    prompted = false;
                    current.OnCancel(now);
                    return true;
                case LineEvent.EndOfInput:
                    current.OnEndOfInput(now);
                    return true;
                default:
                    break;
            }
        }

        return false;
    }
}
