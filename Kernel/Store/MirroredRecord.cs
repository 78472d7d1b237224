using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Store;

/// <summary>What the two copies of a record hold together.</summary>
public enum RecordState
{
    /// <summary>At least one copy is whole.</summary>
    Present,

    /// <summary>Never written: both copies are zero.</summary>
    Blank,

    /// <summary>Neither copy is whole.</summary>
    Damaged,

    /// <summary>Whole, but of a format that a newer HaukiOS wrote.</summary>
    FromTheFuture,

    /// <summary>The disk could not read either copy.</summary>
    Unreadable,
}

/// <summary>The outcome of reading a <see cref="MirroredRecord"/>.</summary>
public readonly struct RecordReading(
    RecordState state, byte[] content, ulong sequence, string? complaint, bool isFirstLost = false)
{
    /// <summary>What was found.</summary>
    public RecordState State { get; } = state;

    /// <summary>The newest whole content; empty unless <see cref="RecordState.Present"/>.</summary>
    public byte[] Content { get; } = content;

    /// <summary>How often the record has been written, counted from 1.</summary>
    public ulong Sequence { get; } = sequence;

    /// <summary>
    /// A sentence for the log if anything was wrong, also if the content is there:
    /// <c>lock record: copy B (sectors 56 to 95) is damaged; copy A is in use</c>.
    /// </summary>
    public string? Complaint { get; } = complaint;

    /// <summary>
    /// Copy A cannot be read, and copy B was never written: of all that was ever written only the first content can
    /// have been on the medium, as after a power cut in the midst of it.
    /// </summary>
    public bool IsFirstLost { get; } = isFirstLost;
}

/// <summary>
/// A small record in two places of the disk. A write goes to the older copy and is flushed, so a power cut leaves the
/// newer one whole. The checksum (BLAKE2s, RFC 7693) has no key: it finds damage, not an adversary; what must not be
/// forged carries its own authentication inside. For people's sake every mishap is named.
/// </summary>
public sealed class MirroredRecord
{
    // One copy: magic, version, kind, length, zero, sequence, zero, checksum of all that and the content; content.
    private const uint Magic = 0x524D4B48; // "HKMR"
    private const ushort Version = 1;
    private const int HeaderBytes = 64;
    private const int ChecksumAt = 32;

    private readonly IBlockDevice device;
    private readonly string title;
    private readonly ushort kind;
    private readonly SectorRegion[] places;
    private readonly byte[] buffer;
    private readonly Blake2sDigest digest = new(256);
    private bool isLocated;
    private int nextPlace;
    private ulong nextSequence;

    private MirroredRecord(IBlockDevice device, string title, ushort kind, SectorRegion a, SectorRegion b)
    {
        this.device = device;
        this.title = title;
        this.kind = kind;
        places = [a, b];
        buffer = new byte[a.Count * IBlockDevice.SectorSize];
    }

    private enum CopyState
    {
        Whole,
        Zero,
        Damaged,
        FromTheFuture,
        Unreadable,
    }

    /// <summary>The most bytes that <see cref="Write"/> takes.</summary>
    public int Capacity => buffer.Length - HeaderBytes;

    /// <summary>The lock record: questions and wrapped keys, opaque to the store. Up to 16 KiB and a bit.</summary>
    public static MirroredRecord ForLock(IBlockDevice device) =>
        new(device, "lock record", 1, VolumeLayout.LockA, VolumeLayout.LockB);

    /// <summary>The count of wrong attempts.</summary>
    public static MirroredRecord ForAttempts(IBlockDevice device) =>
        new(device, "attempt counter", 2, VolumeLayout.AttemptsA, VolumeLayout.AttemptsB);

    /// <summary>The boot record: what is needed before anything can be decrypted.</summary>
    public static MirroredRecord ForBoot(IBlockDevice device) =>
        new(device, "boot record", 5, VolumeLayout.BootA, VolumeLayout.BootB);

    /// <summary>The count of wrong attempts of strangers on the network.</summary>
    public static MirroredRecord ForStrangerAttempts(IBlockDevice device) =>
        new(device, "attempt counter of strangers", 6, VolumeLayout.StrangerAttemptsA, VolumeLayout.StrangerAttemptsB);

    /// <summary>The count of wrong attempts of known operators on the network.</summary>
    public static MirroredRecord ForOperatorAttempts(IBlockDevice device) =>
        new(device, "attempt counter of operators", 7, VolumeLayout.OperatorAttemptsA, VolumeLayout.OperatorAttemptsB);

    /// <summary>The hand-over record: who may run the node whose store this is.</summary>
    public static MirroredRecord ForHandover(IBlockDevice device) =>
        new(device, "hand-over record", 8, VolumeLayout.HandoverA, VolumeLayout.HandoverB);

    /// <summary>The store's own header.</summary>
    internal static MirroredRecord ForStoreHeader(IBlockDevice device) =>
        new(device, "store header", 3, VolumeLayout.StoreHeaderA, VolumeLayout.StoreHeaderB);

    /// <summary>The volume marker.</summary>
    internal static MirroredRecord ForMarker(IBlockDevice device) =>
        new(device, "volume marker", 4, VolumeLayout.MarkerA, VolumeLayout.MarkerB);

    /// <summary>Does sector 0 hold no more than the beginning of a volume marker? A torn first write is so.</summary>
    internal static bool BeginsLikeMarker(IBlockDevice device)
    {
        Span<byte> sector = stackalloc byte[IBlockDevice.SectorSize];
        const int MarkerBytesMax = 128;
        return device.Read(VolumeLayout.MarkerA.First, sector) == BlockResult.Ok
            && sector[0] == (byte)(Magic & 0xFF)
            && Sizes.AllZero(sector[MarkerBytesMax..]);
    }

    /// <summary>Reads the newest whole copy. Never throws; wipes its own buffer.</summary>
    public RecordReading Read()
    {
        isLocated = false;
        CopyState a = ReadCopy(0, out ulong sequenceA);
        byte[] content = a == CopyState.Whole ? CopyContent() : [];
        CopyState b = ReadCopy(1, out ulong sequenceB);
        bool useB = b == CopyState.Whole && (a != CopyState.Whole || sequenceB > sequenceA);
        if (useB)
        {
            content = CopyContent();
        }
        CryptographicOperations.ZeroMemory(buffer);
        if (a == CopyState.Whole || b == CopyState.Whole)
        {
            // A zero copy beside the first write is how a new record looks, not damage.
            string? complaint = useB ? Complain(0, a, sequenceB) : Complain(1, b, sequenceA);
            return new RecordReading(RecordState.Present, content, useB ? sequenceB : sequenceA, complaint);
        }
        RecordState state = Combine(a, b);
        string? complaintOfBoth = state == RecordState.Blank ? null : ComplainOfBoth(a, b, state);
        bool isFirstLost = a is CopyState.Damaged or CopyState.Unreadable && b == CopyState.Zero;
        return new RecordReading(state, [], 0, complaintOfBoth, isFirstLost);
    }

    /// <summary>
    /// Writes the older copy and flushes. On success the content is durable; on failure the content before it is
    /// still there, in the other copy.
    /// </summary>
    /// <param name="content">At most <see cref="Capacity"/> bytes.</param>
    /// <returns>Null on success.</returns>
    public StoreError? Write(ReadOnlySpan<byte> content)
    {
        if (content.Length > Capacity)
        {
            return new StoreError(
                StoreErrorKind.Invalid, $"the {title} holds {Capacity} bytes, not {content.Length}");
        }
        Locate();
        BlockResult result = WriteNext(content, out SectorRegion place, out bool isFlushing);
        if (result == BlockResult.Ok)
        {
            return null;
        }
        return isFlushing
            ? StoreError.FromFlush(result)
            : StoreError.FromDisk(result, $"write the {title} to", place);
    }

    /// <summary>
    /// As <see cref="Write"/>, without allocating and, from the second time after <see cref="Read"/> on, without
    /// reading before: for the moment in which the node stands still. Nobody else may write the record meanwhile.
    /// </summary>
    /// <param name="content">At most <see cref="Capacity"/> bytes; the caller has made sure of that.</param>
    public BlockResult WriteQuietly(ReadOnlySpan<byte> content)
    {
        if (content.Length > Capacity)
        {
            return BlockResult.OutOfRange;
        }
        if (!isLocated)
        {
            Locate();
        }
        return WriteNext(content, out _, out _);
    }

    /// <summary>
    /// Writes both copies, one after the other, each flushed. For content whose predecessor must be gone from the
    /// disk, such as a key that was wrapped under answers no longer valid.
    /// </summary>
    /// <returns>Null on success.</returns>
    public StoreError? WriteBoth(ReadOnlySpan<byte> content) => Write(content) ?? Write(content);

    private static RecordState Combine(CopyState a, CopyState b)
    {
        if (a == CopyState.FromTheFuture || b == CopyState.FromTheFuture)
        {
            return RecordState.FromTheFuture;
        }
        if (a == CopyState.Unreadable && b == CopyState.Unreadable)
        {
            return RecordState.Unreadable;
        }
        return a == CopyState.Zero && b == CopyState.Zero ? RecordState.Blank : RecordState.Damaged;
    }

    private static string Words(CopyState state) => state switch
    {
        CopyState.Zero => "was never written",
        CopyState.FromTheFuture => "was written by a newer HaukiOS",
        CopyState.Unreadable => "cannot be read by the disk",
        _ => "is damaged",
    };

    private string? Complain(int place, CopyState state, ulong newest)
    {
        bool young = state == CopyState.Zero && newest == 1;
        return state == CopyState.Whole || young
            ? null
            : $"{title}: {CopyName(place)} {Words(state)}; copy {(place == 0 ? 'B' : 'A')} is in use";
    }

    private string ComplainOfBoth(CopyState a, CopyState b, RecordState state) => state == RecordState.FromTheFuture
        ? $"{title}: written by a newer HaukiOS"
        : $"{title}: {CopyName(0)} {Words(a)}, and {CopyName(1)} {Words(b)}";

    private string CopyName(int place) => $"copy {(place == 0 ? 'A' : 'B')} ({places[place]})";

    private byte[] CopyContent()
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(8));
        return buffer.AsSpan(HeaderBytes, length).ToArray();
    }

    private CopyState ReadCopy(int place, out ulong sequence)
    {
        sequence = 0;
        if (device.Read(places[place].First, buffer) != BlockResult.Ok)
        {
            return CopyState.Unreadable;
        }
        ReadOnlySpan<byte> header = buffer.AsSpan(0, HeaderBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
        {
            return Sizes.AllZero(buffer) ? CopyState.Zero : CopyState.Damaged;
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (length < 0 || length > Capacity || BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) != kind)
        {
            return CopyState.Damaged;
        }
        Span<byte> checksum = stackalloc byte[32];
        Checksum(length, checksum);
        if (!checksum.SequenceEqual(header.Slice(ChecksumAt, 32)))
        {
            return CopyState.Damaged;
        }
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) > Version)
        {
            return CopyState.FromTheFuture;
        }
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        return CopyState.Whole;
    }

    private void Locate()
    {
        CopyState a = ReadCopy(0, out ulong sequenceA);
        CopyState b = ReadCopy(1, out ulong sequenceB);
        ulong newest = Math.Max(a == CopyState.Whole ? sequenceA : 0, b == CopyState.Whole ? sequenceB : 0);
        bool newestIsA = a == CopyState.Whole && sequenceA == newest;
        nextPlace = newestIsA ? 1 : 0;
        nextSequence = newest + 1;
        isLocated = true;
    }

    // A write that failed may have reached the medium, or may yet: the next one goes to the same place, and counts
    // higher, so that the newest content known to be whole is never the one that is overwritten.
    private BlockResult WriteNext(ReadOnlySpan<byte> content, out SectorRegion place, out bool isFlushing)
    {
        place = places[nextPlace];
        buffer.AsSpan().Clear();
        Span<byte> header = buffer.AsSpan(0, HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], kind);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], content.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], nextSequence);
        content.CopyTo(buffer.AsSpan(HeaderBytes));
        Checksum(content.Length, header.Slice(ChecksumAt, 32));
        nextSequence++;
        // The whole place, not only the sectors needed: nothing of a longer predecessor may stay behind.
        BlockResult result = device.Write(place.First, buffer);
        CryptographicOperations.ZeroMemory(buffer);
        isFlushing = result == BlockResult.Ok;
        result = isFlushing ? device.Flush() : result;
        nextPlace = result == BlockResult.Ok ? 1 - nextPlace : nextPlace;
        return result;
    }

    private void Checksum(int length, Span<byte> into)
    {
        digest.Reset();
        digest.BlockUpdate(buffer.AsSpan(0, ChecksumAt));
        digest.BlockUpdate(buffer.AsSpan(HeaderBytes, length));
        digest.DoFinal(into);
    }
}
