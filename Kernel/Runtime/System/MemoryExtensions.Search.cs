using System.Collections.Generic;

namespace System;

/// <summary>Searching and comparing spans.</summary>
public static partial class MemoryExtensions
{
    public static bool Contains<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.IndexOf(span, value) >= 0;

    public static bool Contains<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).Contains(value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.IndexOf(span, value);

    public static int IndexOf<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOf(value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        SpanSearch.IndexOf(span, value);

    public static int IndexOf<T>(this Span<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOf(value);

    public static int LastIndexOf<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.LastIndexOf(span, value);

    public static int LastIndexOf<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOf(value);

    public static int LastIndexOf<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        SpanSearch.LastIndexOf(span, value);

    public static int LastIndexOf<T>(this Span<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOf(value);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1], true);

    public static int IndexOfAny<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAny(value0, value1);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1, T value2)
        where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1, value2], true);

    public static int IndexOfAny<T>(this Span<T> span, T value0, T value1, T value2) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAny(value0, value1, value2);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, values, true);

    public static int IndexOfAny<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAny(values);

    public static int LastIndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, [value0, value1], true);

    public static int LastIndexOfAny<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAny(value0, value1);

    public static int LastIndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1, T value2)
        where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, [value0, value1, value2], true);

    public static int LastIndexOfAny<T>(this Span<T> span, T value0, T value1, T value2) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAny(value0, value1, value2);

    public static int LastIndexOfAny<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, values, true);

    public static int LastIndexOfAny<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAny(values);

    public static bool ContainsAny<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1], true) >= 0;

    public static bool ContainsAny<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).ContainsAny(value0, value1);

    public static bool ContainsAny<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, values, true) >= 0;

    public static bool ContainsAny<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).ContainsAny(values);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value], false);

    public static int IndexOfAnyExcept<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAnyExcept(value);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1], false);

    public static int IndexOfAnyExcept<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAnyExcept(value0, value1);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value0, T value1, T value2)
        where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1, value2], false);

    public static int IndexOfAnyExcept<T>(this Span<T> span, T value0, T value1, T value2) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAnyExcept(value0, value1, value2);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, values, false);

    public static int IndexOfAnyExcept<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).IndexOfAnyExcept(values);

    public static int LastIndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, [value], false);

    public static int LastIndexOfAnyExcept<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAnyExcept(value);

    public static int LastIndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value0, T value1)
        where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, [value0, value1], false);

    public static int LastIndexOfAnyExcept<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAnyExcept(value0, value1);

    public static int LastIndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value0, T value1, T value2)
        where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, [value0, value1, value2], false);

    public static int LastIndexOfAnyExcept<T>(this Span<T> span, T value0, T value1, T value2)
        where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAnyExcept(value0, value1, value2);

    public static int LastIndexOfAnyExcept<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>? =>
        SpanSearch.LastIndexOfAny(span, values, false);

    public static int LastIndexOfAnyExcept<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).LastIndexOfAnyExcept(values);

    public static bool ContainsAnyExcept<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value], false) >= 0;

    public static bool ContainsAnyExcept<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).ContainsAnyExcept(value);

    public static bool ContainsAnyExcept<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, [value0, value1], false) >= 0;

    public static bool ContainsAnyExcept<T>(this Span<T> span, T value0, T value1) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).ContainsAnyExcept(value0, value1);

    public static bool ContainsAnyExcept<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>? =>
        SpanSearch.IndexOfAny(span, values, false) >= 0;

    public static bool ContainsAnyExcept<T>(this Span<T> span, ReadOnlySpan<T> values) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).ContainsAnyExcept(values);

    public static int IndexOfAnyInRange<T>(this ReadOnlySpan<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        SpanSearch.IndexOfRange(span, lowInclusive, highInclusive, true);

    public static int IndexOfAnyInRange<T>(this Span<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        ((ReadOnlySpan<T>)span).IndexOfAnyInRange(lowInclusive, highInclusive);

    public static int IndexOfAnyExceptInRange<T>(this ReadOnlySpan<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        SpanSearch.IndexOfRange(span, lowInclusive, highInclusive, false);

    public static int IndexOfAnyExceptInRange<T>(this Span<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        ((ReadOnlySpan<T>)span).IndexOfAnyExceptInRange(lowInclusive, highInclusive);

    public static bool ContainsAnyInRange<T>(this ReadOnlySpan<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        SpanSearch.IndexOfRange(span, lowInclusive, highInclusive, true) >= 0;

    public static bool ContainsAnyInRange<T>(this Span<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        ((ReadOnlySpan<T>)span).ContainsAnyInRange(lowInclusive, highInclusive);

    public static bool ContainsAnyExceptInRange<T>(this ReadOnlySpan<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        SpanSearch.IndexOfRange(span, lowInclusive, highInclusive, false) >= 0;

    public static bool ContainsAnyExceptInRange<T>(this Span<T> span, T lowInclusive, T highInclusive)
        where T : IComparable<T> =>
        ((ReadOnlySpan<T>)span).ContainsAnyExceptInRange(lowInclusive, highInclusive);

    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other) where T : IEquatable<T>? =>
        SpanSearch.SequenceEqual(span, other);

    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).SequenceEqual(other);

    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other,
        IEqualityComparer<T>? comparer) =>
        EqualBy(span, other, comparer ?? EqualityComparer<T>.Default);

    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other, IEqualityComparer<T>? comparer) =>
        ((ReadOnlySpan<T>)span).SequenceEqual(other, comparer);

    public static int SequenceCompareTo<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IComparable<T>? =>
        CompareSequences(span, other);

    public static int SequenceCompareTo<T>(this Span<T> span, ReadOnlySpan<T> other) where T : IComparable<T>? =>
        ((ReadOnlySpan<T>)span).SequenceCompareTo(other);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        value.Length <= span.Length && SpanSearch.SequenceEqual(span.Slice(0, value.Length), value);

    public static bool StartsWith<T>(this Span<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).StartsWith(value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        value.Length <= span.Length
            && SpanSearch.SequenceEqual(span.Slice(span.Length - value.Length), value);

    public static bool EndsWith<T>(this Span<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).EndsWith(value);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        span.Length != 0 && SpanSearch.AreEqual(span[0], value);

    public static bool StartsWith<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).StartsWith(value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        span.Length != 0 && SpanSearch.AreEqual(span[span.Length - 1], value);

    public static bool EndsWith<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).EndsWith(value);

    public static int Count<T>(this ReadOnlySpan<T> span, T value) where T : IEquatable<T>? =>
        CountOf(span, value);

    public static int Count<T>(this Span<T> span, T value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).Count(value);

    public static int Count<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        CountOf(span, value);

    public static int Count<T>(this Span<T> span, ReadOnlySpan<T> value) where T : IEquatable<T>? =>
        ((ReadOnlySpan<T>)span).Count(value);

    public static int CommonPrefixLength<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other) =>
        PrefixLength(span, other);

    public static int CommonPrefixLength<T>(this Span<T> span, ReadOnlySpan<T> other) =>
        ((ReadOnlySpan<T>)span).CommonPrefixLength(other);

    private static bool EqualBy<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, IEqualityComparer<T> comparer)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (!comparer.Equals(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static int CompareSequences<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        int shorter = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shorter; i++)
        {
            int order = Comparer<T>.Default.Compare(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CountOf<T>(ReadOnlySpan<T> span, T value)
    {
        int count = 0;
        foreach (ref readonly T element in span)
        {
            count += SpanSearch.AreEqual(element, value) ? 1 : 0;
        }

        return count;
    }

    private static int CountOf<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> value)
    {
        if (value.Length == 0)
        {
            return 0;
        }

        int count = 0;
        for (int at = SpanSearch.IndexOf(span, value); at >= 0; at = SpanSearch.IndexOf(span, value))
        {
            count++;
            span = span.Slice(at + value.Length);
        }

        return count;
    }

    private static int PrefixLength<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        int length = 0;
        while (length < left.Length && length < right.Length && SpanSearch.AreEqual(left[length], right[length]))
        {
            length++;
        }

        return length;
    }
}
