using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Store;

/// <summary>
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under the log's key. A nonce is the random identity of a segment (16
/// bytes, fresh whenever a segment is begun) and the sector within it. No sector of one segment is ever sealed twice,
/// so nonces do not repeat: not after a torn write, and not when an old image of the disk is put back.
/// </summary>
internal sealed class StoreCipher : IDisposable
{
    /// <summary>Bytes that the authentication adds.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes of a segment's identity.</summary>
    public const int IdentityBytes = 16;

    private const int KeyBytes = 32;

    // One object for each direction: the library refuses to seal twice under the nonce it opened last.
    private readonly XChaCha20Poly1305 sealer = new();
    private readonly XChaCha20Poly1305 opener = new();
    private readonly byte[] nonce = new byte[24];
    private KeyParameter key;

    public StoreCipher(ReadOnlySpan<byte> logKey) => key = new KeyParameter(logKey);

    /// <summary>Encrypts and authenticates in place.</summary>
    /// <param name="segment">The identity of the segment.</param>
    /// <param name="sector">The sector within the segment.</param>
    /// <param name="header">Authenticated, not encrypted.</param>
    /// <param name="text">The text; its last <see cref="TagBytes"/> are room for the tag.</param>
    public void Seal(ReadOnlySpan<byte> segment, int sector, ReadOnlySpan<byte> header, Span<byte> text)
    {
        sealer.Init(true, Parameters(segment, sector));
        sealer.ProcessAadBytes(header);
        int done = sealer.ProcessBytes(text[..^TagBytes], text);
        sealer.DoFinal(text[done..]);
    }

    /// <summary>Decrypts <paramref name="sealedText"/> into <paramref name="text"/>.</summary>
    /// <returns>False if a single bit is not as it was sealed; the text is then wiped.</returns>
    public bool TryOpen(
        ReadOnlySpan<byte> segment,
        int sector,
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> sealedText,
        Span<byte> text)
    {
        opener.Init(false, Parameters(segment, sector));
        opener.ProcessAadBytes(header);
        int done = opener.ProcessBytes(sealedText, text);
        try
        {
            opener.DoFinal(text[done..]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            text.Clear();
            return false;
        }
    }

    /// <summary>Overwrites the key wherever this class or the library keeps it for use.</summary>
    public void Dispose()
    {
        key = new KeyParameter(new byte[KeyBytes]);
        nonce.AsSpan().Clear();
        sealer.Init(true, new ParametersWithIV(key, nonce));
        opener.Init(false, new ParametersWithIV(key, nonce));
    }

    private ParametersWithIV Parameters(ReadOnlySpan<byte> segment, int sector)
    {
        segment.CopyTo(nonce);
        BinaryPrimitives.WriteInt64LittleEndian(nonce.AsSpan(IdentityBytes), sector);
        return new ParametersWithIV(key, nonce);
    }
}
