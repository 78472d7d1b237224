using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Drivers.Serial;

/// <summary>
/// A serial port of the 8250 family, with its FIFO used where it has a good one (National PC16550D datasheet).
/// 115200 8N1. Until <see cref="EnableInterrupts"/> it is polled; after it, bytes travel through two rings.
/// <para>
/// No received byte is lost to a busy event loop. When the ring is three quarters full RTS is taken back and the
/// other side stops. Should it not, the last quarter takes the bytes still under way; and with the ring full the
/// bytes stay in the device, where an emulated line holds its sender back.
/// </para>
/// </summary>
public sealed class Uart16550 : IConsolePort, IInterruptHandler
{
    /// <summary>Received bytes waiting for the event loop. A quarter of it is 0.35 s of line at 115200.</summary>
    public const int ReceiveCapacity = 16384;

    /// <summary>Bytes waiting for the line.</summary>
    public const int TransmitCapacity = 16384;

    /// <summary>How long a silent transmitter is waited for before its output is dropped.</summary>
    public const long StallMilliseconds = 1000;

    private const int HighWater = ReceiveCapacity / 4 * 3;
    private const int LowWater = ReceiveCapacity / 4;
    private const ushort Divisor115200 = 1; // 1.8432 MHz / 16 / 115200
    private const int FifoDepth = 16;

    // A character takes 87 microseconds, and the FIFO sixteen times that; a read of a port half a one at least.
    private const int ReadsUntilStuck = 100_000;

    // More causes than this in a row and the handler returns: a broken part must not hold the processor for ever.
    private const int CausesPerInterrupt = 64;

    private readonly Port8 data;
    private readonly Port8 interruptEnable;
    private readonly Port8 interruptIdentity;
    private readonly Port8 fifoControl;
    private readonly Port8 lineControl;
    private readonly Port8 modemControl;
    private readonly Port8 lineStatus;
    private readonly Port8 modemStatus;
    private readonly IClock clock;
    private readonly ByteRing received = new(ReceiveCapacity);
    private readonly ByteRing toSend = new(TransmitCapacity);
    private readonly PortSpace ports;
    private readonly ushort basePort;
    private int burst;

    private volatile bool interruptDriven;
    private volatile bool peerPaused;      // RTS is taken back
    private volatile bool receiverMasked;  // the ring is full and the device keeps the bytes
    private volatile bool peerHandshakes;  // CTS was seen once: the cable has the wire
    private volatile bool stalled;
    private volatile int overruns;
    private volatile uint served;          // interrupts
    private uint servedBefore;             // at the last look
    private bool hadWaiting;
    private UartInterrupts enabled;

    private Uart16550(PortSpace ports, ushort basePort, IClock clock)
    {
        data = new Port8(ports, (ushort)(basePort + UartOffset.Data));
        interruptEnable = new Port8(ports, (ushort)(basePort + UartOffset.InterruptEnable));
        interruptIdentity = new Port8(ports, (ushort)(basePort + UartOffset.InterruptIdentity));
        fifoControl = interruptIdentity;
        lineControl = new Port8(ports, (ushort)(basePort + UartOffset.LineControl));
        modemControl = new Port8(ports, (ushort)(basePort + UartOffset.ModemControl));
        lineStatus = new Port8(ports, (ushort)(basePort + UartOffset.LineStatus));
        modemStatus = new Port8(ports, (ushort)(basePort + UartOffset.ModemStatus));
        this.ports = ports;
        this.basePort = basePort;
        this.clock = clock;
        SetUp();
    }

    /// <summary>The base port of the first serial port of a PC; its interrupt line is <see cref="Com1Line"/>.</summary>
    public const ushort Com1Base = 0x3F8;

    /// <summary>The interrupt line of the first serial port.</summary>
    public const int Com1Line = 4;

    /// <summary>What the handler sets when bytes have come in.</summary>
    public PendingBit? Pending { get; set; }

    /// <summary>Has the part a FIFO that works?</summary>
    public bool HasFifo { get; private set; }

    /// <summary>Bytes the part itself had to drop because nobody fetched them in time.</summary>
    public int Overruns => overruns;

    /// <summary>Looks for a part at <paramref name="basePort"/> and sets it up.</summary>
    /// <returns>Null if there is none.</returns>
    public static Uart16550? Probe(PortSpace ports, ushort basePort, IClock clock)
    {
        return IsPresent(ports, basePort) ? new Uart16550(ports, basePort, clock) : null;
    }

    /// <summary>
    /// Goes on with the part that another machine has at the same ports. What waits in the rings is still to be sent
    /// and read; so is what somebody has typed at this machine meanwhile. What the old part held is lost.
    /// </summary>
    /// <returns>False if that machine has none; this object is of no more use then.</returns>
    public bool TryRestart()
    {
        if (!IsPresent(ports, basePort))
        {
            return false;
        }

        Receive();
        SetUp();
        stalled = false;
        receiverMasked = false;
        Pending?.Set();
        WriteModemControl();
        if (interruptDriven)
        {
            EnableAllCauses();
        }

        return true;
    }

    /// <summary>
    /// Lets the part interrupt no more: this machine changes hands. What waits can still be sent polled.
    /// </summary>
    public void Silence()
    {
        interruptDriven = false;
        Disable(UartInterrupts.All);
    }

    /// <summary>
    /// Looks whether the part has bytes that it should have interrupted for, and takes them. An interrupt can get lost
    /// where lines are noticed by their edges; without this look the console would be deaf from then on. To be called
    /// some times a second.
    /// </summary>
    /// <returns>True if bytes lay there, at two looks one after the other, and no interrupt came.</returns>
    public bool Check()
    {
        bool waits = interruptDriven && !receiverMasked && HasStatus(UartLineStatus.DataReady);
        bool isLost = waits && hadWaiting && served == servedBefore;
        hadWaiting = waits;
        servedBefore = served;
        if (isLost)
        {
            // While the part may not interrupt, its handler does not run; and its line gets a new edge afterwards.
            Disable(UartInterrupts.All);
            Receive();
            EnableAllCauses();
            Pending?.Set();
        }

        return isLost;
    }

    private static bool IsPresent(PortSpace ports, ushort basePort)
    {
        // In loopback the four modem outputs appear as the modem inputs: RTS as CTS and OUT2 as DCD (PC16550D, 8.8).
        const UartModemStatus inputs = UartModemStatus.ClearToSend | UartModemStatus.DataSetReady
            | UartModemStatus.Ring | UartModemStatus.CarrierDetect;
        Port8 control = new(ports, (ushort)(basePort + UartOffset.ModemControl));
        Port8 status = new(ports, (ushort)(basePort + UartOffset.ModemStatus));
        control.Write((byte)(UartModemControl.Loopback | UartModemControl.RequestToSend
            | UartModemControl.InterruptGate));
        bool present = ((UartModemStatus)status.Read() & inputs)
            == (UartModemStatus.ClearToSend | UartModemStatus.CarrierDetect);
        if (!present)
        {
            return false;
        }

        control.Write((byte)UartModemControl.Loopback);
        return ((UartModemStatus)status.Read() & inputs) == 0;
    }

    /// <summary>From now on the device interrupts. The handler must be attached to its line before.</summary>
    public void EnableInterrupts()
    {
        interruptDriven = true;
        WriteModemControl();
        EnableAllCauses();
    }

    /// <inheritdoc/>
    public bool TryRead(out byte value)
    {
        if (!interruptDriven)
        {
            Receive();
        }

        bool taken = received.TryRead(out value);
        if (received.Count <= LowWater && (peerPaused || receiverMasked))
        {
            peerPaused = false;
            receiverMasked = false;
            WriteModemControl();
            if (interruptDriven)
            {
                EnableAllCauses();
            }
        }

        return taken;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes = SendAtOnce(bytes);
        while (bytes.Length > 0)
        {
            int taken = toSend.Write(bytes);
            bytes = bytes[taken..];
            if (interruptDriven)
            {
                EnableAllCauses();
            }

            if ((!interruptDriven || bytes.Length > 0) && !WaitForSpace())
            {
                return;
            }
        }
    }

    /// <summary>
    /// Sends without interrupts, past the ring; for moments at which the kernel stands still. A line that does not move
    /// is given up.
    /// </summary>
    public void WriteAtOnce(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            for (int i = 0; !HasStatus(UartLineStatus.HoldingEmpty); i++)
            {
                if (i == ReadsUntilStuck)
                {
                    return;
                }
            }

            data.Write(value);
        }
    }

    /// <summary>Reads past the ring, without interrupts; for moments at which the kernel stands still.</summary>
    /// <returns>Negative if there is nothing.</returns>
    public int ReadAtOnce() => HasStatus(UartLineStatus.DataReady) ? data.Read() : -1;

    /// <summary>Waits until the last bit has left the part, for instance before the power goes.</summary>
    /// <returns>False if the line stands still.</returns>
    public bool Drain()
    {
        Instant deadline = clock.Now.AddMilliseconds(StallMilliseconds);
        int last = toSend.Count;
        while (toSend.Count > 0 || !HasStatus(UartLineStatus.TransmitterIdle))
        {
            Pump();
            if (toSend.Count != last)
            {
                last = toSend.Count;
                deadline = clock.Now.AddMilliseconds(StallMilliseconds);
            }

            if (clock.Now > deadline)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void OnInterrupt()
    {
        served++;
        for (int i = 0; i < CausesPerInterrupt; i++)
        {
            UartIdentity identity = (UartIdentity)interruptIdentity.Read();
            if ((identity & UartIdentity.NothingPending) != 0)
            {
                return;
            }

            Serve((byte)(identity & UartIdentity.CauseMask));
        }

        // More waits than one call may take. The line is still up, and an 8259 that looks for edges would not call
        // again: give it a new one.
        interruptEnable.Write(0);
        interruptEnable.Write((byte)enabled);
    }

    private void Serve(byte cause)
    {
        // PC16550D, table IV. Each cause is withdrawn by the access that its branch makes.
        const byte modemStatusChanged = 0x0;
        const byte transmitterEmpty = 0x2;
        const byte dataAvailable = 0x4;
        const byte lineStatusChanged = 0x6;
        const byte dataTimeout = 0xC;
        switch (cause)
        {
            case dataAvailable:
            case dataTimeout:
            case lineStatusChanged:
                Receive();
                Pending?.Set();
                break;
            case transmitterEmpty:
                SendNext();
                break;
            case modemStatusChanged:
                if (IsClearToSend())
                {
                    peerHandshakes = true;
                    SendNext();
                }

                break;
        }
    }

    /// <summary>Moves what the part holds into the ring, as far as the ring has room.</summary>
    private void Receive()
    {
        const UartLineStatus noCharacter = UartLineStatus.Break | UartLineStatus.FramingError;
        while (true)
        {
            UartLineStatus status = (UartLineStatus)lineStatus.Read();
            if (status == (UartLineStatus)0xFF)
            {
                return; // the part is gone
            }

            if ((status & UartLineStatus.Overrun) != 0)
            {
                overruns++;
            }

            if ((status & UartLineStatus.DataReady) == 0)
            {
                return;
            }

            if (received.Free == 0)
            {
                receiverMasked = true;
                Disable(UartInterrupts.ReceivedData | UartInterrupts.LineStatus);
                return;
            }

            byte value = data.Read();
            if ((status & noCharacter) == 0)
            {
                _ = received.TryWrite(value);
            }

            if (!peerPaused && received.Count >= HighWater)
            {
                peerPaused = true;
                WriteModemControl();
            }
        }
    }

    /// <summary>Interrupt side of sending: refills the part, or stops asking for its interrupts.</summary>
    private void SendNext()
    {
        if (MaySend())
        {
            FillTransmitter();
            enabled |= UartInterrupts.TransmitterEmpty;
            interruptEnable.Write((byte)enabled);
        }

        if (toSend.Count == 0 || !MaySend())
        {
            Disable(UartInterrupts.TransmitterEmpty);
        }
    }

    private void FillTransmitter()
    {
        if (!HasStatus(UartLineStatus.HoldingEmpty))
        {
            return;
        }

        for (int i = 0; i < burst && toSend.TryRead(out byte value); i++)
        {
            data.Write(value);
            stalled = false;
        }
    }

    /// <summary>
    /// Hands bytes straight to a part that waits for some. With nothing in the ring the handler leaves the
    /// transmitter alone, so the two cannot meet; and the echo of a typed character costs no interrupt.
    /// </summary>
    /// <returns>What the part did not take.</returns>
    private ReadOnlySpan<byte> SendAtOnce(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && toSend.Count == 0 && HasStatus(UartLineStatus.HoldingEmpty) && MaySend())
        {
            int count = Math.Min(burst, bytes.Length);
            for (int i = 0; i < count; i++)
            {
                data.Write(bytes[i]);
            }

            bytes = bytes[count..];
        }

        return bytes;
    }

    /// <summary>Sends without interrupts. With them on, only after their handler has been kept out.</summary>
    private void Pump()
    {
        if (!interruptDriven)
        {
            if (MaySend())
            {
                FillTransmitter();
            }
        }
    }

    /// <summary>Waits until the ring of outgoing bytes has room again; polled, until it is empty.</summary>
    private bool WaitForSpace()
    {
        Pump();
        if (stalled && toSend.Free == 0)
        {
            return false; // the line stood still for a whole wait already: no second one for every later byte
        }

        Instant deadline = clock.Now.AddMilliseconds(StallMilliseconds);
        int last = toSend.Count;
        while (interruptDriven ? toSend.Free == 0 : toSend.Count > 0)
        {
            Pump();
            if (toSend.Count != last)
            {
                last = toSend.Count;
                deadline = clock.Now.AddMilliseconds(StallMilliseconds);
            }
            else if (clock.Now > deadline)
            {
                if (!peerHandshakes)
                {
                    stalled = true;
                    return false;
                }

                // A peer that holds CTS back this long is a cable without the wire: from now on do not look at it.
                peerHandshakes = false;
                deadline = clock.Now.AddMilliseconds(StallMilliseconds);
                if (interruptDriven)
                {
                    EnableAllCauses();
                }
            }
        }

        return true;
    }

    private bool MaySend() => !peerHandshakes || IsClearToSend();

    private bool IsClearToSend() => ((UartModemStatus)modemStatus.Read() & UartModemStatus.ClearToSend) != 0;

    private bool HasStatus(UartLineStatus bit) => ((UartLineStatus)lineStatus.Read() & bit) != 0;

    /// <summary>
    /// The event loop only ever enables everything and the handler only switches single causes off, so that a
    /// handler that runs between the two statements below can at worst be called once more for nothing.
    /// </summary>
    private void EnableAllCauses()
    {
        enabled = UartInterrupts.All;
        interruptEnable.Write((byte)UartInterrupts.All);
    }

    private void Disable(UartInterrupts causes)
    {
        enabled &= ~causes;
        interruptEnable.Write((byte)enabled);
    }

    private void WriteModemControl()
    {
        UartModemControl control = UartModemControl.TerminalReady;
        control |= peerPaused ? 0 : UartModemControl.RequestToSend;
        control |= interruptDriven ? UartModemControl.InterruptGate : 0;
        modemControl.Write((byte)control);
    }

    private void SetUp()
    {
        SetLineSpeed();
        HasFifo = TryEnableFifo();
        burst = HasFifo ? FifoDepth : 1;
        modemControl.Write((byte)(UartModemControl.TerminalReady | UartModemControl.RequestToSend));
        peerHandshakes = IsClearToSend();
    }

    private void SetLineSpeed()
    {
        interruptEnable.Write((byte)UartInterrupts.None);
        lineControl.Write((byte)(UartLineControl.EightBits | UartLineControl.DivisorAccess));
        data.Write(unchecked((byte)Divisor115200));
        interruptEnable.Write((byte)(Divisor115200 >> 8));
        lineControl.Write((byte)UartLineControl.EightBits);
    }

    private bool TryEnableFifo()
    {
        fifoControl.Write((byte)(UartFifo.Enable | UartFifo.ClearReceiver | UartFifo.ClearTransmitter
            | UartFifo.TriggerAt8));
        if (((UartIdentity)interruptIdentity.Read() & UartIdentity.FifoWorks) == UartIdentity.FifoWorks)
        {
            return true;
        }

        fifoControl.Write(0);
        return false;
    }
}
