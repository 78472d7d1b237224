using System;
using System.Security.Cryptography;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Swarm;

/// <summary>
/// What a handshake has come to so far: a key that every agreement went into, and a hash of every byte that was said
/// (Noise, revision 34, section 5.2, with BLAKE2s of RFC 7693).
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = 32;

    private readonly SecretBytes chainingKey = new(HashLength);
    private readonly byte[] hash = new byte[HashLength];
    private readonly Blake2sDigest digest = new(HashLength * 8);
    private readonly HMac mac = new(new Blake2sDigest(HashLength * 8));
    private readonly CipherState cipher = new();

    /// <summary>Starts with the name of the protocol.</summary>
    public SymmetricState(ReadOnlySpan<byte> protocolName)
    {
        if (protocolName.Length <= HashLength)
        {
            protocolName.CopyTo(hash);
        }
        else
        {
            digest.BlockUpdate(protocolName);
            digest.DoFinal(hash);
        }

        hash.CopyTo(chainingKey.Span);
    }

    /// <summary>The hash of everything said so far.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Bytes that encryption adds at this point: none before the first key.</summary>
    public int TagLength => cipher.HasKey ? CipherState.TagLength : 0;

    /// <summary>Notes something said.</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        digest.BlockUpdate(hash);
        digest.BlockUpdate(data);
        digest.DoFinal(hash);
    }

    /// <summary>Mixes an agreement into the key.</summary>
    public void MixKey(ReadOnlySpan<byte> material)
    {
        Span<byte> key = stackalloc byte[HashLength];
        Expand(material, chainingKey.Span, key, default);
        cipher.InitializeKey(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Mixes a key shared beforehand into both (section 9.1).</summary>
    public void MixKeyAndHash(ReadOnlySpan<byte> material)
    {
        Span<byte> noted = stackalloc byte[HashLength];
        Span<byte> key = stackalloc byte[HashLength];
        Expand(material, chainingKey.Span, noted, key);
        MixHash(noted);
        cipher.InitializeKey(key);
        CryptographicOperations.ZeroMemory(noted);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts with everything so far, and notes the ciphertext.</summary>
    /// <returns>Bytes written.</returns>
    public int EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> into)
    {
        // The counter cannot run out: a handshake encrypts a handful of texts.
        cipher.TryEncrypt(hash, plaintext, into, out int length);
        MixHash(into.Slice(0, length));
        return length;
    }

    /// <summary>Decrypts with everything so far, and notes the ciphertext.</summary>
    /// <returns>False if it was not encrypted so.</returns>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> into, out int length)
    {
        Span<byte> next = stackalloc byte[HashLength];
        digest.BlockUpdate(hash);
        digest.BlockUpdate(ciphertext);
        digest.DoFinal(next);
        if (!cipher.TryDecrypt(hash, ciphertext, into, out length))
        {
            return false;
        }

        next.CopyTo(hash);
        return true;
    }

    /// <summary>The two keys of what follows: from initiator to responder, and the other way.</summary>
    public void Split(CipherState fromInitiator, CipherState fromResponder)
    {
        Span<byte> one = stackalloc byte[HashLength];
        Span<byte> other = stackalloc byte[HashLength];
        Expand(default, one, other, default);
        fromInitiator.InitializeKey(one);
        fromResponder.InitializeKey(other);
        CryptographicOperations.ZeroMemory(one);
        CryptographicOperations.ZeroMemory(other);
    }

    /// <summary>Wipes the keys; the hash stays.</summary>
    public void Dispose()
    {
        chainingKey.Dispose();
        cipher.Dispose();
        mac.Init(new KeyParameter(new byte[HashLength]));
    }

    // HKDF of section 4.3. The first output may be the chaining key itself: it is read before it is written.
    private void Expand(ReadOnlySpan<byte> material, Span<byte> first, Span<byte> second, Span<byte> third)
    {
        Span<byte> extracted = stackalloc byte[HashLength];
        Authenticate(chainingKey.Span, material, 0, extracted);
        Authenticate(extracted, default, 1, first);
        Authenticate(extracted, first, 2, second);
        if (!third.IsEmpty)
        {
            Authenticate(extracted, second, 3, third);
        }

        CryptographicOperations.ZeroMemory(extracted);
    }

    private void Authenticate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, byte number, Span<byte> into)
    {
        var parameter = new KeyParameter(key);
        mac.Init(parameter);
        CastleInternals.Wipe(parameter);
        mac.BlockUpdate(data);
        if (number != 0)
        {
            mac.Update(number);
        }

        mac.DoFinal(into);
    }
}
