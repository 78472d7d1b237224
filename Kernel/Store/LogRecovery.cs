using System;
using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>
/// Rebuilds the index when the store is opened: finds the newest complete checkpoint and replays the log from where it
/// began. Everything missing is either the unacknowledged end of the log, or damage, and damage is named.
/// </summary>
internal sealed class LogRecovery(
    IBlockDevice device, StoreGeometry geometry, StoreCipher cipher, uint storeTag, LogReader reader)
{
    /// <summary>
    /// How far into a segment without header to look for a record: past one bad block, and not through the whole disk.
    /// </summary>
    public const int RevivalSectors = 160;

    private const int ReadAhead = 192;
    private const int LostMax = 1024;

    private readonly List<Lost> lost = [];
    private readonly bool[] partSeen = new bool[CheckpointCodec.PartsMax];
    private readonly List<Segment> ordered = [];
    private ulong start;
    private int partsExpected;
    private ulong sequence;
    private bool justLost;

    /// <summary>A run of sectors that held acknowledged records and cannot be read.</summary>
    private struct Lost
    {
        public SectorRegion Where;
        public ulong First;
        public ulong Last;
        public bool Named;
        public ulong LastName;
    }

    /// <summary>The places of the log.</summary>
    public Segment[] Segments { get; } = new Segment[geometry.SegmentCount];

    /// <summary>The names.</summary>
    public NameIndex Index { get; } = new(storeTag);

    /// <summary>What was found wrong.</summary>
    public Notices Notices { get; } = new();

    /// <summary>The first segment of the checkpoint in use; 1 if there is none yet.</summary>
    public ulong CheckpointStart => start;

    /// <summary>The newest segment, if any.</summary>
    public Segment? Last => ordered.Count == 0 ? null : ordered[^1];

    /// <summary>The sequence number of the next record.</summary>
    public ulong NextSequence => sequence;

    /// <summary>Hash of the name in the last record.</summary>
    public ulong LastName { get; private set; }

    /// <summary>Rebuilds everything.</summary>
    /// <returns>Null on success.</returns>
    public StoreError? Run()
    {
        ReadHeaders();
        Sort();
        ReviveCheckpoint();
        Notices failures = new();
        for (int i = ordered.Count - 1; i >= 0; i--)
        {
            if (ordered[i].StartsCheckpoint)
            {
                Replay(ordered[i].Serial);
                if (CheckpointIsComplete())
                {
                    Conclude();
                    return null;
                }
                failures.Add(Notices.Lines.Count == 0 ? null : Notices.Lines[0]);
            }
        }
        if (ordered.Count > 0 && ordered[0].Serial != 1)
        {
            string detail = failures.Lines.Count == 0 ? "no checkpoint was found" : failures.Lines[0];
            return new StoreError(StoreErrorKind.Damaged, $"the index of the store cannot be read: {detail}");
        }
        Replay(1);
        Conclude();
        return null;
    }

    private bool CheckpointIsComplete()
    {
        if (partsExpected < 0)
        {
            return false;
        }
        for (int i = 0; i < partsExpected; i++)
        {
            if (!partSeen[i])
            {
                return false;
            }
        }
        return true;
    }

    private void ReadHeaders()
    {
        Span<byte> sectors = stackalloc byte[Segment.HeaderSectors * IBlockDevice.SectorSize];
        for (int slot = 0; slot < Segments.Length; slot++)
        {
            Segment segment = new(slot);
            Segments[slot] = segment;
            Span<byte> a = sectors[..IBlockDevice.SectorSize];
            Span<byte> b = sectors[IBlockDevice.SectorSize..];
            if (device.Read(geometry.FirstSector(slot), sectors) != BlockResult.Ok)
            {
                // One bad sector fails the pair; each may still be readable alone.
                ReadOrClear(geometry.FirstSector(slot), a);
                ReadOrClear(geometry.FirstSector(slot) + 1, b);
            }
            if (segment.TryDecode(cipher, storeTag, a))
            {
                segment.BadHeaderCopy = a.SequenceEqual(b) ? -1 : 1;
            }
            else if (segment.TryDecode(cipher, storeTag, b))
            {
                segment.BadHeaderCopy = 0;
            }
            if (segment.Serial != 0)
            {
                ordered.Add(segment);
            }
        }
    }

    private void ReadOrClear(long sector, Span<byte> into)
    {
        if (device.Read(sector, into) != BlockResult.Ok)
        {
            into.Clear();
        }
    }

    private void Replay(ulong from)
    {
        start = from;
        partsExpected = -1;
        Array.Clear(partSeen);
        Index.Clear();
        Notices.Clear();
        lost.Clear();
        justLost = false;
        LastName = 0;
        sequence = 1;
        ulong expected = from;
        for (int i = 0; i < ordered.Count; i++)
        {
            Segment segment = ordered[i];
            if (segment.Serial < from)
            {
                continue;
            }
            if (segment.Serial == expected + 1 && TryRevive(expected, segment.PreviousIdentity))
            {
                // It now stands in this place of the order.
                segment = ordered[i];
            }
            if (segment.Serial != expected)
            {
                Notices.Add(
                    $"{Plural("segment", expected, segment.Serial - 1)} of the log cannot be found (both headers are "
                    + "damaged); what was put or deleted there is lost, and older values may be in its place");
            }
            expected = segment.Serial + 1;
            bool hasNext = i + 1 < ordered.Count && ordered[i + 1].Serial == expected;
            Segment? next = hasNext ? ordered[i + 1] : null;
            if (next is { LostHeader: false }
                && !next.PreviousIdentity.AsSpan().SequenceEqual(segment.Identity))
            {
                Notices.Add(
                    $"the segment at sector {geometry.FirstSector(segment.Slot)} is not the one that was acknowledged "
                    + "there: the disk has been tampered with");
            }
            ScanSegment(segment, next is { LostHeader: false } ? next : null);
            if (i == ordered.Count - 1)
            {
                TryRevive(expected, default);
            }
        }
    }

    private void Sort() => ordered.Sort(static (a, b) => a.Serial.CompareTo(b.Serial));

    // The segment that a checkpoint begins with may have lost its header, and with it the mark. Each part names it.
    private void ReviveCheckpoint()
    {
        foreach (Segment segment in Segments)
        {
            ulong first = 0;
            int limit = segment.Serial == 0 ? RevivalSectors : 0;
            for (int offset = Segment.HeaderSectors; offset < limit; offset++)
            {
                if (!reader.TryReadOrphan(segment, offset, RevivalSectors))
                {
                    continue;
                }
                first = first == 0 ? reader.Fields.Sequence : first;
                limit = geometry.SegmentSectors;
                if (reader.Fields.Kind == RecordKind.CheckpointPart && IsBeginning(segment, out ulong serial))
                {
                    // One record before it is taken to be lost; how many there were, nobody knows any more.
                    segment.Revive(serial, first - 1, true);
                    ordered.Add(segment);
                    Sort();
                    break;
                }
            }
        }
    }

    private bool IsBeginning(Segment segment, out ulong serial)
    {
        ulong start = 0;
        bool good = CheckpointCodec.TryDecodePart(reader.Value, out start, out _, out _)
            && ordered.Count > 0
            && !ordered.Exists(other => other.Serial == start)
            && (ordered[^1].Serial == start - 1 || ordered.Exists(other => other.Serial == start + 1
                && other.PreviousIdentity.AsSpan().SequenceEqual(segment.Identity)));
        serial = start;
        return good;
    }

    // A segment that lost both copies of its header, to one bad 4 KiB block perhaps, is found by its records: by the
    // identity that its successor knows, or, at the end of the log, by a sequence number that is still to come.
    private bool TryRevive(ulong serial, ReadOnlySpan<byte> identity)
    {
        foreach (Segment segment in Segments)
        {
            for (int offset = Segment.HeaderSectors; segment.Serial == 0 && offset < RevivalSectors; offset++)
            {
                if (!reader.TryReadOrphan(segment, offset, RevivalSectors))
                {
                    continue;
                }
                bool wanted = identity.IsEmpty
                    ? reader.Fields.Sequence >= sequence
                    : identity.SequenceEqual(segment.Identity);
                if (!wanted)
                {
                    break;
                }
                segment.Revive(serial, sequence, false);
                ordered.Add(segment);
                Sort();
                return true;
            }
        }
        return false;
    }

    private void ScanSegment(Segment segment, Segment? next)
    {
        sequence = segment.FirstSequence;
        int limit = next?.PreviousEnd ?? geometry.SegmentSectors;
        int offset = Segment.HeaderSectors;
        reader.DropWindow();
        while (offset < limit)
        {
            if (reader.Read(segment, offset, ReadAhead) == ReadOutcome.Ok && reader.Fields.Sequence == sequence)
            {
                Apply(segment, offset);
                offset += reader.Sectors;
                sequence++;
            }
            else if (!SkipDamage(segment, next, ref offset))
            {
                break;
            }
        }
        segment.End = offset;
    }

    // Stands at the first place that is not the record expected there. Either the log ends here, or something that was
    // acknowledged is damaged and the log goes on behind it.
    private bool SkipDamage(Segment segment, Segment? next, ref int offset)
    {
        int limit = next?.PreviousEnd ?? geometry.SegmentSectors;
        for (int probe = offset + 1; probe < limit; probe++)
        {
            if (reader.Read(segment, probe, ReadAhead) != ReadOutcome.Ok || reader.Fields.Sequence <= sequence)
            {
                continue;
            }
            if (next == null && !segment.LostHeader && reader.Fields.Acknowledged < sequence)
            {
                // The rest of a batch that lost its beginning with the power; it was never acknowledged.
                break;
            }
            AddLost(segment, offset, probe, reader.Fields.Sequence - 1);
            offset = probe;
            sequence = reader.Fields.Sequence;
            return true;
        }
        if (next != null)
        {
            AddLost(segment, offset, limit, next.FirstSequence - 1);
            offset = limit;
            return false;
        }
        if (offset < limit && reader.SeemsDamaged(segment, offset))
        {
            Notices.Add(
                $"sector {geometry.FirstSector(segment.Slot) + offset}: the last record of the log does not "
                + "authenticate: a write cut off by a power failure, or damage; the state before it is in use");
        }
        return false;
    }

    private void AddLost(Segment segment, int from, int to, ulong last)
    {
        SectorRegion where = new(geometry.FirstSector(segment.Slot) + from, to - from);
        if (last < sequence || lost.Count == LostMax)
        {
            Notices.Add($"{where}: damaged");
            return;
        }
        lost.Add(new Lost { Where = where, First = sequence, Last = last });
        justLost = true;
    }

    private void Apply(Segment segment, int offset)
    {
        ref readonly RecordFields fields = ref reader.Fields;
        if (justLost)
        {
            Lost named = lost[^1];
            named.Named = true;
            named.LastName = fields.NameBefore;
            lost[^1] = named;
            justLost = false;
        }
        LastName = reader.Name.IsEmpty ? 0 : NameIndex.NameHash(reader.Name);
        switch (fields.Kind)
        {
            case RecordKind.Put:
                ApplyEntry(reader.Name, new IndexEntry
                {
                    Sequence = fields.Sequence,
                    Slot = segment.Slot,
                    Offset = offset,
                    Sectors = reader.Sectors,
                    ValueLength = reader.Value.Length,
                });
                break;
            case RecordKind.Delete:
                int number = Index.Find(reader.Name);
                if (number >= 0 && Index[number].Sequence < fields.Sequence)
                {
                    Index.Remove(number);
                }
                break;
            case RecordKind.CheckpointPart:
                ApplyPart();
                break;
            case RecordKind.CheckpointEnd:
                if (CheckpointCodec.TryDecodeEnd(reader.Value, out ulong serial, out int parts) && serial == start)
                {
                    partsExpected = parts;
                }
                break;
        }
    }

    private void ApplyPart()
    {
        ReadOnlySpan<byte> value = reader.Value;
        if (!CheckpointCodec.TryDecodePart(value, out ulong serial, out int part, out int count) || serial != start)
        {
            return;
        }
        ReadOnlySpan<byte> rest = CheckpointCodec.Entries(value);
        for (int i = 0; i < count; i++)
        {
            if (!CheckpointCodec.TryDecodeEntry(ref rest, geometry, out ReadOnlySpan<byte> name, out IndexEntry entry))
            {
                return;
            }
            ApplyEntry(name, entry);
        }
        partSeen[part] = true;
    }

    private void ApplyEntry(ReadOnlySpan<byte> name, in IndexEntry newer)
    {
        int number = Index.Find(name);
        if (number >= 0 && Index[number].Sequence >= newer.Sequence)
        {
            return;
        }
        if (number < 0)
        {
            if (!Index.HasRoomFor(name.Length))
            {
                Notices.Add("the log holds more names than a store may have; the surplus is ignored");
                return;
            }
            number = Index.Add(name);
        }
        Index.Point(number, newer);
    }

    private void Conclude()
    {
        NameDamage();
        for (int i = 0; i < Index.NumbersEnd; i++)
        {
            ref IndexEntry entry = ref Index[i];
            if (entry.Name == null)
            {
                continue;
            }
            Segment segment = Segments[entry.Slot];
            segment.LiveSectors += entry.Sectors;
            if (segment.LostHeader || (segment.Serial == 0 && !entry.Damaged && IsOrphanOf(entry)))
            {
                continue;
            }
            if (segment.Serial == 0 && !entry.Damaged)
            {
                entry.Damaged = true;
                Notices.Add(
                    $"'{Index.Text(i)}' is lost: both headers of its segment, sectors "
                    + $"{geometry.FirstSector(entry.Slot)} and {geometry.FirstSector(entry.Slot) + 1}, are damaged");
            }
        }
        foreach (Segment segment in Segments)
        {
            long sector = geometry.FirstSector(segment.Slot);
            if (segment.LostHeader || (segment.Serial == 0 && segment.LiveSectors > 0))
            {
                Notices.Add(
                    $"sectors {sector} and {sector + 1} are damaged: they held both headers of a segment; what could "
                    + "be read behind them is in use");
            }
            bool matters = segment.LiveSectors > 0 || segment.End > Segment.HeaderSectors;
            if (segment.BadHeaderCopy >= 0 && matters)
            {
                Notices.Add(
                    $"sector {sector + segment.BadHeaderCopy} is damaged: it held one of "
                    + "the two headers of a segment; the other is in use");
            }
        }
        reader.DropWindow();
        reader.Wipe();
    }

    private bool IsOrphanOf(in IndexEntry entry) =>
        reader.TryReadOrphan(Segments[entry.Slot], entry.Offset, 1) && reader.Fields.Sequence == entry.Sequence;

    private void NameDamage()
    {
        foreach (Lost run in lost)
        {
            if (run.First != run.Last)
            {
                Notices.Add(
                    $"{run.Where}: damaged; held {Plural("record", run.First, run.Last)}, whose names cannot all be "
                    + "told; older values may be in their place");
            }
            if (!run.Named)
            {
                Notices.Add($"{run.Where}: damaged; the name of the last record there cannot be told");
                continue;
            }
            if (run.LastName == 0)
            {
                Notices.Add($"{run.Where}: damaged; held a piece of the index, which is stored twice: nothing is lost");
                continue;
            }
            int number = Index.FindByNameHash(run.LastName);
            if (number < 0)
            {
                Notices.Add($"{run.Where}: damaged; held a name that is not in the store: put there, or deleted");
            }
            else if (Index[number].Sequence > run.Last)
            {
                Notices.Add($"{run.Where}: damaged; held an older value of '{Index.Text(number)}': nothing is lost");
            }
            else
            {
                Index[number].Damaged = true;
                Notices.Add($"{run.Where}: damaged; held the newest value of '{Index.Text(number)}', which is lost");
            }
        }
    }

    private static string Plural(string what, ulong first, ulong last) =>
        first == last ? $"{what} {first}" : $"{what}s {first} to {last}";
}
