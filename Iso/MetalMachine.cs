using System;
using System.Security.Cryptography;
using HaukiOS.Console;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;
using HaukiOS.Migration;
using HaukiOS.Net;
using Internal.Runtime;

namespace HaukiOS.Image;

/// <summary>The real machine under the node, as a move sees it.</summary>
internal sealed unsafe class MetalMachine : IMachine, ILoopSource
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly MachineDevices devices;
    private readonly NetworkService network;
    private readonly EntropyPool entropy;
    private readonly BackgroundWorker worker;
    private readonly MachineDescription description;
    private readonly MachineControl control;
    private readonly TimeJumps jumps;
    private readonly byte[] buildId;
    private readonly PendingBit pending;
    private int step = -1;
    private ulong jumped;
    private ulong landed;
    private ulong networkBound;
    private bool isRehearsal;

    /// <summary>Binds what a move needs to the parts of the kernel that provide it.</summary>
    public MetalMachine(
        EventLoop loop,
        MachineDevices devices,
        NetworkService network,
        EntropyPool entropy,
        BackgroundWorker worker,
        MachineDescription description,
        MachineControl control,
        TimeJumps jumps)
    {
        this.devices = devices;
        this.network = network;
        this.entropy = entropy;
        this.worker = worker;
        this.description = description;
        this.control = control;
        this.jumps = jumps;
        buildId = new ReadOnlySpan<byte>(ImageLayout.Current->BuildId, MachineProfile.BuildIdLength).ToArray();
        pending = loop.Add(this);
        Local = new DmaMemory(null, KernelMemory.Frames);
    }

    /// <summary>Who watches this machine's counter; told of another machine's.</summary>
    public StandstillWatch? Watch { get; set; }

    /// <inheritdoc/>
    public MachineProfile Profile => new()
    {
        Features = Processor.Features,
        MemoryBytes = KernelMemory.TotalBytes,
        FreeBytes = KernelMemory.FreeBytes,
        BuildId = buildId,
    };

    /// <inheritdoc/>
    public IClock Clock => devices.Clock;

    /// <inheritdoc/>
    public byte* Physical => null;

    /// <inheritdoc/>
    public PageDirectory Directory => KernelMemory.Directory;

    /// <inheritdoc/>
    public FrameAllocator* Frames => KernelMemory.Frames;

    /// <inheritdoc/>
    public IDmaMemory Local { get; }

    /// <inheritdoc/>
    public INetworkDevice? Card => devices.Card;

    /// <inheritdoc/>
    public bool IsWorkerBusy => worker.IsBusy;

    /// <inheritdoc/>
    public int WorkerShare
    {
        get => worker.Share;
        set => worker.Share = value;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> SavedState => Departure.SavedState;

    /// <inheritdoc/>
    public void FlushTranslations() => Cpu.FlushTranslations();

    /// <inheritdoc/>
    public string? PrepareDeparture() => Departure.Prepare();

    /// <inheritdoc/>
    public bool Depart(Action leave) => Departure.Run(leave);

    /// <inheritdoc/>
    public string? RehearseLanding()
    {
        string? problem = PrepareDeparture();
        StagedDirectory? own = problem is null ? StagedDirectory.TryCreate(Physical, Frames) : null;
        if (own is null)
        {
            return problem ?? "no memory is left to rehearse a landing";
        }

        bool hasLanded = Depart(() =>
        {
            problem = NodeCopy.Borrow(own) ?? CheckLanding(own, SavedState);
            if (problem is null)
            {
                Land(own, SavedState, Clock.Now, default);
            }
        });
        if (hasLanded)
        {
            isRehearsal = true;
            Rebind();
            network.OnPending(Clock.Now);
        }
        else
        {
            own.Release();
        }

        return problem;
    }

    /// <inheritdoc/>
    public string? CheckLanding(StagedDirectory staged, ReadOnlySpan<byte> state) => Landing.Check(staged, state);

    /// <inheritdoc/>
    public void Land(StagedDirectory staged, ReadOnlySpan<byte> state, Instant time, ReadOnlySpan<byte> baggage)
    {
        LandingGift gift = default;
        gift.CyclesPerSecond = devices.Clock.CyclesPerSecond;
        gift.Timestamp = Cpu.ReadTimestamp();
        gift.TimeNanoseconds = time.Nanoseconds;
        if (entropy.IsReady)
        {
            entropy.Fill(new Span<byte>(gift.Seed, LandingGift.SeedLength));
        }

        devices.Silence();
        if (Landing.Jump(staged, state, baggage, gift) is string problem)
        {
            // Only a check that was not asked, or a machine that changed after it, leads here.
            devices.Tell("the node could not be given this machine: "u8);
            devices.Tell(System.Text.Encoding.UTF8.GetBytes(problem));
            devices.Tell("\r\n"u8);
            StartAnew();
        }
    }

    /// <inheritdoc/>
    public byte[] Rebind()
    {
        landed = Cpu.ReadTimestamp();
        jumped = Landing.Gift.Timestamp;
        if (Watch is not null)
        {
            Watch.Counter = null; // its port may be another device's here
        }

        byte[] baggage = Landing.TakeBaggage();
        devices.LandFirst(ClockBy(Landing.Gift), Landing.Gift.CyclesPerSecond);
        network.Attach(devices.Card);
        TakeSeed(Landing.Gift);
        Landing.Forget();
        jumps.Tell(new TimeJump(TimeJumpCause.Landed, Clock.Now, 0));
        networkBound = Cpu.ReadTimestamp();
        step = 0;
        pending.Set();
        return baggage;
    }

    /// <summary>The rest of a landing, a part in each turn of the loop.</summary>
    public void OnPending(Instant now)
    {
        if (step < 0)
        {
            return;
        }

        bool hasMore = devices.LandNext(step++);
        if (hasMore)
        {
            pending.Set();
            return;
        }

        step = -1;
        if (Watch is not null)
        {
            Watch.Counter = devices.Counter;
        }

        description.Processor = Processor.Name;
        description.Devices = devices.Notes;
        ulong hertz = devices.Clock.CyclesPerSecond;
        string what = isRehearsal ? "rehearsed a landing" : "landed";
        devices.Log.Add($"{what}: {Microseconds(landed - jumped, hertz)} us for the jump, "
            + $"network after {Microseconds(networkBound - jumped, hertz)} us, "
            + $"the last device after {Microseconds(Cpu.ReadTimestamp() - jumped, hertz)} us");
        isRehearsal = false;
    }

    /// <inheritdoc/>
    public void Tell(ReadOnlySpan<byte> text) => devices.Tell(text);

    /// <inheritdoc/>
    public int Listen() => devices.Listen();

    /// <inheritdoc/>
    public void StartAnew()
    {
        devices.Silence();
        devices.DrainSerial();
        Vanishing.WipeAndStartAnew();
        control.Reset();
    }

    // What the clock showed when the kernel before was told, and what has passed since on the counter.
    private static Instant ClockBy(in LandingGift gift)
    {
        ulong hertz = gift.CyclesPerSecond;
        ulong passed = hertz == 0 ? 0 : Cpu.ReadTimestamp() - gift.Timestamp;
        return new Instant(gift.TimeNanoseconds + (Microseconds(passed, hertz) * 1000));
    }

    private static long Microseconds(ulong cycles, ulong hertz) =>
        hertz == 0 ? 0 : (long)(cycles * (NanosecondsPerSecond / 1000) / hertz);

    // The pool has come over a wire, if a sealed one. Entropy that was never on it makes the generator as good as this
    // machine's own was; without, keys have to wait.
    private void TakeSeed(in LandingGift gift)
    {
        fixed (byte* first = gift.Seed)
        {
            Span<byte> seed = new(first, LandingGift.SeedLength);
            if (seed.IndexOfAnyExcept((byte)0) >= 0)
            {
                entropy.Mix(seed);
                CryptographicOperations.ZeroMemory(seed);
            }
            else
            {
                entropy.Distrust();
            }
        }
    }
}
