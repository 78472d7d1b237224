using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>Captures: byte for byte, and as tcpdump reads them.</summary>
public sealed class PcapWriterTests
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private ScratchDirectory scratch = null!;

    /// <summary>A place for files.</summary>
    [SetUp]
    public void MakeScratch() => scratch = new ScratchDirectory();

    /// <summary>Gone with them.</summary>
    [TearDown]
    public void RemoveScratch() => scratch.Dispose();

    /// <summary>The headers are those of the format, with nanoseconds and Ethernet.</summary>
    [Test]
    public void Headers_are_as_the_format_has_them()
    {
        var file = Written(PcapWriter.BytesMaxDefault);
        var bytes = File.ReadAllBytes(file);
        uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes, Has.Length.EqualTo(24 + (2 * 16) + 60 + 1514));
            Assert.That((Word(0), Word(4), Word(20)), Is.EqualTo((0xA1B2_3C4Du, 0x0004_0002u, 1u)));
            Assert.That(Word(24), Is.EqualTo((uint)(Start - DateTime.UnixEpoch).TotalSeconds));
            Assert.That((Word(28), Word(32), Word(36)), Is.EqualTo((1_500_000u, 60u, 60u)));
            Assert.That(bytes.AsSpan(40, 60).SequenceEqual(Frames.Of(2, 1, 1)));
            Assert.That((Word(104), Word(108)), Is.EqualTo((250_000_000u, 1514u)));
        }
    }

    /// <summary>The tool itself reads both frames with their times.</summary>
    [Test]
    public void Tcpdump_reads_it()
    {
        if (MissingTool.Sentence("tcpdump") is { } missing)
        {
            Assert.Ignore(missing);
        }

        string[] words = ["-r", Written(PcapWriter.BytesMaxDefault), "-e", "-n", "-tt", "--nano"];
        using var tool = Process.Start(new ProcessStartInfo("tcpdump", words) { RedirectStandardOutput = true })!;
        var said = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.That(said, Does.Contain("1767323045.001500000 52:54:00:00:00:01 > 52:54:00:00:00:02")
            .And.Contain("1767323046.250000000 ").And.Contain("length 1514"));
    }

    /// <summary>A file has an end; what comes later is counted.</summary>
    [Test]
    public void A_full_file_takes_no_more()
    {
        var file = Written(bytesMax: 200);
        Assert.That(new FileInfo(file).Length, Is.EqualTo(24 + 16 + 60));
    }

    private string Written(long bytesMax)
    {
        var file = scratch.File("frames.pcap");
        using var writer = new PcapWriter(file, Start, bytesMax);
        writer.Write(Frames.Of(2, 1, 1), TimeSpan.FromMilliseconds(1.5));
        writer.Write(Frames.Of(1, 2, 2, 1514), TimeSpan.FromSeconds(1.25));
        Assert.That(writer.Frames + writer.Missed, Is.EqualTo(2));
        return file;
    }
}
