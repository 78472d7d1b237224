using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// Sends memory and disk, round after round: first everything, then what was written meanwhile. The same code sends
/// the last of it while the node stands still, so nothing in here allocates.
/// </summary>
internal sealed unsafe class PreCopy
{
    private const long Second = 1_000_000_000;
    private const int PieceMax = 8 * IBlockDevice.SectorSize;

    // Fewer pages in a slice tell little about what a page takes.
    private const int SampleMin = 8;
    private const int Deviations = 2;

    // A node that stands still cannot wait as long for a busy target as one that works on.
    private const int SilenceMilliseconds = 6000;
    private const int StoppedSilenceMilliseconds = 3000;

    private readonly IMachine machine;
    private readonly PacketLink link;
    private readonly DirtyTracker tracker;
    private readonly PageEncoder encoder;
    private readonly DiskSender? disk;
    private readonly bool isSameBuild;
    private readonly DmaRegion scratch;
    private bool arePagesDone;
    private long pages;             // since what is measured is like what will be sent
    private long pageBytes;
    private long activeNanoseconds; // in which pages were put down and sent
    private long pageMean;          // nanoseconds that a page took lately, and how far that went astray
    private long pageDeviation;
    private Instant rateSince;
    private long rateBytes;

    /// <summary>A copy at its beginning: everything is to be sent.</summary>
    /// <param name="machine">Whose memory.</param>
    /// <param name="link">Where to.</param>
    /// <param name="parts">Which pages and blocks, and how; their move has begun.</param>
    /// <param name="hasDisk">Does a disk travel?</param>
    /// <param name="isSameBuild">Has the target the very same image?</param>
    public PreCopy(IMachine machine, PacketLink link, SourceParts parts, bool hasDisk, bool isSameBuild)
    {
        this.machine = machine;
        this.link = link;
        this.isSameBuild = isSameBuild;
        tracker = parts.Tracker;
        encoder = parts.Encoder;
        disk = hasDisk ? parts.Disk : null;
        scratch = parts.Scratch;
        rateSince = machine.Clock.Now;
    }

    /// <summary>The present round, from 1; 0 before the first.</summary>
    public int Round { get; private set; }

    /// <summary>Pages sent, those sent again included.</summary>
    public long PagesSent { get; private set; }

    /// <summary>Sectors sent.</summary>
    public long SectorsSent { get; private set; }

    /// <summary>Pages of this round still to be sent.</summary>
    public int PagesLeft => tracker.PagesLeft;

    /// <summary>Bytes on the wire per second, as measured while there was something to send.</summary>
    public long BytesPerSecond { get; private set; }

    /// <summary>What the tracker saw at the beginning of this round.</summary>
    public TrackerCounts Counts { get; private set; }

    /// <summary>Is there more of this round?</summary>
    public bool HasMore => !arePagesDone || HasSectors;

    /// <summary>
    /// How long the rest will take at most, in nanoseconds, by what pages took lately: on the wire, behind what waits
    /// there already, or to be put down, whichever is more. 0 if nothing was measured yet.
    /// </summary>
    public long NanosecondsLeft
    {
        get
        {
            if (BytesPerSecond == 0 || pages == 0)
            {
                return BytesPerSecond > 0 && tracker.PagesLeft == 0 && !HasSectors ? 1 : 0;
            }

            long perPage = (pageBytes / pages) + MoveRecord.HeaderLength;
            long bytes = (tracker.PagesLeft * perPage) + ((disk?.SectorsLeft ?? 0) * IBlockDevice.SectorSize);
            bytes += link.BytesWaiting;
            long perPageTime = pageMean > 0 ? pageMean + (Deviations * pageDeviation) : activeNanoseconds / pages;
            return Math.Max(bytes * Second / BytesPerSecond, tracker.PagesLeft * perPageTime);
        }
    }

    private bool HasSectors => disk is { SectorsLeft: > 0 };

    /// <summary>Begins the first round, or one more with what was written since the last one began.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="isLast">Does the node stand still, so that nothing is to be left?</param>
    public void NextRound(Instant now, bool isLast)
    {
        Round++;
        arePagesDone = false;

        // What is written to again and again is sent once, at the end.
        tracker.DefersHot = Round > 1 && !isLast;
        link.SilenceMilliseconds = isLast ? StoppedSilenceMilliseconds : SilenceMilliseconds;
        Counts = tracker.Collect(now);
        disk?.Collect();

        // What is sent again is another kind of page than what is sent for the first time.
        if (Round <= 2)
        {
            pages = 0;
            pageBytes = 0;
            activeNanoseconds = 0;
            pageMean = 0;
            pageDeviation = 0;
        }

        Span<byte> record = scratch.Bytes[..MoveRecord.HeaderLength];
        MoveRecord.WriteHeader(record, RecordKind.Round, 0, (ushort)Round, (uint)tracker.PagesLeft);
        link.TrySend(record);
    }

    /// <summary>
    /// What is written to all the time is sent in this round as well. It is sent once more at the end, but then only
    /// what has changed since, and of a page that changes here and there that is little.
    /// </summary>
    public void SendHotNow() => tracker.DefersHot = false;

    /// <summary>
    /// Sends until the link takes no more, nothing is left of this round, or the time is up. The last packet may wait
    /// for more.
    /// </summary>
    /// <returns>False if the disk cannot be read.</returns>
    public bool Send(Instant until)
    {
        bool good = true;
        Instant start = machine.Clock.Now;
        Instant end = start;
        long before = pages;
        while (good && HasMore && link.HasRoom)
        {
            if (!arePagesDone && tracker.TryTakeNext(out PageToSend page))
            {
                good = SendPage(page);
            }
            else
            {
                arePagesDone = true;
                good = SendSectors();
            }

            end = machine.Clock.Now;
            if (end >= until)
            {
                break;
            }
        }

        activeNanoseconds += end - start;
        NotePages(pages - before, end - start);
        return good;
    }

    /// <summary>Measures what the wire carries. To be called now and then while there is something to send.</summary>
    public void Measure(Instant now)
    {
        const long span = 20_000_000;
        long passed = now - rateSince;
        if (passed < span)
        {
            return;
        }

        long bytes = link.Figures.BytesSent;
        long rate = (bytes - rateBytes) * Second / passed;
        BytesPerSecond = BytesPerSecond == 0 ? rate : ((BytesPerSecond * 3) + rate) / 4;
        rateSince = now;
        rateBytes = bytes;
    }

    // As a round-trip time is taken (RFC 6298, section 2): the decision is to hold nearly always, not on average.
    private void NotePages(long count, long time)
    {
        if (count < SampleMin)
        {
            return;
        }

        long sample = Math.Max(time / count, 1);
        if (pageMean == 0)
        {
            pageMean = sample;
            pageDeviation = sample / 4;
            return;
        }

        pageDeviation += (Math.Abs(pageMean - sample) - pageDeviation) / 4;
        pageMean += (sample - pageMean) / 8;
    }

    private bool SendPage(in PageToSend page)
    {
        Span<byte> record = scratch.Bytes;
        PageFlags writable = page.Flags & PageFlags.Writable;
        PagesSent++;
        int length = 0;
        if (page.Kind == PageKind.Gone)
        {
            encoder.Forget(page.Address);
            MoveRecord.WriteHeader(record, RecordKind.GonePage, 0, 0, page.Address);
        }
        else if (isSameBuild && page.Kind == PageKind.Content && writable == 0)
        {
            MoveRecord.WriteHeader(record, RecordKind.SamePage, 0, 0, page.Address);
        }
        else
        {
            length = encoder.Encode(page, record[MoveRecord.HeaderLength..], out PageEncoding encoding);
            pages++;
            pageBytes += length;
            if (encoding == PageEncoding.Same)
            {
                return true;
            }

            MoveRecord.WriteHeader(record, RecordKind.Page, (byte)encoding, (ushort)writable, page.Address);
        }

        return link.TrySend(record[..(MoveRecord.HeaderLength + length)]);
    }

    private bool SendSectors()
    {
        Span<byte> record = scratch.Bytes;
        if (disk is null || !disk.TryTakeNext(record.Slice(MoveRecord.HeaderLength, PieceMax), out DiskPiece piece))
        {
            return disk is null || disk.Failure == BlockResult.Ok;
        }

        SectorsSent += piece.Sectors;
        RecordKind kind = piece.IsZero ? RecordKind.ZeroSectors : RecordKind.Sectors;
        MoveRecord.WriteHeader(record, kind, 0, (ushort)piece.Sectors, (ulong)piece.Sector);
        return link.TrySend(record[..(MoveRecord.HeaderLength + piece.Length)]);
    }
}
