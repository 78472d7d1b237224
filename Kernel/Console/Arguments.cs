using System;
using System.Text;

namespace HaukiOS.Console;

/// <summary>Takes a command line apart. Words are separated by blanks; a word may stand in double quotes.</summary>
internal ref struct Arguments
{
    private ReadOnlySpan<byte> rest;

    public Arguments(ReadOnlySpan<byte> line) => rest = line;

    /// <summary>Is anything left?</summary>
    public bool IsEmpty => SkipBlanks().IsEmpty;

    /// <summary>The next word as text; empty if there is none.</summary>
    public string NextWord()
    {
        ReadOnlySpan<byte> text = SkipBlanks();
        bool quoted = text.Length > 1 && text[0] == '"' && text.Slice(1).IndexOf((byte)'"') >= 0;
        if (quoted)
        {
            text = text.Slice(1);
        }

        int end = text.IndexOf(quoted ? (byte)'"' : (byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? text : text.Slice(0, end);
        rest = end < 0 ? default : text.Slice(end + 1);
        return Encoding.UTF8.GetString(word);
    }

    /// <summary>All that is left, without quotes around the whole of it. Stays in the line's own buffer.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        ReadOnlySpan<byte> text = SkipBlanks();
        rest = default;
        bool quoted = text.Length > 1 && text[0] == '"' && text[^1] == '"';
        return quoted ? text.Slice(1, text.Length - 2) : text;
    }

    /// <summary>The next word as a number from 1 to a billion.</summary>
    public bool TryNextNumber(out long number)
    {
        const long most = 1_000_000_000;
        number = 0;
        string word = NextWord();
        foreach (char c in word)
        {
            if (c is < '0' or > '9' || number > most)
            {
                return false;
            }

            number = (number * 10) + (c - '0');
        }

        return number is >= 1 and <= most;
    }

    private ReadOnlySpan<byte> SkipBlanks()
    {
        while (!rest.IsEmpty && rest[0] == ' ')
        {
            rest = rest.Slice(1);
        }

        return rest;
    }
}
