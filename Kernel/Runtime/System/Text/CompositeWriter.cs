using System.Runtime.CompilerServices;

namespace System.Text;

/// <summary>Fills in composite formats: text with {index,alignment:format} and doubled braces.</summary>
internal static class CompositeWriter
{
    /// <summary>Largest index and width; a format is no way to ask for a gigabyte of blanks.</summary>
    private const int Limit = 1_000_000;

    internal static void Append(StringBuilder text, IFormatProvider? provider, ReadOnlySpan<char> format,
        ReadOnlySpan<object?> args)
    {
        int i = 0;
        while (i < format.Length)
        {
            char c = format[i++];
            if (c is not ('{' or '}'))
            {
                text.Append(c);
                continue;
            }

            if (i < format.Length && format[i] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            if (c == '}')
            {
                throw Malformed();
            }

            AppendHole(text, provider, format, ref i, args);
        }
    }

    private static void AppendHole(StringBuilder text, IFormatProvider? provider, ReadOnlySpan<char> format, ref int i,
        ReadOnlySpan<object?> args)
    {
        int index = ReadNumber(format, ref i);
        SkipBlanks(format, ref i);
        int alignment = 0;
        if (At(format, i) == ',')
        {
            i++;
            SkipBlanks(format, ref i);
            bool left = At(format, i) == '-';
            i += left ? 1 : 0;
            int width = ReadNumber(format, ref i);
            alignment = left ? -width : width;
            SkipBlanks(format, ref i);
        }

        string? valueFormat = null;
        if (At(format, i) == ':')
        {
            int start = ++i;
            while (At(format, i) is not ('}' or '{'))
            {
                i++;
            }

            valueFormat = format.Slice(start, i - start).ToString();
        }

        if (At(format, i++) != '}')
        {
            throw Malformed();
        }

        if (index >= args.Length)
        {
            throw new FormatException("Index (zero based) must be less than the size of the argument list.");
        }

        DefaultInterpolatedStringHandler value = new(0, 1, provider);
        value.AppendFormatted<object?>(args[index], alignment, valueFormat);
        text.Append(value.ToStringAndClear());
    }

    private static int ReadNumber(ReadOnlySpan<char> format, ref int i)
    {
        if (!char.IsAsciiDigit(At(format, i)))
        {
            throw Malformed();
        }

        int number = 0;
        while (char.IsAsciiDigit(At(format, i)) && number < Limit)
        {
            number = (number * 10) + (format[i++] - '0');
        }

        return number;
    }

    private static void SkipBlanks(ReadOnlySpan<char> format, ref int i)
    {
        while (At(format, i) == ' ')
        {
            i++;
        }
    }

    private static char At(ReadOnlySpan<char> format, int i) => i < format.Length ? format[i] : throw Malformed();

    private static FormatException Malformed() => new("Input string was not in a correct format.");
}
