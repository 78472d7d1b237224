using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The receive ring in a DP8390's memory (DP8390D datasheet, section 7, "Buffer Ring"). Frames lie on pages of their
/// own, each behind a header that names the page of the next one.
/// <para>
/// One transfer is begun for all the frames that wait, and the few bytes between two of them are read along where that
/// is cheaper than to begin anew.
/// </para>
/// </summary>
internal sealed class Ne2000Receiver
{
    private const int PageSize = Dp8390Registers.PageSize;
    private const int HeaderSize = 4;
    private const int CheckSequence = 4;
    private const int HeaderLength = 14; // an Ethernet header, the least that a frame can be

    // Reading so many bytes too many costs less than to begin a new transfer, which is six accesses.
    private const int SkipMax = 24;

    // How much may be read before the chip is told: four of the longest frames.
    private const int ReleasePages = 24;

    private readonly Dp8390Registers chip;
    private readonly Ne2000Memory memory;
    private readonly byte[] buffer;
    private readonly int start;
    private readonly int stop;
    private int next;       // the page where the next frame begins
    private int current;    // the page into which the chip will write the next one, when we looked
    private int unreleased; // pages read that the chip does not know of yet

    /// <summary>A ring from page <paramref name="start"/> up to, not including, <paramref name="stop"/>.</summary>
    public Ne2000Receiver(Dp8390Registers chip, Ne2000Memory memory, int start, int stop)
    {
        this.chip = chip;
        this.memory = memory;
        this.start = start;
        this.stop = stop;
        buffer = new byte[INetworkDevice.FrameMax + HeaderSize + SkipMax + Ne2000Memory.Granule];
    }

    /// <summary>Is a transfer under way? Then nothing else may use the card's memory.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Frames taken from the ring.</summary>
    public uint Frames { get; private set; }

    /// <summary>Full-sized frames that the ring holds; one page always stays empty.</summary>
    public int FrameCapacity =>
        (stop - start - 1) / ((HeaderSize + INetworkDevice.FrameMax + CheckSequence + PageSize - 1) / PageSize);

    /// <summary>Was the ring empty at the last <see cref="TryLook"/>?</summary>
    public bool IsEmpty => next == current;

    /// <summary>Writes the ring's place into a stopped chip.</summary>
    /// <returns>The page that the register of the next frame to come must hold.</returns>
    public int Program()
    {
        chip.RingStart.Write((byte)start);
        chip.RingStop.Write((byte)stop);
        chip.Boundary.Write((byte)start);
        next = start + 1;
        current = next;
        unreleased = 0;
        IsBusy = false;
        return next;
    }

    /// <summary>
    /// Reads how far the chip has come. It is in the second page of registers: not while the handler may look into the
    /// first one.
    /// </summary>
    /// <returns>False if the chip points outside its ring.</returns>
    public bool TryLook()
    {
        chip.Command.Write((byte)(Dp8390Command.Page1 | Dp8390Command.NoRemote | Dp8390Command.Start));
        current = chip.Current.Read();
        chip.Command.Write((byte)(Dp8390Command.NoRemote | Dp8390Command.Start));
        return current >= start && current < stop;
    }

    /// <summary>
    /// Gives up what lies in the ring and goes on with the next frame to come. The last look must be fresh.
    /// </summary>
    public void SkipToCurrent()
    {
        next = current;
        unreleased++;
        Release();
    }

    /// <summary>Hands on the frames that the last look has found, as far as the budget goes.</summary>
    /// <param name="sink">Who takes them.</param>
    /// <param name="budget">Frames that may be handed on; less by those that were.</param>
    /// <param name="only">The station whose frames are wanted, if the chip lets others pass; or null.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="counters">What is counted.</param>
    /// <returns>False if the ring holds what no chip in its senses writes.</returns>
    public bool Drain(IFrameSink sink, ref int budget, MacAddress? only, Instant now, ref DeviceCounters counters)
    {
        bool good = true;
        bool goesOn = false;
        while (good && budget > 0 && !IsEmpty)
        {
            int waiting = PagesFrom(next, current);
            if (!goesOn)
            {
                if (IsBusy)
                {
                    memory.End();
                }

                IsBusy = true;
                memory.BeginRead(next * PageSize, waiting * PageSize);
            }

            Span<byte> header = buffer.AsSpan(0, HeaderSize);
            memory.Read(header);
            Dp8390FrameStatus status = (Dp8390FrameStatus)header[0];
            int following = header[1];
            int length = header[2] | (header[3] << 8);
            good = IsPossible(following, length, waiting);
            if (good)
            {
                int pages = PagesFrom(next, following);
                length -= CheckSequence;
                const Dp8390FrameStatus all = Dp8390FrameStatus.Ok | Dp8390FrameStatus.AnyError;
                bool isFrame = (status & all) == Dp8390FrameStatus.Ok && length <= INetworkDevice.FrameMax;
                goesOn = isFrame && ReadFrame(length, (pages * PageSize) - HeaderSize);
                Advance(following, pages);
                budget--;
                Deliver(isFrame, length, sink, only, now, ref counters);
            }
        }

        if (IsBusy)
        {
            memory.End();
            IsBusy = false;
            Release();
        }

        return good;
    }

    private static int RoundUp(int length) => (length + Ne2000Memory.Granule - 1) & ~(Ne2000Memory.Granule - 1);

    private int PagesFrom(int first, int last) => last >= first ? last - first : last - first + stop - start;

    /// <summary>Does the header fit the ring, and the length the distance to the next frame?</summary>
    private bool IsPossible(int following, int length, int waiting)
    {
        if (following < start || following >= stop || length < HeaderLength + CheckSequence)
        {
            return false;
        }

        // Chips of the family differ about the last few bytes: some leave a page more than the frame needs.
        int pages = PagesFrom(next, following);
        int least = (HeaderSize + length - CheckSequence + PageSize - 1) / PageSize;
        int most = ((HeaderSize + length + PageSize - 1) / PageSize) + 1;
        return pages >= least && pages <= most && pages <= waiting;
    }

    /// <summary>Reads the bytes of a frame, and what lies behind it if that is little.</summary>
    /// <returns>True if the transfer now stands at the next frame.</returns>
    private bool ReadFrame(int length, int room)
    {
        int needed = RoundUp(length);
        bool goesOn = room - needed <= SkipMax;
        memory.Read(buffer.AsSpan(0, goesOn ? room : needed));
        return goesOn;
    }

    private void Deliver(
        bool isFrame, int length, IFrameSink sink, MacAddress? only, Instant now, ref DeviceCounters counters)
    {
        if (!isFrame)
        {
            counters.ReceiveErrors++;
            return;
        }

        ReadOnlySpan<byte> frame = buffer.AsSpan(0, length);
        if (only is { } station)
        {
            MacAddress destination = MacAddress.Read(frame);
            if (destination != station && destination != MacAddress.Broadcast)
            {
                return;
            }
        }

        counters.Received++;
        counters.ReceivedBytes += length;
        sink.OnFrame(frame, now);
    }

    private void Advance(int following, int pages)
    {
        next = following;
        Frames++;
        unreleased += pages;
        if (unreleased >= ReleasePages)
        {
            Release();
        }
    }

    /// <summary>Tells the chip how far the ring has been read: to the page before the next frame.</summary>
    private void Release()
    {
        if (unreleased > 0)
        {
            chip.Boundary.Write((byte)(next == start ? stop - 1 : next - 1));
            unreleased = 0;
        }
    }
}
