using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Entropy;

/// <summary>
/// Where unpredictable bytes come from on a machine without a hardware generator: the moments of interrupts and
/// the jitter of the cycle counter around memory work, gathered in a BLAKE2b pool that keys the generator.
/// <para>
/// The estimate is conservative: a quarter bit for an interrupt, a sixteenth for a jitter sample, nothing while a
/// source's health tests have not passed, and jitter alone never suffices. Until <see cref="NeededBits"/> are
/// credited, <see cref="Fill"/> refuses.
/// </para>
/// </summary>
public sealed class EntropyPool : IRandomSource, ILoopSource, ITimeJumpListener
{
    /// <summary>Credited bits before the first key may be made.</summary>
    public const int NeededBits = 256;

    /// <summary>The most that jitter may contribute to these; the rest has to come from interrupts.</summary>
    public const int JitterBitsMax = 192;

    /// <summary>Interrupt moments that wait for the loop. More are dropped: no harm, only less entropy.</summary>
    public const int RingLength = 256;

    private const int PoolLength = 64;
    private const int JitterPerTurn = 64;
    private const int TurnMilliseconds = 20;

    // A pool that is ready is kept fresh, not filled: that is a tenth of the work, and its page is still when a move
    // ends.
    private const int TurnsPerSample = 10;
    private const int ScratchLength = 4096;
    private const int SixteenthsPerInterrupt = 4;
    private const int SixteenthsPerJitter = 1;

    private readonly ICycleCounter cycles;
    private readonly ulong[] ring = new ulong[RingLength];
    private readonly SecretBytes pool = new(PoolLength);
    private readonly byte[] scratch = new byte[ScratchLength];
    private readonly byte[] batch = new byte[RingLength * 8];
    private readonly Blake2bDigest digest = new(PoolLength * 8);
    private readonly KeyErasureGenerator generator = new();
    private readonly HealthTest interruptHealth = new();
    private readonly HealthTest jitterHealth = new();
    private volatile int head;
    private volatile int tail;
    private ulong lastInterrupt;
    private uint walk = 1;
    private int turns;
    private int interruptSixteenths;
    private int jitterSixteenths;
    private int freshSixteenths;

    /// <summary>An empty pool over the machine's cycle counter.</summary>
    public EntropyPool(ICycleCounter cycles) => this.cycles = cycles;

    /// <summary>Puts the pool into the loop, where it takes a short turn every 20 ms.</summary>
    public void Join(EventLoop loop) => loop.AddTimer(this).ScheduleEvery(TurnMilliseconds, Instant.PowerOn);

    /// <summary>May keys be made?</summary>
    public bool IsReady { get; private set; }

    /// <summary>How far the pool is on its way to ready, 0 to 100.</summary>
    public int Percent => IsReady ? 100 : Math.Min(99, CreditedBits * 100 / NeededBits);

    /// <summary>Bits credited so far, at most <see cref="NeededBits"/>.</summary>
    public int CreditedBits =>
        Math.Min(NeededBits, (interruptSixteenths / 16) + Math.Min(JitterBitsMax, jitterSixteenths / 16));

    /// <summary>Health test failures of both sources since power-on.</summary>
    public int Failures => interruptHealth.Failures + jitterHealth.Failures;

    /// <summary>
    /// Notes the moment of an interrupt. For handlers: one counter read and one store, interrupts being off. The
    /// only writer of <c>head</c>, as <see cref="OnPending"/> is the only writer of <c>tail</c>.
    /// </summary>
    public void NoteInterrupt() => NoteInterrupt(cycles.Read());

    /// <summary>Notes the moment of an interrupt whose handler has read the cycle counter already.</summary>
    public void NoteInterrupt(ulong moment)
    {
        int next = (head + 1) % RingLength;
        if (next != tail)
        {
            ring[head] = moment;
            head = next;
        }
    }

    /// <summary>
    /// Absorbs what the interrupts left and takes some jitter samples, more seldom once it is ready. The loop calls it.
    /// </summary>
    public void OnPending(Instant now)
    {
        AbsorbInterrupts();
        turns++;
        if (!IsReady || turns >= TurnsPerSample)
        {
            turns = 0;
            SampleJitter(JitterPerTurn);
        }

        if (!IsReady && CreditedBits >= NeededBits)
        {
            Reseed();
            IsReady = true;
        }
        else if (IsReady && freshSixteenths >= NeededBits * 16)
        {
            // A whole key's worth at once, never drop by drop: a reader of the old key gains nothing by guessing.
            Reseed();
        }
    }

    /// <summary>
    /// Moves everything gathered into the generator's key. Call it, after <see cref="Distrust"/>, when the machine's
    /// state may have been copied: after a landing, a restored snapshot, a jump of the clock.
    /// </summary>
    public void Reseed()
    {
        generator.Reseed(pool.Span);
        Stir("hauki pool spent 1"u8);
        freshSixteenths = 0;
    }

    /// <summary>What a copy of this state knows is worth nothing. A landing brings entropy of its own.</summary>
    public void OnTimeJump(in TimeJump jump)
    {
        if (jump.MayBeCopied)
        {
            Distrust();
            Reseed();
        }
    }

    /// <summary>Takes back all credit: another copy of this state may exist. Keys wait for fresh entropy.</summary>
    public void Distrust()
    {
        IsReady = false;
        interruptSixteenths = 0;
        jitterSixteenths = 0;
        freshSixteenths = 0;
    }

    /// <summary>Mixes in bytes from elsewhere, such as the seed kept in the store. Nothing is credited.</summary>
    public void Mix(ReadOnlySpan<byte> material)
    {
        Stir(material);
        Reseed();
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> into)
    {
        if (!IsReady)
        {
            throw new InvalidOperationException("the entropy pool is not ready yet");
        }

        generator.Fill(into);
    }

    /// <summary>
    /// Fills the span from whatever there is. For what is better shuffled but no secret, such as the order of
    /// questions; never for keys.
    /// </summary>
    public void FillWeak(Span<byte> into)
    {
        if (!IsReady)
        {
            AbsorbInterrupts();
            SampleJitter(JitterPerTurn);
            Reseed();
        }

        generator.Fill(into);
    }

    private void AbsorbInterrupts()
    {
        int count = 0;
        // The bound matters: under a flood of input the handlers add moments while this loop takes them away.
        while (tail != head && count < RingLength)
        {
            ulong moment = ring[tail];
            tail = (tail + 1) % RingLength;
            Credit(interruptHealth, (byte)(moment - lastInterrupt), SixteenthsPerInterrupt, ref interruptSixteenths);
            lastInterrupt = moment;
            BinaryPrimitives.WriteUInt64LittleEndian(batch.AsSpan(count * 8), moment);
            count++;
        }

        if (count > 0)
        {
            Stir(batch.AsSpan(0, count * 8));
        }
    }

    private void SampleJitter(int count)
    {
        for (int i = 0; i < count; i++)
        {
            ulong before = cycles.Read();
            WalkMemory();
            ulong elapsed = cycles.Read() - before;
            BinaryPrimitives.WriteUInt64LittleEndian(batch.AsSpan(i * 8), elapsed);
            Credit(jitterHealth, (byte)elapsed, SixteenthsPerJitter, ref jitterSixteenths);
        }

        Stir(batch.AsSpan(0, count * 8));
    }

    private void WalkMemory()
    {
        // Reads and writes all over a page: caches, buses and, in an emulator, the host's own scheduling show. The
        // number of steps is fixed, so that the health tests look at the jitter and not at our own arithmetic.
        for (int i = 0; i < 16; i++)
        {
            walk = (walk * 1664525) + 1013904223;
            scratch[walk % ScratchLength] += (byte)(walk >> 24);
        }
    }

    private void Credit(HealthTest health, byte sample, int sixteenths, ref int credited)
    {
        bool wasTrusted = health.IsTrusted;
        if (!health.Take(sample))
        {
            credited = 0;
            return;
        }

        if (!health.IsTrusted)
        {
            return;
        }

        // The samples of the start-up test were mixed in, too, and count once the test has passed.
        int gained = wasTrusted ? sixteenths : sixteenths * HealthTest.StartupSamples;
        credited = Math.Min(credited + gained, NeededBits * 16);
        freshSixteenths = Math.Min(freshSixteenths + gained, NeededBits * 16);
    }

    private void Stir(ReadOnlySpan<byte> material)
    {
        Span<byte> next = stackalloc byte[PoolLength];
        digest.BlockUpdate(pool.Span);
        digest.BlockUpdate(material);
        digest.DoFinal(next);
        next.CopyTo(pool.Span);
        CryptographicOperations.ZeroMemory(next);
    }
}
