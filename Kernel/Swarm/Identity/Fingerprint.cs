using System;
using System.Text;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Swarm;

/// <summary>
/// A public key as people compare it: the first 160 bits of BLAKE2s-256 over a label and the key, as 32 characters of
/// Crockford's base 32 in eight groups. 160 bits: to make another key with the same fingerprint is hopeless.
/// </summary>
public sealed class Fingerprint : IEquatable<Fingerprint>
{
    /// <summary>Bytes in a fingerprint.</summary>
    public const int Length = 20;

    private readonly byte[] bytes;

    private Fingerprint(byte[] bytes) => this.bytes = bytes;

    /// <summary>The fingerprint of a public key.</summary>
    public static Fingerprint Of(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[32];
        var digest = new Blake2sDigest(256);
        digest.BlockUpdate("hauki public key 1"u8);
        digest.BlockUpdate(publicKey);
        digest.DoFinal(hash);
        return new Fingerprint(hash.Slice(0, Length).ToArray());
    }

    /// <summary>Reads what a person typed; forgives small letters, blanks, hyphens, o for 0 and i or l for 1.</summary>
    public static bool TryParse(string text, out Fingerprint? fingerprint)
    {
        byte[] bytes = new byte[Length];
        bool isOne = CrockfordBase32.TryRead(Encoding.UTF8.GetBytes(text), bytes);
        fingerprint = isOne ? new Fingerprint(bytes) : null;
        return isOne;
    }

    /// <summary>Is this the fingerprint of that public key?</summary>
    public bool Matches(ReadOnlySpan<byte> publicKey) => Equals(Of(publicKey));

    /// <inheritdoc/>
    public bool Equals(Fingerprint? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Fingerprint);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(bytes, 0);

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[CrockfordBase32.TextLength(Length)];
        CrockfordBase32.Write(bytes, text);
        return Encoding.ASCII.GetString(text);
    }
}
