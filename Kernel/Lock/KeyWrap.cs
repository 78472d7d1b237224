using System;
using System.Security.Cryptography;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Lock;

/// <summary>
/// One 256-bit key under another, with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha). The context, all of the lock
/// record before the slot, is authenticated along with it: a changed question opens nothing.
/// </summary>
public static class KeyWrap
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a nonce, random for every wrapping.</summary>
    public const int NonceLength = 24;

    /// <summary>Bytes of a wrapped key: nonce, key, tag.</summary>
    public const int WrappedLength = NonceLength + KeyLength + TagLength;

    private const int TagLength = 16;

    /// <summary>Wraps <paramref name="key"/> under <paramref name="wrappingKey"/>.</summary>
    public static byte[] Wrap(
        SecretBytes key, SecretBytes wrappingKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> context)
    {
        byte[] wrapped = new byte[WrappedLength];
        nonce.CopyTo(wrapped);
        var cipher = new XChaCha20Poly1305();
        Start(cipher, true, wrappingKey.Span, nonce, context);
        Span<byte> text = wrapped.AsSpan(NonceLength);
        int done = cipher.ProcessBytes(key.Span, text);
        cipher.DoFinal(text.Slice(done));
        Forget(cipher);
        return wrapped;
    }

    /// <summary>Unwraps a key.</summary>
    /// <returns>False if this is not the wrapping key or anything was changed; the key is zero then.</returns>
    public static bool TryUnwrap(
        ReadOnlySpan<byte> wrapped, SecretBytes wrappingKey, ReadOnlySpan<byte> context, SecretBytes key)
    {
        var cipher = new XChaCha20Poly1305();
        Start(cipher, false, wrappingKey.Span, wrapped.Slice(0, NonceLength), context);
        Span<byte> text = stackalloc byte[KeyLength + TagLength];
        bool authentic;
        try
        {
            int done = cipher.ProcessBytes(wrapped.Slice(NonceLength), text);
            cipher.DoFinal(text.Slice(done));
            text.Slice(0, KeyLength).CopyTo(key.Span);
            authentic = true;
        }
        catch (InvalidCipherTextException)
        {
            key.Span.Clear();
            authentic = false;
        }

        CryptographicOperations.ZeroMemory(text);
        Forget(cipher);
        return authentic;
    }

    private static void Start(
        XChaCha20Poly1305 cipher,
        bool wrapping,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> context)
    {
        var parameter = new KeyParameter(key);
        cipher.Init(wrapping, new AeadParameters(parameter, TagLength * 8, nonce.ToArray()));
        cipher.ProcessAadBytes(context);
        CastleInternals.Wipe(parameter);
    }

    // The library has no "wipe", but starting anew overwrites every place where the key was.
    private static void Forget(XChaCha20Poly1305 cipher)
    {
        cipher.Init(false, new AeadParameters(
            new KeyParameter(new byte[KeyLength]), TagLength * 8, new byte[NonceLength]));
    }
}
