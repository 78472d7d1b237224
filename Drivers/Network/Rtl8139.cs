using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The RTL8139 (Realtek RTL8139C datasheet 1.4): one receive ring, and four transmit descriptors or, in a C+ chip, a
/// ring of them (<see cref="Rtl8139Transmitter"/>). Frames are received and sent where they lie in DMA memory.
/// <para>
/// The handler acknowledges, switches the chip's interrupts off and leaves the rest to the loop. The loop drains the
/// ring, acknowledges what came meanwhile, looks at the ring once more and only then switches them on again: under
/// load there is one interrupt for a whole batch, and no last frame is left behind.
/// </para>
/// <para>
/// Every access to a port is dear, in an emulator most of all. A batch of frames costs seven or so, whatever its
/// size; a frame to send costs one.
/// </para>
/// </summary>
public sealed class Rtl8139 : INetworkDevice, IInterruptHandler
{
    /// <summary>PCI vendor number of Realtek.</summary>
    public const ushort Vendor = 0x10EC;

    /// <summary>PCI device number.</summary>
    public const ushort Device = 0x8139;

    /// <summary>The first revision that is a C+ chip.</summary>
    public const byte PlusRevision = 0x20;

    /// <summary>
    /// Bytes of the receive ring. The largest size for which the chip can lay every frame in one piece; the one size
    /// beyond it is known to hang real chips.
    /// </summary>
    public const int RingSize = 32 * 1024;

    // A frame may begin in the ring's last word and go on beyond its end. On a wire that is 1.5 KiB; but an emulated
    // wire can carry up to 68 KiB, and no neighbour may make the chip write over memory that is not the ring's.
    private const int BeyondRing = 72 * 1024;

    // Bursts of so many rings get through: the loop empties the ring while they arrive, and a full ring makes an
    // emulated wire wait.
    private const int BurstRings = 4;

    private const int RingAlignment = 256;
    private const int HeaderSize = 4;
    private const int CheckSequence = 4;
    private const int HeaderLength = 14; // an Ethernet header, the least that a frame can be
    private const int WordMask = 3;
    private const ushort Unfinished = 0xFFF0; // the length while the chip still writes the frame
    private const int ReadPointerLag = 16;

    // How much may be read before the chip is told. More saves accesses; too much starves the chip of room.
    private const int ReleaseBytes = RingSize / 4;

    private const byte ClockRuns = (byte)'R';

    // A reset takes 10 microseconds; a port access at least half of one.
    private const int ResetReadsMax = 2000;

    // Looks of Check at a transmitter that does not move, or a ring that does not, before the chip is started anew.
    private const int TransmitStallMax = 10;
    private const int RingStallMax = 3;

    private const Rtl8139Interrupts ReceiveCauses = Rtl8139Interrupts.ReceiveOk | Rtl8139Interrupts.ReceiveError
        | Rtl8139Interrupts.RingOverflow | Rtl8139Interrupts.FifoOverflow;

    private const Rtl8139Interrupts TransmitCauses = Rtl8139Interrupts.TransmitOk | Rtl8139Interrupts.TransmitError;
    private const Rtl8139Interrupts Overflows = Rtl8139Interrupts.RingOverflow | Rtl8139Interrupts.FifoOverflow;

    private readonly Rtl8139Registers chip;
    private readonly DmaRegion ring;
    private readonly Rtl8139Transmitter transmitter;
    private DeviceCounters counters;
    private volatile ushort enabled;    // the causes that may interrupt; none from the interrupt to the empty ring
    private volatile ushort causes;     // what the handler has acknowledged; the loop's own while none is enabled
    private volatile uint interrupts;
    private bool running;
    private bool wantsRoom;             // BeginTransmit was refused
    private int position;               // where the next frame begins in the ring
    private int unreleased;             // bytes read that the chip does not know of yet
    private uint completedAtCheck;
    private int transmitStalls;
    private uint frames;
    private uint framesAtCheck;
    private int ringStalls;
    private uint framesAtMiss;
    private int deafChecks;

    private Rtl8139(Rtl8139Registers chip, IDmaMemory memory, bool isPlus, string name)
    {
        this.chip = chip;
        Name = name;
        ring = memory.Allocate(RingSize + BeyondRing, RingAlignment, 0);
        transmitter = isPlus ? new Rtl8139Descriptors(chip, memory) : new Rtl8139Slots(chip, memory);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MacAddress Address { get; private set; }

    /// <inheritdoc/>
    public LinkState Link { get; private set; }

    /// <inheritdoc/>
    public int ReceiveCapacity => BurstRings * RingSize;

    /// <inheritdoc/>
    public DeviceCounters Counters
    {
        get
        {
            DeviceCounters now = counters;
            now.Interrupts = interrupts;
            now.SendErrors = transmitter.Errors;
            return now;
        }
    }

    /// <inheritdoc/>
    public bool OffersTcpChecksum => transmitter.HelpsTcp;

    /// <inheritdoc/>
    public int LargeFrameMax => transmitter.FrameMax;

    /// <inheritdoc/>
    public PendingBit? Pending { get; set; }

    /// <summary>Looks for a chip at a range of ports. It stays silent until <see cref="Start"/>.</summary>
    /// <param name="ports">The machine's ports.</param>
    /// <param name="basePort">The first one of the range.</param>
    /// <param name="line">The interrupt line, for the name.</param>
    /// <param name="memory">Where rings and buffers come from.</param>
    /// <param name="isPlus">Is it a C+ chip, and to be used as one?</param>
    /// <returns>Null if no chip answers there.</returns>
    public static Rtl8139? Probe(PortSpace ports, ushort basePort, int line, IDmaMemory memory, bool isPlus)
    {
        Rtl8139Registers chip = new(ports, basePort);
        if ((Rtl8139Command)chip.Command.Read() == Rtl8139Command.Gone)
        {
            return null;
        }

        chip.Clock.Write(ClockRuns);
        if (!TryReset(chip))
        {
            return null;
        }

        Span<byte> address = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(address, chip.AddressLow.Read());
        BinaryPrimitives.WriteUInt32LittleEndian(address[sizeof(uint)..], chip.AddressHigh.Read());
        MacAddress station = MacAddress.Read(address);
        string chipName = isPlus ? "RTL8139C+" : "RTL8139";
        return station.IsStation
            ? new Rtl8139(chip, memory, isPlus, $"{chipName} at 0x{basePort:x4}, line {line}") { Address = station }
            : null;
    }

    /// <summary>Switches everything on. The handler must be attached to its line before.</summary>
    public void Start()
    {
        BringUp();
        ReadLink();
    }

    /// <inheritdoc/>
    public void SetAddress(MacAddress address)
    {
        Address = address;
        WriteAddress();
    }

    /// <inheritdoc/>
    public void OnInterrupt()
    {
        if (enabled == 0)
        {
            return; // another device on the same line
        }

        ushort seen = chip.InterruptStatus.Read();
        if ((seen & enabled) == 0 || seen == (ushort)Rtl8139Interrupts.Gone)
        {
            return;
        }

        enabled = 0;
        chip.InterruptMask.Write((ushort)Rtl8139Interrupts.None);
        chip.InterruptStatus.Write(seen);
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

        NoteOverflow((Rtl8139Interrupts)causes);
        causes = 0;
        Span<byte> bytes = ring.Bytes;
        while (!IsRingEmpty())
        {
            int before = budget;
            bool good = Drain(bytes, sink, ref budget, now);
            Release();
            if (!good)
            {
                counters.ReceiveErrors++;
                Restart();
                return false;
            }

            if (budget <= 0)
            {
                return true;
            }

            // Acknowledged before the ring is looked at again: what comes after this line interrupts anew.
            Acknowledge();
            if (budget == before)
            {
                break; // the chip is in the midst of a frame; its end will interrupt
            }
        }

        if (running)
        {
            Arm();
        }

        return false;
    }

    /// <inheritdoc/>
    public Span<byte> BeginTransmit()
    {
        if (!running)
        {
            return default;
        }

        if (transmitter.IsFull && !transmitter.Reclaim())
        {
            // Old acknowledgements away, one more look, and then ask to be told.
            chip.InterruptStatus.Write((ushort)TransmitCauses);
            if (!transmitter.Reclaim())
            {
                wantsRoom = true;
                if (enabled != 0)
                {
                    Arm();
                }

                return default;
            }
        }

        wantsRoom = false;
        return transmitter.Room;
    }

    /// <inheritdoc/>
    public void EndTransmit(int length, in TransmitOffload offload)
    {
        if (!running || transmitter.IsFull)
        {
            return; // started anew since BeginTransmit, or never begun
        }

        counters.Sent++;
        counters.SentBytes += length;
        if (length < INetworkDevice.FrameMin)
        {
            transmitter.Room[length..INetworkDevice.FrameMin].Clear();
            length = INetworkDevice.FrameMin;
        }

        transmitter.Send(length, offload);
    }

    /// <inheritdoc/>
    public void Check(Instant now)
    {
        Rtl8139Command command = (Rtl8139Command)chip.Command.Read();
        const Rtl8139Command both = Rtl8139Command.ReceiverOn | Rtl8139Command.TransmitterOn;
        if (!running || command == Rtl8139Command.Gone || (command & both) != both)
        {
            Restart();
            return;
        }

        ReadLink();
        if (CheckErrors() || CheckTransmitter() || CheckRing((command & Rtl8139Command.BufferEmpty) != 0))
        {
            Restart();
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        enabled = 0;
        running = false;
        chip.InterruptMask.Write((ushort)Rtl8139Interrupts.None);
        chip.Command.Write((byte)Rtl8139Command.Stopped);
        TryReset(chip);
    }

    private static bool TryReset(in Rtl8139Registers chip)
    {
        chip.Command.Write((byte)Rtl8139Command.Reset);
        for (int i = 0; i < ResetReadsMax; i++)
        {
            if (((Rtl8139Command)chip.Command.Read() & Rtl8139Command.Reset) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>From reset to receiving. Leaves <see cref="running"/> false if the chip does not answer.</summary>
    private void BringUp()
    {
        enabled = 0;
        running = TryReset(chip);
        if (!running)
        {
            Link = LinkState.Down;
            return;
        }

        WriteAddress();
        chip.RingStart.Write(ring.PhysicalAddress);
        transmitter.Begin();

        // The chip takes its configuration only while both halves are on (datasheet, sections 5.7 and 5.8).
        chip.Command.Write((byte)(Rtl8139Command.ReceiverOn | Rtl8139Command.TransmitterOn));
        chip.ReceiveConfiguration.Write((uint)(Rtl8139ReceiveConfiguration.AcceptOwn
            | Rtl8139ReceiveConfiguration.AcceptBroadcast | Rtl8139ReceiveConfiguration.NoWrap
            | Rtl8139ReceiveConfiguration.BurstUnlimited | Rtl8139ReceiveConfiguration.Ring32K
            | Rtl8139ReceiveConfiguration.WholeFrames));
        chip.TransmitConfiguration.Write((uint)(Rtl8139TransmitConfiguration.Burst256
            | Rtl8139TransmitConfiguration.StandardGap));
        position = 0;
        unreleased = 0;
        wantsRoom = false;
        transmitStalls = 0;
        ringStalls = 0;
        deafChecks = 0;
        causes = 0;
        Arm();
    }

    private void Restart()
    {
        counters.Resets += running ? 1 : 0; // a card that is gone is asked ten times a second
        BringUp();
        Pending?.Set(); // there is room to send, at least
    }

    private void WriteAddress()
    {
        Span<byte> address = stackalloc byte[2 * sizeof(uint)];
        address.Clear();
        Address.Write(address);
        chip.Access.Write((byte)Rtl8139Access.Configuration);
        chip.AddressLow.Write(BinaryPrimitives.ReadUInt32LittleEndian(address));
        chip.AddressHigh.Write(BinaryPrimitives.ReadUInt32LittleEndian(address[sizeof(uint)..]));
        chip.Access.Write((byte)Rtl8139Access.Normal);
    }

    private void ReadLink() =>
        Link = ((Rtl8139Media)chip.Media.Read() & Rtl8139Media.LinkDown) != 0 ? LinkState.Down : LinkState.Up;

    private bool IsRingEmpty() => ((Rtl8139Command)chip.Command.Read() & Rtl8139Command.BufferEmpty) != 0;

    /// <summary>
    /// Lets the chip interrupt. Overflows of the ring never interrupt: a full ring is being drained already, and an
    /// emulator keeps frames back for a driver that does not ask for that interrupt, instead of dropping them.
    /// </summary>
    private void Arm()
    {
        ushort mask = (ushort)(Rtl8139Interrupts.ReceiveOk | (wantsRoom ? TransmitCauses : 0));
        if (enabled != mask)
        {
            enabled = mask; // before the chip may interrupt, since the handler sets it to none
            chip.InterruptMask.Write(mask);
        }
    }

    private void Acknowledge()
    {
        Rtl8139Interrupts seen = (Rtl8139Interrupts)chip.InterruptStatus.Read() & ReceiveCauses;
        if (seen != 0)
        {
            chip.InterruptStatus.Write((ushort)seen);
        }

        NoteOverflow(seen);
    }

    private void NoteOverflow(Rtl8139Interrupts seen)
    {
        if ((seen & Overflows) != 0)
        {
            counters.Overflows++;
        }
    }

    /// <summary>Hands on the frames between the two pointers, as far as the budget goes.</summary>
    /// <returns>False if the ring holds what no chip in its senses writes.</returns>
    private bool Drain(Span<byte> bytes, IFrameSink sink, ref int budget, Instant now)
    {
        int available = (chip.WritePointer.Read() - position) & (RingSize - 1);
        while (available > 0 && budget > 0)
        {
            uint header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]);
            int length = (int)(header >> 16);
            if (length == Unfinished)
            {
                return true;
            }

            Rtl8139FrameStatus status = (Rtl8139FrameStatus)header;
            bool isFrame = (status & (Rtl8139FrameStatus.Ok | Rtl8139FrameStatus.AnyError)) == Rtl8139FrameStatus.Ok
                && length is >= HeaderLength + CheckSequence and < RingSize - HeaderSize;
            int taken = (HeaderSize + length + WordMask) & ~WordMask;
            if (!isFrame)
            {
                return false;
            }

            if (taken > available)
            {
                return true; // not all of it is there yet
            }

            Deliver(bytes.Slice(position + HeaderSize, length - CheckSequence), sink, now);
            position = (position + taken) & (RingSize - 1);
            available -= taken;
            unreleased += taken;
            frames++;
            budget--;
            if (unreleased >= ReleaseBytes)
            {
                Release();
            }
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> frame, IFrameSink sink, Instant now)
    {
        if (frame.Length > INetworkDevice.FrameMax)
        {
            counters.ReceiveErrors++;
            return;
        }

        counters.Received++;
        counters.ReceivedBytes += frame.Length;
        sink.OnFrame(frame, now);
    }

    /// <summary>Tells the chip how far the ring has been read.</summary>
    private void Release()
    {
        if (unreleased > 0)
        {
            chip.ReadPointer.Write((ushort)(position - ReadPointerLag));
            unreleased = 0;
        }
    }

    /// <summary>Counts what the chip has lost, and finds one that loses everything.</summary>
    /// <returns>True if the chip must be started anew.</returns>
    private bool CheckErrors()
    {
        Rtl8139Interrupts seen = (Rtl8139Interrupts)chip.InterruptStatus.Read();
        if ((seen & Overflows) != 0)
        {
            chip.InterruptStatus.Write((ushort)(seen & Overflows));
            NoteOverflow(seen);
        }

        uint missed = chip.Missed.Read();
        bool isDeaf = missed != 0 && frames == framesAtMiss && IsRingEmpty();
        if (missed != 0)
        {
            chip.Missed.Write(0);
            counters.ReceiveMissed += missed;
        }

        // A receiver that drops everything though its ring is empty has lost its place.
        deafChecks = isDeaf ? deafChecks + 1 : 0;
        framesAtMiss = frames;
        return (seen & Rtl8139Interrupts.SystemError) != 0 || deafChecks >= RingStallMax;
    }

    private bool CheckTransmitter()
    {
        if (transmitter.InFlight > 0)
        {
            transmitter.Reclaim();
        }

        if (wantsRoom && !transmitter.IsFull)
        {
            counters.LostInterrupts += enabled != 0 ? 1 : 0;
            Pending?.Set();
        }

        bool stands = transmitter.InFlight > 0 && transmitter.Completed == completedAtCheck;
        transmitStalls = stands ? transmitStalls + 1 : 0;
        completedAtCheck = transmitter.Completed;
        return transmitStalls >= TransmitStallMax;
    }

    private bool CheckRing(bool wasEmpty)
    {
        if (wasEmpty)
        {
            ringStalls = 0;
            if (enabled == 0)
            {
                Pending?.Set(); // whoever was to call Receive again has forgotten
            }

            return false;
        }

        // The interrupt of a frame that has just come would have been taken by now: accesses lie in between.
        if (enabled != 0)
        {
            counters.LostInterrupts++;
            enabled = 0;
            chip.InterruptMask.Write((ushort)Rtl8139Interrupts.None);
        }

        ringStalls = frames == framesAtCheck ? ringStalls + 1 : 0;
        framesAtCheck = frames;
        Pending?.Set();
        return ringStalls >= RingStallMax;
    }
}
