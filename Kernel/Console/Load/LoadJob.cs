using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// A <see cref="PageLoad"/> on the worker thread, until it is told to stop. The loop reads a few volatile fields.
/// </summary>
internal sealed unsafe class LoadJob
{
    private const long Second = 1_000_000_000;
    private const int PagesPerLook = 16; // at the clock

    private readonly IWorkMemory work;
    private readonly IClock clock;
    private readonly long pagesPerSecond;
    private volatile PageLoad? load;
    private volatile string? failure;
    private volatile bool stops;
    private volatile bool ended;

    /// <summary>A load that has not begun.</summary>
    /// <param name="work">Where the memory comes from.</param>
    /// <param name="clock">For the speed.</param>
    /// <param name="mebibytes">How much.</param>
    /// <param name="kind">What it shall write.</param>
    /// <param name="pagesPerSecond">How fast, at most; 0 for no limit.</param>
    public LoadJob(IWorkMemory work, IClock clock, int mebibytes, LoadKind kind, long pagesPerSecond)
    {
        this.work = work;
        this.clock = clock;
        this.pagesPerSecond = pagesPerSecond;
        Mebibytes = mebibytes;
        Kind = kind;
    }

    /// <summary>Its size.</summary>
    public int Mebibytes { get; }

    /// <summary>What it writes.</summary>
    public LoadKind Kind { get; }

    /// <summary>The region, once it has been written to for the first time.</summary>
    public PageLoad? Load => load;

    /// <summary>Why it ended early; or the first page that was found wrong.</summary>
    public string? Problem => failure ?? load?.Problem;

    /// <summary>Has it ended, and was every page looked at?</summary>
    public bool HasEnded => ended;

    /// <summary>Looks at every page, and ends.</summary>
    public void Stop() => stops = true;

    /// <summary>What the worker does.</summary>
    public void Run()
    {
        try
        {
            using WorkBuffer memory = work.Rent((long)Mebibytes << 20);
            PageLoad made = new(memory.Address, (int)(memory.Length / PageLoad.PageBytes), Kind);
            load = made;
            Instant next = clock.Now;
            for (long written = 0; !stops; written++)
            {
                if (pagesPerSecond != 0 && written % PagesPerLook == 0)
                {
                    next = WaitUntil(next);
                }

                made.WriteNext();
            }

            made.CheckAll();
        }
        catch (OutOfMemoryException thrown)
        {
            failure = thrown.Message;
        }

        ended = true;
    }

    /// <summary>Waits, and says when to go on after the next few pages. Lost time is not made up for.</summary>
    private Instant WaitUntil(Instant moment)
    {
        Instant now = clock.Now;
        while (now < moment && !stops)
        {
            now = clock.Now;
        }

        return new Instant(now.Nanoseconds + (PagesPerLook * Second / pagesPerSecond));
    }
}
