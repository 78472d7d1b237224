using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Console;

/// <summary>
/// The conversation with the person at the console, from the first question to the last command. A state machine:
/// it is told bytes and moments, and answers through the ports.
/// </summary>
public sealed class ConsoleSession : ILoopSource
{
    /// <summary>How often the session looks at the clock, at the worker and at ports without interrupts.</summary>
    public const int BeatMilliseconds = 50;

    /// <summary>Bytes taken from each port in one turn; a flood must not keep the loop from others.</summary>
    private const int BytesPerTurn = 256;

    private readonly ConsoleParts parts;
    private readonly ConsoleOutput output;
    private readonly LineEditor editor;
    private PendingBit? pending;

    /// <summary>A session that has not said anything yet.</summary>
    public ConsoleSession(ConsoleParts parts)
    {
        this.parts = parts;
        output = new ConsoleOutput(parts.Ports);
        editor = new LineEditor(output);
    }

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
        foreach (IConsolePort port in parts.Ports)
        {
            for (int i = 0; i < BytesPerTurn && port.TryRead(out byte value); i++)
            {
                if (editor.Take(value) == LineEvent.Complete)
                {
                    editor.Clear();
                    output.Write("hauki> ");
                }
            }
        }
    }
}
