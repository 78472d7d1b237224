using System;
using System.Buffers.Binary;
using System.IO;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>Reading and replaying recorded writes.</summary>
public sealed class WriteLogTests
{
    private ScratchDirectory scratch = null!;

    /// <summary>A directory for each test.</summary>
    [SetUp]
    public void MakeScratch() => scratch = new ScratchDirectory();

    /// <summary>Gone after it.</summary>
    [TearDown]
    public void RemoveScratch() => scratch.Dispose();

    /// <summary>Entries come back in order, with their places, data and flushes.</summary>
    [Test]
    public void Reads_writes_and_flushes_in_order()
    {
        var log = WriteLog.Read(LogOf((3, 1, 0, 0xAA), (0, 0, 1, 0), (5, 2, 0, 0xBB)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(log.Requests, Has.Count.EqualTo(3));
            Assert.That(log.Requests[0].Offset, Is.EqualTo(3 * 512));
            Assert.That(log.Requests[0].Data.Span[511], Is.EqualTo(0xAA));
            Assert.That(log.Requests[1].IsFlush);
            Assert.That(log.Requests[2].Data.Length, Is.EqualTo(1024));
        }
    }

    /// <summary>A file that is something else, or is cut, is told apart.</summary>
    [Test]
    public void Refuses_what_is_no_log_and_leaves_out_a_cut_entry()
    {
        var file = LogOf((1, 1, 0, 1), (2, 1, 0, 2));
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^1]);
        Assert.That(WriteLog.Read(file).Requests, Has.Count.EqualTo(1));
        bytes[0] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.That(() => WriteLog.Read(file), Throws.TypeOf<InvalidDataException>());
    }

    /// <summary>A prefix is replayed, its last write torn where asked.</summary>
    [Test]
    public void Replays_a_prefix_with_a_torn_end()
    {
        var log = WriteLog.Read(LogOf((0, 1, 0, 0x11), (1, 2, 0, 0x22), (3, 1, 0, 0x33)));
        log.Replay(Base(), scratch.File("target"), count: 2, tornBytes: 512);
        var disk = File.ReadAllBytes(scratch.File("target"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(disk[0], Is.EqualTo(0x11));
            Assert.That(disk[512], Is.EqualTo(0x22));
            Assert.That(disk[1024], Is.Zero, "torn off");
            Assert.That(disk[3 * 512], Is.Zero, "after the cut");
        }
    }

    /// <summary>Reordering loses only what no flush has covered.</summary>
    [Test]
    public void Reordering_never_touches_what_was_flushed()
    {
        var log = WriteLog.Read(LogOf((0, 1, 0, 0x11), (0, 0, 1, 0), (1, 1, 0, 0x22), (2, 1, 0, 0x33)));
        var lost = 0;
        for (var seed = 0; seed < 16; seed++)
        {
            log.ReplayReordered(Base(), scratch.File("target"), count: 4, new Random(seed));
            var disk = File.ReadAllBytes(scratch.File("target"));
            Assert.That(disk[0], Is.EqualTo(0x11));
            lost += (disk[512] == 0 ? 1 : 0) + (disk[1024] == 0 ? 1 : 0);
        }

        Assert.That(lost, Is.InRange(1, 31));
    }

    private string Base()
    {
        var file = scratch.File("base");
        File.WriteAllBytes(file, new byte[8 * 512]);
        return file;
    }

    private string LogOf(params (ulong Sector, ulong Count, ulong Flags, byte Fill)[] entries)
    {
        using var stream = new MemoryStream();
        var header = new byte[512];
        BinaryPrimitives.WriteUInt64LittleEndian(header, 0x006A_7366_7773_6872);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), (ulong)entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), 512);
        stream.Write(header);
        foreach (var (sector, count, flags, fill) in entries)
        {
            var entry = new byte[512];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, sector);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), count);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), flags);
            stream.Write(entry);
            var data = new byte[count * 512];
            data.AsSpan().Fill(fill);
            stream.Write(data);
        }

        var file = scratch.File("log");
        File.WriteAllBytes(file, stream.ToArray());
        return file;
    }
}
