using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>
/// An RTL8139, written from the datasheet (RTL8139C 1.4; for what a C+ chip sends by descriptors, RTL8139C+ 1.6), that
/// misbehaves in all the ways a test wants.
/// </summary>
public sealed class Simulated8139(SimulatedDma memory) : ISimulatedDevice
{
    private const int Descriptors = 4;
    private const int RingOverflowBit = 0x10;
    private readonly byte[] address = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
    private readonly uint[] transmitStatus = new uint[Descriptors];
    private readonly uint[] transmitAddress = new uint[Descriptors];
    private readonly Queue<int> held = new();
    private byte command;
    private ushort status;
    private ushort mask;
    private ushort readPointer = 0xFFF0;
    private int write;
    private uint ring;
    private uint receiveConfiguration;
    private bool unlocked;
    private ushort plusCommand;
    private int descriptor;

    /// <summary>Frames that went to the wire.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>What the last descriptor taken by the chip said besides its frame's length.</summary>
    public uint LastDescriptor { get; private set; }

    /// <summary>Does the chip keep the frames it is given until <see cref="Complete"/>?</summary>
    public bool HoldsFrames { get; set; }

    /// <summary>Does the chip lose every frame, until it is reset?</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Does no reset ever end?</summary>
    public bool HangsInReset { get; set; }

    /// <summary>Is the card out of its slot?</summary>
    public bool IsGone { get; set; }

    /// <summary>Is there no wire?</summary>
    public bool IsUnplugged { get; set; }

    /// <summary>Frames lost for want of room.</summary>
    public uint Missed { get; private set; }

    /// <summary>Resets that the driver has asked for.</summary>
    public int Resets { get; private set; }

    /// <summary>What the last frame given to the chip said about when to begin sending.</summary>
    public uint LastThreshold { get; private set; }

    /// <summary>Has the driver told the chip to go on after a frame that was given up?</summary>
    public bool AbortCleared { get; private set; }

    /// <summary>The station address as the chip knows it.</summary>
    public byte[] Address => address;

    /// <summary>Is the interrupt line up?</summary>
    public bool Asserts => !IsGone && (status & mask) != 0;

    /// <summary>Where the chip will write the next frame.</summary>
    public int WritePointer => write;

    /// <summary>The highest address that the chip has written to.</summary>
    public uint HighestWritten { get; private set; }

    /// <summary>The lowest address that the chip was told to read from.</summary>
    public uint LowestTransmitAddress => transmitAddress.Min();

    /// <summary>The causes that may interrupt.</summary>
    public ushort Mask => mask;

    /// <summary>Does the chip hold a frame?</summary>
    public bool IsSending => held.Count > 0;

    /// <summary>May the chip write into memory or read from it?</summary>
    public bool UsesMemory => (command & 0x0C) != 0;

    private bool SendsByDescriptors => (plusCommand & 1) != 0;

    private int RingSize => 8192 << (int)((receiveConfiguration >> 11) & 3);

    private int Unread => (write - (readPointer + 16)) & (RingSize - 1);

    /// <summary>A frame comes in from the wire.</summary>
    /// <returns>True if it was stored.</returns>
    public bool Arrive(ReadOnlySpan<byte> frame)
    {
        if (!Wants(frame))
        {
            return false;
        }

        int needed = (4 + frame.Length + 4 + 3) & ~3;
        if (IsDeaf || needed >= RingSize - Unread)
        {
            Missed++;
            status |= (ushort)(IsDeaf ? 0 : RingOverflowBit);
            return false;
        }

        Put(0x8001, (ushort)(frame.Length + 4), frame);
        write = (write + needed) & (RingSize - 1);
        status |= 1;
        return true;
    }

    /// <summary>A frame of any length comes in, and an emulator stores it without a look at its ring.</summary>
    public void ArriveUnchecked(ReadOnlySpan<byte> frame)
    {
        Put(0x8001, unchecked((ushort)(frame.Length + 4)), frame);
        write = (write + frame.Length + 8 + 3) & ~3 & (RingSize - 1);
        status |= 1;
    }

    /// <summary>The chip writes a header of its own invention, and says that a frame has come.</summary>
    public void ArriveBroken(ushort frameStatus, ushort length)
    {
        Put(frameStatus, length, new byte[64]);
        write = (write + 72) & (RingSize - 1);
        status |= 1;
    }

    /// <summary>The chip is in the midst of a frame: it has moved on, but not written the length yet.</summary>
    /// <returns>What writes it.</returns>
    public Action BeginFrame(byte[] frame)
    {
        int at = write;
        Put(0, 0xFFF0, []);
        write = (write + 64) & (RingSize - 1);
        return () =>
        {
            write = at;
            Arrive(frame);
        };
    }

    /// <summary>Ends the oldest frame that the chip holds.</summary>
    /// <param name="outcome">The bits of its status: 15 sent, 14 underrun, 30 given up.</param>
    public void Complete(uint outcome = 1u << 15)
    {
        int index = held.Dequeue();
        if (SendsByDescriptors)
        {
            CompleteDescriptor(index, (outcome & (1u << 15)) != 0);
            return;
        }

        uint own = transmitStatus[index];
        transmitStatus[index] = own | (1u << 13) | outcome;
        if ((outcome & (1u << 15)) != 0)
        {
            Sent.Add(memory.At(transmitAddress[index], (int)(own & 0x1FFF)).ToArray());
        }

        status |= (ushort)((outcome & (1u << 15)) != 0 ? 4 : 8);
    }

    /// <summary>An error on the bus.</summary>
    public void FailBus() => status |= 0x8000;

    /// <summary>The receiver switches itself off.</summary>
    public void LoseReceiver() => command &= 0xF7;

    /// <inheritdoc/>
    public uint Read(int offset, int width)
    {
        if (IsGone)
        {
            return uint.MaxValue;
        }

        return (offset, width) switch
        {
            (0x00, 4) => BinaryPrimitives.ReadUInt32LittleEndian(address),
            (0x04, 4) => BinaryPrimitives.ReadUInt16LittleEndian(address.AsSpan(4)),
            (>= 0x10 and < 0x20, 4) => transmitStatus[(offset - 0x10) / 4],
            (0x37, 1) => (uint)(command | (Unread == 0 ? 1 : 0)),
            (0x3A, 2) => (uint)write,
            (0x3C, 2) => mask,
            (0x3E, 2) => status,
            (0x4C, 4) => Missed,
            (0x58, 1) => IsUnplugged ? 0x04u : 0u,
            (0x60, 2) => Summary(),
            _ => throw new InvalidOperationException($"read of {width} bytes at 0x{offset:x2}"),
        };
    }

    /// <inheritdoc/>
    public void Write(int offset, int width, uint value)
    {
        if (IsGone)
        {
            return;
        }

        switch (offset, width)
        {
            case (0x00 or 0x04, 4):
                WriteAddress(offset, value);
                break;
            case ( >= 0x10 and < 0x20, 4):
                Send((offset - 0x10) / 4, value);
                break;
            case ( >= 0x20 and < 0x30, 4):
                transmitAddress[(offset - 0x20) / 4] = value;
                break;
            case (0x30, 4):
                ring = value;
                break;
            case (0x37, 1):
                WriteCommand((byte)value);
                break;
            case (0x38, 2):
                readPointer = (ushort)value;
                break;
            case (0x3C, 2):
                mask = (ushort)value;
                break;
            case (0x3E, 2):
                status &= (ushort)~value;
                break;
            case (0x40, 4):
                AbortCleared |= (value & 1) != 0;
                break;
            case (0x44, 4):
                receiveConfiguration = (command & 8) != 0 ? value : receiveConfiguration;
                break;
            case (0x4C, 4):
                Missed = 0;
                break;
            case (0x50, 1):
                unlocked = value == 0xC0;
                break;
            case (0x5B, 1):
                break;
            case (0xD9, 1):
                TakeDescriptors(value);
                break;
            case (0xE0, 2):
                plusCommand = (ushort)value;
                break;
            default:
                throw new InvalidOperationException($"write of {width} bytes at 0x{offset:x2}");
        }
    }

    private bool Wants(ReadOnlySpan<byte> frame)
    {
        bool isBroadcast = frame[..6].IndexOfAnyExcept((byte)0xFF) < 0;
        return (command & 8) != 0 && (isBroadcast
            ? (receiveConfiguration & 8) != 0
            : (receiveConfiguration & 2) != 0 && frame[..6].SequenceEqual(address));
    }

    private void Put(ushort frameStatus, ushort length, ReadOnlySpan<byte> frame)
    {
        if ((receiveConfiguration & 0x80) == 0)
        {
            throw new InvalidOperationException("this chip knows rings of whole frames only");
        }

        Span<byte> place = memory.At(ring + (uint)write, 8 + frame.Length);
        HighestWritten = Math.Max(HighestWritten, ring + (uint)(write + place.Length - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(place, frameStatus);
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], length);
        frame.CopyTo(place[4..]);
        place[(4 + frame.Length)..].Fill(0xCC); // where the check sequence stands
    }

    private void Send(int index, uint value)
    {
        bool isFree = (transmitStatus[index] & (1u << 13)) != 0;
        if (!isFree || (command & 4) == 0)
        {
            throw new InvalidOperationException("a descriptor that is the chip's was written");
        }

        LastThreshold = (value >> 16) & 0x3F;
        transmitStatus[index] = value & ~(7u << 13);
        held.Enqueue(index);
        if (!HoldsFrames)
        {
            Complete();
        }
    }

    private Span<byte> DescriptorAt(int index)
    {
        if (transmitAddress[0] % 256 != 0 || transmitAddress[1] != 0)
        {
            throw new InvalidOperationException("a ring of descriptors at an impossible place");
        }

        return memory.At(transmitAddress[0] + (uint)(index * 16), 16);
    }

    private void TakeDescriptors(uint poll)
    {
        const uint own = 1u << 31, end = 1u << 30, whole = 3u << 28;
        if (!SendsByDescriptors || (command & 4) == 0 || poll != 0x40)
        {
            throw new InvalidOperationException("the chip was not told to send by descriptors");
        }

        for (int taken = 0; taken < 64; taken++)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(DescriptorAt(descriptor));
            if ((word & own) == 0 || held.Contains(descriptor))
            {
                return;
            }

            if ((word & whole) != whole)
            {
                throw new InvalidOperationException("a frame in pieces");
            }

            LastDescriptor = word & ~0xFFFFu;
            held.Enqueue(descriptor);
            descriptor = (word & end) != 0 ? 0 : descriptor + 1;
            if (!HoldsFrames)
            {
                Complete();
            }
        }
    }

    private void CompleteDescriptor(int index, bool isSent)
    {
        Span<byte> place = DescriptorAt(index);
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(place);
        if (isSent)
        {
            uint at = BinaryPrimitives.ReadUInt32LittleEndian(place[8..]);
            Sent.Add(memory.At(at, (int)(word & 0xFFFF)).ToArray());
        }

        const uint own = 1u << 31, error = 1u << 23;
        BinaryPrimitives.WriteUInt32LittleEndian(place, (word & ~(own | error)) | (isSent ? 0 : error));
        status |= (ushort)(isSent ? 4 : 8);
    }

    private uint Summary()
    {
        uint summary = 0;
        for (int i = 0; i < Descriptors; i++)
        {
            uint one = transmitStatus[i];
            summary |= ((one >> 13) & 1) << i;
            summary |= ((one >> 30) & 1) << (4 + i);
            summary |= ((one >> 14) & 1) << (8 + i);
            summary |= ((one >> 15) & 1) << (12 + i);
        }

        return summary;
    }

    private void WriteAddress(int offset, uint value)
    {
        if (unlocked)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            bytes[..(offset == 0 ? 4 : 2)].CopyTo(address.AsSpan(offset));
        }
    }

    private void WriteCommand(byte value)
    {
        if ((value & 0x10) == 0)
        {
            command = (byte)(value & 0x0C);
            return;
        }

        Resets++;
        command = HangsInReset ? (byte)0x10 : (byte)0;
        status = 0;
        mask = 0;
        readPointer = 0xFFF0;
        write = 0;
        receiveConfiguration = 0;
        IsDeaf = false;
        plusCommand = 0;
        descriptor = 0;
        held.Clear();
        Array.Fill(transmitStatus, 1u << 13);
        new byte[] { 0x52, 0x54, 0, 0x12, 0x34, 0x56 }.CopyTo(address, 0);
    }
}
