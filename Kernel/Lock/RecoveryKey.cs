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
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Writes the key.</summary>
    /// <param name="key"><see cref="Length"/> bytes.</param>
    /// <param name="into"><see cref="TextLength"/> bytes, ASCII.</param>
    public static void Format(ReadOnlySpan<byte> key, Span<byte> into)
    {
        Span<byte> bytes = stackalloc byte[Length + ChecksumLength];
        key.CopyTo(bytes);
        Checksum(key, bytes.Slice(Length));
        int at = 0;
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            if (symbol > 0 && symbol % GroupLength == 0)
            {
                into[at++] = (byte)'-';
            }

            into[at++] = (byte)Alphabet[FiveBits(bytes, symbol * 5)];
        }

        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Reads a key that a person typed.</summary>
    /// <returns>False if it is no recovery key: wrong length, a character that cannot be, or the checksum.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, SecretBytes key)
    {
        Span<byte> bytes = stackalloc byte[Length + ChecksumLength];
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        bytes.Clear();
        int symbols = 0;
        bool wellFormed = true;
        foreach (byte character in text)
        {
            if (character is (byte)' ' or (byte)'-')
            {
                continue;
            }

            int value = ValueOf(character);
            if (value < 0 || symbols == Symbols)
            {
                wellFormed = false;
                break;
            }

            SetFiveBits(bytes, symbols * 5, value);
            symbols++;
        }

        wellFormed &= symbols == Symbols;
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

    private static int ValueOf(byte character)
    {
        char c = (char)(character is >= (byte)'a' and <= (byte)'z' ? character - 0x20 : character);
        return c switch
        {
            'O' => 0,
            'I' or 'L' => 1,
            _ => Alphabet.IndexOf(c),
        };
    }

    private static int FiveBits(ReadOnlySpan<byte> bytes, int bit)
    {
        int value = 0;
        for (int i = bit; i < bit + 5; i++)
        {
            value = (value << 1) | ((bytes[i / 8] >> (7 - (i % 8))) & 1);
        }

        return value;
    }

    private static void SetFiveBits(Span<byte> bytes, int bit, int value)
    {
        for (int i = 0; i < 5; i++)
        {
            int at = bit + i;
            bytes[at / 8] |= (byte)(((value >> (4 - i)) & 1) << (7 - (at % 8)));
        }
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
