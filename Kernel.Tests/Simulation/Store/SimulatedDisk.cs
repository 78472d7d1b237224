using System;
using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Store;

/// <summary>The power failed in the middle of a request.</summary>
public sealed class PowerCutException : Exception
{
}

/// <summary>
/// A disk with a volatile cache. After a power cut any subset of the sectors written since the last flush is there,
/// and one of them may be torn. Sectors can be made to fail, requests can be made to fail, bits can be flipped.
/// </summary>
public sealed class SimulatedDisk : IBlockDevice
{
    private readonly byte[] current;
    private readonly byte[]? durable;
    private readonly List<(long Sector, byte[] Bytes)> pending = [];
    private readonly HashSet<long> unreadable = [];
    private readonly HashSet<long> unwritable = [];

    /// <param name="sectors">Size.</param>
    /// <param name="canLosePower">Without it, no track is kept of what is not flushed: for long runs.</param>
    public SimulatedDisk(long sectors, bool canLosePower = true)
        : this(new byte[sectors * IBlockDevice.SectorSize], canLosePower)
    {
    }

    private SimulatedDisk(byte[] image, bool canLosePower)
    {
        current = image;
        durable = canLosePower ? (byte[])image.Clone() : null;
    }

    /// <summary>A disk with these bytes on it; they are not copied.</summary>
    public static SimulatedDisk FromImage(byte[] image) => new(image, false);

    /// <inheritdoc/>
    public string Name => "simulated";

    /// <inheritdoc/>
    public long SectorCount => current.Length / IBlockDevice.SectorSize;

    /// <summary>Writes and flushes so far.</summary>
    public int Requests { get; private set; }

    public long Reads { get; private set; }

    public long Writes { get; private set; }

    public long Flushes { get; private set; }

    /// <summary>First sector of the newest write.</summary>
    public long LastWrite { get; private set; }

    /// <summary>The power fails in this request (counted from 1); 0 for never.</summary>
    public int CutAt { get; set; }

    /// <summary>This flush (counted from now, from 1) fails; 0 for none.</summary>
    public int FailFlushIn { get; set; }

    /// <summary>This write (counted from now, from 1) fails; 0 for none.</summary>
    public int FailWriteIn { get; set; }

    public BlockResult Failure { get; set; } = BlockResult.DeviceFault;

    /// <summary>What a reader sees.</summary>
    public byte[] Image => current;

    /// <summary>Told of every write.</summary>
    public Action<long, byte[]>? OnWrite { get; set; }

    public BlockResult Read(long sector, Span<byte> into)
    {
        int count = into.Length / IBlockDevice.SectorSize;
        if (sector < 0 || sector + count > SectorCount)
        {
            return BlockResult.OutOfRange;
        }
        Reads++;
        for (int i = 0; i < count; i++)
        {
            if (unreadable.Contains(sector + i))
            {
                return BlockResult.MediumError;
            }
        }
        current.AsSpan((int)sector * IBlockDevice.SectorSize, into.Length).CopyTo(into);
        return BlockResult.Ok;
    }

    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        int count = from.Length / IBlockDevice.SectorSize;
        if (sector < 0 || sector + count > SectorCount)
        {
            return BlockResult.OutOfRange;
        }
        Requests++;
        Writes++;
        LastWrite = sector;
        if (FailWriteIn > 0 && --FailWriteIn == 0)
        {
            return Failure;
        }
        OnWrite?.Invoke(sector, from.ToArray());
        for (int i = 0; i < count; i++)
        {
            if (unwritable.Contains(sector + i))
            {
                return BlockResult.MediumError;
            }
            ReadOnlySpan<byte> one = from.Slice(i * IBlockDevice.SectorSize, IBlockDevice.SectorSize);
            if (durable != null)
            {
                pending.Add((sector + i, one.ToArray()));
            }
            // A disk replaces a sector that cannot be read when it is written.
            unreadable.Remove(sector + i);
            one.CopyTo(current.AsSpan((int)(sector + i) * IBlockDevice.SectorSize));
        }
        if (Requests == CutAt)
        {
            throw new PowerCutException();
        }
        return BlockResult.Ok;
    }

    public BlockResult Flush()
    {
        Requests++;
        Flushes++;
        if (Requests == CutAt)
        {
            throw new PowerCutException();
        }
        if (FailFlushIn > 0 && --FailFlushIn == 0)
        {
            return Failure;
        }
        foreach ((long sector, byte[] bytes) in pending)
        {
            bytes.CopyTo(durable!, sector * IBlockDevice.SectorSize);
        }
        pending.Clear();
        return BlockResult.Ok;
    }

    /// <summary>The disk as it may be when the power is back.</summary>
    public SimulatedDisk AfterPowerCut(Random random)
    {
        byte[] image = (byte[])durable!.Clone();
        int mode = random.Next(4);
        foreach ((long sector, byte[] bytes) in pending)
        {
            bool kept = mode switch { 0 => false, 1 => true, _ => random.Next(2) == 0 };
            int torn = kept && random.Next(8) == 0 ? random.Next(IBlockDevice.SectorSize) : IBlockDevice.SectorSize;
            if (kept)
            {
                bytes.AsSpan(0, torn).CopyTo(image.AsSpan((int)sector * IBlockDevice.SectorSize));
            }
        }
        return new SimulatedDisk(image, true);
    }

    /// <summary>The same disk, everything on the medium.</summary>
    public SimulatedDisk Copy(bool canLosePower = true) => new((byte[])current.Clone(), canLosePower);

    public void FlipBit(long sector, int bit)
    {
        long at = (sector * IBlockDevice.SectorSize) + (bit / 8);
        current[at] ^= (byte)(1 << (bit % 8));
        if (durable != null)
        {
            durable[at] ^= (byte)(1 << (bit % 8));
        }
    }

    public void ZeroSector(long sector)
    {
        Array.Clear(current, (int)sector * IBlockDevice.SectorSize, IBlockDevice.SectorSize);
        if (durable != null)
        {
            Array.Clear(durable, (int)sector * IBlockDevice.SectorSize, IBlockDevice.SectorSize);
        }
    }

    public void MakeUnreadable(long sector) => unreadable.Add(sector);

    public void MakeUnwritable(long sector) => unwritable.Add(sector);
}

/// <summary>Bytes from a seed, for tests only.</summary>
public sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random random = new(seed);

    public bool Ready { get; set; } = true;

    public void Fill(Span<byte> into)
    {
        if (!Ready)
        {
            throw new InvalidOperationException("not enough entropy");
        }
        random.NextBytes(into);
    }
}
