using System;
using System.Security.Cryptography;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Lock;

/// <summary>
/// The written form of the 256-bit recovery key: 56 characters of Crockford's base 32 in fourteen groups. The last
/// 24 bits are a checksum (BLAKE2s), so that a slip of the pen is told apart from a wrong key. Reading forgives
/// small letters, blanks, missing or extra hyphens, o for 0 and i or l for 1.
/// </summary>
public static class RecoveryKey
{
    /// <summary>Bytes in the key.</summary>
    public const int Length = 32;

    /// <summary>Characters of the written form, hyphens included.</summary>
    public const int TextLength = Symbols + (Symbols / GroupLength) - 1;

    private const int ChecksumLength = 3;
    private const int Symbols = (Length + ChecksumLength) * 8 / 5;
    private const int GroupLength = 4;

    /// <summary>Writes the key.</summary>
    /// <param name="key"><see cref="Length"/> bytes.</param>
    /// <param name="into"><see cref="TextLength"/> bytes, ASCII.</param>
    public static void Format(ReadOnlySpan<byte> key, Span<byte> into)
    {
        Span<byte> bytes = stackalloc byte[Length + ChecksumLength];
        key.CopyTo(bytes);
        Checksum(key, bytes.Slice(Length));
        CrockfordBase32.Write(bytes, into);
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Reads a key that a person typed.</summary>
    /// <returns>False if it is no recovery key: wrong length, a character that cannot be, or the checksum.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, SecretBytes key)
    {
        Span<byte> bytes = stackalloc byte[Length + ChecksumLength];
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        bool wellFormed = CrockfordBase32.TryRead(text, bytes);
        if (wellFormed)
        {
            Checksum(bytes.Slice(0, Length), checksum);
            wellFormed = CryptographicOperations.FixedTimeEquals(checksum, bytes.Slice(Length));
        }

        if (wellFormed)
        {
            bytes.Slice(0, Length).CopyTo(key.Span);
        }

        CryptographicOperations.ZeroMemory(bytes);
        return wellFormed;
    }

    private static void Checksum(ReadOnlySpan<byte> key, Span<byte> into)
    {
        Span<byte> hash = stackalloc byte[32];
        var digest = new Blake2sDigest(256);
        digest.BlockUpdate("hauki recovery key 1"u8);
        digest.BlockUpdate(key);
        digest.DoFinal(hash);
        hash.Slice(0, ChecksumLength).CopyTo(into);
        CryptographicOperations.ZeroMemory(hash);
    }
}
