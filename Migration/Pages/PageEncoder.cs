using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// Puts pages down in as few bytes as is quick. It keeps copies of what it has put down, in free memory, so that of a
/// page that is written to again and again only the differences have to go.
/// <para>
/// A difference is to what was put down last for that page, so everything that comes out must reach the target, in
/// order; or the page must be forgotten. The page itself may be written to while it is looked at, by an interrupt: what
/// was read of it is what is put down, and what is kept.
/// </para>
/// </summary>
public sealed unsafe class PageEncoder
{
    /// <summary>The most bytes that come out for a page.</summary>
    public const int LengthMax = (int)AddressMap.PageSize;

    /// <summary>Above this, packing is not worth the target's time.</summary>
    private const int PackedMax = LengthMax * 7 / 8;

    /// <summary>A page that differs by more than this is another page: it is put down anew.</summary>
    private const int DeltaMax = LengthMax / 2;

    private readonly byte* physical;
    private readonly SentCopies copies;
    private readonly byte* scratch;
    private EncoderFigures figures;

    /// <summary>An encoder of one machine's pages. Takes its machine-local memory, and no frames yet.</summary>
    public PageEncoder(IMachine machine)
    {
        const int streams = (WordPacker.ScratchBytes + LengthMax - 1) / LengthMax * LengthMax;
        physical = machine.Physical;
        copies = new SentCopies(physical, machine.Frames);
        scratch = physical + machine.Local.AllocateZeroed(streams, LengthMax, 0).PhysicalAddress;
    }

    /// <summary>What it has made since <see cref="TryBegin"/>.</summary>
    public EncoderFigures Figures
    {
        get
        {
            EncoderFigures now = figures;
            now.Evicted = copies.Evicted;
            return now;
        }
    }

    /// <summary>Pages of which a copy is kept.</summary>
    public int Copies => (int)copies.Count;

    /// <summary>A new target, which has no page. Of the free memory, up to three quarters will be copies.</summary>
    /// <returns>False if there is not even memory for the tables.</returns>
    public bool TryBegin()
    {
        copies.Close();
        figures = default;
        return copies.TryOpen();
    }

    /// <summary>Gives all frames back.</summary>
    public void End() => copies.Close();

    /// <summary>Puts a page down that the tracker has handed out.</summary>
    /// <param name="page">If it is not of kind <see cref="PageKind.Content"/>, there is nothing to put down.</param>
    /// <param name="into">At least <see cref="LengthMax"/> bytes.</param>
    /// <param name="encoding">How it was done.</param>
    /// <returns>Bytes that came out.</returns>
    public int Encode(in PageToSend page, Span<byte> into, out PageEncoding encoding)
    {
        if (page.Kind == PageKind.Content)
        {
            return Encode(page.Address, physical + page.FrameAddress, into, out encoding);
        }

        copies.Forget(PageBitmap.PageOf(page.Address));
        encoding = PageEncoding.Zero;
        return 0;
    }

    /// <summary>Puts a page down.</summary>
    /// <param name="address">Where the page is in the migratable zone.</param>
    /// <param name="page">Where it is seen.</param>
    /// <param name="into">At least <see cref="LengthMax"/> bytes.</param>
    /// <param name="encoding">How it was done.</param>
    /// <returns>Bytes that came out.</returns>
    public int Encode(uint address, byte* page, Span<byte> into, out PageEncoding encoding)
    {
        uint number = PageBitmap.PageOf(address);
        uint* last = copies.Find(number);
        int length = last == null ? -1 : WordPacker.Pack((uint*)page, last, scratch, into[..DeltaMax]);
        if (length >= 0)
        {
            copies.NoteUse(number);
            encoding = length == sizeof(ulong) ? PageEncoding.Same : PageEncoding.Delta;
        }
        else if (PageWords.Copy((uint*)page, copies.Spare))
        {
            copies.Forget(number);
            encoding = PageEncoding.Zero;
            length = 0;
        }
        else
        {
            length = PackOrCopy(copies.Spare, into, out encoding);
            copies.Keep(number);
        }

        Count(encoding, ref length);
        return length;
    }

    /// <summary>
    /// The target does not have the page as it was put down last: it did not get there, or is gone from there.
    /// </summary>
    public void Forget(uint address) => copies.Forget(PageBitmap.PageOf(address));

    private int PackOrCopy(uint* page, Span<byte> into, out PageEncoding encoding)
    {
        int length = WordPacker.IsWorthwhile(page, scratch)
            ? WordPacker.Pack(page, null, scratch, into[..PackedMax])
            : -1;
        encoding = length < 0 ? PageEncoding.Raw : PageEncoding.Packed;
        if (length < 0)
        {
            fixed (byte* to = into)
            {
                PageWords.Copy(page, (uint*)to);
            }
        }

        return length < 0 ? LengthMax : length;
    }

    private void Count(PageEncoding encoding, ref int length)
    {
        switch (encoding)
        {
            case PageEncoding.Raw:
                figures.Raw++;
                break;
            case PageEncoding.Packed:
                figures.Packed++;
                break;
            case PageEncoding.Delta:
                figures.Delta++;
                break;
            case PageEncoding.Zero:
                figures.Zero++;
                break;
            default:
                figures.Same++;
                length = 0;
                break;
        }

        figures.Bytes += length;
    }
}

/// <summary>The other end of <see cref="PageEncoder"/>. It keeps nothing: deltas are to the page itself.</summary>
public static unsafe class PageDecoder
{
    /// <summary>
    /// Writes what was put down to a page. Nothing outside of the page is ever written to, and nothing at all if
    /// <paramref name="data"/> is not well formed.
    /// </summary>
    /// <param name="encoding">How it was put down; any value.</param>
    /// <param name="data">The bytes that came out.</param>
    /// <param name="page">4096 bytes, 4-byte aligned: the page as it stands on the target.</param>
    /// <returns>False if the encoder can never have given this.</returns>
    public static bool TryDecode(PageEncoding encoding, ReadOnlySpan<byte> data, byte* page)
    {
        Span<byte> whole = new(page, PageEncoder.LengthMax);
        switch (encoding)
        {
            case PageEncoding.Raw when data.Length == whole.Length:
                fixed (byte* from = data)
                {
                    PageWords.Copy((uint*)from, (uint*)page);
                }

                return true;
            case PageEncoding.Zero when data.IsEmpty:
                whole.Clear();
                return true;
            case PageEncoding.Same:
                return data.IsEmpty;
            case PageEncoding.Packed or PageEncoding.Delta:
                return WordPacker.TryUnpack(data, (uint*)page, encoding == PageEncoding.Delta);
            default:
                return false;
        }
    }
}
