using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;
using HaukiOS.Migration;

namespace HaukiOS.Image;

/// <summary>
/// <c>drill=track</c>: the node's memory is sent, round after round, to a target that is nothing but free frames of
/// this machine. Now and then the node stands still for a moment, the rest is sent, and every page that nobody has
/// written to since must be at the target as it is here. <c>drill=look</c> only looks at the page tables, to measure
/// what that costs. With <c>tracking=protect</c> writes are noticed by write protection.
/// </summary>
internal sealed unsafe class TrackingDrill : ILoopSource
{
    private const int MillisecondsBetween = 50;
    private const int RoundsPerReport = 20;

    private readonly IMachine machine;
    private readonly KernelLog log;
    private readonly DirtyTracker tracker;
    private readonly PageEncoder encoder;
    private readonly StagedDirectory? target;
    private readonly byte[] data = new byte[PageEncoder.LengthMax];
    private int rounds;
    private long lookNanoseconds;
    private long encodeNanoseconds;
    private long pages;

    private TrackingDrill(EventLoop loop, IMachine machine, KernelLog log)
    {
        bool protects = BootCommandLine.Value("tracking") == "protect";
        if (protects)
        {
            WriteGuard.Arm();
        }

        this.machine = machine;
        this.log = log;
        tracker = new DirtyTracker(machine, protects ? TrackingMode.WriteProtection : TrackingMode.DirtyBits)
        {
            FreeMemory = new FreeHeapPages(),
        };
        encoder = new PageEncoder(machine);
        target = BootCommandLine.Value("drill") == "track"
            ? StagedDirectory.TryCreate(machine.Physical, machine.Frames)
            : null;
        tracker.Begin();
        _ = encoder.TryBegin();
        loop.AddTimer(this).ScheduleEvery(MillisecondsBetween, machine.Clock.Now);
    }

    /// <summary>Puts the drill into the loop if the command line asks for it.</summary>
    public static void JoinIfAsked(EventLoop loop, IMachine machine, KernelLog log)
    {
        if (BootCommandLine.Value("drill") is "track" or "look")
        {
            _ = new TrackingDrill(loop, machine, log);
        }
    }

    /// <summary>One round.</summary>
    public void OnPending(Instant now)
    {
        rounds++;
        bool isLast = rounds % RoundsPerReport == 0;
        if (isLast && target is not null)
        {
            Cpu.DisableInterrupts();
        }

        TrackerCounts counts = Round(now);
        if (!isLast)
        {
            return;
        }

        int equal = target is null ? 0 : Compare();
        Cpu.EnableInterrupts();
        EncoderFigures figures = encoder.Figures;
        log.Add($"tracking: look {lookNanoseconds / rounds / 1000} us, {counts.Present} pages, "
            + $"{counts.NewlyDirty} dirty, {counts.WorkingSet} hot, {counts.Free} free");
        log.Add($"tracking: encoded {pages} in {encodeNanoseconds / Math.Max(1, pages)} ns each: {figures.Raw} raw, "
            + $"{figures.Zero} zero, {figures.Packed} packed, {figures.Delta} delta, {figures.Same} same, "
            + $"{figures.Bytes >> 10} KiB; {encoder.Copies} copies; {equal} pages are equal");
        rounds = 0;
        lookNanoseconds = encodeNanoseconds = pages = 0;
    }

    private TrackerCounts Round(Instant now)
    {
        Instant before = machine.Clock.Now;
        TrackerCounts counts = tracker.Collect(now);
        lookNanoseconds += machine.Clock.Now - before;
        while (tracker.TryTakeNext(out PageToSend page))
        {
            if (target is not null)
            {
                Send(page, target);
            }
        }

        return counts;
    }

    private void Send(in PageToSend page, StagedDirectory to)
    {
        Instant before = machine.Clock.Now;
        int length = encoder.Encode(page, data, out PageEncoding encoding);
        encodeNanoseconds += machine.Clock.Now - before;
        pages++;
        if (page.Kind == PageKind.Gone)
        {
            to.Drop(page.Address);
            return;
        }

        byte* place = to.Place(page.Address, page.Flags);
        if (place == null || !PageDecoder.TryDecode(encoding, data.AsSpan(0, length), place))
        {
            Panic.At("drill: a page does not come through", page.Address);
        }
    }

    private int Compare()
    {
        int equal = 0;
        for (uint address = AddressMap.Migratable; address < AddressMap.MigratableEnd; address += AddressMap.PageSize)
        {
            if (!tracker.IsSettled(address))
            {
                continue;
            }

            const int length = (int)AddressMap.PageSize;
            bool isThere = target!.Directory.TryTranslate(address, out uint frame, out _);
            Span<byte> there = new(machine.Physical + frame, length);
            if (!isThere || !new Span<byte>((byte*)address, length).SequenceEqual(there))
            {
                Panic.At("drill: a page at the target is another", address);
            }

            equal++;
        }

        return equal;
    }
}
