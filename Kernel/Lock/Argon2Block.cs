using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HaukiOS.Lock;

/// <summary>
/// Argon2's compression function G over 1 KiB blocks (RFC 9106, section 3.5): where all the time goes, and the one
/// place of the kernel's cryptography that is our own.
/// <para>
/// A block is eight rows of sixteen 64-bit words. With SSE2 one register holds two words, so a row is the eight
/// registers a0 a1 b0 b1 c0 c1 d0 d1 (BLAKE2's four rows of four words), and BLAKE2's quarter rounds run for two
/// columns at once. A 32-bit processor has exactly eight such registers; one is needed for intermediate results.
/// So one of the eight words is always parked in memory, chosen such that the two independent chains
/// (…0 and …1) interleave: one multiplies while the other rotates.
/// </para>
/// </summary>
internal static unsafe class Argon2Block
{
    /// <summary>64-bit words in a block.</summary>
    public const int Words = 128;

    /// <summary>Bytes in a block.</summary>
    public const int Bytes = Words * 8;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>result = G(previous, reference).</summary>
    /// <param name="previous">16-byte aligned.</param>
    /// <param name="reference">16-byte aligned; may be <paramref name="result"/>.</param>
    /// <param name="result">16-byte aligned.</param>
    /// <param name="scratch">One more block, 16-byte aligned; holds secrets afterwards.</param>
    public static void Fill(ulong* previous, ulong* reference, ulong* result, ulong* scratch)
    {
        if (Sse2.IsSupported)
        {
            MixRows(previous, reference, result, scratch, false);
            MixColumns(result, scratch);
        }
        else
        {
            FillScalar(previous, reference, result, scratch, false);
        }
    }

    /// <summary>result ^= G(previous, reference): every pass but the first.</summary>
    public static void FillOver(ulong* previous, ulong* reference, ulong* result, ulong* scratch)
    {
        if (Sse2.IsSupported)
        {
            MixRows(previous, reference, result, scratch, true);
            MixColumns(result, scratch);
        }
        else
        {
            FillScalar(previous, reference, result, scratch, true);
        }
    }

    /// <summary>The same in plain arithmetic, for processors without SSE2 and as a second opinion in tests.</summary>
    public static void FillScalar(ulong* previous, ulong* reference, ulong* result, ulong* scratch, bool over)
    {
        for (int i = 0; i < Words; i++)
        {
            scratch[i] = previous[i] ^ reference[i];
            result[i] = over ? result[i] ^ scratch[i] : scratch[i];
        }

        for (int row = 0; row < 8; row++)
        {
            RoundScalar(scratch + (16 * row), 2);
        }

        for (int column = 0; column < 8; column++)
        {
            RoundScalar(scratch + (2 * column), 16);
        }

        for (int i = 0; i < Words; i++)
        {
            result[i] ^= scratch[i];
        }
    }

    // Row by row: R = previous ^ reference goes into the result (over the old one, if that is kept) and, permuted,
    // into the scratch block.
    [MethodImpl(Inline)]
    private static void MixRows(ulong* previous, ulong* reference, ulong* result, ulong* scratch, bool over)
    {
        for (int row = 0; row < 8; row++)
        {
            ulong* p = previous + (16 * row);
            ulong* q = reference + (16 * row);
            ulong* r = result + (16 * row);
            ulong* s = scratch + (16 * row);

            Vector128<ulong> b0 = Take(p, q, r, 4, over), d0 = Take(p, q, r, 12, over), a0 = Take(p, q, r, 0, over);
            a0 = Mix(a0, b0);
            d0 = Right32(d0, a0);
            Vector128<ulong> c0 = Take(p, q, r, 8, over), b1 = Take(p, q, r, 6, over);
            Vector128<ulong> d1 = Take(p, q, r, 14, over), a1 = Take(p, q, r, 2, over);
            c0 = Mix(c0, d0);
            a1 = Mix(a1, b1);
            b0 = Right24(b0, c0);
            d1 = Right32(d1, a1);
            Sse2.StoreAligned(s + 8, c0);
            Vector128<ulong> c1 = Take(p, q, r, 10, over);
            a0 = Mix(a0, b0);
            c1 = Mix(c1, d1);
            d0 = Right16(d0, a0);
            b1 = Right24(b1, c1);
            Sse2.StoreAligned(s, a0);
            c0 = Sse2.LoadAlignedVector128(s + 8);
            c0 = Mix(c0, d0);
            a1 = Mix(a1, b1);
            b0 = Right63(b0, c0);
            d1 = Right16(d1, a1);
            c1 = Mix(c1, d1);
            b1 = Right63(b1, c1);

            Diagonalise(ref b0, ref b1, ref d0, ref d1);
            a1 = Mix(a1, b1);
            d1 = Right32(d1, a1);
            Sse2.StoreAligned(s + 10, c1);
            a0 = Sse2.LoadAlignedVector128(s);
            c0 = Mix(c0, d1);
            a0 = Mix(a0, b0);
            b1 = Right24(b1, c0);
            d0 = Right32(d0, a0);
            Sse2.StoreAligned(s + 8, c0);
            c1 = Sse2.LoadAlignedVector128(s + 10);
            a1 = Mix(a1, b1);
            c1 = Mix(c1, d0);
            d1 = Right16(d1, a1);
            b0 = Right24(b0, c1);
            Sse2.StoreAligned(s + 2, a1);
            c0 = Sse2.LoadAlignedVector128(s + 8);
            c0 = Mix(c0, d1);
            a0 = Mix(a0, b0);
            b1 = Right63(b1, c0);
            d0 = Right16(d0, a0);
            c1 = Mix(c1, d0);
            b0 = Right63(b0, c1);
            Undiagonalise(ref b0, ref b1, ref d0, ref d1);
            Sse2.StoreAligned(s, a0);
            Sse2.StoreAligned(s + 4, b0);
            Sse2.StoreAligned(s + 6, b1);
            Sse2.StoreAligned(s + 8, c0);
            Sse2.StoreAligned(s + 10, c1);
            Sse2.StoreAligned(s + 12, d0);
            Sse2.StoreAligned(s + 14, d1);
        }
    }

    // Column by column, from the scratch block into the result; the same schedule as the rows.
    [MethodImpl(Inline)]
    private static void MixColumns(ulong* result, ulong* scratch)
    {
        for (int column = 0; column < 8; column++)
        {
            ulong* r = result + (2 * column);
            ulong* s = scratch + (2 * column);

            Vector128<ulong> b0 = Sse2.LoadAlignedVector128(s + 32), d0 = Sse2.LoadAlignedVector128(s + 96);
            Vector128<ulong> a0 = Sse2.LoadAlignedVector128(s);
            a0 = Mix(a0, b0);
            d0 = Right32(d0, a0);
            Vector128<ulong> c0 = Sse2.LoadAlignedVector128(s + 64), b1 = Sse2.LoadAlignedVector128(s + 48);
            Vector128<ulong> d1 = Sse2.LoadAlignedVector128(s + 112), a1 = Sse2.LoadAlignedVector128(s + 16);
            c0 = Mix(c0, d0);
            a1 = Mix(a1, b1);
            b0 = Right24(b0, c0);
            d1 = Right32(d1, a1);
            Sse2.StoreAligned(s + 64, c0);
            Vector128<ulong> c1 = Sse2.LoadAlignedVector128(s + 80);
            a0 = Mix(a0, b0);
            c1 = Mix(c1, d1);
            d0 = Right16(d0, a0);
            b1 = Right24(b1, c1);
            Sse2.StoreAligned(s, a0);
            c0 = Sse2.LoadAlignedVector128(s + 64);
            c0 = Mix(c0, d0);
            a1 = Mix(a1, b1);
            b0 = Right63(b0, c0);
            d1 = Right16(d1, a1);
            c1 = Mix(c1, d1);
            b1 = Right63(b1, c1);

            Diagonalise(ref b0, ref b1, ref d0, ref d1);
            a1 = Mix(a1, b1);
            d1 = Right32(d1, a1);
            Sse2.StoreAligned(s + 80, c1);
            a0 = Sse2.LoadAlignedVector128(s);
            c0 = Mix(c0, d1);
            a0 = Mix(a0, b0);
            b1 = Right24(b1, c0);
            d0 = Right32(d0, a0);
            Sse2.StoreAligned(s + 64, c0);
            c1 = Sse2.LoadAlignedVector128(s + 80);
            a1 = Mix(a1, b1);
            c1 = Mix(c1, d0);
            d1 = Right16(d1, a1);
            b0 = Right24(b0, c1);
            Give(r, 16, a1);
            c0 = Sse2.LoadAlignedVector128(s + 64);
            c0 = Mix(c0, d1);
            a0 = Mix(a0, b0);
            b1 = Right63(b1, c0);
            d0 = Right16(d0, a0);
            c1 = Mix(c1, d0);
            b0 = Right63(b0, c1);
            Undiagonalise(ref b0, ref b1, ref d0, ref d1);
            Give(r, 0, a0);
            Give(r, 32, b0);
            Give(r, 48, b1);
            Give(r, 64, c0);
            Give(r, 80, c1);
            Give(r, 96, d0);
            Give(r, 112, d1);
        }
    }

    [MethodImpl(Inline)]
    private static Vector128<ulong> Take(ulong* previous, ulong* reference, ulong* result, int at, bool over)
    {
        Vector128<ulong> word = Sse2.Xor(
            Sse2.LoadAlignedVector128(previous + at), Sse2.LoadAlignedVector128(reference + at));
        Sse2.StoreAligned(result + at, over ? Sse2.Xor(word, Sse2.LoadAlignedVector128(result + at)) : word);
        return word;
    }

    [MethodImpl(Inline)]
    private static void Give(ulong* result, int at, Vector128<ulong> word) =>
        Sse2.StoreAligned(result + at, Sse2.Xor(word, Sse2.LoadAlignedVector128(result + at)));

    // x + y + 2 * low32(x) * low32(y), the addition of BLAKE2b hardened by a multiplication.
    [MethodImpl(Inline)]
    private static Vector128<ulong> Mix(Vector128<ulong> x, Vector128<ulong> y)
    {
        Vector128<ulong> product = Sse2.Multiply(x.AsUInt32(), y.AsUInt32());
        return Sse2.Add(Sse2.Add(Sse2.Add(x, y), product), product);
    }

    [MethodImpl(Inline)]
    private static Vector128<ulong> Right32(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.Shuffle(Sse2.Xor(x, y).AsUInt32(), 0b10_11_00_01).AsUInt64();

    [MethodImpl(Inline)]
    private static Vector128<ulong> Right24(Vector128<ulong> x, Vector128<ulong> y)
    {
        x = Sse2.Xor(x, y);
        return Sse2.Xor(Sse2.ShiftRightLogical(x, 24), Sse2.ShiftLeftLogical(x, 40));
    }

    [MethodImpl(Inline)]
    private static Vector128<ulong> Right16(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.ShuffleHigh(Sse2.ShuffleLow(Sse2.Xor(x, y).AsUInt16(), 0b00_11_10_01), 0b00_11_10_01).AsUInt64();

    [MethodImpl(Inline)]
    private static Vector128<ulong> Right63(Vector128<ulong> x, Vector128<ulong> y)
    {
        x = Sse2.Xor(x, y);
        return Sse2.Xor(Sse2.ShiftRightLogical(x, 63), Sse2.Add(x, x));
    }

    // The columns of BLAKE2's second half are the diagonals: b turns by one word, d by three. c turns by two words,
    // which is no more than c0 and c1 changing their names.
    [MethodImpl(Inline)]
    private static void Diagonalise(
        ref Vector128<ulong> b0, ref Vector128<ulong> b1, ref Vector128<ulong> d0, ref Vector128<ulong> d1)
    {
        Vector128<ulong> b = HighLow(b0, b1);
        b1 = HighLow(b1, b0);
        b0 = b;
        Vector128<ulong> d = HighLow(d1, d0);
        d1 = HighLow(d0, d1);
        d0 = d;
    }

    [MethodImpl(Inline)]
    private static void Undiagonalise(
        ref Vector128<ulong> b0, ref Vector128<ulong> b1, ref Vector128<ulong> d0, ref Vector128<ulong> d1)
    {
        Vector128<ulong> b = HighLow(b1, b0);
        b1 = HighLow(b0, b1);
        b0 = b;
        Vector128<ulong> d = HighLow(d0, d1);
        d1 = HighLow(d1, d0);
        d0 = d;
    }

    [MethodImpl(Inline)]
    private static Vector128<ulong> HighLow(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.Shuffle(x.AsDouble(), y.AsDouble(), 1).AsUInt64();

    // One BLAKE2 round over 16 words, which lie in pairs: word 2k and 2k+1 at k * stride.
    private static void RoundScalar(ulong* v, int stride)
    {
        for (int i = 0; i < 4; i++)
        {
            Quarter(At(v, stride, i), At(v, stride, 4 + i), At(v, stride, 8 + i), At(v, stride, 12 + i));
        }

        for (int i = 0; i < 4; i++)
        {
            Quarter(
                At(v, stride, i),
                At(v, stride, 4 + ((i + 1) & 3)),
                At(v, stride, 8 + ((i + 2) & 3)),
                At(v, stride, 12 + ((i + 3) & 3)));
        }
    }

    private static ulong* At(ulong* v, int stride, int word) => v + ((word >> 1) * stride) + (word & 1);

    private static void Quarter(ulong* a, ulong* b, ulong* c, ulong* d)
    {
        *a = MixScalar(*a, *b);
        *d = BitOperations.RotateRight(*d ^ *a, 32);
        *c = MixScalar(*c, *d);
        *b = BitOperations.RotateRight(*b ^ *c, 24);
        *a = MixScalar(*a, *b);
        *d = BitOperations.RotateRight(*d ^ *a, 16);
        *c = MixScalar(*c, *d);
        *b = BitOperations.RotateRight(*b ^ *c, 63);
    }

    // Written so that a 32-bit compiler sees one 32 by 32 bit multiplication and not a call for 64 by 64.
    private static ulong MixScalar(ulong x, ulong y)
    {
        ulong product = (ulong)(uint)x * (uint)y;
        return x + y + product + product;
    }
}
