using System;
using System.Collections.Generic;
using System.Text;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>One IDE channel with a disk in its first place, that fails in all the ways a test wants.</summary>
public sealed class SimulatedIde : ISimulatedDevice
{
    private const int SectorSize = 512;
    private const byte WaitsForDma = 0xD0;
    private readonly byte[] registers = new byte[8];
    private readonly byte[] previous = new byte[8];
    private readonly Queue<byte> toHost = new();
    private readonly List<byte> fromHost = new();
    private byte status = 0x50;
    private byte error;
    private int expected;
    private long writeSector;

    /// <summary>A disk of so many sectors.</summary>
    public SimulatedIde(int sectors) => Medium = new byte[sectors * SectorSize];

    /// <summary>What is on the disk.</summary>
    public byte[] Medium { get; }

    /// <summary>The bus master of the channel.</summary>
    public SimulatedBusMaster? Master { get; set; }

    /// <summary>Sectors that cannot be read or written, with the error register's value for them.</summary>
    public Dictionary<long, byte> Bad { get; } = new();

    /// <summary>How many of the next commands never end.</summary>
    public int Hangs { get; set; }

    /// <summary>How many of the next DMA commands end with a broken transfer.</summary>
    public int BrokenTransfers { get; set; }

    /// <summary>Does a flush fail?</summary>
    public bool FlushFails { get; set; }

    /// <summary>Is the device a CD drive?</summary>
    public bool IsPacketDevice { get; set; }

    /// <summary>Does the disk know 48-bit sector numbers, and say that it has this many sectors?</summary>
    public long Lba48Sectors { get; set; }

    /// <summary>Commands seen, and the sectors that they named.</summary>
    public List<(byte Command, long Sector, int Count)> Commands { get; } = new();

    /// <summary>Software resets seen.</summary>
    public int Resets { get; private set; }

    private bool SecondSelected => (registers[6] & 0x10) != 0;

    /// <inheritdoc/>
    public uint Read(int offset, int width)
    {
        if (offset == 0)
        {
            uint low = Take();
            return low | ((uint)Take() << 8);
        }

        return offset switch
        {
            1 => error,
            7 => SecondSelected ? (byte)0 : status,
            _ => registers[offset],
        };
    }

    /// <inheritdoc/>
    public void Write(int offset, int width, uint value)
    {
        if (offset == 0)
        {
            fromHost.Add((byte)value);
            fromHost.Add((byte)(value >> 8));
            FinishWrite();
            return;
        }

        previous[offset] = registers[offset];
        registers[offset] = (byte)value;
        if (offset == 7 && !SecondSelected)
        {
            Execute((byte)value);
        }
    }

    /// <summary>The control port's side of the channel.</summary>
    public ISimulatedDevice Control() => new ControlPort(this);

    /// <summary>Moves a whole DMA transfer; called by the bus master when it is started.</summary>
    public void MoveDma(Span<byte> memory, bool toMemory, out bool failed)
    {
        failed = false;
        (byte command, long sector, int count) = Commands[^1];
        if (status != WaitsForDma)
        {
            return;
        }

        if (BrokenTransfers > 0)
        {
            BrokenTransfers--;
            failed = true;
            Fail(0x84);
            return;
        }

        Span<byte> place = Place(sector, count * SectorSize);
        if (toMemory)
        {
            place.CopyTo(memory);
        }
        else
        {
            memory[..place.Length].CopyTo(place);
        }

        status = 0x50;
    }

    /// <summary>A disk that claims to be bigger than the test's memory repeats itself.</summary>
    private Span<byte> Place(long sector, int length) =>
        Medium.AsSpan((int)(Math.Min(sector % (Medium.Length / SectorSize), (Medium.Length - length) / SectorSize)
            * SectorSize), length);

    private void Execute(byte command)
    {
        bool wide = command is 0x24 or 0x34 or 0x25 or 0x35 or 0xEA;
        long sector = (uint)(registers[3] | (registers[4] << 8) | (registers[5] << 16));
        int count = registers[2];
        if (wide)
        {
            sector |= ((long)previous[3] << 24) | ((long)previous[4] << 32) | ((long)previous[5] << 40);
            count |= previous[2] << 8;
        }
        else
        {
            sector |= (long)(registers[6] & 0x0F) << 24;
        }

        Commands.Add((command, sector, count));
        error = 0;
        toHost.Clear();
        fromHost.Clear();
        if (Hangs > 0)
        {
            Hangs--;
            status = 0x80;
            return;
        }

        for (int i = 0; i < count && command is not 0xEC; i++)
        {
            if (Bad.TryGetValue(sector + i, out byte reason))
            {
                Fail(reason);
                return;
            }
        }

        Answer(command, sector, count);
    }

    private void Answer(byte command, long sector, int count)
    {
        int length = count * SectorSize;
        switch (command)
        {
            case 0xEC when IsPacketDevice:
                registers[4] = 0x14;
                registers[5] = 0xEB;
                Fail(0x04);
                break;
            case 0xEC:
                Offer(Identity());
                break;
            case 0x20 or 0x24:
                Offer(Place(sector, length));
                break;
            case 0x30 or 0x34:
                expected = length;
                writeSector = sector;
                status = 0x58;
                break;
            case 0xC8 or 0xCA or 0x25 or 0x35:
                status = WaitsForDma; // until the bus master has moved the data
                break;
            case 0xE7 or 0xEA when !FlushFails:
                status = 0x50;
                break;
            default:
                Fail(0x04);
                break;
        }
    }

    private void Fail(byte reason)
    {
        error = reason;
        status = 0x51;
    }

    private void Offer(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            toHost.Enqueue(value);
        }

        status = 0x58;
    }

    private byte Take()
    {
        byte value = toHost.Count > 0 ? toHost.Dequeue() : (byte)0xEE;
        if (toHost.Count == 0)
        {
            status = 0x50;
        }

        return value;
    }

    private void FinishWrite()
    {
        if (fromHost.Count == expected)
        {
            fromHost.ToArray().CopyTo(Place(writeSector, expected));
            status = 0x50;
        }
    }

    private byte[] Identity()
    {
        byte[] answer = new byte[SectorSize];
        void Word(int index, int value)
        {
            answer[index * 2] = (byte)value;
            answer[(index * 2) + 1] = (byte)(value >> 8);
        }

        byte[] model = Encoding.ASCII.GetBytes("SIMULATED DISK".PadRight(40));
        for (int i = 0; i < model.Length; i++)
        {
            answer[(27 * 2) + (i ^ 1)] = model[i];
        }

        int sectors = Medium.Length / SectorSize;
        Word(49, 0x0300);
        Word(53, 0x0004);
        Word(60, sectors);
        Word(61, sectors >> 16);
        Word(63, 0x0007);
        Word(88, 0x203F);
        Word(83, 0x4000 | 0x1000 | (Lba48Sectors > 0 ? 0x2400 : 0));
        BitConverter.TryWriteBytes(answer.AsSpan(200), Lba48Sectors);
        return answer;
    }

    private sealed class ControlPort(SimulatedIde channel) : ISimulatedDevice
    {
        public uint Read(int offset, int width) => channel.Read(7, 1);

        public void Write(int offset, int width, uint value)
        {
            if ((value & 4) != 0)
            {
                channel.Resets++;
                channel.status = 0x50;
                channel.registers[6] = 0;
            }
        }
    }
}

/// <summary>The bus master block of one channel, moving data into the simulated DMA memory.</summary>
public sealed class SimulatedBusMaster(SimulatedIde channel, SimulatedDma memory) : ISimulatedDevice
{
    private byte command;
    private byte status;
    private uint table;

    /// <inheritdoc/>
    public uint Read(int offset, int width) => offset switch { 0 => command, 2 => status, _ => table };

    /// <inheritdoc/>
    public void Write(int offset, int width, uint value)
    {
        switch (offset)
        {
            case 0:
                command = (byte)value;
                status = (byte)((status & 0xFEu) | (value & 1u));
                if ((value & 1) != 0)
                {
                    Start();
                }

                break;
            case 2:
                status &= (byte)~(value & 6);
                break;
            case 4:
                table = value;
                break;
        }
    }

    private void Start()
    {
        Span<byte> entry = memory.At(table, 8);
        uint address = BitConverter.ToUInt32(entry);
        int length = BitConverter.ToUInt16(entry[4..]);
        length = length == 0 ? 65536 : length;
        if ((entry[7] & 0x80) == 0 || (address & 0xFFFF) + length > 65536)
        {
            throw new InvalidOperationException("a table that the bus master would not understand");
        }

        channel.MoveDma(memory.At(address, length), (command & 8) != 0, out bool failed);
        if ((channel.Read(7, 1) & 0x80) == 0)
        {
            status &= 0xFE;
        }

        status |= failed ? (byte)6 : (byte)4;
    }
}
