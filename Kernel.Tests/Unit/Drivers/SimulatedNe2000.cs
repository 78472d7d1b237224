using System;
using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>
/// An NE2000, written from the datasheet of its DP8390D, with 8, 16 or 32 bits at its port and any memory, that
/// misbehaves in all the ways a test wants.
/// </summary>
public sealed class SimulatedNe2000 : ISimulatedDevice
{
    private const byte Received = 0x01;
    private const byte Transmitted = 0x02;
    private const byte TransmitFailed = 0x08;
    private const byte Overflowed = 0x10;
    private const byte RemoteDone = 0x40;
    private const byte WasReset = 0x80;
    private const long StopNanoseconds = 1_600_000;

    private readonly byte[] prom = new byte[32];
    private readonly byte[] memory;
    private readonly int firstByte;
    private readonly int width;
    private readonly byte[] page0 = new byte[16];
    private readonly byte[] page1 = new byte[16];
    private byte command = 0x21;
    private byte status = WasReset;
    private int remoteAddress;
    private int remoteCount;
    private bool overflow;
    private Instant stoppedAt;

    /// <summary>A card.</summary>
    /// <param name="width">Bytes that its port moves at once: 1, 2 or 4.</param>
    /// <param name="kibibytes">Its memory.</param>
    public SimulatedNe2000(int width, int kibibytes)
    {
        this.width = width;
        memory = new byte[kibibytes * 1024];
        firstByte = width == 1 && kibibytes == 8 ? 0x2000 : 0x4000;
        byte[] address = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
        for (int i = 0; i < 16; i++)
        {
            byte value = i < 6 ? address[i] : (byte)0x57;
            prom[width == 1 ? i : i * 2] = value;
            prom[width == 1 ? 16 + i : (i * 2) + 1] = width == 1 ? (byte)0 : value;
        }
    }

    /// <summary>Frames that went to the wire.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>The moment, for what takes the chip time.</summary>
    public Instant Now { get; set; }

    /// <summary>Does the chip keep the frame it is given until <see cref="Complete"/>?</summary>
    public bool HoldsFrames { get; set; }

    /// <summary>Does a full ring go by without a word, as an emulator's does?</summary>
    public bool OverflowsSilently { get; set; }

    /// <summary>Does the card hear only the address it was born with, as an emulator's does?</summary>
    public bool IgnoresAddressRegisters { get; set; }

    /// <summary>Does its memory appear again and again behind its end?</summary>
    public bool MemoryRepeats { get; set; }

    /// <summary>Does no transfer ever report its end?</summary>
    public bool TransfersNeverEnd { get; set; }

    /// <summary>Is the card out of its slot?</summary>
    public bool IsGone { get; set; }

    /// <summary>Frames lost for want of room, as the chip counts them.</summary>
    public byte Missed { get; private set; }

    /// <summary>Resets that the driver has asked for.</summary>
    public int Resets { get; private set; }

    /// <summary>How often the procedure for a full ring was carried out.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Is the interrupt line up?</summary>
    public bool Asserts => !IsGone && (status & page0[0x0F] & 0x7F) != 0;

    /// <summary>Is a frame on the wire?</summary>
    public bool IsSending => (command & 4) != 0;

    /// <summary>Does the chip receive?</summary>
    public bool IsOn => (command & 1) == 0 && (page0[0x0C] & 0x20) == 0 && page0[0x0D] == 0;

    private int RingStart => page0[1];

    private int RingPages => page0[2] - page0[1];

    private byte Current
    {
        get => page1[7];
        set => page1[7] = value;
    }

    /// <summary>A frame comes in from the wire.</summary>
    /// <returns>True if it was stored.</returns>
    public bool Arrive(ReadOnlySpan<byte> frame)
    {
        if (!IsOn || !Wants(frame))
        {
            return false;
        }

        int pages = (4 + frame.Length + 4 + 255) / 256;
        int free = (page0[3] - Current + RingPages) % RingPages;
        if (OverflowsSilently)
        {
            // An emulator's rule: it takes boundary and current page side by side for an empty ring.
            free = free == 0 ? RingPages : free;
            if (free * 256 < 1514 + 4)
            {
                return false;
            }

            free = RingPages;
        }

        if (overflow || pages > free)
        {
            Overflow();
            return false;
        }

        Put(frame, pages, 0x01, NextPage(pages));
        return true;
    }

    /// <summary>The chip writes a header that is wrong about the next frame.</summary>
    public void ArriveBroken(byte following)
    {
        int pages = 1;
        Put(new byte[60], pages, 0x01, following);
        Current = NextPage(pages);
    }

    /// <summary>The chip's own place in the ring goes wild.</summary>
    public void LosePlace() => Current = 0xFE;

    /// <summary>The chip stops.</summary>
    public void StopByItself() => command = 0x21;

    /// <summary>Errors of the wire that the chip counts.</summary>
    public void CountErrors(byte alignment, byte checksum)
    {
        page1[0x0D] = alignment;
        page1[0x0E] = checksum;
    }

    /// <summary>Ends the frame that is on the wire.</summary>
    public void Complete(bool fails = false)
    {
        if ((command & 4) == 0)
        {
            throw new InvalidOperationException("no frame is on the wire");
        }

        command &= 0xFB;
        status |= fails ? TransmitFailed : Transmitted;
        if (!fails)
        {
            int length = page0[5] | (page0[6] << 8);
            Sent.Add(memory.AsSpan((page0[4] * 256) - firstByte, length).ToArray());
        }
    }

    /// <inheritdoc/>
    public uint Read(int offset, int accessWidth)
    {
        if (IsGone)
        {
            return uint.MaxValue;
        }

        if (offset is >= 0x10 and < 0x18)
        {
            return ReadData(accessWidth);
        }

        if (offset == 0x1F)
        {
            return 0;
        }

        return (offset, command >> 6) switch
        {
            (0, _) => command,
            (7, 0) => status,
            (0x0D, 0) => Take(ref page1[0x0D]),
            (0x0E, 0) => Take(ref page1[0x0E]),
            (0x0F, 0) => TakeMissed(),
            (3, 0) => page0[3],
            (7, 1) => Current,
            _ => throw new InvalidOperationException($"read at 0x{offset:x2} in page {command >> 6}"),
        };
    }

    /// <inheritdoc/>
    public void Write(int offset, int accessWidth, uint value)
    {
        if (IsGone)
        {
            return;
        }

        if (offset is >= 0x10 and < 0x18)
        {
            WriteData(accessWidth, value);
        }
        else if (offset == 0x1F)
        {
            Resets++;
            status |= WasReset;
            overflow = false;
        }
        else if (offset == 0)
        {
            WriteCommand((byte)value);
        }
        else if (command >> 6 == 1)
        {
            page1[offset] = (byte)value;
        }
        else
        {
            WritePage0(offset, (byte)value);
        }
    }

    private static byte Take(ref byte counter)
    {
        byte value = counter;
        counter = 0;
        return value;
    }

    private byte TakeMissed()
    {
        byte value = Missed;
        Missed = 0;
        return value;
    }

    private void Overflow()
    {
        Missed++;
        overflow = true;
        status |= Overflowed;
    }

    private bool Wants(ReadOnlySpan<byte> frame)
    {
        if ((page0[0x0C] & 0x10) != 0)
        {
            return true;
        }

        if ((frame[0] & 1) != 0)
        {
            return (page0[0x0C] & 4) != 0 && frame[..6].IndexOfAnyExcept((byte)0xFF) < 0;
        }

        for (int i = 0; i < 6; i++)
        {
            byte own = IgnoresAddressRegisters ? prom[width == 1 ? i : i * 2] : page1[1 + i];
            if (frame[i] != own)
            {
                return false;
            }
        }

        return true;
    }

    private byte NextPage(int pages) => (byte)(((Current - RingStart + pages) % RingPages) + RingStart);

    private void Put(ReadOnlySpan<byte> frame, int pages, byte frameStatus, byte following)
    {
        byte[] bytes = new byte[pages * 256];
        Array.Fill(bytes, (byte)0xCC);
        int length = frame.Length + 4;
        bytes[0] = frameStatus;
        bytes[1] = following;
        bytes[2] = (byte)length;
        bytes[3] = (byte)(length >> 8);
        frame.CopyTo(bytes.AsSpan(4));
        for (int i = 0; i < bytes.Length; i++)
        {
            int at = (((Current - RingStart) * 256) + i) % (RingPages * 256);
            memory[(RingStart * 256) + at - firstByte] = bytes[i];
        }

        Current = NextPage(pages);
        status |= Received;
    }

    private void WriteCommand(byte value)
    {
        bool wasStopped = (command & 1) != 0;
        bool wasSending = (command & 4) != 0;
        command = (byte)((value & 0xFB) | (wasSending && (value & 1) == 0 ? 4 : 0));
        if ((value & 1) != 0)
        {
            stoppedAt = wasStopped ? stoppedAt : Now;
            return;
        }

        status &= 0x7F;
        if (overflow && wasStopped)
        {
            bool waited = Now - stoppedAt >= StopNanoseconds;
            if (!waited || page0[0x0D] != 2 || remoteCount != 0)
            {
                throw new InvalidOperationException("started again against the procedure");
            }
        }

        if ((value & 4) != 0)
        {
            if (wasSending)
            {
                throw new InvalidOperationException("a frame was started while another was on the wire");
            }

            command |= 4;
            if (!HoldsFrames)
            {
                Complete();
            }
        }
    }

    private void WritePage0(int offset, byte value)
    {
        switch (offset)
        {
            case 7:
                status &= (byte)~(value & 0x7F);
                if (overflow && (value & Overflowed) != 0)
                {
                    overflow = page0[0x0D] != 2;
                    Recoveries += overflow ? 0 : 1;
                }

                break;
            case 8:
                remoteAddress = (remoteAddress & 0xFF00) | value;
                break;
            case 9:
                remoteAddress = (remoteAddress & 0x00FF) | (value << 8);
                break;
            case 10:
                remoteCount = (remoteCount & 0xFF00) | value;
                break;
            case 11:
                remoteCount = (remoteCount & 0x00FF) | (value << 8);
                break;
            default:
                page0[offset] = value;
                break;
        }
    }

    private uint ReadData(int accessWidth)
    {
        uint value = 0;
        int step = Step(accessWidth);
        for (int i = 0; i < accessWidth; i++)
        {
            bool answers = i < step && (command & 8) != 0 && remoteCount > 0;
            value |= (answers ? Peek(remoteAddress) : 0xFFu) << (8 * i);
            if (answers)
            {
                Advance();
            }
        }

        return value;
    }

    private void WriteData(int accessWidth, uint value)
    {
        int step = Step(accessWidth);
        for (int i = 0; i < step; i++)
        {
            if ((command & 0x10) != 0 && remoteCount > 0)
            {
                Poke(remoteAddress, (byte)(value >> (8 * i)));
                Advance();
            }
        }
    }

    /// <summary>How many bytes an access of some width really moves.</summary>
    private int Step(int accessWidth) => (page0[0x0E] & 1) == 0 ? 1 : Math.Min(width, accessWidth);

    private void Advance()
    {
        remoteAddress++;
        remoteAddress = remoteAddress == page0[2] * 256 ? page0[1] * 256 : remoteAddress;
        if (--remoteCount == 0 && !TransfersNeverEnd)
        {
            status |= RemoteDone;
        }
    }

    private byte Peek(int at) => at < prom.Length ? prom[at] : TryPlace(at, out int place) ? memory[place] : (byte)0xFF;

    private void Poke(int at, byte value)
    {
        if (TryPlace(at, out int place))
        {
            memory[place] = value;
        }
    }

    private bool TryPlace(int at, out int place)
    {
        place = at - firstByte;
        if (MemoryRepeats && place >= 0)
        {
            place %= memory.Length;
        }

        return place >= 0 && place < memory.Length;
    }
}
