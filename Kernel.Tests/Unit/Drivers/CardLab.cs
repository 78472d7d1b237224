using System;
using System.Collections.Generic;
using HaukiOS.Drivers.Network;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>A network card of a test: driver, simulated chip, interrupt line and something like a loop.</summary>
public abstract class CardLab : IFrameSink
{
    /// <summary>Where the chips' own addresses come from.</summary>
    public static readonly MacAddress Station = new(0x5254_0012_3456);

    private const int HandlerCallsMax = 1000;
    private PendingBit pending = new();
    private bool inHandler;

    /// <summary>The ports of the machine.</summary>
    public SimulatedPorts Ports { get; } = new();

    /// <summary>The driver.</summary>
    public INetworkDevice Card { get; protected set; } = null!;

    /// <summary>What the driver has handed on.</summary>
    public List<byte[]> Received { get; } = [];

    /// <summary>Frames that went to the wire.</summary>
    public abstract List<byte[]> Sent { get; }

    /// <summary>Resets of the chip since it was started.</summary>
    public abstract int Resets { get; }

    /// <summary>Is the interrupt line up?</summary>
    public abstract bool Asserts { get; }

    /// <summary>Does the line lead nowhere?</summary>
    public bool LosesInterrupts { get; set; }

    /// <summary>Has something happened that the loop has not looked at?</summary>
    public bool IsPending => pending.IsSet;

    /// <summary>The moment.</summary>
    public Instant Now { get; private set; }

    /// <summary>All kinds of cards.</summary>
    public static IEnumerable<string> Kinds => ["rtl8139", "rtl8139c+", "ne2000-32", "ne2000-16", "ne1000"];

    /// <summary>A started card of a kind.</summary>
    public static CardLab Create(string kind) => kind switch
    {
        "rtl8139" => new Rtl8139Lab(),
        "rtl8139c+" => new Rtl8139Lab(isPlus: true),
        "ne2000-32" => new Ne2000Lab(width: 4, kibibytes: 32),
        "ne2000-16" => new Ne2000Lab(width: 2, kibibytes: 16),
        _ => new Ne2000Lab(width: 1, kibibytes: 8),
    };

    /// <summary>A frame to the station, with bytes that tell one from another.</summary>
    public static byte[] Frame(int length, int seed)
    {
        byte[] frame = new byte[length];
        new Random(seed).NextBytes(frame);
        Station.Write(frame);
        return frame;
    }

    /// <summary>A frame comes in from the wire.</summary>
    public abstract bool Arrive(byte[] frame);

    /// <summary>Does the chip keep what it is to send until <see cref="Complete"/>?</summary>
    public abstract void HoldFrames(bool holds);

    /// <summary>Has the chip a frame that <see cref="Complete"/> can end?</summary>
    public abstract bool IsSending { get; }

    /// <summary>Ends the sending of a frame.</summary>
    public abstract void Complete(bool fails);

    /// <summary>The card is taken out of its slot, or put back.</summary>
    public abstract void PullOut(bool isGone);

    /// <summary>The chip writes nonsense into its ring.</summary>
    public abstract void ArriveBroken();

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySpan<byte> frame, Instant now) => Received.Add(frame.ToArray());

    /// <summary>The processor takes the interrupt, if there is one.</summary>
    public void Serve()
    {
        for (int i = 0; Asserts && !LosesInterrupts && !inHandler; i++)
        {
            if (i == HandlerCallsMax)
            {
                throw new InvalidOperationException("the handler leaves its line up");
            }

            Interrupt();
        }
    }

    /// <summary>The handler is called, whoever it was that raised the line.</summary>
    public void Interrupt()
    {
        inHandler = true;
        ((IInterruptHandler)Card).OnInterrupt();
        inHandler = false;
    }

    /// <summary>The loop does all that there is to do, and sends what a test wants sent.</summary>
    public void Run(int budget = 16)
    {
        Serve();
        while (pending.IsSet)
        {
            pending = new PendingBit();
            Card.Pending = pending;
            while (Card.Receive(this, budget, Now))
            {
                Pass(1);
            }

            Serve();
        }
    }

    /// <summary>Time passes.</summary>
    public void Pass(int milliseconds)
    {
        Now = Now.AddMilliseconds(milliseconds);
        OnTime();
    }

    /// <summary>The regular looks of a tenth of a second each, and what comes of them.</summary>
    public void Look(int times)
    {
        for (int i = 0; i < times; i++)
        {
            Pass(100);
            Card.Check(Now);
            Run();
        }
    }

    /// <summary>Sends a frame, if the card takes it.</summary>
    public bool Send(byte[] frame)
    {
        Span<byte> room = Card.BeginTransmit();
        if (room.IsEmpty)
        {
            return false;
        }

        frame.CopyTo(room);
        Card.EndTransmit(frame.Length, default);
        return true;
    }

    /// <summary>Wires the card to the line and begins.</summary>
    protected void Use(INetworkDevice card)
    {
        Card = card;
        card.Pending = pending;
    }

    /// <summary>The chip learns of the time.</summary>
    protected virtual void OnTime()
    {
    }
}

/// <summary>With an RTL8139.</summary>
public sealed class Rtl8139Lab : CardLab
{
    private const int Place = 0xC000;
    private readonly int first;

    /// <summary>A started card.</summary>
    public Rtl8139Lab(bool isPlus = false)
    {
        Chip = new Simulated8139(Memory);
        Ports.Add(Place, 256, Chip);
        Rtl8139 driver = Rtl8139.Probe(Ports, Place, 11, Memory, isPlus)!;
        Use(driver);
        driver.Start();
        first = Chip.Resets;
    }

    /// <summary>The chip.</summary>
    public Simulated8139 Chip { get; }

    /// <summary>The machine's memory.</summary>
    public SimulatedDma Memory { get; } = new();

    /// <inheritdoc/>
    public override List<byte[]> Sent => Chip.Sent;

    /// <inheritdoc/>
    public override int Resets => Chip.Resets - first;

    /// <inheritdoc/>
    public override bool Asserts => Chip.Asserts;

    /// <inheritdoc/>
    public override bool IsSending => Chip.IsSending;

    /// <inheritdoc/>
    public override bool Arrive(byte[] frame) => Chip.Arrive(frame);

    /// <inheritdoc/>
    public override void HoldFrames(bool holds) => Chip.HoldsFrames = holds;

    /// <inheritdoc/>
    public override void Complete(bool fails) => Chip.Complete(fails ? 1u << 30 : 1u << 15);

    /// <inheritdoc/>
    public override void PullOut(bool isGone) => Chip.IsGone = isGone;

    /// <inheritdoc/>
    public override void ArriveBroken() => Chip.ArriveBroken(frameStatus: 0x5A5A, length: 100);
}

/// <summary>With an NE2000.</summary>
public sealed class Ne2000Lab : CardLab
{
    /// <summary>Where the card is.</summary>
    public const int Place = 0x300;

    private readonly int first;

    /// <summary>A started card.</summary>
    public Ne2000Lab(int width, int kibibytes)
    {
        Chip = new SimulatedNe2000(width, kibibytes);
        Ports.Add(Place, 32, Chip);
        Ne2000 driver = Ne2000.Probe(Ports, Place, "NE2000")!;
        Use(driver);
        driver.Start();
        first = Chip.Resets;
    }

    /// <summary>The chip.</summary>
    public SimulatedNe2000 Chip { get; }

    /// <inheritdoc/>
    public override List<byte[]> Sent => Chip.Sent;

    /// <inheritdoc/>
    public override int Resets => Chip.Resets - first;

    /// <inheritdoc/>
    public override bool Asserts => Chip.Asserts;

    /// <inheritdoc/>
    public override bool IsSending => Chip.IsSending;

    /// <inheritdoc/>
    public override bool Arrive(byte[] frame) => Chip.Arrive(frame);

    /// <inheritdoc/>
    public override void HoldFrames(bool holds) => Chip.HoldsFrames = holds;

    /// <inheritdoc/>
    public override void Complete(bool fails) => Chip.Complete(fails);

    /// <inheritdoc/>
    public override void PullOut(bool isGone) => Chip.IsGone = isGone;

    /// <inheritdoc/>
    public override void ArriveBroken() => Chip.ArriveBroken(following: 0x13);

    /// <inheritdoc/>
    protected override void OnTime() => Chip.Now = Now;
}
