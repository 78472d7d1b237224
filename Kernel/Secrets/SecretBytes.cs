using System;
using System.Security.Cryptography;

namespace HaukiOS.Secrets;

/// <summary>
/// A secret of fixed length: a key, an answer. The bytes lie in one pinned place for their whole life and are
/// wiped when disposed; no copy is ever made by this class.
/// </summary>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] bytes;

    /// <summary>A secret of <paramref name="length"/> zero bytes, to be filled in through <see cref="Span"/>.</summary>
    public SecretBytes(int length)
    {
        // Pinned: a collector that moves objects would leave copies behind.
        bytes = GC.AllocateArray<byte>(length, pinned: true);
    }

    /// <summary>Bytes in the secret.</summary>
    public int Length => bytes.Length;

    /// <summary>The secret itself.</summary>
    public Span<byte> Span => bytes;

    /// <summary>Wipes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
