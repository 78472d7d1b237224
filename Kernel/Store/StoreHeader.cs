using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Store;

/// <summary>
/// The store's header: written once by formatting, mirrored, never touched again. It holds the salt of the subkeys and
/// the geometry, authenticated under the volume key: a wrong key and a damaged header are told apart, since damage
/// already fails the record's own checksum.
/// </summary>
internal sealed class StoreHeader
{
    // version u16, zero u16, segment sectors u32, segment count u32, salt 32, authenticator 32.
    private const ushort FormatVersion = 1;
    private const int SaltAt = 12;
    private const int SaltBytes = 32;
    private const int MacAt = SaltAt + SaltBytes;
    private const int Bytes = MacAt + 32;

    private StoreHeader(StoreGeometry geometry, byte[] salt)
    {
        Geometry = geometry;
        Salt = salt;
    }

    public StoreGeometry Geometry { get; }

    /// <summary>32 random bytes, new with every formatting: nothing of an earlier store authenticates now.</summary>
    public byte[] Salt { get; }

    /// <summary>Marks this store's segments in plain sight, so that older ones are skipped cheaply.</summary>
    public uint Tag => BinaryPrimitives.ReadUInt32LittleEndian(Salt);

    /// <summary>Writes the header of a new store.</summary>
    public static StoreError? Create(IBlockDevice device, SecretBytes key, IRandomSource random)
    {
        StoreGeometry geometry = StoreGeometry.ForDisk(device.SectorCount);
        Span<byte> content = stackalloc byte[Bytes];
        content.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(content, FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(content[4..], geometry.SegmentSectors);
        BinaryPrimitives.WriteInt32LittleEndian(content[8..], geometry.SegmentCount);
        random.Fill(content.Slice(SaltAt, SaltBytes));
        Authenticate(key, content, content[MacAt..]);
        return MirroredRecord.ForStoreHeader(device).WriteBoth(content);
    }

    /// <summary>Reads and checks the header; complains in a sentence if one copy is bad.</summary>
    public static StoreError? TryRead(
        IBlockDevice device, SecretBytes key, out StoreHeader? header, out string? complaint)
    {
        header = null;
        RecordReading reading = MirroredRecord.ForStoreHeader(device).Read();
        complaint = reading.Complaint;
        if (reading.State != RecordState.Present)
        {
            return Explain(reading);
        }
        ReadOnlySpan<byte> content = reading.Content;
        int version = content.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(content) : 0;
        if (version > FormatVersion)
        {
            return new StoreError(
                StoreErrorKind.FromTheFuture,
                $"the store has format {version}; this HaukiOS knows formats up to {FormatVersion}");
        }
        if (content.Length != Bytes || version != FormatVersion)
        {
            return new StoreError(StoreErrorKind.Damaged, "the store's header makes no sense");
        }
        Span<byte> expected = stackalloc byte[32];
        Authenticate(key, content, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, content.Slice(MacAt, 32)))
        {
            return new StoreError(StoreErrorKind.WrongKey, "this is not the key of the store");
        }
        StoreGeometry geometry = new(
            BinaryPrimitives.ReadInt32LittleEndian(content[4..]), BinaryPrimitives.ReadInt32LittleEndian(content[8..]));
        if (!geometry.IsSound(device.SectorCount))
        {
            return new StoreError(
                StoreErrorKind.NoStore,
                $"the store was made for a disk of at least {Sizes.Text(geometry.EndSector)}; this one has "
                + Sizes.Text(device.SectorCount));
        }
        header = new StoreHeader(geometry, content.Slice(SaltAt, SaltBytes).ToArray());
        return null;
    }

    private static StoreError Explain(RecordReading reading) => reading.State switch
    {
        RecordState.Blank => new StoreError(StoreErrorKind.NoStore, "the disk holds no store"),
        RecordState.FromTheFuture => new StoreError(StoreErrorKind.FromTheFuture, reading.Complaint!),
        RecordState.Unreadable => new StoreError(StoreErrorKind.Disk, reading.Complaint!),
        _ => new StoreError(StoreErrorKind.Damaged, reading.Complaint!),
    };

    private static void Authenticate(SecretBytes key, ReadOnlySpan<byte> content, Span<byte> into)
    {
        Span<byte> subkey = stackalloc byte[32];
        KeyDerivation.Derive(key.Span, content.Slice(SaltAt, SaltBytes), "HaukiOS store 1 header"u8, subkey);
        KeyDerivation.Hmac(new Sha256Digest(), subkey, content[..MacAt], into);
        CryptographicOperations.ZeroMemory(subkey);
    }
}
