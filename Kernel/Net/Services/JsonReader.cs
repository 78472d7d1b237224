using System;

namespace HaukiOS.Net.Services;

/// <summary>The pieces of a JSON text.</summary>
public enum JsonToken
{
    /// <summary>The text has ended, or is not JSON: <see cref="JsonReader.IsMalformed"/> tells which.</summary>
    None,

    /// <summary><c>{</c></summary>
    ObjectStart,

    /// <summary><c>}</c></summary>
    ObjectEnd,

    /// <summary><c>[</c></summary>
    ArrayStart,

    /// <summary><c>]</c></summary>
    ArrayEnd,

    /// <summary>The name of a member.</summary>
    Name,

    /// <summary>A string.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c></summary>
    True,

    /// <summary><c>false</c></summary>
    False,

    /// <summary><c>null</c></summary>
    Null,
}

/// <summary>
/// Reads a JSON text (RFC 8259) piece by piece where it lies, without allocating. Strict: what the grammar does not
/// allow ends the reading. Nesting is bounded by <see cref="DepthMax"/>, the length by whoever hands the text in.
/// </summary>
public ref struct JsonReader
{
    /// <summary>Objects and arrays inside each other. What is read here needs three.</summary>
    public const int DepthMax = 16;

    private const int DigitsMax = 18; // every such number fits 64 bits

    private readonly ReadOnlySpan<byte> text;
    private int position;
    private uint arrays; // one bit for each open level: is it an array?
    private Expectation expectation;

    /// <summary>A reader at the beginning of <paramref name="text"/>.</summary>
    public JsonReader(ReadOnlySpan<byte> text) => this.text = text;

    private enum Expectation
    {
        Value,
        ValueOrArrayEnd,
        NameOrObjectEnd,
        Name,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>Was there something that is not JSON?</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth { get; private set; }

    /// <summary>The last name, string or number as it stands in the text, escapes and all.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    private readonly bool InArray => Depth > 0 && (arrays & 1) != 0;

    /// <summary>The next piece; <see cref="JsonToken.None"/> at the end and for whatever is wrong.</summary>
    public JsonToken Read()
    {
        JsonToken token = IsMalformed ? JsonToken.None : ReadNext();
        if (token == JsonToken.None && (expectation != Expectation.Nothing || position < text.Length))
        {
            IsMalformed = true;
        }

        return token;
    }

    /// <summary>The last number; its fraction is cut off.</summary>
    /// <returns>False if it has more than 18 digits before the point.</returns>
    public readonly bool TryGetInteger(out long value)
    {
        value = 0;
        ReadOnlySpan<byte> digits = Content;
        bool negative = !digits.IsEmpty && digits[0] == '-';
        digits = digits.Slice(negative ? 1 : 0);
        if (!TrySplit(digits, out ReadOnlySpan<byte> fraction, out int exponent, out int whole))
        {
            return false;
        }

        // The digits of the whole number are the given ones with the point moved by the exponent.
        int count = whole + exponent;
        if (count > DigitsMax)
        {
            return IsAllZero(digits.Slice(0, whole)) && IsAllZero(fraction);
        }

        for (int i = 0; i < count; i++)
        {
            int digit = i < whole ? digits[i] : i - whole < fraction.Length ? fraction[i - whole] : '0';
            value = (value * 10) + digit - '0';
        }

        value = negative ? -value : value;
        return true;
    }

    /// <summary>Passes over the value that comes next, whatever it is.</summary>
    /// <returns>False if it is not well formed.</returns>
    public bool Skip()
    {
        int start = Depth;
        do
        {
            if (Read() == JsonToken.None)
            {
                return false;
            }
        }
        while (Depth > start);
        return true;
    }

    private static bool IsAllZero(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
        {
            if (digit != '0')
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> digits, out ReadOnlySpan<byte> fraction, out int exponent, out int whole)
    {
        const int exponentMax = 400;
        whole = CountDigits(digits);
        fraction = default;
        exponent = 0;
        int at = whole;
        if (at < digits.Length && digits[at] == '.')
        {
            fraction = digits.Slice(at + 1, CountDigits(digits.Slice(at + 1)));
            at += 1 + fraction.Length;
        }

        if (at == digits.Length)
        {
            return whole > 0;
        }

        at++;
        bool negative = digits[at] == '-';
        at += digits[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        for (; at < digits.Length; at++)
        {
            exponent = (exponent * 10) + digits[at] - '0';
            if (exponent > exponentMax)
            {
                return false;
            }
        }

        exponent = negative ? -exponent : exponent;
        return whole > 0;
    }

    private static int CountDigits(ReadOnlySpan<byte> from)
    {
        int count = 0;
        while (count < from.Length && from[count] is >= (byte)'0' and <= (byte)'9')
        {
            count++;
        }

        return count;
    }

    private JsonToken ReadNext()
    {
        SkipBlanks();
        if (expectation == Expectation.CommaOrEnd && position < text.Length && text[position] == ',')
        {
            position++;
            expectation = InArray ? Expectation.Value : Expectation.Name;
            SkipBlanks();
        }

        if (position == text.Length || expectation == Expectation.Nothing)
        {
            return JsonToken.None;
        }

        byte next = text[position];
        bool mayEnd = expectation
            is Expectation.CommaOrEnd or Expectation.ValueOrArrayEnd or Expectation.NameOrObjectEnd;
        if (next is (byte)']' or (byte)'}')
        {
            return mayEnd && next == (InArray ? ']' : '}') ? Close() : JsonToken.None;
        }

        return expectation switch
        {
            Expectation.Value or Expectation.ValueOrArrayEnd => ReadValue(next),
            Expectation.Name or Expectation.NameOrObjectEnd => ReadName(next),
            _ => JsonToken.None,
        };
    }

    private JsonToken ReadName(byte next)
    {
        if (next != '"' || !TryReadString())
        {
            return JsonToken.None;
        }

        SkipBlanks();
        if (position == text.Length || text[position] != ':')
        {
            return JsonToken.None;
        }

        position++;
        expectation = Expectation.Value;
        return JsonToken.Name;
    }

    private JsonToken ReadValue(byte next)
    {
        switch (next)
        {
            case (byte)'{':
                return Open(false, JsonToken.ObjectStart, Expectation.NameOrObjectEnd);
            case (byte)'[':
                return Open(true, JsonToken.ArrayStart, Expectation.ValueOrArrayEnd);
            case (byte)'"':
                return TryReadString() ? Done(JsonToken.String) : JsonToken.None;
            case (byte)'t':
                return TryReadWord("true"u8) ? Done(JsonToken.True) : JsonToken.None;
            case (byte)'f':
                return TryReadWord("false"u8) ? Done(JsonToken.False) : JsonToken.None;
            case (byte)'n':
                return TryReadWord("null"u8) ? Done(JsonToken.Null) : JsonToken.None;
            default:
                return TryReadNumber() ? Done(JsonToken.Number) : JsonToken.None;
        }
    }

    private JsonToken Open(bool isArray, JsonToken token, Expectation next)
    {
        if (Depth == DepthMax)
        {
            return JsonToken.None;
        }

        position++;
        Depth++;
        arrays = (arrays << 1) | (isArray ? 1u : 0);
        expectation = next;
        return token;
    }

    private JsonToken Close()
    {
        JsonToken token = InArray ? JsonToken.ArrayEnd : JsonToken.ObjectEnd;
        position++;
        Depth--;
        arrays >>= 1;
        return Done(token);
    }

    private JsonToken Done(JsonToken token)
    {
        expectation = Depth == 0 ? Expectation.Nothing : Expectation.CommaOrEnd;
        if (Depth == 0)
        {
            SkipBlanks();
        }

        return token;
    }

    private void SkipBlanks()
    {
        while (position < text.Length && text[position] is 0x20 or 0x09 or 0x0A or 0x0D)
        {
            position++;
        }
    }

    private bool TryReadWord(ReadOnlySpan<byte> word)
    {
        if (!text.Slice(position).StartsWith(word))
        {
            return false;
        }

        position += word.Length;
        return true;
    }

    private bool TryReadString()
    {
        int start = position + 1;
        for (int i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    Content = text.Slice(start, i - start);
                    position = i + 1;
                    return true;
                case < 0x20:
                    return false;
                case (byte)'\\' when !TryPassEscape(ref i):
                    return false;
                default:
                    break;
            }
        }

        return false;
    }

    private readonly bool TryPassEscape(ref int at)
    {
        const int codeDigits = 4;
        at++;
        if (at >= text.Length)
        {
            return false;
        }

        if (text[at] != 'u')
        {
            return "\"\\/bfnrt"u8.IndexOf(text[at]) >= 0;
        }

        for (int i = 1; i <= codeDigits; i++)
        {
            if (at + i >= text.Length || !char.IsAsciiHexDigit((char)text[at + i]))
            {
                return false;
            }
        }

        at += codeDigits;
        return true;
    }

    private bool TryReadNumber()
    {
        ReadOnlySpan<byte> rest = text.Slice(position);
        int at = rest[0] == '-' ? 1 : 0;
        int whole = CountDigits(rest.Slice(at));
        if (whole == 0 || (whole > 1 && rest[at] == '0'))
        {
            return false;
        }

        at += whole;
        if (at < rest.Length && rest[at] == '.')
        {
            int fraction = CountDigits(rest.Slice(at + 1));
            at += 1 + fraction;
            if (fraction == 0)
            {
                return false;
            }
        }

        if (at < rest.Length && rest[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += at < rest.Length && rest[at] is (byte)'-' or (byte)'+' ? 1 : 0;
            int exponent = CountDigits(rest.Slice(Math.Min(at, rest.Length)));
            at += exponent;
            if (exponent == 0)
            {
                return false;
            }
        }

        Content = rest.Slice(0, at);
        position += at;
        return true;
    }
}
