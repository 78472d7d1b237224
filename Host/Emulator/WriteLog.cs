using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// What a disk was told, in order, as QEMU's <c>blklogwrites</c> recorded it (the dm-log-writes format, version 1:
/// a header sector, then for each request an entry sector followed by its data; little endian).
/// </summary>
public sealed class WriteLog
{
    private const ulong Magic = 0x006A_7366_7773_6872;
    private const ulong FlushFlag = 1;
    private const ulong DiscardFlag = 4;

    // The log of one test is megabytes; anything beyond is a damaged header.
    private const ulong EntriesMax = 10_000_000;

    private readonly List<Request> requests = [];

    private WriteLog()
    {
    }

    /// <summary>One request.</summary>
    /// <param name="Offset">Where on the disk, in bytes.</param>
    /// <param name="Data">What was written; empty for a bare flush.</param>
    /// <param name="IsFlush">The guest asked for everything before this to be on the medium.</param>
    public readonly record struct Request(long Offset, ReadOnlyMemory<byte> Data, bool IsFlush);

    /// <summary>The requests, first one first.</summary>
    public IReadOnlyList<Request> Requests => requests;

    /// <summary>
    /// Reads a log that QEMU has closed, or has not finished: entries that are cut short are left out.
    /// </summary>
    public static WriteLog Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.Length < 28 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
        {
            throw new InvalidDataException($"{file} is no log of writes.");
        }

        var count = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16));
        var sectorSize = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(24));
        if (count > EntriesMax || sectorSize is < 512 or > 4096)
        {
            throw new InvalidDataException($"{file} has a header that makes no sense.");
        }

        var log = new WriteLog();
        var at = sectorSize;
        for (ulong i = 0; i < count && at + sectorSize <= bytes.Length; i++)
        {
            var entry = bytes.AsSpan(at, 32);
            var sector = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            var sectors = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            var flags = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
            at += sectorSize;
            var length = (flags & DiscardFlag) != 0 ? 0 : checked((int)sectors * sectorSize);
            if (at + length > bytes.Length)
            {
                break;
            }

            var offset = checked((long)sector * sectorSize);
            log.requests.Add(new Request(offset, bytes.AsMemory(at, length), (flags & FlushFlag) != 0));
            at += length;
        }

        return log;
    }

    /// <summary>
    /// Makes the disk as a power cut after <paramref name="count"/> requests leaves it when the disk keeps its
    /// order: the base image and the first requests, the last of them torn after <paramref name="tornBytes"/>.
    /// </summary>
    public void Replay(string baseImage, string target, int count, int? tornBytes = null)
    {
        File.Copy(baseImage, target, overwrite: true);
        using var disk = new FileStream(target, FileMode.Open, FileAccess.Write);
        for (var i = 0; i < count; i++)
        {
            var data = requests[i].Data.Span;
            if (i == count - 1 && tornBytes is { } torn && torn < data.Length)
            {
                data = data[..torn];
            }

            disk.Position = requests[i].Offset;
            disk.Write(data);
        }
    }

    /// <summary>
    /// Makes the disk as a power cut leaves it when the disk has reordered what it had not yet been told to flush:
    /// of the requests since the last flush before <paramref name="count"/>, a chosen part is missing.
    /// </summary>
    public void ReplayReordered(string baseImage, string target, int count, Random chance)
    {
        File.Copy(baseImage, target, overwrite: true);
        var flushed = count;
        while (flushed > 0 && !requests[flushed - 1].IsFlush)
        {
            flushed--;
        }

        using var disk = new FileStream(target, FileMode.Open, FileAccess.Write);
        for (var i = 0; i < count; i++)
        {
            if (i < flushed || chance.Next(2) == 0)
            {
                disk.Position = requests[i].Offset;
                disk.Write(requests[i].Data.Span);
            }
        }
    }
}
