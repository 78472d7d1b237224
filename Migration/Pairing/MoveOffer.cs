using System;
using System.Buffers.Binary;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>
/// The source's first message: what wants to move. Little endian:
/// <code>
/// 0    4  "HKMO"
/// 4    2  format, 2
/// 6    2  flags: 1 an encrypted store lies on the disk, 2 it is open
/// 8   56  the source (see <see cref="MoveSide"/>)
/// 64   4  pages that the node holds
/// 68   8  sectors of its disk that mean something
/// 76   4  the node's address, as on the wire
/// 80  32  the source's share of the keys
/// </code>
/// </summary>
public sealed record MoveOffer
{
    /// <summary>Bytes of an offer.</summary>
    public const int Length = 112;

    /// <summary>Bytes of a share of the keys.</summary>
    public const int ShareLength = 32;

    /// <summary>The format of a move that this HaukiOS knows: this message and all that follows it.</summary>
    public const ushort Format = 2;

    private const int FlagsOffset = 6;
    private const int ShareOffset = 80;
    private const int StoreFlag = 1;
    private const int OpenFlag = 2;
    private static readonly byte[] Magic = "HKMO"u8.ToArray();

    /// <summary>The machine on which the node runs.</summary>
    public MoveSide Source { get; init; }

    /// <summary>Pages that the node holds, of 4 KiB.</summary>
    public uint Pages { get; init; }

    /// <summary>Sectors of its disk that mean something.</summary>
    public long LiveSectors { get; init; }

    /// <summary>The node's address.</summary>
    public Ipv4Address Address { get; init; }

    /// <summary>Does an encrypted store lie on its disk?</summary>
    public bool HasStore { get; init; }

    /// <summary>Is the store open?</summary>
    public bool IsStoreOpen { get; init; }

    /// <summary>Writes the message.</summary>
    /// <param name="share">The source's share of the keys.</param>
    /// <param name="into"><see cref="Length"/> bytes, which are secret from now on.</param>
    public void Encode(ReadOnlySpan<byte> share, Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], Format);
        int flags = (HasStore ? StoreFlag : 0) | (IsStoreOpen ? OpenFlag : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(into[FlagsOffset..], (ushort)flags);
        Source.Write(into[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[64..], Pages);
        BinaryPrimitives.WriteInt64LittleEndian(into[68..], LiveSectors);
        Address.Write(into[76..]);
        share[..ShareLength].CopyTo(into[ShareOffset..]);
    }

    /// <summary>Reads a message. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offer">The offer, if it is one.</param>
    /// <param name="share">The source's share of the keys, within the message.</param>
    /// <param name="reason">Why it is none, for people; null if it is one.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> message, out MoveOffer? offer, out ReadOnlySpan<byte> share, out string? reason)
    {
        offer = null;
        share = default;
        reason = "the offer of the move makes no sense";
        if (message.Length < FlagsOffset || !message[..4].SequenceEqual(Magic))
        {
            return false;
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        if (format != Format)
        {
            reason = $"the node moves by format {format}, and the machine there knows format {Format}";
            return false;
        }

        if (message.Length != Length || !MoveSide.TryRead(message[8..], out MoveSide source))
        {
            return false;
        }

        int flags = BinaryPrimitives.ReadUInt16LittleEndian(message[FlagsOffset..]);
        long live = BinaryPrimitives.ReadInt64LittleEndian(message[68..]);
        if (flags > (StoreFlag | OpenFlag) || flags == OpenFlag || live < 0 || live > source.DiskSectors)
        {
            return false;
        }

        offer = new MoveOffer
        {
            Source = source,
            Pages = BinaryPrimitives.ReadUInt32LittleEndian(message[64..]),
            LiveSectors = live,
            Address = Ipv4Address.Read(message[76..]),
            HasStore = (flags & StoreFlag) != 0,
            IsStoreOpen = (flags & OpenFlag) != 0,
        };
        share = message.Slice(ShareOffset, ShareLength);
        reason = null;
        return true;
    }
}
