using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// <c>load</c>: something for a node to do that can be checked. It runs behind the prompt; this command only starts
/// it, asks how it goes, or waits until it has ended.
/// </summary>
internal sealed class LoadCommand : RunningCommand
{
    private const long Second = 1_000_000_000;

    // What the event loop may need meanwhile.
    private const long ReserveBytes = 4 << 20;

    private readonly LoadJob job;
    private readonly bool stops;

    private LoadCommand(ConsoleContext context, LoadJob job, bool stops)
        : base(context)
    {
        this.job = job;
        this.stops = stops;
    }

    public override bool IsHurried => false;

    /// <summary>Does what was typed.</summary>
    /// <returns>What is to be waited for; null for nothing.</returns>
    public static LoadCommand? Run(ConsoleContext context, ref Arguments arguments, Instant now)
    {
        LoadJob? job = context.Load;
        if (arguments.IsEmpty)
        {
            context.Output.WriteLine(job is null ? "load: none is running" : Describe(context, job, now));
            return null;
        }

        Arguments ahead = arguments;
        if (ahead.NextWord() != "stop")
        {
            if (arguments.TryNextNumber(out long mebibytes))
            {
                return Start(context, mebibytes, ref arguments, now);
            }

            context.Output.WriteLine("load: say how much: load MIB, or load stop");
            return null;
        }

        if (job is null)
        {
            context.Output.WriteLine("load: none is running");
            return null;
        }

        job.Stop();
        return new LoadCommand(context, job, stops: true);
    }

    public override bool Step(Instant now)
    {
        if (stops ? !job.HasEnded : job.Load is null && !job.HasEnded)
        {
            return false;
        }

        string? problem = job.Problem;
        if (job.HasEnded)
        {
            Context.Load = null;
            Context.Announce(problem is null
                ? $"load: {job.Load!.Pages} pages, all consistent"
                : $"load: {problem}");
        }
        else
        {
            Context.LoadSeen = (now, 0);
            Context.Output.WriteLine($"load: {job.Load!.Pages} pages; 'load' says how it goes, 'load stop' ends it");
        }

        return true;
    }

    public override void Cancel() => job.Stop();

    private static LoadCommand? Start(ConsoleContext context, long mebibytes, ref Arguments arguments, Instant now)
    {
        string how = arguments.NextWord();
        long speed = 0;
        bool isSpeed = arguments.IsEmpty || arguments.TryNextNumber(out speed);
        ConsoleParts parts = context.Parts;
        long most = Math.Max(0, parts.Work.AvailableBytes - ReserveBytes) >> 20;
        string? problem = how is not ("" or "touch" or "fill") ? "say what it shall do: touch or fill"
            : !isSpeed ? "say how many pages per second: load MIB touch 5000"
            : mebibytes < 1 || mebibytes > most ? $"between 1 and {most} MiB are possible"
            : parts.Worker.IsBusy ? "the worker is busy; 'load stop' ends a load"
            : null;
        if (problem is not null)
        {
            context.Output.WriteLine("load: " + problem);
            return null;
        }

        LoadJob job = new(
            parts.Work, parts.Clock, (int)mebibytes, how == "fill" ? LoadKind.Fill : LoadKind.Touch, speed);
        parts.Worker.Start(job.Run);
        context.Load = job;
        context.LoadSeen = (now, 0);
        return new LoadCommand(context, job, stops: false);
    }

    /// <summary>How it goes; the speed is that since the last time somebody asked.</summary>
    private static string Describe(ConsoleContext context, LoadJob job, Instant now)
    {
        long written = job.Load?.Written ?? 0;
        (Instant then, long before) = context.LoadSeen;
        long speed = (written - before) * Second / Math.Max(1, now - then);
        context.LoadSeen = (now, written);
        string kind = job.Kind == LoadKind.Fill ? "fill" : "touch";
        return $"load: {job.Mebibytes} MiB {kind}, {job.Load?.Passes ?? 0} passes, {written} pages written, "
            + $"{speed} pages/s, " + (job.Problem ?? "consistent so far");
    }
}
