using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Entropy;

/// <summary>
/// A generator with fast key erasure over BLAKE2b: every request is answered from one key, and the key is replaced
/// before the answer leaves, so that whoever reads this memory later learns nothing about earlier answers.
/// Block i is BLAKE2b-512("hauki generator 1" ‖ key ‖ i); block 0 gives the next key, blocks 1… the answer.
/// </summary>
public sealed class KeyErasureGenerator : IDisposable
{
    private const int KeyLength = 32;
    private const int BlockLength = 64;

    private readonly SecretBytes key = new(KeyLength);
    private readonly Blake2bDigest digest = new(BlockLength * 8);

    /// <summary>Makes a new key out of the old one and <paramref name="material"/>.</summary>
    public void Reseed(ReadOnlySpan<byte> material)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        digest.BlockUpdate("hauki reseed 1"u8);
        digest.BlockUpdate(key.Span);
        digest.BlockUpdate(material);
        digest.DoFinal(block);
        block.Slice(0, KeyLength).CopyTo(key.Span);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Fills the whole span.</summary>
    public void Fill(Span<byte> into)
    {
        Span<byte> nextKey = stackalloc byte[BlockLength];
        Span<byte> block = stackalloc byte[BlockLength];
        MakeBlock(0, nextKey);
        for (ulong i = 1; !into.IsEmpty; i++)
        {
            MakeBlock(i, block);
            int taken = Math.Min(into.Length, BlockLength);
            block.Slice(0, taken).CopyTo(into);
            into = into.Slice(taken);
        }

        nextKey.Slice(0, KeyLength).CopyTo(key.Span);
        CryptographicOperations.ZeroMemory(nextKey);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private void MakeBlock(ulong number, Span<byte> block)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(counter, number);
        digest.BlockUpdate("hauki generator 1"u8);
        digest.BlockUpdate(key.Span);
        digest.BlockUpdate(counter);
        digest.DoFinal(block);
    }
}
