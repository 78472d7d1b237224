using System;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Store;

/// <summary>
/// HKDF with SHA-256 (RFC 5869) for up to 32 bytes. Written over the bare digest because the library's own generator
/// leaves copies of the input key in collected memory; the tests hold it against that generator.
/// </summary>
internal static class KeyDerivation
{
    private const int BlockBytes = 64;
    private const int HashBytes = 32;

    /// <summary>Derives one subkey.</summary>
    /// <param name="key">The input key.</param>
    /// <param name="salt">At most 64 bytes.</param>
    /// <param name="purpose">What the subkey is for: different purposes give independent keys.</param>
    /// <param name="into">1 to 32 bytes.</param>
    public static void Derive(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> purpose, Span<byte> into)
    {
        Sha256Digest digest = new();
        Span<byte> extracted = stackalloc byte[HashBytes];
        Span<byte> expanded = stackalloc byte[HashBytes];
        Span<byte> message = stackalloc byte[purpose.Length + 1];
        purpose.CopyTo(message);
        message[^1] = 1; // the number of the one output block, RFC 5869 section 2.3
        Hmac(digest, salt, key, extracted);
        Hmac(digest, extracted, message, expanded);
        expanded[..into.Length].CopyTo(into);
        CryptographicOperations.ZeroMemory(extracted);
        CryptographicOperations.ZeroMemory(expanded);
    }

    /// <summary>HMAC-SHA-256 (RFC 2104) under a key of at most one block.</summary>
    public static void Hmac(Sha256Digest digest, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> into)
    {
        Span<byte> pad = stackalloc byte[BlockBytes];
        Fill(pad, key, 0x36);
        digest.BlockUpdate(pad);
        digest.BlockUpdate(message);
        digest.DoFinal(into);
        Fill(pad, key, 0x5C);
        digest.BlockUpdate(pad);
        digest.BlockUpdate(into[..HashBytes]);
        digest.DoFinal(into);
        CryptographicOperations.ZeroMemory(pad);
    }

    private static void Fill(Span<byte> pad, ReadOnlySpan<byte> key, byte with)
    {
        pad.Clear();
        key.CopyTo(pad);
        for (int i = 0; i < pad.Length; i++)
        {
            pad[i] ^= with;
        }
    }
}
