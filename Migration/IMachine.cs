using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// The machine under the node, as far as a move has to do with it. On the metal it is the composition; in a test a
/// block of memory. Physical memory is seen from <see cref="Physical"/> on, so a page of the migratable zone is read
/// and written by the frame that the page directory names, never at its own address.
/// </summary>
public unsafe interface IMachine
{
    /// <summary>Bytes of baggage, at most.</summary>
    public const int BaggageMax = 1024;

    /// <summary>What this machine is and has.</summary>
    MachineProfile Profile { get; }

    /// <summary>The monotonic clock; it goes on while interrupts are off.</summary>
    IClock Clock { get; }

    /// <summary>Where physical address 0 is seen: null on the metal.</summary>
    byte* Physical { get; }

    /// <summary>The page directory in use.</summary>
    PageDirectory Directory { get; }

    /// <summary>The page frames. The structure does not move.</summary>
    FrameAllocator* Frames { get; }

    /// <summary>Machine-local memory, for what must not travel. It is never given back.</summary>
    IDmaMemory Local { get; }

    /// <summary>Makes the processor forget all cached translations, so that dirty bits are set anew.</summary>
    void FlushTranslations();

    /// <summary>The network card; null if there is none.</summary>
    INetworkDevice? Card { get; }

    /// <summary>Has the background worker a job?</summary>
    bool IsWorkerBusy { get; }

    /// <summary>Percent of its turns that the background worker gets, 0 to 100: how a move slows work down.</summary>
    int WorkerShare { get; set; }

    /// <summary>Sets aside what <see cref="Depart"/> needs, before a move begins.</summary>
    /// <returns>Null on success; otherwise why this machine cannot send its node away, in a sentence.</returns>
    string? PrepareDeparture();

    /// <summary>
    /// Saves the processor's state into <see cref="SavedState"/> and calls <paramref name="leave"/> on a stack in the
    /// machine-local zone, with interrupts off. Nothing in there may allocate, throw, or change what the node needs.
    /// </summary>
    /// <returns>
    /// False when <paramref name="leave"/> has returned: the node goes on here. True on the other machine: the node
    /// has landed, with interrupts off, and nothing but memory and processor works until <see cref="Rebind"/>.
    /// </returns>
    bool Depart(Action leave);

    /// <summary>The processor's state at the moment of <see cref="Depart"/>, for <see cref="Land"/>.</summary>
    ReadOnlySpan<byte> SavedState { get; }

    /// <summary>
    /// Lands this machine's own node here, in the very memory that it has: shows that this machine can be landed on,
    /// and lets all that has to be quick be done once. Machine-local memory is lost, as in every landing.
    /// </summary>
    /// <returns>Null when it has landed; otherwise why this machine cannot be landed on, in a sentence.</returns>
    string? RehearseLanding();

    /// <summary>
    /// Could <see cref="Land"/> be called now? Changes nothing. To be asked before the node is promised a place.
    /// </summary>
    /// <returns>Null if it could; otherwise why not, in a sentence.</returns>
    string? CheckLanding(StagedDirectory staged, ReadOnlySpan<byte> state);

    /// <summary>
    /// The other end of <see cref="Depart"/>, on the target: gives this machine to the node whose pages were staged.
    /// Devices are stopped, descriptor tables and frames are prepared. Does not return on the metal, unless
    /// <see cref="CheckLanding"/> was right to refuse.
    /// </summary>
    /// <param name="staged">All of its memory.</param>
    /// <param name="state">Its processor's state.</param>
    /// <param name="time">What the landed node's clock shows at this moment; it goes on from there.</param>
    /// <param name="baggage">What the landed node is told, at most <see cref="BaggageMax"/> bytes.</param>
    void Land(StagedDirectory staged, ReadOnlySpan<byte> state, Instant time, ReadOnlySpan<byte> baggage);

    /// <summary>
    /// After landing: takes this machine's devices, frames and clock into use, switches interrupts on and tells every
    /// part of the kernel that it is elsewhere and later.
    /// </summary>
    /// <returns>What <see cref="Land"/> was given as baggage.</returns>
    byte[] Rebind();

    /// <summary>
    /// Says something to the operator while the node stands still: straight to the serial port and the screen, without
    /// interrupts, queues or allocation.
    /// </summary>
    /// <param name="text">ASCII, with line ends.</param>
    void Tell(ReadOnlySpan<byte> text);

    /// <summary>Reads a byte that the operator typed at the serial port while the node stands still.</summary>
    /// <returns>Negative if there is none.</returns>
    int Listen();

    /// <summary>The node is gone from here for good: starts this machine anew. Does not return on the metal.</summary>
    void StartAnew();
}

/// <summary>What a machine is and has, as told to the other side before a move.</summary>
public readonly record struct MachineProfile
{
    /// <summary>Bytes of a build's identity.</summary>
    public const int BuildIdLength = 16;

    /// <summary>CPUID leaf 1, EDX: features (Intel SDM volume 2A, CPUID).</summary>
    public uint Features { get; init; }

    /// <summary>Usable memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Memory that nobody holds, in bytes.</summary>
    public long FreeBytes { get; init; }

    /// <summary>The identity of the kernel's build; equal builds have equal code at equal places.</summary>
    public ReadOnlyMemory<byte> BuildId { get; init; }
}
