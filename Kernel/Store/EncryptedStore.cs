using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Store;

/// <summary>The outcome of opening a store: the store, or why not.</summary>
public readonly struct StoreOpening(EncryptedStore? store, StoreError? error)
{
    /// <summary>The store, if it could be opened.</summary>
    public EncryptedStore? Store { get; } = store;

    /// <summary>Why it could not.</summary>
    public StoreError? Error { get; } = error;
}

/// <summary>
/// Names and values on a disk, every byte encrypted and authenticated, names included. An append-only log: a put
/// returns when the disk has flushed it, and until then the value before it is untouched. Format: docs/store-format.md.
/// </summary>
/// <remarks>One thread at a time. What is decrypted stays in memory until <see cref="Dispose"/>.</remarks>
public sealed class EncryptedStore : IDisposable
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int NameBytesMax = LogRecord.NameBytesMax;

    /// <summary>The longest value, in bytes.</summary>
    public const int ValueBytesMax = LogRecord.ValueBytesMax;

    // Names of the kernel's own begin so. No person's name may begin with a NUL.
    private const string SystemPrefix = "\0sys/";

    private readonly StoreGeometry geometry;
    private readonly StoreCipher cipher;
    private readonly LogReader reader;
    private readonly LogWriter writer;
    private readonly Housekeeper housekeeper;
    private readonly NameIndex index;
    private readonly Segment[] segments;
    private readonly byte[] nameBuffer = new byte[NameBytesMax];
    private int systemNames;
    private bool disposed;

    private EncryptedStore(
        StoreGeometry geometry,
        StoreCipher cipher,
        LogReader reader,
        LogWriter writer,
        LogRecovery recovery,
        IRandomSource random)
    {
        this.geometry = geometry;
        this.cipher = cipher;
        this.reader = reader;
        this.writer = writer;
        index = recovery.Index;
        segments = recovery.Segments;
        Notices = recovery.Notices;
        housekeeper = new Housekeeper(
            geometry, writer, reader, index, segments, Notices, recovery.CheckpointStart, FirstPlace(random));
        for (int i = 0; i < index.NumbersEnd; i++)
        {
            systemNames += index[i].Name is [0, ..] ? 1 : 0;
        }
    }

    /// <summary>What was found wrong, when the store was opened and since.</summary>
    public Notices Notices { get; }

    /// <summary>Figures.</summary>
    public StoreStatus Status => new()
    {
        Names = index.Count - systemNames,
        NamesMax = NameIndex.NamesMax,
        UsedBytes = housekeeper.LiveSectors * IBlockDevice.SectorSize,
        CapacityBytes = housekeeper.Capacity * IBlockDevice.SectorSize,
        Segments = segments.Length,
        FreeSegments = housekeeper.FreeSegments,
        Records = writer.Acknowledged,
        Checkpoints = housekeeper.Checkpoints,
        MovedBytes = housekeeper.MovedSectors * IBlockDevice.SectorSize,
        ReadOnlyReason = writer.Failure?.Message,
    };

    /// <summary>The end of what the store takes of the disk, headers included.</summary>
    public long EndSector => geometry.EndSector;

    /// <summary>
    /// Makes an empty store. Whatever an earlier store held is gone for good: its salt is overwritten. The volume
    /// marker is not touched (<see cref="Volume"/>).
    /// </summary>
    /// <param name="device">The disk.</param>
    /// <param name="key">The volume key, 32 bytes.</param>
    /// <param name="random">For the salt.</param>
    /// <returns>Null on success.</returns>
    public static StoreError? Format(IBlockDevice device, SecretBytes key, IRandomSource random)
    {
        if (device.SectorCount < StoreGeometry.MinimumDiskSectors)
        {
            return new StoreError(
                StoreErrorKind.NoStore,
                $"the disk has {Sizes.Text(device.SectorCount)}; a store needs at least "
                + Sizes.Text(StoreGeometry.MinimumDiskSectors));
        }
        return StoreHeader.Create(device, key, random);
    }

    /// <summary>Opens a store.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="key">The volume key; not needed any more when this returns.</param>
    /// <param name="random">For the identities of segments.</param>
    public static StoreOpening Open(IBlockDevice device, SecretBytes key, IRandomSource random)
    {
        StoreError? error = StoreHeader.TryRead(device, key, out StoreHeader? header, out string? complaint);
        if (error != null)
        {
            return new StoreOpening(null, error);
        }
        // A record written just before a reset may still be in the disk's own memory: make durable what will be seen.
        BlockResult flushed = device.Flush();
        if (flushed != BlockResult.Ok)
        {
            return new StoreOpening(null, StoreError.FromFlush(flushed));
        }
        StoreGeometry geometry = header!.Geometry;
        StoreCipher cipher = CreateCipher(key, header);
        LogReader reader = new(device, geometry, cipher, header.Tag);
        LogRecovery recovery = new(device, geometry, cipher, header.Tag, reader);
        error = recovery.Run();
        if (error != null)
        {
            cipher.Dispose();
            return new StoreOpening(null, error);
        }
        recovery.Notices.Add(complaint);
        LogWriter writer = new(device, geometry, cipher, header.Tag, random)
        {
            Last = recovery.Last,
            NextSerial = (recovery.Last?.Serial ?? 0) + 1,
            NextSequence = recovery.NextSequence,
            Acknowledged = recovery.NextSequence - 1,
            NameBefore = recovery.LastName,
        };
        return new StoreOpening(new EncryptedStore(geometry, cipher, reader, writer, recovery, random), null);
    }

    /// <summary>Stores a value under a name, in place of any other. On success it is on the medium.</summary>
    /// <returns>Null on success; otherwise the value before it is still there.</returns>
    public StoreError? Put(string name, ReadOnlySpan<byte> value) =>
        CheckName(name, out int length) ?? Put(nameBuffer.AsSpan(0, length), value);

    /// <summary>Reads a value.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? Get(string name, out byte[] value)
    {
        value = [];
        return CheckName(name, out int length) ?? Get(name, nameBuffer.AsSpan(0, length), out value);
    }

    /// <summary>Removes a name and its value. On success that is on the medium.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? Delete(string name) =>
        CheckName(name, out int length) ?? Delete(name, nameBuffer.AsSpan(0, length));

    /// <summary>All names but the kernel's own, in ordinal order.</summary>
    public List<string> List()
    {
        List<string> names = new(index.Count - systemNames);
        for (int i = 0; i < index.NumbersEnd; i++)
        {
            if (index[i].Name is byte[] name && name[0] != 0)
            {
                names.Add(index.Text(i));
            }
        }
        names.Sort(static (a, b) => string.CompareOrdinal(a, b));
        return names;
    }

    /// <summary>Stores one of the kernel's own records; such names are not listed.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? PutSystem(string name, ReadOnlySpan<byte> value) =>
        EncodeName(SystemPrefix + name, out int length) ?? Put(nameBuffer.AsSpan(0, length), value);

    /// <summary>Reads one of the kernel's own records.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? GetSystem(string name, out byte[] value)
    {
        value = [];
        return EncodeName(SystemPrefix + name, out int length) ?? Get(name, nameBuffer.AsSpan(0, length), out value);
    }

    /// <summary>Removes one of the kernel's own records.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? DeleteSystem(string name) =>
        EncodeName(SystemPrefix + name, out int length) ?? Delete(name, nameBuffer.AsSpan(0, length));

    /// <summary>Reads every value once and adds a notice for each that is damaged.</summary>
    /// <returns>How many are.</returns>
    public int Verify()
    {
        int bad = 0;
        for (int i = 0; i < index.NumbersEnd; i++)
        {
            if (index[i].Name is byte[] name && ReadEntry(i, index.Text(i)) is StoreError error)
            {
                Notices.Add(error.Message);
                bad++;
            }
        }
        reader.Wipe();
        return bad;
    }

    /// <summary>
    /// What another disk must hold so that this store, as it is now, opens there and knows every value. What another
    /// disk holds elsewhere does not matter, even if it comes from an earlier or a forgotten life of the same store.
    /// </summary>
    /// <returns>Runs of sectors in ascending order.</returns>
    public List<SectorRegion> LiveRegions()
    {
        int[] ends = new int[segments.Length];
        for (int i = 0; i < index.NumbersEnd; i++)
        {
            if (index[i].Name != null)
            {
                ends[index[i].Slot] = Math.Max(ends[index[i].Slot], index[i].Offset + index[i].Sectors);
            }
        }
        List<SectorRegion> regions = [new(0, VolumeLayout.HeaderSectors)];
        foreach (Segment segment in segments)
        {
            // A place without a segment must not look like one that lost its headers, and a free one keeps its old
            // headers: whatever the other disk has there would be taken for a part of the log if it were newer.
            int end = segment.Serial == 0
                ? LogRecovery.RevivalSectors
                : segment.Serial < housekeeper.CheckpointStart ? Segment.HeaderSectors : segment.End;
            end = Math.Max(end, ends[segment.Slot]);
            long first = geometry.FirstSector(segment.Slot);
            if (regions[^1].Last + 1 == first)
            {
                regions[^1] = new SectorRegion(regions[^1].First, regions[^1].Count + end);
            }
            else
            {
                regions.Add(new SectorRegion(first, end));
            }
        }
        return regions;
    }

    /// <summary>
    /// Makes the next write begin a new segment under a fresh random identity. To be called when this memory may have
    /// been copied (a snapshot, a move to another machine): two copies must not write under one nonce.
    /// </summary>
    public void BeginSession() => writer.CloseSegment();

    /// <summary>Wipes the key and what was decrypted. The store takes no calls any more.</summary>
    public void Dispose()
    {
        disposed = true;
        reader.Wipe();
        cipher.Dispose();
        index.Clear();
        CryptographicOperations.ZeroMemory(nameBuffer);
    }

    private static StoreCipher CreateCipher(SecretBytes key, StoreHeader header)
    {
        Span<byte> logKey = stackalloc byte[32];
        KeyDerivation.Derive(key.Span, header.Salt, "HaukiOS store 1 log"u8, logKey);
        StoreCipher cipher = new(logKey);
        CryptographicOperations.ZeroMemory(logKey);
        return cipher;
    }

    // Somewhere else with every opening: a place whose sectors fail to be written must not be the first choice again.
    private int FirstPlace(IRandomSource random)
    {
        Span<byte> chance = stackalloc byte[2];
        try
        {
            random.Fill(chance);
        }
        catch (InvalidOperationException)
        {
            // No entropy yet; nothing can be written without it anyway.
            chance.Clear();
        }
        return (chance[0] | (chance[1] << 8)) % segments.Length;
    }

    private StoreError? CheckName(string name, out int length)
    {
        length = 0;
        if (name.Length > 0 && name[0] == '\0')
        {
            return new StoreError(StoreErrorKind.Invalid, "a name must not begin with a NUL");
        }
        return EncodeName(name, out length);
    }

    private StoreError? EncodeName(string name, out int length)
    {
        length = 0;
        ObjectDisposedException.ThrowIf(disposed, this);
        if (name.Length == 0)
        {
            return new StoreError(StoreErrorKind.Invalid, "a name must have at least one character");
        }
        if (!IsWellFormed(name))
        {
            return new StoreError(StoreErrorKind.Invalid, "the name has half a surrogate pair in it");
        }
        int bytes = name.Length > NameBytesMax ? name.Length : Encoding.UTF8.GetByteCount(name);
        if (bytes > NameBytesMax)
        {
            return new StoreError(
                StoreErrorKind.Invalid, $"the name has {bytes} bytes or more; at most {NameBytesMax} fit");
        }
        length = Encoding.UTF8.GetBytes(name, nameBuffer);
        return null;
    }

    // Half a pair would be replaced when encoded, and two different names would become one.
    private static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] is >= '\uD800' and <= '\uDFFF')
            {
                bool pair = name[i] <= '\uDBFF' && i + 1 < name.Length && name[i + 1] is >= '\uDC00' and <= '\uDFFF';
                if (!pair)
                {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private StoreError? Put(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int sectors = LogRecord.Sectors(name.Length, value.Length);
        int number = index.Find(name);
        StoreError? error = CheckWritable() ?? CheckRoom(name, value, sectors, number) ?? housekeeper.MakeRoom(sectors);
        if (error != null)
        {
            return error;
        }
        housekeeper.Work(sectors);
        Segment segment = writer.Current!;
        ulong sequence = writer.NextSequence;
        int offset = writer.Append(RecordKind.Put, name, value);
        error = writer.Commit();
        if (error != null)
        {
            return error;
        }
        housekeeper.Committed();
        if (number >= 0)
        {
            housekeeper.RemoveLive(segments[index[number].Slot], index[number].Sectors);
        }
        else
        {
            number = index.Add(name);
            systemNames += name[0] == 0 ? 1 : 0;
        }
        index.Point(number, new IndexEntry
        {
            Sequence = sequence,
            Slot = segment.Slot,
            Offset = offset,
            Sectors = sectors,
            ValueLength = value.Length,
        });
        housekeeper.AddLive(segment, sectors);
        return null;
    }

    private StoreError? Delete(string name, ReadOnlySpan<byte> bytes)
    {
        int number = index.Find(bytes);
        if (number < 0)
        {
            return NotFound(name);
        }
        int sectors = LogRecord.Sectors(bytes.Length, 0);
        StoreError? error = CheckWritable() ?? housekeeper.MakeRoom(sectors);
        if (error != null)
        {
            return error;
        }
        housekeeper.Work(sectors);
        writer.Append(RecordKind.Delete, bytes, default);
        error = writer.Commit();
        if (error != null)
        {
            return error;
        }
        housekeeper.Committed();
        housekeeper.RemoveLive(segments[index[number].Slot], index[number].Sectors);
        systemNames -= bytes[0] == 0 ? 1 : 0;
        index.Remove(number);
        return null;
    }

    private StoreError? Get(string name, ReadOnlySpan<byte> bytes, out byte[] value)
    {
        value = [];
        int number = index.Find(bytes);
        if (number < 0)
        {
            return NotFound(name);
        }
        StoreError? error = ReadEntry(number, name);
        if (error == null)
        {
            value = reader.Value.ToArray();
        }
        return error;
    }

    private StoreError? ReadEntry(int number, string name)
    {
        ref IndexEntry entry = ref index[number];
        if (entry.Damaged)
        {
            return new StoreError(
                StoreErrorKind.Damaged,
                $"the newest value of '{name}' was lost to a damaged sector; 'put' or 'del' it");
        }
        SectorRegion where = new(geometry.FirstSector(entry.Slot) + entry.Offset, entry.Sectors);
        reader.DropWindow();
        ReadOutcome outcome = reader.Read(segments[entry.Slot], entry.Offset, entry.Sectors);
        if (outcome == ReadOutcome.DiskError)
        {
            StoreError cause = StoreError.FromDisk(reader.DiskResult, "read", where);
            return new StoreError(cause.Kind, $"{cause.Message}; it holds '{name}'");
        }
        bool good = outcome == ReadOutcome.Ok
            && reader.Fields.Sequence == entry.Sequence
            && reader.Name.SequenceEqual(entry.Name);
        return good
            ? null
            : new StoreError(StoreErrorKind.Damaged, $"{where}: damaged; held '{name}'; other values are not affected");
    }

    private StoreError? CheckWritable() => writer.Failure == null
        ? null
        : new StoreError(
            StoreErrorKind.ReadOnly,
            $"the store takes no writes until it is opened again, because {writer.Failure.Message}");

    private StoreError? CheckRoom(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int sectors, int number)
    {
        if (value.Length > ValueBytesMax)
        {
            return new StoreError(
                StoreErrorKind.Invalid, $"the value has {value.Length} bytes; at most {ValueBytesMax} fit");
        }
        if (number < 0 && !index.HasRoomFor(name.Length))
        {
            return new StoreError(
                StoreErrorKind.Full, $"the store holds {index.Count} names, as many as its index can; 'del' something");
        }
        int old = number < 0 ? 0 : index[number].Sectors;
        long capacity = housekeeper.CapacityFor(number < 0 ? name.Length : 0);
        if (sectors > old && housekeeper.LiveSectors - old + sectors > capacity)
        {
            return new StoreError(
                StoreErrorKind.Full,
                $"the store is full ({Sizes.Text(housekeeper.LiveSectors)} of {Sizes.Text(capacity)} used, and this "
                + $"needs {Sizes.Text(sectors)} more); 'del' something");
        }
        return null;
    }

    private static StoreError NotFound(string name) =>
        new(StoreErrorKind.NotFound, $"there is no '{name}'");
}
