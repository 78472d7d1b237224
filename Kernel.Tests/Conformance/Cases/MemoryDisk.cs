using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Conformance;

/// <summary>A disk in memory that keeps only the sectors written.</summary>
internal sealed class MemoryDisk(long sectors) : IBlockDevice
{
    private readonly Dictionary<long, byte[]> written = [];

    public string Name => "memory";

    public long SectorCount => sectors;

    public int Writes { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>First sector of the newest write.</summary>
    public long LastWrite { get; private set; }

    /// <summary>The next write fails with this.</summary>
    public BlockResult NextWrite { get; set; }

    /// <summary>The next flush fails with this.</summary>
    public BlockResult NextFlush { get; set; }

    public BlockResult Read(long sector, Span<byte> into)
    {
        if (sector < 0 || sector + (into.Length / IBlockDevice.SectorSize) > sectors)
        {
            return BlockResult.OutOfRange;
        }
        for (int i = 0; i < into.Length / IBlockDevice.SectorSize; i++)
        {
            Span<byte> one = into.Slice(i * IBlockDevice.SectorSize, IBlockDevice.SectorSize);
            if (written.TryGetValue(sector + i, out byte[]? bytes))
            {
                bytes.AsSpan().CopyTo(one);
            }
            else
            {
                one.Clear();
            }
        }
        return BlockResult.Ok;
    }

    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        if (sector < 0 || sector + (from.Length / IBlockDevice.SectorSize) > sectors)
        {
            return BlockResult.OutOfRange;
        }
        BlockResult result = NextWrite;
        NextWrite = BlockResult.Ok;
        if (result != BlockResult.Ok)
        {
            return result;
        }
        Writes++;
        LastWrite = sector;
        for (int i = 0; i < from.Length / IBlockDevice.SectorSize; i++)
        {
            written[sector + i] = from.Slice(i * IBlockDevice.SectorSize, IBlockDevice.SectorSize).ToArray();
        }
        return BlockResult.Ok;
    }

    public BlockResult Flush()
    {
        BlockResult result = NextFlush;
        NextFlush = BlockResult.Ok;
        Flushes++;
        return result;
    }

    public void FlipBit(long sector, int bit) => written[sector][bit / 8] ^= (byte)(1 << (bit % 8));

    /// <summary>A digest of every sector: equal disks, equal digests.</summary>
    public string Digest()
    {
        Blake2sDigest digest = new(256);
        Span<byte> sector = stackalloc byte[IBlockDevice.SectorSize];
        for (long i = 0; i < sectors; i++)
        {
            if (written.ContainsKey(i))
            {
                Read(i, sector);
                digest.BlockUpdate(sector);
            }
        }
        byte[] result = new byte[32];
        digest.DoFinal(result, 0);
        ulong first = 0;
        for (int i = 0; i < 8; i++)
        {
            first = (first << 8) | result[i];
        }
        return first.ToString();
    }
}

/// <summary>Bytes from a seed (xorshift): the same on the host and on the metal. No secret may depend on it.</summary>
internal sealed class CaseRandom(ulong seed) : IRandomSource
{
    private ulong state = seed | 1;

    public void Fill(Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = (byte)Next(256);
        }
    }

    public int Next(int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)((state >> 11) % (ulong)below);
    }

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }
}
