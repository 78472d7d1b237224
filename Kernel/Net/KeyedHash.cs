using System;
using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Net;

/// <summary>
/// Numbers that nobody outside can foretell, out of one secret: SipHash-2-4 of what they are for. It stands for
/// randomness inside the stack, which is a pure state machine: the same secret gives the same numbers.
/// </summary>
public sealed class KeyedHash
{
    private const int KeyLength = 16;
    private const int InputLength = 20;

    private readonly SipHash hash = new();
    private readonly byte[] input = new byte[InputLength];
    private uint drawn;

    /// <summary>Takes the first 16 bytes of <paramref name="secret"/> as its key.</summary>
    public KeyedHash(ReadOnlySpan<byte> secret) => Reseed(secret);

    /// <summary>Takes another key. Numbers given before are given again to nobody.</summary>
    public void Reseed(ReadOnlySpan<byte> secret)
    {
        hash.Init(new KeyParameter(secret.Slice(0, KeyLength)));
    }

    /// <summary>The hash of up to four words. <paramref name="purpose"/> keeps uses apart.</summary>
    public ulong Of(uint purpose, uint a, uint b = 0, uint c = 0, uint d = 0)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(input, purpose);
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(4), a);
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(8), b);
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(12), c);
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(16), d);
        hash.BlockUpdate(input, 0, input.Length);
        return unchecked((ulong)hash.DoFinal());
    }

    /// <summary>The next number of a row that does not repeat for 2^32 draws.</summary>
    public uint Next() => (uint)Of(0xD8A3, drawn++);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, near enough evenly.</summary>
    public uint Next(uint bound) => bound == 0 ? 0 : (uint)(((ulong)Next() * bound) >> 32);
}
