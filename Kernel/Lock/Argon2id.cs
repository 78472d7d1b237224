using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Lock;

/// <summary>What one derivation costs.</summary>
/// <param name="MemoryKib">Memory in KiB, at least 8 for each lane.</param>
/// <param name="Passes">Passes over the memory, at least 1.</param>
/// <param name="Lanes">Independent lanes, at least 1. They are computed one after the other here.</param>
public readonly record struct Argon2Cost(int MemoryKib, int Passes, int Lanes)
{
    /// <summary>The most lanes accepted. The RFC allows 2^24 - 1; one processor gains nothing by them.</summary>
    public const int LanesMax = 16;

    /// <summary>The most memory accepted, 2 GiB.</summary>
    public const int MemoryKibMax = 2 * 1024 * 1024;

    /// <summary>The most passes accepted.</summary>
    public const int PassesMax = 1 << 20;

    /// <summary>Is this a cost that <see cref="Argon2id"/> accepts?</summary>
    public bool IsSound =>
        Lanes is >= 1 and <= LanesMax
        && Passes is >= 1 and <= PassesMax
        && MemoryKib <= MemoryKibMax
        && MemoryKib >= 8 * Lanes;

    /// <summary>Bytes of work memory that a derivation needs.</summary>
    public long WorkBytes => ((long)Blocks + Argon2id.ExtraBlocks) * Argon2Block.Bytes;

    /// <summary>Blocks in use: the memory rounded down to four segments for each lane.</summary>
    internal int Blocks => MemoryKib / (4 * Lanes) * 4 * Lanes;
}

/// <summary>
/// Argon2id version 1.3 (RFC 9106) over memory from <see cref="IWorkMemory"/>. It allocates nothing large, reports how
/// far it is, and can be cancelled from another thread.
/// </summary>
public sealed unsafe class Argon2id
{
    /// <summary>Blocks beside the matrix: zeros, the address input, the addresses, scratch.</summary>
    internal const int ExtraBlocks = 4;

    private const int SlicesPerPass = 4;
    private const int PrehashLength = 64;
    private const int Version = 0x13;
    private const int TypeId = 2;
    private const int AddressesPerBlock = Argon2Block.Words;

    /// <summary>Blocks between two looks at <see cref="Cancel"/>: about a millisecond.</summary>
    private const int BlocksPerLook = 64;

    private readonly Argon2Cost cost;
    private readonly int laneLength;
    private readonly int segmentLength;
    private readonly ulong* matrix;
    private readonly ulong* zero;
    private readonly ulong* addressInput;
    private readonly ulong* addresses;
    private readonly ulong* scratch;
    private volatile int blocksDone;
    private volatile bool cancelled;

    /// <summary>Prepares a derivation in <paramref name="memory"/>, which the caller keeps and disposes.</summary>
    /// <exception cref="ArgumentException">The cost is not sound, or the memory too small for it.</exception>
    public Argon2id(Argon2Cost cost, WorkBuffer memory)
    {
        if (!cost.IsSound)
        {
            throw new ArgumentException("no such Argon2 cost", nameof(cost));
        }

        if (memory.Length < cost.WorkBytes)
        {
            throw new ArgumentException("too little memory for this Argon2 cost", nameof(memory));
        }

        this.cost = cost;
        laneLength = cost.Blocks / cost.Lanes;
        segmentLength = laneLength / SlicesPerPass;
        matrix = (ulong*)memory.Address;
        zero = Block(cost.Blocks);
        addressInput = Block(cost.Blocks + 1);
        addresses = Block(cost.Blocks + 2);
        scratch = Block(cost.Blocks + 3);
    }

    /// <summary>How far the derivation is, in thousandths. Callable from any thread.</summary>
    public int Thousandths => (int)((long)blocksDone * 1000 / ((long)cost.Blocks * cost.Passes));

    /// <summary>Ends the derivation soon, without a result. Callable from any thread.</summary>
    public void Cancel() => cancelled = true;

    /// <summary>Derives a key from a password and a salt.</summary>
    /// <returns>False if cancelled; <paramref name="tag"/> is untouched then.</returns>
    public bool TryDerive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> tag) =>
        TryDerive(password, salt, default, default, tag);

    /// <summary>Derives a key with the two optional inputs of the RFC, too.</summary>
    /// <returns>False if cancelled; <paramref name="tag"/> is untouched then.</returns>
    public bool TryDerive(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associated,
        Span<byte> tag)
    {
        blocksDone = 0;
        new Span<byte>(zero, Argon2Block.Bytes).Clear();
        FillFirstBlocks(password, salt, secret, associated, tag.Length);
        for (int pass = 0; pass < cost.Passes; pass++)
        {
            for (int slice = 0; slice < SlicesPerPass; slice++)
            {
                for (int lane = 0; lane < cost.Lanes; lane++)
                {
                    if (!FillSegment(pass, slice, lane))
                    {
                        return false;
                    }
                }
            }
        }

        Finish(tag);
        return true;
    }

    private static void AddLengthAndBytes(Blake2bDigest digest, ReadOnlySpan<byte> bytes)
    {
        AddNumber(digest, bytes.Length);
        digest.BlockUpdate(bytes);
    }

    private static void AddNumber(Blake2bDigest digest, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        digest.BlockUpdate(bytes);
    }

    // H' of RFC 9106, section 3.3: BLAKE2b stretched to any length.
    private static void LongHash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        const int Step = 32;
        const int HashLength = 64;
        var digest = new Blake2bDigest(Math.Min(output.Length, HashLength) * 8);
        AddNumber(digest, output.Length);
        digest.BlockUpdate(input);
        if (output.Length <= HashLength)
        {
            digest.DoFinal(output);
            return;
        }

        Span<byte> hash = stackalloc byte[HashLength];
        digest.DoFinal(hash);
        hash.Slice(0, Step).CopyTo(output);
        output = output.Slice(Step);
        while (output.Length > HashLength)
        {
            digest.BlockUpdate(hash);
            digest.DoFinal(hash);
            hash.Slice(0, Step).CopyTo(output);
            output = output.Slice(Step);
        }

        var last = new Blake2bDigest(output.Length * 8);
        last.BlockUpdate(hash);
        last.DoFinal(output);
        CryptographicOperations.ZeroMemory(hash);
    }

    private ulong* Block(int index) => matrix + ((nint)index * Argon2Block.Words);

    private void FillFirstBlocks(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associated,
        int tagLength)
    {
        Span<byte> seed = stackalloc byte[PrehashLength + 8];
        var digest = new Blake2bDigest(PrehashLength * 8);
        AddNumber(digest, cost.Lanes);
        AddNumber(digest, tagLength);
        AddNumber(digest, cost.MemoryKib);
        AddNumber(digest, cost.Passes);
        AddNumber(digest, Version);
        AddNumber(digest, TypeId);
        AddLengthAndBytes(digest, password);
        AddLengthAndBytes(digest, salt);
        AddLengthAndBytes(digest, secret);
        AddLengthAndBytes(digest, associated);
        digest.DoFinal(seed);
        for (int lane = 0; lane < cost.Lanes; lane++)
        {
            for (int column = 0; column < 2; column++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(seed.Slice(PrehashLength), column);
                BinaryPrimitives.WriteInt32LittleEndian(seed.Slice(PrehashLength + 4), lane);
                ulong* block = Block((lane * laneLength) + column);
                LongHash(seed, new Span<byte>(block, Argon2Block.Bytes));
            }
        }

        CryptographicOperations.ZeroMemory(seed);
    }

    private bool FillSegment(int pass, int slice, int lane)
    {
        // Argon2id: the first half of the first pass takes its addresses from a counter, so that they tell an onlooker
        // nothing about the password; everything after takes them from the data.
        bool independent = pass == 0 && slice < SlicesPerPass / 2;
        if (independent)
        {
            StartAddresses(pass, slice, lane);
        }

        int first = pass == 0 && slice == 0 ? 2 : 0;
        if (independent && first != 0)
        {
            NextAddresses();
        }

        for (int i = first; i < segmentLength; i++)
        {
            if (independent && i % AddressesPerBlock == 0)
            {
                NextAddresses();
            }

            int column = (slice * segmentLength) + i;
            ulong* current = Block((lane * laneLength) + column);
            ulong* previous = Block((lane * laneLength) + (column == 0 ? laneLength - 1 : column - 1));
            ulong random = independent ? addresses[i % AddressesPerBlock] : previous[0];
            ulong* reference = Block(ReferenceIndex(pass, slice, lane, i, random));
            if (pass == 0)
            {
                Argon2Block.Fill(previous, reference, current, scratch);
            }
            else
            {
                Argon2Block.FillOver(previous, reference, current, scratch);
            }

            if (i % BlocksPerLook == BlocksPerLook - 1 || i == segmentLength - 1)
            {
                blocksDone += (i % BlocksPerLook) + 1;
                if (cancelled)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void StartAddresses(int pass, int slice, int lane)
    {
        new Span<byte>(addressInput, Argon2Block.Bytes).Clear();
        addressInput[0] = (ulong)pass;
        addressInput[1] = (ulong)lane;
        addressInput[2] = (ulong)slice;
        addressInput[3] = (ulong)cost.Blocks;
        addressInput[4] = (ulong)cost.Passes;
        addressInput[5] = TypeId;
    }

    private void NextAddresses()
    {
        addressInput[6]++;
        Argon2Block.Fill(zero, addressInput, addresses, scratch);
        Argon2Block.Fill(zero, addresses, addresses, scratch);
    }

    // RFC 9106, section 3.4: which earlier block is mixed in. Lanes see each other's finished segments only.
    private int ReferenceIndex(int pass, int slice, int lane, int index, ulong random)
    {
        int fromLane = pass == 0 && slice == 0 ? lane : (int)((uint)(random >> 32) % (uint)cost.Lanes);
        bool sameLane = fromLane == lane;
        int finished = pass == 0 ? slice * segmentLength : laneLength - segmentLength;
        int area = sameLane ? finished + index - 1 : finished - (index == 0 ? 1 : 0);

        uint low = (uint)random;
        uint squared = (uint)(((ulong)low * low) >> 32);
        uint back = (uint)(((ulong)(uint)area * squared) >> 32);
        int relative = area - 1 - (int)back;
        int start = pass == 0 || slice == SlicesPerPass - 1 ? 0 : (slice + 1) * segmentLength;
        int column = start + relative;
        return (fromLane * laneLength) + (column < laneLength ? column : column - laneLength);
    }

    private void Finish(Span<byte> tag)
    {
        ulong* last = Block(laneLength - 1);
        for (int lane = 1; lane < cost.Lanes; lane++)
        {
            ulong* other = Block((lane * laneLength) + laneLength - 1);
            for (int i = 0; i < Argon2Block.Words; i++)
            {
                last[i] ^= other[i];
            }
        }

        // The words lie in memory in little-endian order already, as on every x86.
        LongHash(new ReadOnlySpan<byte>(last, Argon2Block.Bytes), tag);
    }
}
