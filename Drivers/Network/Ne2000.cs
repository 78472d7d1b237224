using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The NE2000 and its many relatives: a DP8390 (National DP8390D datasheet) with memory of its own, on ISA or PCI, 16
/// or 8 bits wide. Every byte passes through the processor.
/// <para>
/// The handler acknowledges, switches the card's interrupts off and leaves the rest to the loop, which switches them
/// on again when it has found the ring empty after its own acknowledgement. While they are off the handler leaves the
/// chip alone; only then does the loop turn to the second page of its registers.
/// </para>
/// </summary>
public sealed class Ne2000 : INetworkDevice, IInterruptHandler
{
    /// <summary>PCI vendor number of Realtek, whose RTL8029 is an NE2000.</summary>
    public const ushort Vendor = 0x10EC;

    /// <summary>PCI device number of the RTL8029.</summary>
    public const ushort Device = 0x8029;

    // With less memory than this a second area to send from would cost too much of the ring.
    private const int TwoAreasFrom = 64;

    // A reset ends within 1.6 ms (datasheet, section 10.3: ISR, RST); an access takes half a microsecond or more.
    private const int ResetReadsMax = 4000;

    // A chip that is told to stop may be busy with a frame for 1.6 ms (datasheet, section 9, "Buffer Ring Overflow");
    // and the moment that we are told may be old by a turn of the loop.
    private const int OverflowWaitMilliseconds = 4;

    // Looks of Check at a ring that does not move before the chip is started anew.
    private const int RingStallMax = 3;

    private const Dp8390Command Stopped = Dp8390Command.Stop | Dp8390Command.NoRemote;
    private const Dp8390Command Started = Dp8390Command.Start | Dp8390Command.NoRemote;
    private const Dp8390Interrupts ReceiveCauses = Dp8390Interrupts.Received | Dp8390Interrupts.ReceiveError;
    private const Dp8390Interrupts TransmitCauses = Dp8390Interrupts.Transmitted | Dp8390Interrupts.TransmitError;

    private readonly Dp8390Registers chip;
    private readonly Ne2000Memory memory;
    private readonly Ne2000Receiver receiver;
    private readonly Ne2000Transmitter transmitter;
    private readonly string place;
    private DeviceCounters counters;
    private volatile byte enabled;  // the causes that may interrupt; none from the interrupt to the empty ring
    private volatile byte causes;   // what the handler has acknowledged; the loop's own while none is enabled
    private volatile uint interrupts;
    private bool running;
    private bool wantsRoom;         // BeginTransmit was refused
    private uint framesAtCheck;
    private uint framesAtSkip = uint.MaxValue;
    private int ringStalls;
    private Recovery recovery;
    private bool sendAgain;
    private Instant recoverAt;

    private Ne2000(Dp8390Registers chip, Ne2000Memory memory, string place)
    {
        this.chip = chip;
        this.memory = memory;
        this.place = place;
        Address = memory.StationAddress;
        int areas = memory.StopPage - memory.FirstPage >= TwoAreasFrom ? 2 : 1;
        transmitter = new Ne2000Transmitter(chip, memory, areas);
        receiver = new Ne2000Receiver(
            chip, memory, memory.FirstPage + (areas * Ne2000Transmitter.AreaPages), memory.StopPage);
    }

    /// <summary>Where the recovery from an overflow stands.</summary>
    private enum Recovery
    {
        None,

        /// <summary>The chip is told to stop and ends what it is at.</summary>
        Stopping,

        /// <summary>It is started again, deaf, until the ring is empty.</summary>
        Draining,
    }

    /// <inheritdoc/>
    public string Name
    {
        get
        {
            int kibibytes = (memory.StopPage - memory.FirstPage) * Dp8390Registers.PageSize / 1024;
            string where = Line > 0 ? $"line {Line}" : "no line found, polled";
            return $"{place}, {where}, {memory.Width * 8} bits, {kibibytes} KiB";
        }
    }

    /// <summary>The interrupt line; 0 if the card is looked at on every beat of the clock instead.</summary>
    public int Line { get; set; }

    /// <inheritdoc/>
    public MacAddress Address { get; private set; }

    /// <inheritdoc/>
    public LinkState Link => LinkState.Unknown;

    /// <inheritdoc/>
    public int ReceiveCapacity => receiver.FrameCapacity * INetworkDevice.FrameMax;

    /// <inheritdoc/>
    public DeviceCounters Counters
    {
        get
        {
            DeviceCounters now = counters;
            now.Interrupts = interrupts;
            return now;
        }
    }

    /// <inheritdoc/>
    public PendingBit? Pending { get; set; }

    /// <summary>Looks for a card at a range of ports. It stays silent until <see cref="Start"/>.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="basePort">The first of the card's 32.</param>
    /// <param name="kind">What to call it.</param>
    /// <returns>Null if no NE2000 answers there.</returns>
    public static Ne2000? Probe(PortSpace ports, ushort basePort, string kind)
    {
        Dp8390Registers chip = new(ports, basePort);
        if ((Dp8390Command)chip.Command.Read() == Dp8390Command.Gone)
        {
            return null;
        }

        chip.Command.Write((byte)Stopped);
        if ((Dp8390Command)chip.Command.Read() != Stopped || !TryReset(chip))
        {
            return null;
        }

        // Deaf and without a ring: nothing that arrives may fall into the memory that is being looked for.
        chip.RingStart.Write(0);
        chip.RingStop.Write(0);
        chip.Boundary.Write(0);
        chip.ReceiveConfiguration.Write((byte)Dp8390ReceiveConfiguration.Monitor);
        chip.TransmitConfiguration.Write((byte)Dp8390TransmitConfiguration.Loopback);
        chip.InterruptMask.Write((byte)Dp8390Interrupts.None);
        Ne2000Memory? memory = Ne2000Memory.Probe(chip);
        chip.Command.Write((byte)Stopped);
        return memory is null ? null : new Ne2000(chip, memory, $"{kind} at 0x{basePort:x4}");
    }

    /// <summary>
    /// Makes the card interrupt, or be silent again, so that its line can be found out. Before <see cref="Start"/>.
    /// </summary>
    public void Provoke(bool on)
    {
        chip.InterruptStatus.Write((byte)Dp8390Interrupts.All);
        chip.InterruptMask.Write((byte)(on ? Dp8390Interrupts.RemoteDone : Dp8390Interrupts.None));
        if (on)
        {
            // A whole transfer: its end is an event that every card of the family reports.
            Span<byte> ignored = stackalloc byte[Ne2000Memory.Granule];
            memory.BeginRead(memory.FirstPage * Dp8390Registers.PageSize, ignored.Length);
            memory.Read(ignored);
        }
        else
        {
            memory.End();
            chip.InterruptStatus.Write((byte)Dp8390Interrupts.All);
        }
    }

    /// <summary>Switches everything on. The handler must be attached to its line before.</summary>
    public void Start() => BringUp();

    /// <inheritdoc/>
    public void SetAddress(MacAddress address)
    {
        Address = address;
        if (running)
        {
            BringUp();
        }
    }

    /// <inheritdoc/>
    public void OnInterrupt()
    {
        if (enabled == 0)
        {
            return; // another device on the same line, or the loop is at the chip
        }

        byte seen = chip.InterruptStatus.Read();
        if ((seen & enabled) == 0 || seen == (byte)Dp8390Interrupts.All)
        {
            return;
        }

        // An overflow stays until it has been dealt with, and the end of a transfer is the loop's own affair.
        enabled = 0;
        chip.InterruptMask.Write((byte)Dp8390Interrupts.None);
        chip.InterruptStatus.Write((byte)(seen & (byte)(ReceiveCauses | TransmitCauses)));
        causes |= seen;
        interrupts++;
        Pending?.Set();
    }

    /// <inheritdoc/>
    public void Poll() => OnInterrupt();

    /// <inheritdoc/>
    public bool Receive(IFrameSink sink, int budget, Instant now)
    {
        if (!running || enabled != 0)
        {
            return false; // the ring was empty when the interrupts were switched on, and none has come since
        }

        Dp8390Interrupts seen = (Dp8390Interrupts)causes;
        causes = 0;
        if (!NoteCauses(seen, now))
        {
            return true;
        }

        if (recovery == Recovery.None)
        {
            transmitter.Pump();
        }

        while (true)
        {
            if (!receiver.TryLook() || (!Drain(sink, ref budget, now) && !TryFindPlace()))
            {
                counters.ReceiveErrors++;
                Restart();
                return false;
            }

            if (budget <= 0)
            {
                return true;
            }

            FinishRecovery();

            // Acknowledged before the ring is looked at again: what comes after this line interrupts anew.
            seen = (Dp8390Interrupts)chip.InterruptStatus.Read();
            Acknowledge(seen & ReceiveCauses);
            if (!NoteCauses(seen & Dp8390Interrupts.Overflow, now))
            {
                return true;
            }

            if (!receiver.TryLook() || receiver.IsEmpty)
            {
                Arm();
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public Span<byte> BeginTransmit()
    {
        if (!IsUsable())
        {
            return default;
        }

        if (!transmitter.HasRoom)
        {
            transmitter.Pump();
        }

        if (!transmitter.HasRoom)
        {
            wantsRoom = true;
            AskForEndOfSending();
        }

        wantsRoom = !transmitter.HasRoom;
        return wantsRoom ? default : transmitter.Room;
    }

    /// <inheritdoc/>
    public void EndTransmit(int length, in TransmitOffload offload)
    {
        if (!IsUsable() || !transmitter.HasRoom)
        {
            return; // started anew since BeginTransmit, or never begun
        }

        counters.Sent++;
        counters.SentBytes += length;
        if (!transmitter.TryQueue(length))
        {
            counters.SendErrors++;
            Restart();
        }
        else if (transmitter.HasQueued)
        {
            AskForEndOfSending();
        }
    }

    /// <inheritdoc/>
    public void Check(Instant now)
    {
        Dp8390Command command = (Dp8390Command)chip.Command.Read();
        bool isStopped = (command & Dp8390Command.Stop) != 0 && recovery != Recovery.Stopping;
        if (!running || command == Dp8390Command.Gone || isStopped)
        {
            Restart();
            return;
        }

        counters.ReceiveErrors += chip.Tally(0).Read() + chip.Tally(1).Read();
        counters.ReceiveMissed += chip.Tally(2).Read();
        if (recovery != Recovery.None)
        {
            Pending?.Set();
        }
        else if (CheckTransmitter() || CheckRing())
        {
            Restart();
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        enabled = 0;
        running = false;
        chip.InterruptMask.Write((byte)Dp8390Interrupts.None);
        chip.Command.Write((byte)Stopped);
    }

    private static bool TryReset(in Dp8390Registers chip)
    {
        chip.Command.Write((byte)Stopped);
        chip.ResetPort.Write(chip.ResetPort.Read());
        for (int i = 0; i < ResetReadsMax; i++)
        {
            Dp8390Interrupts seen = (Dp8390Interrupts)chip.InterruptStatus.Read();
            if ((seen & Dp8390Interrupts.Reset) != 0)
            {
                return seen != Dp8390Interrupts.All; // all of them: nobody is there
            }
        }

        return false;
    }

    /// <summary>
    /// From reset to receiving (datasheet, section 9, "Initialization Sequence"). Leaves <see cref="running"/> false
    /// if the chip does not answer.
    /// </summary>
    private void BringUp()
    {
        enabled = 0;
        causes = 0;
        recovery = Recovery.None;
        wantsRoom = false;
        ringStalls = 0;
        transmitter.Reset();
        running = TryReset(chip);
        if (!running)
        {
            return;
        }

        chip.Command.Write((byte)Stopped);
        memory.Configure();
        chip.RemoteCountLow.Write(0);
        chip.RemoteCountHigh.Write(0);
        chip.ReceiveConfiguration.Write((byte)Dp8390ReceiveConfiguration.Monitor);
        chip.TransmitConfiguration.Write((byte)Dp8390TransmitConfiguration.Loopback);
        int first = receiver.Program();
        chip.InterruptStatus.Write((byte)Dp8390Interrupts.All);
        chip.InterruptMask.Write((byte)Dp8390Interrupts.None);
        WriteSecondPage(first);
        chip.Command.Write((byte)Started);
        chip.TransmitConfiguration.Write((byte)Dp8390TransmitConfiguration.Normal);
        chip.ReceiveConfiguration.Write((byte)(Dp8390ReceiveConfiguration.AcceptBroadcast
            | (IsOwnAddress() ? 0 : Dp8390ReceiveConfiguration.AcceptAll)));
        Arm();
    }

    /// <summary>
    /// Has the card the address it was born with? To another one some relatives (emulated ones above all) do not
    /// listen, whatever their registers say: then everything is received, and the driver picks out what is ours.
    /// </summary>
    private bool IsOwnAddress() => Address == memory.StationAddress;

    private void WriteSecondPage(int firstPage)
    {
        const int filterBytes = 8;
        Span<byte> address = stackalloc byte[MacAddress.Length];
        Address.Write(address);
        chip.Command.Write((byte)(Stopped | Dp8390Command.Page1));
        for (int i = 0; i < MacAddress.Length; i++)
        {
            chip.StationAddress(i).Write(address[i]);
        }

        for (int i = 0; i < filterBytes; i++)
        {
            chip.MulticastFilter(i).Write(0);
        }

        chip.Current.Write((byte)firstPage);
        chip.Command.Write((byte)Stopped);
    }

    private void Restart()
    {
        counters.Resets += running ? 1 : 0; // a card that is gone is asked ten times a second
        BringUp();
        Pending?.Set(); // there is room to send, at least
    }

    private bool IsUsable() => running && recovery == Recovery.None && !receiver.IsBusy;

    private bool Drain(IFrameSink sink, ref int budget, Instant now) =>
        receiver.Drain(sink, ref budget, IsOwnAddress() ? null : Address, now, ref counters);

    /// <summary>
    /// After a header that cannot be. Emulators take a ring that is full to the last page for an empty one and write
    /// over frames that nobody has read; what is left of them is given up. Twice in a row it is the chip that is lost.
    /// </summary>
    private bool TryFindPlace()
    {
        bool isFirst = receiver.Frames != framesAtSkip;
        framesAtSkip = receiver.Frames;
        if (!isFirst || !receiver.TryLook())
        {
            return false;
        }

        counters.ReceiveErrors++;
        counters.Overflows++;
        receiver.SkipToCurrent();
        return true;
    }

    private void Acknowledge(Dp8390Interrupts seen)
    {
        if (seen != 0)
        {
            chip.InterruptStatus.Write((byte)seen);
        }
    }

    /// <summary>
    /// Lets the card interrupt: for what it receives, and for what it has sent only while somebody waits for that.
    /// </summary>
    private void Arm()
    {
        bool needsEnd = wantsRoom || transmitter.HasQueued;
        byte mask = (byte)(Dp8390Interrupts.Received | Dp8390Interrupts.Overflow
            | (needsEnd ? TransmitCauses : Dp8390Interrupts.None));
        if (enabled != mask)
        {
            enabled = mask; // before the card may interrupt, since the handler sets it to none
            chip.InterruptMask.Write(mask);
        }
    }

    /// <summary>Old acknowledgements away, one more look, and then the card is asked to tell.</summary>
    private void AskForEndOfSending()
    {
        chip.InterruptStatus.Write((byte)TransmitCauses);
        transmitter.Pump();
        if (enabled != 0)
        {
            Arm();
        }
    }

    /// <summary>Counts failures and takes the steps of an overflow as they come due.</summary>
    /// <returns>False while the ring must not be touched.</returns>
    private bool NoteCauses(Dp8390Interrupts seen, Instant now)
    {
        counters.SendErrors += (seen & Dp8390Interrupts.TransmitError) != 0 ? 1 : 0;
        if ((seen & Dp8390Interrupts.Overflow) != 0 && recovery == Recovery.None)
        {
            BeginRecovery(now);
        }

        if (recovery == Recovery.Stopping)
        {
            if (now < recoverAt)
            {
                return false;
            }

            StartDeaf();
        }

        return true;
    }

    /// <summary>The first half of the procedure for a ring that was full (datasheet, section 9).</summary>
    private void BeginRecovery(Instant now)
    {
        counters.Overflows++;
        sendAgain = ((Dp8390Command)chip.Command.Read() & Dp8390Command.Transmit) != 0;
        chip.Command.Write((byte)Stopped);
        recoverAt = now.AddMilliseconds(OverflowWaitMilliseconds);
        recovery = Recovery.Stopping;
    }

    private void StartDeaf()
    {
        chip.RemoteCountLow.Write(0);
        chip.RemoteCountHigh.Write(0);
        Dp8390Interrupts seen = (Dp8390Interrupts)chip.InterruptStatus.Read();

        // A frame that was on the wire and neither arrived nor failed was cut off.
        sendAgain &= (seen & TransmitCauses) == 0;
        chip.TransmitConfiguration.Write((byte)Dp8390TransmitConfiguration.Loopback);
        chip.Command.Write((byte)Started);
        recovery = Recovery.Draining;
    }

    /// <summary>The second half: the ring is empty again.</summary>
    private void FinishRecovery()
    {
        if (recovery != Recovery.Draining)
        {
            return;
        }

        chip.InterruptStatus.Write((byte)Dp8390Interrupts.Overflow);
        chip.TransmitConfiguration.Write((byte)Dp8390TransmitConfiguration.Normal);
        recovery = Recovery.None;
        if (sendAgain)
        {
            transmitter.Send();
        }

        transmitter.Pump();
    }

    private bool CheckTransmitter()
    {
        bool asked = wantsRoom;
        Dp8390Interrupts failed = (Dp8390Interrupts)chip.InterruptStatus.Read() & Dp8390Interrupts.TransmitError;
        counters.SendErrors += failed != 0 ? 1 : 0;
        Acknowledge(failed);
        transmitter.Pump();
        if (asked && transmitter.HasRoom)
        {
            counters.LostInterrupts += enabled != 0 ? 1 : 0;
            Pending?.Set();
        }

        return transmitter.LookStuck();
    }

    /// <summary>Looks at the ring with the card's interrupts held back, as the second page wants it.</summary>
    private bool CheckRing()
    {
        bool wasArmed = enabled != 0;
        enabled = 0;
        chip.InterruptMask.Write((byte)Dp8390Interrupts.None);
        if (!receiver.TryLook())
        {
            return true;
        }

        if (receiver.IsEmpty && wasArmed)
        {
            ringStalls = 0;
            Arm();
            return false;
        }

        // Left unarmed: the next Receive drains and arms. If none has come since the last look, it was forgotten.
        counters.LostInterrupts += wasArmed ? 1 : 0;
        ringStalls = !receiver.IsEmpty && receiver.Frames == framesAtCheck ? ringStalls + 1 : 0;
        framesAtCheck = receiver.Frames;
        Pending?.Set();
        return ringStalls >= RingStallMax;
    }
}
