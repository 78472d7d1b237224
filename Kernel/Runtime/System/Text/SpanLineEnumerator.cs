namespace System.Text;

/// <summary>Goes over the lines of a text; every Unicode line end counts.</summary>
public ref struct SpanLineEnumerator : Collections.Generic.IEnumerator<ReadOnlySpan<char>>
{
    private ReadOnlySpan<char> rest;
    private ReadOnlySpan<char> current;
    private bool more;

    internal SpanLineEnumerator(ReadOnlySpan<char> text)
    {
        rest = text;
        current = default;
        more = true;
    }

    public readonly ReadOnlySpan<char> Current => current;

    readonly object Collections.IEnumerator.Current => throw new NotSupportedException("Spans are never boxed.");

    void Collections.IEnumerator.Reset() => throw new NotSupportedException();

    readonly void IDisposable.Dispose()
    {
    }

    public readonly SpanLineEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!more)
        {
            return false;
        }

        int end = SpanSearch.IndexOfAny(rest, "\r\n\f\u0085\u2028\u2029", wanted: true);
        if (end < 0)
        {
            current = rest;
            more = false;
            return true;
        }

        int length = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1;
        current = rest.Slice(0, end);
        rest = rest.Slice(end + length);
        return true;
    }
}
