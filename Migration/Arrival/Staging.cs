using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// What has arrived of a node: pages in free frames, blocks on this machine's disk, and at the end the processor's
/// state. Takes records one by one; one that makes no sense ends the move.
/// </summary>
internal sealed unsafe class Staging
{
    private readonly IMachine machine;
    private readonly StagedDirectory staged;
    private readonly DiskReceiver? disk;
    private byte[]? state;

    /// <summary>An arrival at its beginning.</summary>
    /// <param name="machine">This machine.</param>
    /// <param name="staged">Where the pages go.</param>
    /// <param name="disk">Where the blocks go; null if no disk travels.</param>
    public Staging(IMachine machine, StagedDirectory staged, DiskReceiver? disk)
    {
        this.machine = machine;
        this.staged = staged;
        this.disk = disk;
    }

    /// <summary>The pages.</summary>
    public StagedDirectory Staged => staged;

    /// <summary>The round that is arriving.</summary>
    public int Round { get; private set; }

    /// <summary>Pages of this round still to come.</summary>
    public int PagesLeft { get; private set; }

    /// <summary>Pages received, those received again included.</summary>
    public long PagesReceived { get; private set; }

    /// <summary>Sectors received.</summary>
    public long SectorsReceived { get; private set; }

    /// <summary>The processor's state; empty until it has come.</summary>
    public ReadOnlySpan<byte> State => state;

    /// <summary>Takes a record about memory or disk.</summary>
    /// <returns>Null if all is well; otherwise why the move cannot go on.</returns>
    public string? Take(in MoveRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Page:
                return TakePage(record);
            case RecordKind.SamePage:
                return TakeSame((uint)record.Place);
            case RecordKind.GonePage:
                staged.Drop((uint)record.Place);
                return CountPage();
            case RecordKind.Sectors or RecordKind.ZeroSectors:
                return TakeSectors(record);
            case RecordKind.Round:
                Round = record.Count;
                PagesLeft = (int)Math.Min(record.Place, int.MaxValue);
                return null;
            case RecordKind.State:
                state = record.Data.ToArray();
                return null;
            default:
                return $"a record of kind {(int)record.Kind} where none belongs";
        }
    }

    private string? TakePage(in MoveRecord record)
    {
        PageEncoding encoding = (PageEncoding)record.Detail;
        if (encoding is PageEncoding.Delta or PageEncoding.Same && !staged.Has((uint)record.Place))
        {
            return $"the page at 0x{record.Place:x8} changes before it was there";
        }

        byte* place = staged.Place((uint)record.Place, (PageFlags)record.Count);
        if (place is null)
        {
            return "no memory is left for the node's pages";
        }

        return PageDecoder.TryDecode(encoding, record.Data, place)
            ? CountPage()
            : $"the page at 0x{record.Place:x8} cannot be decoded";
    }

    // Of a page that no machine may write, and the builds are equal: what stands here stands there.
    private string? TakeSame(uint address)
    {
        if (!machine.Directory.TryTranslate(address, out uint own, out PageFlags flags)
            || (flags & PageFlags.Writable) != 0)
        {
            return $"the page at 0x{address:x8} is not the same here";
        }

        return staged.TryBorrow(address, own) ? CountPage() : "no memory is left for the node's pages";
    }

    private string? TakeSectors(in MoveRecord record)
    {
        if (disk is null || record.Place > long.MaxValue)
        {
            return "blocks of a disk, where none travels";
        }

        SectorsReceived += record.Count;
        BlockResult result = record.Kind == RecordKind.ZeroSectors
            ? disk.Zero((long)record.Place, record.Count)
            : disk.Write((long)record.Place, record.Data);
        return result == BlockResult.Ok ? null : disk.Problem ?? "a block that is not on the node's disk";
    }

    private string? CountPage()
    {
        PagesReceived++;
        PagesLeft -= PagesLeft > 0 ? 1 : 0;
        return null;
    }
}
