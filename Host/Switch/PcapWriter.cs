using System;
using System.Buffers.Binary;
using System.IO;

namespace HaukiOS.Host.Switch;

/// <summary>
/// Writes frames into a file that tcpdump and Wireshark read: classic pcap with nanoseconds, one header of 24 bytes
/// and 16 bytes before each frame, in this machine's order of bytes (draft-ietf-opsawg-pcap).
/// </summary>
public sealed class PcapWriter : IDisposable
{
    /// <summary>Bytes of a file, unless said otherwise. When it is full, later frames are only counted.</summary>
    public const long BytesMaxDefault = 1L << 30;

    private const uint MagicOfNanoseconds = 0xA1B2_3C4D;
    private const uint LinkTypeEthernet = 1;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    private readonly FileStream file;
    private readonly DateTime start;
    private readonly long bytesMax;
    private long bytes;

    /// <summary>Makes the file, or empties it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The date and time at the moment zero of the switch, UTC.</param>
    /// <param name="bytesMax">Where to stop.</param>
    public PcapWriter(string path, DateTime start, long bytesMax = BytesMaxDefault)
    {
        this.start = start;
        this.bytesMax = bytesMax;
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 18);
        Span<byte> header = stackalloc byte[FileHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, MagicOfNanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SwitchFabric.FrameMax);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeEthernet);
        file.Write(header);
        bytes = header.Length;
    }

    /// <summary>Frames in the file.</summary>
    public long Frames { get; private set; }

    /// <summary>Frames that came when the file was full.</summary>
    public long Missed { get; private set; }

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">From the destination's address on, without the check sequence.</param>
    /// <param name="now">Since the start.</param>
    public void Write(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (bytes + RecordHeaderBytes + frame.Length > bytesMax)
        {
            Missed++;
            return;
        }

        var since = start + now - DateTime.UnixEpoch;
        var seconds = (uint)(since.Ticks / TimeSpan.TicksPerSecond);
        var nanoseconds = (uint)(since.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], nanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)frame.Length);
        file.Write(header);
        file.Write(frame);
        bytes += header.Length + frame.Length;
        Frames++;
    }

    /// <summary>Lets readers of the file see everything written so far.</summary>
    public void Flush() => file.Flush();

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
