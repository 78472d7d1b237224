using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>
/// One place of the log and what is known of the segment in it. A segment starts with its header, twice (sectors 0 and
/// 1), and holds records from sector 2 on. Segments form a chain: each header names the identity and the end of the
/// one before, so a segment that was exchanged, reordered or cut off is found out.
/// </summary>
internal sealed class Segment(int slot)
{
    /// <summary>Sectors that the two copies of the header take.</summary>
    public const int HeaderSectors = 2;

    // In plain sight (and authenticated): magic, store tag, serial, identity.
    // Sealed: flags, end of the one before, first sequence, identity of the one before, zero; then the tag.
    private const uint Magic = 0x47534B48; // "HKSG"
    private const int PlainBytes = 32;
    private const uint StartsCheckpointFlag = 1;

    /// <summary>Which place of the log, from 0.</summary>
    public int Slot { get; } = slot;

    /// <summary>Counts all segments ever begun, from 1; 0 if no segment of this store is in the place.</summary>
    public ulong Serial { get; private set; }

    /// <summary>Random, 16 bytes; the first part of every nonce in the segment.</summary>
    public byte[] Identity { get; } = new byte[StoreCipher.IdentityBytes];

    /// <summary>The identity of the segment before it; zero for the first.</summary>
    public byte[] PreviousIdentity { get; } = new byte[StoreCipher.IdentityBytes];

    /// <summary>Sectors in use in the segment before.</summary>
    public int PreviousEnd { get; private set; }

    /// <summary>The sequence number of the first record.</summary>
    public ulong FirstSequence { get; private set; }

    /// <summary>Does a checkpoint begin with the first record?</summary>
    public bool StartsCheckpoint { get; private set; }

    /// <summary>Sectors in use, the header's included.</summary>
    public int End { get; set; }

    /// <summary>Sectors of records that the index points to.</summary>
    public int LiveSectors { get; set; }

    /// <summary>Holds a record that cannot be read, so it cannot be emptied by compaction.</summary>
    public bool Pinned { get; set; }

    /// <summary>Which copy of the header failed when the store was opened: 0 or 1, or -1.</summary>
    public int BadHeaderCopy { get; set; } = -1;

    /// <summary>Was known only by its records when the store was opened.</summary>
    public bool LostHeader { get; private set; }

    /// <summary>Begins a new segment in this place.</summary>
    public void Begin(ulong serial, Segment? previous, ulong firstSequence, bool startsCheckpoint, IRandomSource random)
    {
        random.Fill(Identity);
        Serial = serial;
        FirstSequence = firstSequence;
        StartsCheckpoint = startsCheckpoint;
        PreviousEnd = previous?.End ?? 0;
        PreviousIdentity.AsSpan().Clear();
        previous?.Identity.CopyTo(PreviousIdentity, 0);
        End = HeaderSectors;
        LiveSectors = 0;
        Pinned = false;
        LostHeader = false;
        BadHeaderCopy = -1;
    }

    /// <summary>
    /// Both copies of the header are lost, but a record told the identity, and the log where the segment belongs.
    /// </summary>
    public void Revive(ulong serial, ulong firstSequence, bool startsCheckpoint)
    {
        StartsCheckpoint = startsCheckpoint;
        Serial = serial;
        FirstSequence = firstSequence;
        End = HeaderSectors;
        LostHeader = true;
    }

    /// <summary>Writes both copies of the header into the first two sectors of <paramref name="sectors"/>.</summary>
    public void Encode(StoreCipher cipher, uint storeTag, Span<byte> sectors)
    {
        Span<byte> first = sectors[..IBlockDevice.SectorSize];
        first.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(first, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(first[4..], storeTag);
        BinaryPrimitives.WriteUInt64LittleEndian(first[8..], Serial);
        Identity.CopyTo(first[16..]);
        BinaryPrimitives.WriteUInt32LittleEndian(first[32..], StartsCheckpoint ? StartsCheckpointFlag : 0);
        BinaryPrimitives.WriteInt32LittleEndian(first[36..], PreviousEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(first[40..], FirstSequence);
        PreviousIdentity.CopyTo(first[48..]);
        Span<byte> authenticated = stackalloc byte[PlainBytes + 4];
        Bind(first, authenticated);
        cipher.Seal(Identity, 0, authenticated, first[PlainBytes..]);
        // The very same bytes: two seals under one nonce would have to be equal anyway.
        first.CopyTo(sectors.Slice(IBlockDevice.SectorSize, IBlockDevice.SectorSize));
    }

    /// <summary>Reads one copy of a header; on success this object describes the segment.</summary>
    public bool TryDecode(StoreCipher cipher, uint storeTag, ReadOnlySpan<byte> sector)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(sector) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) != storeTag)
        {
            return false;
        }
        Span<byte> authenticated = stackalloc byte[PlainBytes + 4];
        Bind(sector, authenticated);
        Span<byte> text = stackalloc byte[IBlockDevice.SectorSize - PlainBytes];
        if (!cipher.TryOpen(sector.Slice(16, StoreCipher.IdentityBytes), 0, authenticated, sector[PlainBytes..], text))
        {
            return false;
        }
        Serial = BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]);
        sector.Slice(16, StoreCipher.IdentityBytes).CopyTo(Identity);
        StartsCheckpoint = (BinaryPrimitives.ReadUInt32LittleEndian(text) & StartsCheckpointFlag) != 0;
        PreviousEnd = BinaryPrimitives.ReadInt32LittleEndian(text[4..]);
        FirstSequence = BinaryPrimitives.ReadUInt64LittleEndian(text[8..]);
        text.Slice(16, StoreCipher.IdentityBytes).CopyTo(PreviousIdentity);
        End = HeaderSectors;
        return true;
    }

    // A header is good for the one place it was written to.
    private void Bind(ReadOnlySpan<byte> sector, Span<byte> authenticated)
    {
        sector[..PlainBytes].CopyTo(authenticated);
        BinaryPrimitives.WriteInt32LittleEndian(authenticated[PlainBytes..], Slot);
    }
}
