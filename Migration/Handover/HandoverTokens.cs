using System;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Migration;

/// <summary>
/// Tokens: 256 random bits that mean one thing, known to one side; the other side knows the SHA-256 (FIPS 180-4).
/// Whoever shows one proves that the side which could decide has decided. Showing it needs no state but the token, so a
/// node that has just landed, or a machine that has just been switched on, can do it.
/// </summary>
public static class HandoverTokens
{
    /// <summary>Bytes of a token, and of its hash.</summary>
    public const int Length = 32;

    /// <summary>SHA-256 of a token.</summary>
    public static void Hash(ReadOnlySpan<byte> token, Span<byte> into)
    {
        var digest = new Sha256Digest();
        digest.BlockUpdate(token);
        digest.DoFinal(into);
    }

    /// <summary>
    /// A token of the source. Both sides can make it from the key of what the source sends over the link (BLAKE2s with
    /// a key, RFC 7693); the target keeps only its hash.
    /// </summary>
    /// <param name="linkKey">The source's send key.</param>
    /// <param name="id">The hand-over.</param>
    /// <param name="isReclaimed">The one of a node that an operator has resumed; otherwise of a move that is settled.
    /// </param>
    /// <param name="into"><see cref="Length"/> bytes.</param>
    internal static void OfSource(ReadOnlySpan<byte> linkKey, ReadOnlySpan<byte> id, bool isReclaimed, Span<byte> into)
    {
        var digest = new Blake2sDigest(linkKey.ToArray());
        digest.BlockUpdate(isReclaimed ? "hauki reclaimed 1"u8 : "hauki settled 1"u8);
        digest.BlockUpdate(id);
        digest.DoFinal(into);
    }
}
