using System;
using System.Buffers.Binary;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using CryptographicOperations = System.Security.Cryptography.CryptographicOperations;

namespace HaukiOS.Swarm;

/// <summary>
/// A key and a counter of what was done with it: ChaCha20-Poly1305 (RFC 8439) as Noise uses it (revision 34, sections
/// 5.1 and 12.3). Texts may be encrypted and decrypted where they lie.
/// </summary>
public sealed class CipherState : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes that the authentication adds.</summary>
    public const int TagLength = 16;

    /// <summary>The one value the counter may not use: it is that of the new key.</summary>
    private const ulong ReservedNonce = ulong.MaxValue;

    private readonly ChaCha20Poly1305 cipher = new();
    private readonly byte[] nonceBytes = new byte[12];

    // A key that the library has not been given yet; afterwards only the library holds it.
    private KeyParameter? fresh;
    private bool isDisposed;

    /// <summary>Is there a key? Without one, texts pass as they are.</summary>
    public bool HasKey { get; private set; }

    /// <summary>The counter that the next text is encrypted or decrypted under.</summary>
    public ulong Nonce { get; private set; }

    /// <summary>Has every value of the counter been used? Nothing more can be encrypted or decrypted then.</summary>
    public bool IsExhausted => Nonce == ReservedNonce;

    /// <summary>Starts with a key, and with the counter at zero.</summary>
    public void InitializeKey(ReadOnlySpan<byte> key)
    {
        SetKey(key);
        Nonce = 0;
    }

    /// <summary>Moves the counter, for texts that do not come in order (section 11.4).</summary>
    public void SetNonce(ulong nonce) => Nonce = nonce;

    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="associated">Authenticated, not encrypted.</param>
    /// <param name="plaintext">The text.</param>
    /// <param name="into">Room for the text and, with a key, <see cref="TagLength"/> bytes more.</param>
    /// <param name="length">What was written.</param>
    /// <returns>False if the counter is exhausted, or the key was wiped; nothing is written then.</returns>
    public bool TryEncrypt(
        ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> into, out int length)
    {
        length = 0;
        if (isDisposed)
        {
            return false;
        }

        if (!HasKey)
        {
            plaintext.CopyTo(into);
            length = plaintext.Length;
            return true;
        }

        if (IsExhausted)
        {
            return false;
        }

        Start(true, Nonce);
        cipher.ProcessAadBytes(associated);
        length = cipher.ProcessBytes(plaintext, into);
        length += cipher.DoFinal(into.Slice(length));
        Nonce++;
        return true;
    }

    /// <summary>Decrypts what <see cref="TryEncrypt"/> wrote.</summary>
    /// <param name="associated">The same as there.</param>
    /// <param name="ciphertext">What was written there.</param>
    /// <param name="into">Room for the text.</param>
    /// <param name="length">What was written.</param>
    /// <returns>
    /// False if a bit is not as it was, the counter is exhausted, or the key was wiped. The counter stays, and what
    /// was written to <paramref name="into"/> is wiped.
    /// </returns>
    public bool TryDecrypt(
        ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> into, out int length)
    {
        length = 0;
        if (isDisposed)
        {
            return false;
        }

        if (!HasKey)
        {
            ciphertext.CopyTo(into);
            length = ciphertext.Length;
            return true;
        }

        if (IsExhausted || ciphertext.Length < TagLength)
        {
            return false;
        }

        Start(false, Nonce);
        cipher.ProcessAadBytes(associated);
        int done = cipher.ProcessBytes(ciphertext, into);
        try
        {
            length = done + cipher.DoFinal(into.Slice(done));
        }
        catch (InvalidCipherTextException)
        {
            CryptographicOperations.ZeroMemory(into.Slice(0, ciphertext.Length - TagLength));
            return false;
        }

        Nonce++;
        return true;
    }

    /// <summary>
    /// Replaces the key by one that is computed from it and does not lead back (sections 4.2 and 11.3). The counter
    /// goes on.
    /// </summary>
    public void Rekey() => Derive(this);

    /// <summary>Overwrites the key wherever it is kept for use; nothing passes after that.</summary>
    public void Dispose()
    {
        if (HasKey)
        {
            SetKey(stackalloc byte[KeyLength]);
            Start(false, ReservedNonce);
            HasKey = false;
        }

        isDisposed = true;
    }

    /// <summary>Gives <paramref name="other"/> the key that <see cref="Rekey"/> leads to; its counter stays.</summary>
    internal void Derive(CipherState other)
    {
        Span<byte> text = stackalloc byte[KeyLength + TagLength];
        text.Clear();
        Start(true, ReservedNonce);
        int done = cipher.ProcessBytes(text.Slice(0, KeyLength), text);
        cipher.DoFinal(text.Slice(done));
        other.SetKey(text.Slice(0, KeyLength));
        CryptographicOperations.ZeroMemory(text);
    }

    private void SetKey(ReadOnlySpan<byte> key)
    {
        ForgetFresh();
        fresh = new KeyParameter(key.Slice(0, KeyLength));
        HasKey = true;
        isDisposed = false;
    }

    private void Start(bool encrypting, ulong nonce)
    {
        // 32 zero bits, then the counter (section 12.3). Without a key the library goes on with the one it has.
        BinaryPrimitives.WriteUInt64LittleEndian(nonceBytes.AsSpan(4), nonce);
        cipher.Init(encrypting, new ParametersWithIV(fresh, nonceBytes));
        ForgetFresh();
    }

    private void ForgetFresh()
    {
        if (fresh is not null)
        {
            CastleInternals.Wipe(fresh);
            fresh = null;
        }
    }
}
