using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// What is done to every word of a page that is sent: by 16 bytes where the processor can. Addresses need not be
/// aligned.
/// </summary>
internal static unsafe class PageWords
{
    /// <summary>Words that are looked at together.</summary>
    public const int GroupWords = 16;

    private const int Words = (int)AddressMap.PageSize / sizeof(uint);
    private const int VectorWords = 4;
    private const int AllEqual = 0xFFFF;
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Copies a page, and says whether it is full of zeros.</summary>
    public static bool Copy(uint* from, uint* to)
    {
        if (!Sse2.IsSupported)
        {
            return CopyScalar(from, to);
        }

        Vector128<uint> any = Vector128<uint>.Zero;
        for (int i = 0; i < Words; i += GroupWords, from += GroupWords, to += GroupWords)
        {
            Vector128<uint> a = Sse2.LoadVector128(from);
            Vector128<uint> b = Sse2.LoadVector128(from + VectorWords);
            Vector128<uint> c = Sse2.LoadVector128(from + (2 * VectorWords));
            Vector128<uint> d = Sse2.LoadVector128(from + (3 * VectorWords));
            Sse2.Store(to, a);
            Sse2.Store(to + VectorWords, b);
            Sse2.Store(to + (2 * VectorWords), c);
            Sse2.Store(to + (3 * VectorWords), d);
            any = Sse2.Or(any, Sse2.Or(Sse2.Or(a, b), Sse2.Or(c, d)));
        }

        return IsZero(any);
    }

    /// <summary>Is a group full of zeros?</summary>
    [MethodImpl(Inline)]
    public static bool IsZeroGroup(uint* group)
    {
        if (!Sse2.IsSupported)
        {
            return IsZeroScalar(group);
        }

        return IsZero(Sse2.Or(
            Sse2.Or(Sse2.LoadVector128(group), Sse2.LoadVector128(group + VectorWords)),
            Sse2.Or(
                Sse2.LoadVector128(group + (2 * VectorWords)), Sse2.LoadVector128(group + (3 * VectorWords)))));
    }

    /// <summary>
    /// Makes a copy of a group equal to it, and says what that changed. The group may be written to meanwhile: each
    /// word of it is read once.
    /// </summary>
    /// <returns>False if they were equal; then <paramref name="difference"/> is not written.</returns>
    [MethodImpl(Inline)]
    public static bool Update(uint* copy, uint* group, uint* difference)
    {
        if (!Sse2.IsSupported)
        {
            return UpdateScalar(copy, group, difference);
        }

        Vector128<uint> a = Sse2.Xor(Sse2.LoadVector128(group), Sse2.LoadVector128(copy));
        Vector128<uint> b = Sse2.Xor(
            Sse2.LoadVector128(group + VectorWords), Sse2.LoadVector128(copy + VectorWords));
        Vector128<uint> c = Sse2.Xor(
            Sse2.LoadVector128(group + (2 * VectorWords)), Sse2.LoadVector128(copy + (2 * VectorWords)));
        Vector128<uint> d = Sse2.Xor(
            Sse2.LoadVector128(group + (3 * VectorWords)), Sse2.LoadVector128(copy + (3 * VectorWords)));
        if (IsZero(Sse2.Or(Sse2.Or(a, b), Sse2.Or(c, d))))
        {
            return false;
        }

        Change(copy, difference, a);
        Change(copy + VectorWords, difference + VectorWords, b);
        Change(copy + (2 * VectorWords), difference + (2 * VectorWords), c);
        Change(copy + (3 * VectorWords), difference + (3 * VectorWords), d);
        return true;
    }

    /// <summary><see cref="Copy"/> for processors without SSE2, and as a second opinion in tests.</summary>
    internal static bool CopyScalar(uint* from, uint* to)
    {
        uint any = 0;
        for (int i = 0; i < Words; i++)
        {
            any |= to[i] = from[i];
        }

        return any == 0;
    }

    /// <summary><see cref="IsZeroGroup"/> for processors without SSE2, and as a second opinion in tests.</summary>
    internal static bool IsZeroScalar(uint* group)
    {
        uint any = 0;
        for (int i = 0; i < GroupWords; i++)
        {
            any |= group[i];
        }

        return any == 0;
    }

    /// <summary><see cref="Update"/> for processors without SSE2, and as a second opinion in tests.</summary>
    internal static bool UpdateScalar(uint* copy, uint* group, uint* difference)
    {
        uint any = 0;
        for (int i = 0; i < GroupWords; i++)
        {
            uint word = group[i];
            any |= difference[i] = word ^ copy[i];
            copy[i] = word;
        }

        return any != 0;
    }

    [MethodImpl(Inline)]
    private static void Change(uint* copy, uint* difference, Vector128<uint> by)
    {
        Sse2.Store(difference, by);
        Sse2.Store(copy, Sse2.Xor(Sse2.LoadVector128(copy), by));
    }

    [MethodImpl(Inline)]
    private static bool IsZero(Vector128<uint> value) =>
        Sse2.MoveMask(Sse2.CompareEqual(value, Vector128<uint>.Zero).AsByte()) == AllEqual;
}
