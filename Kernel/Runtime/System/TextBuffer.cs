namespace System;

/// <summary>
/// Characters being put together: starts in memory of the caller (usually on the stack) and moves to an array when
/// that is full. Never handed out; the text is copied out of it.
/// </summary>
internal ref struct TextBuffer
{
    private Span<char> chars;
    private int length;

    internal TextBuffer(Span<char> initial)
    {
        chars = initial;
        length = 0;
    }

    internal readonly int Length => length;

    internal readonly ReadOnlySpan<char> Written => chars.Slice(0, length);

    internal void Append(char c)
    {
        if (length == chars.Length)
        {
            Grow(1);
        }

        chars[length++] = c;
    }

    internal void Append(string? text)
    {
        if (text is not null)
        {
            Append((ReadOnlySpan<char>)text);
        }
    }

    internal void Append(scoped ReadOnlySpan<char> text) => text.CopyTo(Claim(text.Length));

    internal void AppendRepeated(char c, int count)
    {
        if (count > 0)
        {
            Claim(count).Fill(c);
        }
    }

    /// <summary>Room for <paramref name="count"/> more characters, already counted as written.</summary>
    internal Span<char> Claim(int count)
    {
        if (chars.Length - length < count)
        {
            Grow(count);
        }

        Span<char> claimed = chars.Slice(length, count);
        length += count;
        return claimed;
    }

    /// <summary>Moves characters up by some places and puts blanks where they began.</summary>
    internal readonly void MoveUp(int start, int count, int places)
    {
        chars.Slice(start, count).CopyTo(chars.Slice(start + places));
        chars.Slice(start, places).Fill(' ');
    }

    internal readonly bool TryCopyTo(Span<char> destination, out int charsWritten)
    {
        if (length > destination.Length)
        {
            charsWritten = 0;
            return false;
        }

        Written.CopyTo(destination);
        charsWritten = length;
        return true;
    }

    internal readonly bool TryCopyTo(Span<byte> utf8Destination, out int bytesWritten)
    {
        if (Text.Utf8.CountBytes(Written) > utf8Destination.Length)
        {
            bytesWritten = 0;
            return false;
        }

        bytesWritten = Text.Utf8.Encode(Written, utf8Destination);
        return true;
    }

    internal void Insert(int at, string text)
    {
        int moved = length - at;
        Claim(text.Length);
        MoveUp(at, moved, text.Length);
        text.CopyTo(chars.Slice(at));
    }

    public override readonly string ToString() => new(Written);

    private void Grow(int needed)
    {
        int size = Math.Max(Math.Max(chars.Length * 2, 64), checked(length + needed));
        char[] larger = new char[size];
        Written.CopyTo(larger);
        chars = larger;
    }
}
