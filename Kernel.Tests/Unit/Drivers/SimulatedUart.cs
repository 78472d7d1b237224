using System.Collections.Generic;
using HaukiOS.Drivers.Serial;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>A 16550A, or an 8250 without FIFO, with a line at whose other end the test sits.</summary>
public sealed class SimulatedUart(bool hasFifo) : ISimulatedDevice
{
    private readonly Queue<byte> receiver = new();
    private readonly byte[] registers = new byte[8];
    private bool fifoOn;
    private bool overrun;
    private bool transmitterCause;
    private int looksUntilEmpty;

    /// <summary>What has been sent.</summary>
    public List<byte> Sent { get; } = new();

    /// <summary>The other side's CTS.</summary>
    public bool ClearToSend { get; set; } = true;

    /// <summary>Does the transmitter ever get empty?</summary>
    public bool LineMoves
    {
        get;
        set
        {
            field = value;
            looksUntilEmpty = 3;
        }
    } = true;

    /// <summary>Is RTS on?</summary>
    public bool RequestToSend => (registers[4] & 0x02) != 0;

    /// <summary>Does the part ask for an interrupt, and does its gate let it through?</summary>
    public bool Interrupts => Cause() != 0x01 && (registers[4] & 0x08) != 0;

    /// <summary>Room for another received byte?</summary>
    public bool HasRoom => receiver.Count < Depth;

    private int Depth => fifoOn ? 16 : 1;

    private bool IsEmpty => LineMoves && looksUntilEmpty == 0;

    private bool DivisorAccess => (registers[3] & 0x80) != 0;

    /// <summary>A byte arrives. If there is no room it is lost, as on a real line.</summary>
    public void Arrive(byte value)
    {
        if (HasRoom)
        {
            receiver.Enqueue(value);
        }
        else
        {
            overrun = true;
        }
    }

    /// <summary>Lets the driver's handler run as long as the part interrupts.</summary>
    public void Deliver(Uart16550 driver)
    {
        for (int i = 0; i < 10_000; i++)
        {
            LetLineMove();
            if (Interrupts)
            {
                driver.OnInterrupt();
            }
            else if (looksUntilEmpty == 0 || !LineMoves)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public uint Read(int offset, int width)
    {
        switch (offset)
        {
            case 0 when !DivisorAccess:
                return receiver.Count > 0 ? receiver.Dequeue() : (byte)0;
            case 2:
                byte cause = Cause();
                if (cause == 0x02)
                {
                    transmitterCause = false;
                }

                return (uint)(cause | (fifoOn && hasFifo ? 0xC0 : 0));
            case 5:
                LetLineMove();
                uint status = (uint)((receiver.Count > 0 ? 1 : 0) | (overrun ? 2 : 0) | (IsEmpty ? 0x60 : 0));
                overrun = false;
                return status;
            case 6:
                if ((registers[4] & 0x10) == 0)
                {
                    return ClearToSend ? 0xB0u : 0xA0u;
                }

                return (uint)(((registers[4] & 2) << 3) | ((registers[4] & 1) << 5) | ((registers[4] & 0x0C) << 4));
            default:
                return registers[offset];
        }
    }

    /// <inheritdoc/>
    public void Write(int offset, int width, uint value)
    {
        switch (offset)
        {
            case 0 when !DivisorAccess:
                Sent.Add((byte)value);
                transmitterCause = false;
                looksUntilEmpty = 3; // the bits take their time
                break;
            case 1 when !DivisorAccess:
                transmitterCause |= IsEmpty && (value & ~registers[1] & 2) != 0;
                registers[1] = (byte)value;
                break;
            case 2:
                fifoOn = hasFifo && (value & 1) != 0;
                break;
            case < 2:
                break;
            default:
                registers[offset] = (byte)value;
                break;
        }
    }

    private void LetLineMove()
    {
        if (LineMoves && looksUntilEmpty > 0 && --looksUntilEmpty == 0)
        {
            transmitterCause = true;
        }
    }

    private byte Cause()
    {
        if (overrun && (registers[1] & 4) != 0)
        {
            return 0x06;
        }

        if (receiver.Count > 0 && (registers[1] & 1) != 0)
        {
            return 0x04;
        }

        return transmitterCause && LineMoves && (registers[1] & 2) != 0 ? (byte)0x02 : (byte)0x01;
    }
}
