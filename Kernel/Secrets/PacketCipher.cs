using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    /// <summary>The alignment that they need.</summary>
    public const int StateAlignment = 16;

    private const int StateWords = 16;
    private const int PadWords = 32;
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
        Block(pad);
        state[CounterWord] = 1;
    }

    private void Encrypt(byte* text, int length, byte* into)
    {
        for (; length >= BlockLength; length -= BlockLength)
        {
            Block(pad);
            for (int i = 0; i < StateWords; i++)
            {
                ((uint*)into)[i] = ((uint*)text)[i] ^ pad[i];
            }

            state[CounterWord]++;
            text += BlockLength;
            into += BlockLength;
        }

        if (length > 0)
        {
            Block(pad);
            for (int i = 0; i < length; i++)
            {
                into[i] = (byte)(text[i] ^ ((byte*)pad)[i]);
            }
        }
    }

    private void Block(uint* into)
    {
        for (int i = 0; i < StateWords; i++)
        {
            into[i] = state[i];
        }

        for (int round = 0; round < 10; round++)
        {
            Quarter(into, 0, 4, 8, 12);
            Quarter(into, 1, 5, 9, 13);
            Quarter(into, 2, 6, 10, 14);
            Quarter(into, 3, 7, 11, 15);
            Quarter(into, 0, 5, 10, 15);
            Quarter(into, 1, 6, 11, 12);
            Quarter(into, 2, 7, 8, 13);
            Quarter(into, 3, 4, 9, 14);
        }

        for (int i = 0; i < StateWords; i++)
        {
            into[i] += state[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(uint* words, int ia, int ib, int ic, int id)
    {
        uint a = words[ia], b = words[ib], c = words[ic], d = words[id];
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
        words[ia] = a;
        words[ib] = b;
        words[ic] = c;
        words[id] = d;
    }

    /// <summary>
    /// Poly1305 (RFC 8439, section 2.5) in five limbs of 26 bits, so that a 32-bit processor multiplies 32 by 32 bits
    /// and carries seldom.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Poly1305
    {
        private const uint Limb = 0x3FFFFFF;
        private const int TextBlock = 16;

        private uint r0, r1, r2, r3, r4;
        private uint s0, s1, s2, s3;
        private uint h0, h1, h2, h3, h4;

        public void Begin(uint* key)
        {
            r0 = key[0] & 0x3FFFFFF;
            r1 = ((key[0] >> 26) | (key[1] << 6)) & 0x3FFFF03;
            r2 = ((key[1] >> 20) | (key[2] << 12)) & 0x3FFC0FF;
            r3 = ((key[2] >> 14) | (key[3] << 18)) & 0x3F03FFF;
            r4 = (key[3] >> 8) & 0x00FFFFF;
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
            uint* lengths = stackalloc uint[TextBlock / sizeof(uint)];
            lengths[0] = (uint)associatedLength;
            lengths[1] = 0;
            lengths[2] = (uint)length;
            lengths[3] = 0;
            Add((byte*)lengths, 1);
            CarryAll();
            ReduceOnce();
            uint* into = (uint*)tag;
            ulong sum = (ulong)(h0 | (h1 << 26)) + s0;
            into[0] = (uint)sum;
            sum = (ulong)((h1 >> 6) | (h2 << 20)) + s1 + (sum >> 32);
            into[1] = (uint)sum;
            sum = (ulong)((h2 >> 12) | (h3 << 14)) + s2 + (sum >> 32);
            into[2] = (uint)sum;
            into[3] = ((h3 >> 18) | (h4 << 8)) + s3 + (uint)(sum >> 32);
        }

        private void Add(byte* text, int blocks)
        {
            uint m0 = h0, m1 = h1, m2 = h2, m3 = h3, m4 = h4;
            uint f1 = r1 * 5, f2 = r2 * 5, f3 = r3 * 5, f4 = r4 * 5;
            for (; blocks > 0; blocks--)
            {
                uint* words = (uint*)text;
                m0 += words[0] & Limb;
                m1 += ((words[0] >> 26) | (words[1] << 6)) & Limb;
                m2 += ((words[1] >> 20) | (words[2] << 12)) & Limb;
                m3 += ((words[2] >> 14) | (words[3] << 18)) & Limb;
                m4 += (words[3] >> 8) | (1u << 24);
                ulong d0 = Times(m0, r0) + Times(m1, f4) + Times(m2, f3) + Times(m3, f2) + Times(m4, f1);
                ulong d1 = Times(m0, r1) + Times(m1, r0) + Times(m2, f4) + Times(m3, f3) + Times(m4, f2);
                ulong d2 = Times(m0, r2) + Times(m1, r1) + Times(m2, r0) + Times(m3, f4) + Times(m4, f3);
                ulong d3 = Times(m0, r3) + Times(m1, r2) + Times(m2, r1) + Times(m3, r0) + Times(m4, f4);
                ulong d4 = Times(m0, r4) + Times(m1, r3) + Times(m2, r2) + Times(m3, r1) + Times(m4, r0);
                d1 += (uint)(d0 >> 26);
                d2 += (uint)(d1 >> 26);
                d3 += (uint)(d2 >> 26);
                d4 += (uint)(d3 >> 26);
                m0 = ((uint)d0 & Limb) + ((uint)(d4 >> 26) * 5);
                m1 = ((uint)d1 & Limb) + (m0 >> 26);
                m0 &= Limb;
                m2 = (uint)d2 & Limb;
                m3 = (uint)d3 & Limb;
                m4 = (uint)d4 & Limb;
                text += TextBlock;
            }

            (h0, h1, h2, h3, h4) = (m0, m1, m2, m3, m4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Times(uint x, uint y) => (ulong)x * y;

        private void CarryAll()
        {
            h2 += h1 >> 26;
            h1 &= Limb;
            h3 += h2 >> 26;
            h2 &= Limb;
            h4 += h3 >> 26;
            h3 &= Limb;
            h0 += (h4 >> 26) * 5;
            h4 &= Limb;
            h1 += h0 >> 26;
            h0 &= Limb;
        }

        // h - p if that is not negative, without a branch.
        private void ReduceOnce()
        {
            uint g0 = h0 + 5;
            uint g1 = h1 + (g0 >> 26);
            uint g2 = h2 + (g1 >> 26);
            uint g3 = h3 + (g2 >> 26);
            uint g4 = h4 + (g3 >> 26) - (1u << 26);
            uint keep = (g4 >> 31) - 1;
            h0 = (h0 & ~keep) | (g0 & Limb & keep);
            h1 = (h1 & ~keep) | (g1 & Limb & keep);
            h2 = (h2 & ~keep) | (g2 & Limb & keep);
            h3 = (h3 & ~keep) | (g3 & Limb & keep);
            h4 = (h4 & ~keep) | (g4 & Limb & keep);
        }
    }
}
