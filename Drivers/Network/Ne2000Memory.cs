using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The memory on an NE2000, reached through one port by the chip's remote DMA (DP8390D datasheet, section 7,
/// "Remote DMA"). Finds out how wide that port is, where the memory lies and how much of it there is.
/// </summary>
internal sealed class Ne2000Memory
{
    /// <summary>Bytes that a transfer's length is rounded up to; buffers must have room for that.</summary>
    public const int Granule = sizeof(uint);

    private const int PromBytes = 32;
    private const int PageSize = Dp8390Registers.PageSize;
    private const int SmallestPages = 8 * 1024 / PageSize;
    private const int LargestPages = 32 * 1024 / PageSize;
    private const int WideStart = 0x40;   // an NE2000's memory
    private const int NarrowStart = 0x20; // an NE1000's
    private const int PatternLength = 64;

    // A transfer of a few bytes ends within microseconds of its last byte.
    private const int DoneReadsMax = 1000;

    private readonly Dp8390Registers chip;
    private int width;

    private Ne2000Memory(Dp8390Registers chip) => this.chip = chip;

    /// <summary>The address in the card's own memory.</summary>
    public MacAddress StationAddress { get; private set; }

    /// <summary>The first page.</summary>
    public int FirstPage { get; private set; }

    /// <summary>The page after the last.</summary>
    public int StopPage { get; private set; }

    /// <summary>Bytes that move at once: 1, 2 or 4.</summary>
    public int Width => width;

    /// <summary>What the data configuration register must say.</summary>
    public Dp8390DataConfiguration Configuration =>
        Dp8390DataConfiguration.NoLoopback | Dp8390DataConfiguration.Burst8
        | (width > 1 ? Dp8390DataConfiguration.WordWide : 0);

    /// <summary>Looks at the memory of a card that has just been reset.</summary>
    /// <returns>Null if what is there does not behave like an NE2000.</returns>
    public static Ne2000Memory? Probe(Dp8390Registers chip)
    {
        Ne2000Memory memory = new(chip);
        return memory.TryReadStationAddress(out bool isWide) && memory.TryFindMemory(isWide) ? memory : null;
    }

    /// <summary>Sets the width in the chip; part of bringing it up.</summary>
    public void Configure() => chip.DataConfiguration.Write((byte)Configuration);

    /// <summary>Writes into the card's memory.</summary>
    /// <param name="address">Where to, an even address.</param>
    /// <param name="from">A whole number of <see cref="Granule"/>s.</param>
    /// <returns>False if the chip did not end the transfer.</returns>
    public bool Write(int address, ReadOnlySpan<byte> from)
    {
        chip.InterruptStatus.Write((byte)Dp8390Interrupts.RemoteDone);
        Begin(address, from.Length, Dp8390Command.RemoteWrite);
        switch (width)
        {
            case sizeof(uint):
                chip.Data32.WriteBlock(from);
                break;
            case sizeof(ushort):
                chip.Data16.WriteBlock(from);
                break;
            default:
                foreach (byte value in from)
                {
                    chip.Data8.Write(value);
                }

                break;
        }

        return IsDone();
    }

    /// <summary>Begins to read; <see cref="Read"/> then gives byte after byte, across the end of the ring.</summary>
    public void BeginRead(int address, int length) => Begin(address, length, Dp8390Command.RemoteRead);

    /// <summary>Reads on.</summary>
    /// <param name="into">A whole number of <see cref="Granule"/>s.</param>
    public void Read(Span<byte> into)
    {
        switch (width)
        {
            case sizeof(uint):
                chip.Data32.ReadBlock(into);
                break;
            case sizeof(ushort):
                chip.Data16.ReadBlock(into);
                break;
            default:
                for (int i = 0; i < into.Length; i++)
                {
                    into[i] = chip.Data8.Read();
                }

                break;
        }
    }

    /// <summary>Ends a transfer wherever it stands.</summary>
    public void End() => chip.Command.Write((byte)(Dp8390Command.NoRemote | Dp8390Command.Start));

    private static void FillPattern(Span<byte> pattern, byte seed)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            pattern[i] = (byte)((i * 29) + seed);
        }
    }

    private void Begin(int address, int length, Dp8390Command direction)
    {
        chip.RemoteAddressLow.Write((byte)address);
        chip.RemoteAddressHigh.Write((byte)(address >> 8));
        chip.RemoteCountLow.Write((byte)length);
        chip.RemoteCountHigh.Write((byte)(length >> 8));
        chip.Command.Write((byte)(direction | Dp8390Command.Start));
    }

    private bool IsDone()
    {
        for (int i = 0; i < DoneReadsMax; i++)
        {
            if (((Dp8390Interrupts)chip.InterruptStatus.Read() & Dp8390Interrupts.RemoteDone) != 0)
            {
                return true;
            }
        }

        End();
        return false;
    }

    /// <summary>
    /// Reads the address store byte by byte. On a card with a 16-bit memory each byte appears twice, since its place
    /// is a word wide.
    /// </summary>
    private bool TryReadStationAddress(out bool isWide)
    {
        Span<byte> prom = stackalloc byte[PromBytes];
        width = 1;
        Configure();
        BeginRead(0, PromBytes);
        Read(prom);
        End();
        isWide = true;
        for (int i = 0; i < PromBytes; i += 2)
        {
            isWide &= prom[i] == prom[i + 1];
        }

        Span<byte> address = stackalloc byte[MacAddress.Length];
        for (int i = 0; i < MacAddress.Length; i++)
        {
            address[i] = prom[isWide ? i * 2 : i];
        }

        StationAddress = MacAddress.Read(address);
        return StationAddress.IsStation;
    }

    private bool TryFindMemory(bool isWide)
    {
        if ((isWide && TryPlace(sizeof(ushort), WideStart)) || TryPlace(1, WideStart) || TryPlace(1, NarrowStart))
        {
            FindSize();
            TryWiden();
            Configure();
            return true;
        }

        return false;
    }

    /// <summary>Is there memory that keeps what is written?</summary>
    private bool TryPlace(int bytesAtOnce, int firstPage)
    {
        width = bytesAtOnce;
        FirstPage = firstPage;
        StopPage = firstPage + SmallestPages;
        Configure();
        return Keeps(firstPage, seed: 1) && Keeps(firstPage, seed: 2) && Keeps(StopPage - 1, seed: 3);
    }

    /// <summary>
    /// Doubles the memory as long as the page after it keeps a pattern of its own and leaves the first page's alone:
    /// beyond its end a small memory shows itself again, or nothing, or the address store.
    /// </summary>
    private void FindSize()
    {
        int pages = SmallestPages;
        while (pages < LargestPages
            && Keeps(FirstPage, seed: 5) && Keeps(FirstPage + pages, seed: 7) && Holds(FirstPage, seed: 5)
            && Keeps(FirstPage + (2 * pages) - 1, seed: 9) && Holds(FirstPage, seed: 5))
        {
            pages *= 2;
        }

        StopPage = FirstPage + pages;
    }

    /// <summary>
    /// Does the port take 32 bits at once? PCI cards and emulators do; the bus splits such an access for an ISA card,
    /// which works if the card answers at both halves.
    /// </summary>
    private void TryWiden()
    {
        if (width != sizeof(ushort))
        {
            return;
        }

        bool writes = WriteWith(sizeof(uint), FirstPage, seed: 11) && HoldsWith(sizeof(ushort), FirstPage, seed: 11);
        bool reads = WriteWith(sizeof(ushort), FirstPage, seed: 13) && HoldsWith(sizeof(uint), FirstPage, seed: 13);
        width = writes && reads ? sizeof(uint) : sizeof(ushort);
    }

    private bool WriteWith(int bytesAtOnce, int page, byte seed)
    {
        width = bytesAtOnce;
        Span<byte> pattern = stackalloc byte[PatternLength];
        FillPattern(pattern, seed);
        return Write(page * PageSize, pattern);
    }

    private bool HoldsWith(int bytesAtOnce, int page, byte seed)
    {
        width = bytesAtOnce;
        return Holds(page, seed);
    }

    private bool Keeps(int page, byte seed) => WriteWith(width, page, seed) && Holds(page, seed);

    private bool Holds(int page, byte seed)
    {
        Span<byte> pattern = stackalloc byte[PatternLength];
        Span<byte> found = stackalloc byte[PatternLength];
        FillPattern(pattern, seed);
        BeginRead(page * PageSize, PatternLength);
        Read(found);
        End();
        return found.SequenceEqual(pattern);
    }
}
