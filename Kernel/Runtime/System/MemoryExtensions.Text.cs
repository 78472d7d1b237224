using System.Runtime.CompilerServices;
using System.Text;

namespace System;

/// <summary>Spans of characters: trimming, comparing with or without case, splitting.</summary>
public static partial class MemoryExtensions
{
    public static bool IsWhiteSpace(this ReadOnlySpan<char> span)
    {
        foreach (char c in span)
        {
            if (!char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        return true;
    }

    public static ReadOnlySpan<char> Trim(this ReadOnlySpan<char> span) => span.TrimStart().TrimEnd();

    public static ReadOnlySpan<char> TrimStart(this ReadOnlySpan<char> span)
    {
        int start = 0;
        while (start < span.Length && char.IsWhiteSpace(span[start]))
        {
            start++;
        }

        return span.Slice(start);
    }

    public static ReadOnlySpan<char> TrimEnd(this ReadOnlySpan<char> span)
    {
        int end = span.Length;
        while (end > 0 && char.IsWhiteSpace(span[end - 1]))
        {
            end--;
        }

        return span.Slice(0, end);
    }

    public static Span<char> Trim(this Span<char> span)
    {
        ReadOnlySpan<char> characters = span;
        int start = span.Length - characters.TrimStart().Length;
        return span.Slice(start, characters.Trim().Length);
    }

    public static ReadOnlySpan<char> Trim(this ReadOnlySpan<char> span, char trimChar) =>
        span.TrimStart(trimChar).TrimEnd(trimChar);

    public static ReadOnlySpan<char> TrimStart(this ReadOnlySpan<char> span, char trimChar) =>
        span.TrimStart(new ReadOnlySpan<char>(in trimChar));

    public static ReadOnlySpan<char> TrimEnd(this ReadOnlySpan<char> span, char trimChar) =>
        span.TrimEnd(new ReadOnlySpan<char>(in trimChar));

    public static ReadOnlySpan<char> Trim(this ReadOnlySpan<char> span, scoped ReadOnlySpan<char> trimChars) =>
        span.TrimStart(trimChars).TrimEnd(trimChars);

    /// <summary>No characters to trim means white space, as for strings.</summary>
    public static ReadOnlySpan<char> TrimStart(this ReadOnlySpan<char> span, scoped ReadOnlySpan<char> trimChars)
    {
        if (trimChars.IsEmpty)
        {
            return span.TrimStart();
        }

        int start = 0;
        while (start < span.Length && trimChars.Contains(span[start]))
        {
            start++;
        }

        return span.Slice(start);
    }

    public static ReadOnlySpan<char> TrimEnd(this ReadOnlySpan<char> span, scoped ReadOnlySpan<char> trimChars)
    {
        if (trimChars.IsEmpty)
        {
            return span.TrimEnd();
        }

        int end = span.Length;
        while (end > 0 && trimChars.Contains(span[end - 1]))
        {
            end--;
        }

        return span.Slice(0, end);
    }

    public static bool Equals(this ReadOnlySpan<char> span, ReadOnlySpan<char> other, StringComparison comparisonType)
    {
        string.CheckComparison(comparisonType);
        return string.IgnoresCase(comparisonType)
            ? span.Length == other.Length && CaselessPrefix(span, other)
            : SpanSearch.SequenceEqual(span, other);
    }

    public static int CompareTo(this ReadOnlySpan<char> span, ReadOnlySpan<char> other, StringComparison comparisonType)
    {
        string.CheckComparison(comparisonType);
        bool ignoreCase = string.IgnoresCase(comparisonType);
        int shorter = Math.Min(span.Length, other.Length);
        for (int i = 0; i < shorter; i++)
        {
            char a = span[i];
            char b = other[i];
            if (a != b && ignoreCase)
            {
                a = char.ToUpperInvariant(a);
                b = char.ToUpperInvariant(b);
            }

            if (a != b)
            {
                return a - b;
            }
        }

        return span.Length - other.Length;
    }

    public static bool Contains(this ReadOnlySpan<char> span, ReadOnlySpan<char> value,
        StringComparison comparisonType) => span.IndexOf(value, comparisonType) >= 0;

    public static bool StartsWith(this ReadOnlySpan<char> span, ReadOnlySpan<char> value,
        StringComparison comparisonType) =>
        value.Length <= span.Length && span.Slice(0, value.Length).Equals(value, comparisonType);

    public static bool EndsWith(this ReadOnlySpan<char> span, ReadOnlySpan<char> value,
        StringComparison comparisonType) =>
        value.Length <= span.Length && span.Slice(span.Length - value.Length).Equals(value, comparisonType);

    public static int IndexOf(this ReadOnlySpan<char> span, ReadOnlySpan<char> value, StringComparison comparisonType)
    {
        string.CheckComparison(comparisonType);
        if (!string.IgnoresCase(comparisonType))
        {
            return SpanSearch.IndexOf(span, value);
        }

        for (int start = 0; start <= span.Length - value.Length; start++)
        {
            if (CaselessPrefix(span.Slice(start), value))
            {
                return start;
            }
        }

        return -1;
    }

    public static int LastIndexOf(this ReadOnlySpan<char> span, ReadOnlySpan<char> value,
        StringComparison comparisonType)
    {
        string.CheckComparison(comparisonType);
        for (int start = span.Length - value.Length; start >= 0; start--)
        {
            if (span.Slice(start, value.Length).Equals(value, comparisonType))
            {
                return start;
            }
        }

        return -1;
    }

    public static int ToUpperInvariant(this ReadOnlySpan<char> source, Span<char> destination) =>
        ChangeCase(source, destination, upper: true);

    public static int ToLowerInvariant(this ReadOnlySpan<char> source, Span<char> destination) =>
        ChangeCase(source, destination, upper: false);

    public static SpanSplitEnumerator<T> Split<T>(this ReadOnlySpan<T> source, T separator) where T : IEquatable<T> =>
        new(source, separator);

    public static SpanLineEnumerator EnumerateLines(this ReadOnlySpan<char> span) => new(span);

    public static bool TryWrite(this Span<char> destination,
        [InterpolatedStringHandlerArgument(nameof(destination))] ref TryWriteInterpolatedStringHandler handler,
        out int charsWritten) => handler.Finish(out charsWritten);

    internal static void MapCase(ReadOnlySpan<char> source, Span<char> destination, bool upper)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = upper ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
        }
    }

    private static int ChangeCase(ReadOnlySpan<char> source, Span<char> destination, bool upper)
    {
        if (source.Overlaps(destination))
        {
            throw new InvalidOperationException("This operation is invalid on overlapping buffers.");
        }

        if (destination.Length < source.Length)
        {
            return -1;
        }

        MapCase(source, destination, upper);
        return source.Length;
    }

    private static bool CaselessPrefix(ReadOnlySpan<char> span, ReadOnlySpan<char> value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (span[i] != value[i] && char.ToUpperInvariant(span[i]) != char.ToUpperInvariant(value[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Cuts a span at a separator, part by part.</summary>
    public ref struct SpanSplitEnumerator<T> : Collections.Generic.IEnumerator<Range> where T : IEquatable<T>
    {
        private readonly ReadOnlySpan<T> span;
        private readonly T separator;
        private int start;
        private int end;

        internal SpanSplitEnumerator(ReadOnlySpan<T> span, T separator)
        {
            this.span = span;
            this.separator = separator;
            end = -1;
        }

        public readonly ReadOnlySpan<T> Source => span;

        public readonly Range Current => new(start, end);

        readonly object Collections.IEnumerator.Current => Current;

        void Collections.IEnumerator.Reset() => throw new NotSupportedException();

        readonly void IDisposable.Dispose()
        {
        }

        public readonly SpanSplitEnumerator<T> GetEnumerator() => this;

        public bool MoveNext()
        {
            if (end == span.Length)
            {
                return false;
            }

            start = end + 1;
            int length = SpanSearch.IndexOf(span.Slice(start), separator);
            end = length < 0 ? span.Length : start + length;
            return true;
        }
    }

    /// <summary>Writes an interpolated string into characters of the caller, as far as they suffice.</summary>
    [InterpolatedStringHandler]
    public ref struct TryWriteInterpolatedStringHandler
    {
        private readonly Span<char> destination;
        private int written;
        private bool fits;

        public TryWriteInterpolatedStringHandler(int literalLength, int formattedCount, Span<char> destination,
            out bool shouldAppend)
        {
            this.destination = destination;
            fits = shouldAppend = destination.Length >= literalLength;
        }

        public bool AppendLiteral(string value) => Add(value);

        public bool AppendFormatted(scoped ReadOnlySpan<char> value) => Add(value);

        public bool AppendFormatted(string? value) => Add(value);

        public bool AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

        public bool AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

        public bool AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

        public bool AppendFormatted<T>(T value, int alignment, string? format)
        {
            DefaultInterpolatedStringHandler handler = new(0, 1);
            handler.AppendFormatted(value, alignment, format);
            return Add(handler.ToStringAndClear());
        }

        internal readonly bool Finish(out int charsWritten)
        {
            charsWritten = fits ? written : 0;
            return fits;
        }

        private bool Add(scoped ReadOnlySpan<char> value)
        {
            fits = fits && value.TryCopyTo(destination.Slice(written));
            written += fits ? value.Length : 0;
            return fits;
        }
    }
}
