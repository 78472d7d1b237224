using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace HaukiOS.Swarm;

/// <summary>
/// A Curve25519 key pair (RFC 7748). The private half lies in one place and is wiped when disposed. Making one and
/// agreeing with one each cost one scalar multiplication: milliseconds on a slow machine.
/// </summary>
public sealed class KeyPair : IDisposable
{
    /// <summary>Bytes of a private key, of a public key, and of what two pairs agree on.</summary>
    public const int KeyLength = 32;

    private readonly SecretBytes secret = new(KeyLength);
    private readonly byte[] publicKey = new byte[KeyLength];

    /// <summary>The pair that belongs to a private key.</summary>
    /// <param name="privateKey"><see cref="KeyLength"/> bytes that nobody can guess.</param>
    public KeyPair(ReadOnlySpan<byte> privateKey)
    {
        privateKey.Slice(0, KeyLength).CopyTo(secret.Span);

        // The base point as an ordinary point: the library's shortcut builds a table first, which takes longer than
        // a turn of the event loop may.
        Span<byte> basePoint = stackalloc byte[KeyLength];
        basePoint.Clear();
        basePoint[0] = 9;
        X25519.ScalarMult(secret.Span, basePoint, publicKey);
    }

    /// <summary>The public half.</summary>
    public ReadOnlySpan<byte> PublicKey => publicKey;

    /// <summary>The private half, for whoever keeps it: as long as this pair lives.</summary>
    public ReadOnlySpan<byte> PrivateKey => secret.Span;

    /// <summary>A new pair.</summary>
    public static KeyPair Generate(IRandomSource random)
    {
        using var drawn = new SecretBytes(KeyLength);
        random.Fill(drawn.Span);
        return new KeyPair(drawn.Span);
    }

    /// <summary>X25519 with somebody's public key.</summary>
    /// <param name="theirs"><see cref="KeyLength"/> bytes from anybody.</param>
    /// <param name="shared">Receives <see cref="KeyLength"/> bytes.</param>
    /// <returns>
    /// False if the outcome is all zero: the public key is one of the few that agree on that with everybody (RFC 7748,
    /// section 6.1).
    /// </returns>
    public bool TryAgree(ReadOnlySpan<byte> theirs, Span<byte> shared)
    {
        if (X25519.CalculateAgreement(secret.Span, theirs, shared))
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(shared);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}
