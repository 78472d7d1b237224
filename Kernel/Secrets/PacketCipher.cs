using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CryptographicOperations = System.Security.Cryptography.CryptographicOperations;

namespace HaukiOS.Secrets;

/// <summary>
/// ChaCha20-Poly1305 (RFC 8439, section 2.8) for packets: one key, and a nonce that the caller counts. Everything it
/// keeps, the key included, lies in memory that the caller names, and it allocates nothing and throws nothing, so that
/// it also works where neither is possible. The cipher of everything else is BouncyCastle's; this one exists for its
/// speed, and is held against BouncyCastle in tests and by <c>selftest</c>.
/// </summary>
public sealed unsafe class PacketCipher
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a tag.</summary>
    public const int TagLength = 16;

    /// <summary>Bytes that the cipher keeps.</summary>
    public const int StateLength = (StateWords + PadWords) * sizeof(uint);

    private const int StateWords = 16;
    private const int PadWords = 16;
    private const int DoubleRounds = 10;
    private const int BlockLength = 64;

    // Words of ChaCha20's state (RFC 8439, section 2.3): four constants, eight of the key, the counter, the nonce.
    private const int KeyWord = 4;
    private const int CounterWord = 12;
    private const int NonceWord = 13;

    private readonly uint* state;
    private readonly uint* pad;

    /// <summary>A cipher without a key.</summary>
    /// <param name="memory"><see cref="StateLength"/> bytes, which stay where they are.</param>
    public PacketCipher(byte* memory)
    {
        state = (uint*)memory;
        pad = state + StateWords;
    }

    /// <summary>Takes a key.</summary>
    /// <param name="key">The key; a copy is kept.</param>
    /// <param name="prefix">The first four bytes of every nonce: what the key is used for.</param>
    public void SetKey(ReadOnlySpan<byte> key, uint prefix)
    {
        state[0] = 0x61707865; // "expand 32-byte k"
        state[1] = 0x3320646e;
        state[2] = 0x79622d32;
        state[3] = 0x6b206574;
        key.Slice(0, KeyLength).CopyTo(new Span<byte>(state + KeyWord, KeyLength));
        state[NonceWord] = prefix;
    }

    /// <summary>Overwrites the key.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(new Span<byte>(state, StateLength));

    /// <summary>Encrypts and authenticates one packet.</summary>
    /// <param name="number">The last eight bytes of the nonce. Never twice under one key.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    /// <param name="associatedLength">Bytes of it.</param>
    /// <param name="text">The text.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="into">Room for it and for <see cref="TagLength"/> bytes more; may be the text's own place.</param>
    public void Seal(ulong number, byte* associated, int associatedLength, byte* text, int length, byte* into)
    {
        Start(number);
        Poly1305 authenticator = default;
        authenticator.Begin(pad);
        Encrypt(text, length, into);
        authenticator.AddPadded(associated, associatedLength);
        authenticator.AddPadded(into, length);
        authenticator.Finish(associatedLength, length, into + length);
    }

    /// <summary>Proves one packet authentic and decrypts it.</summary>
    /// <param name="number">As it was sealed under.</param>
    /// <param name="associated">The same as there.</param>
    /// <param name="associatedLength">Bytes of it.</param>
    /// <param name="text">What was written there.</param>
    /// <param name="length">Bytes of it, without the tag that follows.</param>
    /// <param name="into">Room for the text; may be the text's own place; null: the proof is enough.</param>
    /// <returns>False if a bit is not as it was. Nothing is written then.</returns>
    public bool TryOpen(ulong number, byte* associated, int associatedLength, byte* text, int length, byte* into)
    {
        Start(number);
        Poly1305 authenticator = default;
        authenticator.Begin(pad);
        authenticator.AddPadded(associated, associatedLength);
        authenticator.AddPadded(text, length);
        uint* tag = stackalloc uint[TagLength / sizeof(uint)];
        authenticator.Finish(associatedLength, length, (byte*)tag);
        uint* claimed = (uint*)(text + length);
        uint difference = (tag[0] ^ claimed[0]) | (tag[1] ^ claimed[1]) | (tag[2] ^ claimed[2]) | (tag[3] ^ claimed[3]);
        if (difference != 0)
        {
            return false;
        }

        if (into != null)
        {
            Encrypt(text, length, into);
        }

        return true;
    }

    // The first block of the key stream gives the authenticator's key (section 2.6).
    private void Start(ulong number)
    {
        state[CounterWord] = 0;
        state[NonceWord + 1] = (uint)number;
        state[NonceWord + 2] = (uint)(number >> 32);
        for (int i = 0; i < StateWords; i++)
        {
            pad[i] = 0;
        }

        Block(pad, pad);
    }

    private void Encrypt(byte* text, int length, byte* into)
    {
        for (; length >= BlockLength; length -= BlockLength)
        {
            Block((uint*)text, (uint*)into);
            text += BlockLength;
            into += BlockLength;
        }

        if (length > 0)
        {
            new ReadOnlySpan<byte>(text, length).CopyTo(new Span<byte>(pad, BlockLength));
            Block(pad, pad);
            new ReadOnlySpan<byte>(pad, length).CopyTo(new Span<byte>(into, length));
        }
    }

    // Encrypts with the next block of the key stream (section 2.3). Of the sixteen words, a 32-bit processor can hold
    // six. Half of the others wait in vector registers, one in each, and not in memory: that saves half of the time in
    // an emulator, where a look at memory costs as much as five additions.
    private void Block(uint* text, uint* into)
    {
        uint* start = state;
        uint a0 = start[0], a1 = start[1];
        uint a2 = start[2], a3 = start[3];
        uint b0 = start[4], b1 = start[5];
        uint b2 = start[6], b3 = start[7];
        Vector128<uint> c0 = Park(start[8]), c1 = Park(start[9]);
        Vector128<uint> c2 = Park(start[10]), c3 = Park(start[11]);
        Vector128<uint> d0 = Park(start[12]), d1 = Park(start[13]);
        Vector128<uint> d2 = Park(start[14]), d3 = Park(start[15]);
        uint a, b, c, d;
        for (int round = 0; round < DoubleRounds; round++)
        {
            (a, b, c, d) = (a0, b0, Take(c0), Take(d0));
            Quarter(ref a, ref b, ref c, ref d);
            (a0, b0, c0, d0) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a1, b1, Take(c1), Take(d1));
            Quarter(ref a, ref b, ref c, ref d);
            (a1, b1, c1, d1) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a2, b2, Take(c2), Take(d2));
            Quarter(ref a, ref b, ref c, ref d);
            (a2, b2, c2, d2) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a3, b3, Take(c3), Take(d3));
            Quarter(ref a, ref b, ref c, ref d);
            (a3, b3, c3, d3) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a0, b1, Take(c2), Take(d3));
            Quarter(ref a, ref b, ref c, ref d);
            (a0, b1, c2, d3) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a1, b2, Take(c3), Take(d0));
            Quarter(ref a, ref b, ref c, ref d);
            (a1, b2, c3, d0) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a2, b3, Take(c0), Take(d1));
            Quarter(ref a, ref b, ref c, ref d);
            (a2, b3, c0, d1) = (a, b, Park(c), Park(d));
            (a, b, c, d) = (a3, b0, Take(c1), Take(d2));
            Quarter(ref a, ref b, ref c, ref d);
            (a3, b0, c1, d2) = (a, b, Park(c), Park(d));
        }

        into[0] = text[0] ^ (a0 + start[0]);
        into[1] = text[1] ^ (a1 + start[1]);
        into[2] = text[2] ^ (a2 + start[2]);
        into[3] = text[3] ^ (a3 + start[3]);
        into[4] = text[4] ^ (b0 + start[4]);
        into[5] = text[5] ^ (b1 + start[5]);
        into[6] = text[6] ^ (b2 + start[6]);
        into[7] = text[7] ^ (b3 + start[7]);
        into[8] = text[8] ^ (Take(c0) + start[8]);
        into[9] = text[9] ^ (Take(c1) + start[9]);
        into[10] = text[10] ^ (Take(c2) + start[10]);
        into[11] = text[11] ^ (Take(c3) + start[11]);
        into[12] = text[12] ^ (Take(d0) + start[12]);
        into[13] = text[13] ^ (Take(d1) + start[13]);
        into[14] = text[14] ^ (Take(d2) + start[14]);
        into[15] = text[15] ^ (Take(d3) + start[15]);
        state[CounterWord]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Park(uint word) => Vector128.CreateScalar(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Take(Vector128<uint> parked) =>
        Sse2.IsSupported ? Sse2.ConvertToUInt32(parked) : parked.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }

    /// <summary>
    /// Poly1305 (RFC 8439, section 2.5): a number modulo 2^130 - 5 in four words and a few bits. The key's words have
    /// four zero bits at their top and all but the first two at their end, so four products fit into 64 bits, and what
    /// goes beyond 2^130 comes back as five quarters of it.
    /// </summary>
    private struct Poly1305
    {
        private const int TextBlock = 16;

        private uint r0, r1, r2, r3;
        private uint s0, s1, s2, s3;
        private uint h0, h1, h2, h3, h4;

        public void Begin(uint* key)
        {
            r0 = key[0] & 0x0FFFFFFF;
            r1 = key[1] & 0x0FFFFFFC;
            r2 = key[2] & 0x0FFFFFFC;
            r3 = key[3] & 0x0FFFFFFC;
            s0 = key[4];
            s1 = key[5];
            s2 = key[6];
            s3 = key[7];
        }

        public void AddPadded(byte* text, int length)
        {
            Add(text, length / TextBlock);
            int rest = length % TextBlock;
            if (rest > 0)
            {
                byte* last = stackalloc byte[TextBlock];
                for (int i = 0; i < TextBlock; i++)
                {
                    last[i] = i < rest ? text[length - rest + i] : (byte)0;
                }

                Add(last, 1);
            }
        }

        public void Finish(int associatedLength, int length, byte* tag)
        {
            uint* words = stackalloc uint[TextBlock / sizeof(uint)];
            words[0] = (uint)associatedLength;
            words[1] = 0;
            words[2] = (uint)length;
            words[3] = 0;
            Add((byte*)words, 1);

            // h - p, that is h + 5 - 2^130, if that is not negative; without a branch.
            ulong sum = (ulong)h0 + 5;
            uint g0 = (uint)sum;
            uint g1 = (uint)(sum = (ulong)h1 + (sum >> 32));
            uint g2 = (uint)(sum = (ulong)h2 + (sum >> 32));
            uint g3 = (uint)(sum = (ulong)h3 + (sum >> 32));
            uint take = 0 - ((h4 + (uint)(sum >> 32)) >> 2);
            uint* into = (uint*)tag;
            into[0] = (uint)(sum = (ulong)((h0 & ~take) | (g0 & take)) + s0);
            into[1] = (uint)(sum = (ulong)((h1 & ~take) | (g1 & take)) + s1 + (sum >> 32));
            into[2] = (uint)(sum = (ulong)((h2 & ~take) | (g2 & take)) + s2 + (sum >> 32));
            into[3] = ((h3 & ~take) | (g3 & take)) + s3 + (uint)(sum >> 32);
        }

        private void Add(byte* text, int blocks)
        {
            uint n0 = h0, n1 = h1, n2 = h2, n3 = h3, n4 = h4;
            uint k0 = r0, k1 = r1, k2 = r2, k3 = r3;
            uint f1 = k1 + (k1 >> 2), f2 = k2 + (k2 >> 2), f3 = k3 + (k3 >> 2);
            for (; blocks > 0; blocks--)
            {
                uint* words = (uint*)text;
                ulong sum = (ulong)n0 + words[0];
                n0 = (uint)sum;
                n1 = (uint)(sum = (ulong)n1 + words[1] + (sum >> 32));
                n2 = (uint)(sum = (ulong)n2 + words[2] + (sum >> 32));
                n3 = (uint)(sum = (ulong)n3 + words[3] + (sum >> 32));
                n4 += (uint)(sum >> 32) + 1;

                ulong d0 = Times(n0, k0) + Times(n1, f3) + Times(n2, f2) + Times(n3, f1);
                ulong d1 = Times(n0, k1) + Times(n1, k0) + Times(n2, f3) + Times(n3, f2) + (n4 * f1);
                ulong d2 = Times(n0, k2) + Times(n1, k1) + Times(n2, k0) + Times(n3, f3) + (n4 * f2);
                ulong d3 = Times(n0, k3) + Times(n1, k2) + Times(n2, k1) + Times(n3, k0) + (n4 * f3);
                d1 += d0 >> 32;
                d2 += d1 >> 32;
                d3 += d2 >> 32;
                n4 = (n4 * k0) + (uint)(d3 >> 32);

                // What is above 2^130, five times.
                sum = (ulong)(uint)d0 + (n4 >> 2) + (n4 & ~3u);
                n0 = (uint)sum;
                n1 = (uint)(sum = (uint)d1 + (sum >> 32));
                n2 = (uint)(sum = (uint)d2 + (sum >> 32));
                n3 = (uint)(sum = (uint)d3 + (sum >> 32));
                n4 = (n4 & 3) + (uint)(sum >> 32);
                text += TextBlock;
            }

            (h0, h1, h2, h3, h4) = (n0, n1, n2, n3, n4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Times(uint x, uint y) => (ulong)x * y;
    }
}
