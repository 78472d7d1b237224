using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Disk;

/// <summary>Where an IDE channel's registers are.</summary>
/// <param name="CommandBlock">First port of the command block.</param>
/// <param name="Control">Port of the device control and alternate status register.</param>
/// <param name="BusMaster">First port of the bus master block; 0 if there is none.</param>
public readonly record struct IdePorts(ushort CommandBlock, ushort Control, ushort BusMaster)
{
    /// <summary>Where every PC has its first channel.</summary>
    public static readonly IdePorts First = new(0x1F0, 0x3F6, 0);

    /// <summary>Where every PC has its second channel.</summary>
    public static readonly IdePorts Second = new(0x170, 0x376, 0);
}

/// <summary>One command's registers.</summary>
internal readonly record struct AtaRequest(AtaCommand Command, long Sector, int Count, bool Wide);

/// <summary>
/// One IDE channel with up to two devices (ATA/ATAPI-6; Programming Interface for Bus Master IDE Controller 1.0).
/// Commands are polled, with the device's interrupts switched off: a lost or shared interrupt can then hold nothing
/// up, and every wait ends at its deadline.
/// </summary>
internal sealed class IdeChannel
{
    /// <summary>How long a read or write may take. A disk that has to spin up first needs most of it.</summary>
    public const long TransferMilliseconds = 10_000;

    /// <summary>
    /// How long a flush may take (ATA/ATAPI-6, section 8.12: it may take longer than 30 s; we give up).
    /// </summary>
    public const long FlushMilliseconds = 30_000;

    /// <summary>How long an answer to IDENTIFY DEVICE may take: the BIOS has woken the disk up before.</summary>
    public const long IdentifyMilliseconds = 2_000;

    private const long ResetMilliseconds = 5_000;
    private const long SettleMilliseconds = 2; // after a reset, before the status counts (ATA/ATAPI-6, section 9.2)

    // 400 ns until a newly selected device's status counts; a read of a port takes 100 ns at least.
    private const int SettleReads = 5;

    private readonly Port16 data;
    private readonly Port8 error;
    private readonly Port8 sectorCount;
    private readonly Port8 lbaLow;
    private readonly Port8 lbaMid;
    private readonly Port8 lbaHigh;
    private readonly Port8 device;
    private readonly Port8 command;
    private readonly Port8 control; // read: the status, without acknowledging an interrupt
    private readonly Port8 busMasterCommand;
    private readonly Port8 busMasterStatus;
    private readonly Port32 busMasterTable;
    private readonly IClock clock;
    private readonly DmaRegion? table;
    private readonly DmaRegion? buffer;

    public IdeChannel(PortSpace ports, IdePorts at, IDmaMemory? memory, IClock clock)
    {
        data = new Port16(ports, (ushort)(at.CommandBlock + AtaOffset.Data));
        error = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.Error));
        sectorCount = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.SectorCount));
        lbaLow = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.LbaLow));
        lbaMid = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.LbaMid));
        lbaHigh = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.LbaHigh));
        device = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.Device));
        command = new Port8(ports, (ushort)(at.CommandBlock + AtaOffset.Status));
        control = new Port8(ports, at.Control);
        busMasterCommand = new Port8(ports, (ushort)(at.BusMaster + BusMasterOffset.Command));
        busMasterStatus = new Port8(ports, (ushort)(at.BusMaster + BusMasterOffset.Status));
        busMasterTable = new Port32(ports, (ushort)(at.BusMaster + BusMasterOffset.TableAddress));
        this.clock = clock;
        if (at.BusMaster != 0 && memory is not null)
        {
            const int boundary = 65536; // the bus master counts in 16 bits and crosses no such address
            table = memory.Allocate(PhysicalRegionDescriptor.Size, PhysicalRegionDescriptor.Size, boundary);
            buffer = memory.Allocate(PhysicalRegionDescriptor.LengthMax, boundary, boundary);
        }
    }

    /// <summary>The most bytes of one DMA transfer; 0 if the channel has no bus master.</summary>
    public int DmaLengthMax => buffer is null ? 0 : PhysicalRegionDescriptor.LengthMax;

    /// <summary>Is nothing at all connected?</summary>
    public bool IsFloating => (AtaStatus)control.Read() == AtaStatus.Floating;

    /// <summary>Asks a device what it is.</summary>
    /// <returns>False if there is none, or one that is no hard disk.</returns>
    public bool TryIdentify(bool second, Span<byte> answer)
    {
        control.Write((byte)AtaControl.NoInterrupts);
        if (IsFloating || Issue(second, new AtaRequest(AtaCommand.IdentifyDevice, 0, 0, false)) != BlockResult.Ok)
        {
            return false;
        }

        if (Status == AtaStatus.Empty || !TryWaitIdle(IdentifyMilliseconds, out AtaStatus status))
        {
            return false;
        }

        // A packet device aborts this command; a place without a device answers nothing.
        if ((status & (AtaStatus.Error | AtaStatus.DeviceFault | AtaStatus.DataRequest)) != AtaStatus.DataRequest)
        {
            return false;
        }

        data.ReadBlock(answer);
        return true;
    }

    /// <summary>A command without data.</summary>
    public BlockResult Run(bool second, AtaRequest request, long milliseconds)
    {
        BlockResult result = Issue(second, request);
        return result == BlockResult.Ok ? Finish(milliseconds) : result;
    }

    /// <summary>Reads sector by sector through the data port.</summary>
    public BlockResult ReadPio(bool second, AtaRequest request, Span<byte> into)
    {
        BlockResult result = Issue(second, request);
        for (int at = 0; at < into.Length && result == BlockResult.Ok; at += IBlockDevice.SectorSize)
        {
            result = WaitForData();
            if (result == BlockResult.Ok)
            {
                data.ReadBlock(into.Slice(at, IBlockDevice.SectorSize));
                Settle();
            }
        }

        return result == BlockResult.Ok ? Finish(TransferMilliseconds) : result;
    }

    /// <summary>Writes sector by sector through the data port.</summary>
    public BlockResult WritePio(bool second, AtaRequest request, ReadOnlySpan<byte> from)
    {
        BlockResult result = Issue(second, request);
        for (int at = 0; at < from.Length && result == BlockResult.Ok; at += IBlockDevice.SectorSize)
        {
            result = WaitForData();
            if (result == BlockResult.Ok)
            {
                data.WriteBlock(from.Slice(at, IBlockDevice.SectorSize));
                Settle();
            }
        }

        return result == BlockResult.Ok ? Finish(TransferMilliseconds) : result;
    }

    /// <summary>Reads by DMA, at most <see cref="DmaLengthMax"/> bytes.</summary>
    public BlockResult ReadDma(bool second, AtaRequest request, Span<byte> into)
    {
        BlockResult result = TransferDma(second, request, into.Length, BusMasterCommand.ToMemory);
        if (result == BlockResult.Ok)
        {
            buffer!.Bytes[..into.Length].CopyTo(into);
        }

        return result;
    }

    /// <summary>Writes by DMA, at most <see cref="DmaLengthMax"/> bytes.</summary>
    public BlockResult WriteDma(bool second, AtaRequest request, ReadOnlySpan<byte> from)
    {
        from.CopyTo(buffer!.Bytes);
        return TransferDma(second, request, from.Length, BusMasterCommand.Stop);
    }

    /// <summary>Software reset of both devices (ATA/ATAPI-6, section 9.2).</summary>
    /// <returns>False if no device answers any more.</returns>
    public bool Reset()
    {
        if (buffer is not null)
        {
            busMasterCommand.Write((byte)BusMasterCommand.Stop);
        }

        control.Write((byte)(AtaControl.SoftwareReset | AtaControl.NoInterrupts));
        Pause(SettleMilliseconds);
        control.Write((byte)AtaControl.NoInterrupts);
        Pause(SettleMilliseconds);
        return !IsFloating && TryWaitIdle(ResetMilliseconds, out _);
    }

    private AtaStatus Status => (AtaStatus)control.Read();

    private BlockResult TransferDma(bool second, AtaRequest request, int length, BusMasterCommand direction)
    {
        PhysicalRegionDescriptor.Write(table!.Bytes, buffer!.PhysicalAddress, length);
        busMasterCommand.Write((byte)direction);
        busMasterTable.Write(table.PhysicalAddress);
        busMasterStatus.Write((byte)(BusMasterStatus.Error | BusMasterStatus.Interrupt));
        BlockResult result = Issue(second, request);
        if (result != BlockResult.Ok)
        {
            return result;
        }

        busMasterCommand.Write((byte)(direction | BusMasterCommand.Start));
        bool ended = TryWaitDma(out AtaStatus status);
        BusMasterStatus master = (BusMasterStatus)busMasterStatus.Read();
        busMasterCommand.Write((byte)direction);
        if (!ended)
        {
            return IsFloating ? BlockResult.NoDevice : BlockResult.Timeout;
        }

        result = Judge(status);
        return result == BlockResult.Ok && (master & BusMasterStatus.Error) != 0 ? BlockResult.DeviceFault : result;
    }

    private BlockResult Issue(bool second, AtaRequest request)
    {
        if (!TryWaitIdle(TransferMilliseconds, out _))
        {
            return IsFloating ? BlockResult.NoDevice : BlockResult.Timeout;
        }

        AtaDeviceSelect select = AtaDeviceSelect.Obsolete | AtaDeviceSelect.LbaMode
            | (second ? AtaDeviceSelect.Second : 0);
        int topBits = request.Wide ? 0 : (int)(request.Sector >> 24) & 0x0F;
        device.Write((byte)((int)select | topBits));
        Settle();
        if (!TryWaitIdle(TransferMilliseconds, out _))
        {
            return IsFloating ? BlockResult.NoDevice : BlockResult.Timeout;
        }

        if (request.Wide)
        {
            // Each register takes two bytes one after the other, the upper one first (ATA/ATAPI-6, section 6.20).
            sectorCount.Write((byte)(request.Count >> 8));
            lbaLow.Write((byte)(request.Sector >> 24));
            lbaMid.Write((byte)(request.Sector >> 32));
            lbaHigh.Write((byte)(request.Sector >> 40));
        }

        sectorCount.Write((byte)request.Count);
        lbaLow.Write((byte)request.Sector);
        lbaMid.Write((byte)(request.Sector >> 8));
        lbaHigh.Write((byte)(request.Sector >> 16));
        command.Write((byte)request.Command);
        Settle();
        return BlockResult.Ok;
    }

    private BlockResult WaitForData()
    {
        if (!TryWaitIdle(TransferMilliseconds, out AtaStatus status))
        {
            return IsFloating ? BlockResult.NoDevice : BlockResult.Timeout;
        }

        BlockResult result = Judge(status);
        return result == BlockResult.Ok && (status & AtaStatus.DataRequest) == 0 ? BlockResult.DeviceFault : result;
    }

    private BlockResult Finish(long milliseconds)
    {
        if (!TryWaitIdle(milliseconds, out AtaStatus status))
        {
            return IsFloating ? BlockResult.NoDevice : BlockResult.Timeout;
        }

        return Judge(status);
    }

    /// <summary>What the status at the end of a command means.</summary>
    private BlockResult Judge(AtaStatus status)
    {
        const AtaError medium = AtaError.Uncorrectable | AtaError.IdNotFound | AtaError.NoAddressMark;
        if (status == AtaStatus.Empty)
        {
            return BlockResult.NoDevice;
        }

        if ((status & (AtaStatus.Error | AtaStatus.DeviceFault)) == 0)
        {
            return BlockResult.Ok;
        }

        // The cable's CRC bit shares the register with the medium's bits; a broken transfer says nothing of those.
        AtaError reason = (AtaError)error.Read();
        bool isMedium = (reason & medium) != 0 && (reason & AtaError.CableCrc) == 0;
        return isMedium ? BlockResult.MediumError : BlockResult.DeviceFault;
    }

    private bool TryWaitIdle(long milliseconds, out AtaStatus status)
    {
        status = Status;
        if ((status & AtaStatus.Busy) == 0)
        {
            return true;
        }

        Instant deadline = clock.Now.AddMilliseconds(milliseconds);
        while (status != AtaStatus.Floating && clock.Now < deadline)
        {
            status = Status;
            if ((status & AtaStatus.Busy) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until the device is done; the bus master may stay active when the device ended early.</summary>
    private bool TryWaitDma(out AtaStatus status)
    {
        Instant deadline = clock.Now.AddMilliseconds(TransferMilliseconds);
        do
        {
            status = Status;
            if (status == AtaStatus.Floating)
            {
                return false;
            }

            bool failed = (status & (AtaStatus.Error | AtaStatus.DeviceFault)) != 0;
            bool moving = ((BusMasterStatus)busMasterStatus.Read() & BusMasterStatus.Active) != 0;
            if ((status & (AtaStatus.Busy | AtaStatus.DataRequest)) == 0 && (failed || !moving))
            {
                return true;
            }
        }
        while (clock.Now < deadline);
        return false;
    }

    private void Settle()
    {
        for (int i = 0; i < SettleReads; i++)
        {
            _ = control.Read();
        }
    }

    private void Pause(long milliseconds)
    {
        Instant end = clock.Now.AddMilliseconds(milliseconds);
        while (clock.Now < end)
        {
        }
    }
}
