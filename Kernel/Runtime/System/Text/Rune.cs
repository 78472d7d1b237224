using System.Diagnostics.CodeAnalysis;

namespace System.Text;

/// <summary>One Unicode scalar value: a code point that is no surrogate.</summary>
public readonly struct Rune : IComparable<Rune>, IEquatable<Rune>
{
    private readonly int value;

    public Rune(char ch)
        : this((int)ch)
    {
    }

    public Rune(char highSurrogate, char lowSurrogate)
        : this(char.ConvertToUtf32(highSurrogate, lowSurrogate))
    {
    }

    public Rune(int value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value));
        }

        this.value = value;
    }

    public static Rune ReplacementChar => new(0xFFFD);

    public int Value => value;

    public bool IsAscii => value < 128;

    public bool IsBmp => value < 0x10000;

    public int Utf16SequenceLength => IsBmp ? 1 : 2;

    public int Utf8SequenceLength => Utf8.SizeOf(value);

    public static bool operator ==(Rune left, Rune right) => left.value == right.value;

    public static bool operator !=(Rune left, Rune right) => left.value != right.value;

    public static explicit operator Rune(char ch) => new(ch);

    public static explicit operator Rune(int value) => new(value);

    public static bool IsValid(int value) => (uint)value <= 0x10FFFF && value is not (>= 0xD800 and <= 0xDFFF);

    public static bool IsLetter(Rune value) => value.IsBmp && char.IsLetter((char)value.value);

    public static bool IsDigit(Rune value) => value.IsBmp && char.IsDigit((char)value.value);

    public static bool IsWhiteSpace(Rune value) => value.IsBmp && char.IsWhiteSpace((char)value.value);

    public int CompareTo(Rune other) => value - other.value;

    public bool Equals(Rune other) => value == other.value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Rune other && value == other.value;

    public override int GetHashCode() => value;

    public override string ToString() => char.ConvertFromUtf32(value);

    public int EncodeToUtf8(Span<byte> destination)
    {
        int size = Utf8SequenceLength;
        if (destination.Length < size)
        {
            throw new ArgumentException("Destination is too short.", nameof(destination));
        }

        Utf8.Write(value, size, destination);
        return size;
    }
}

/// <summary>Goes over the scalar values of a string; lone surrogates count as U+FFFD.</summary>
public struct StringRuneEnumerator : Collections.Generic.IEnumerable<Rune>,
    Collections.Generic.IEnumerator<Rune>
{
    private readonly string text;
    private int index;

    internal StringRuneEnumerator(string text)
    {
        this.text = text;
        Current = default;
    }

    public Rune Current { get; private set; }

    readonly object Collections.IEnumerator.Current => Current;

    public readonly StringRuneEnumerator GetEnumerator() => this;

    readonly Collections.Generic.IEnumerator<Rune> Collections.Generic.IEnumerable<Rune>.GetEnumerator() => this;

    readonly Collections.IEnumerator Collections.IEnumerable.GetEnumerator() => this;

    void Collections.IEnumerator.Reset() => index = 0;

    readonly void IDisposable.Dispose()
    {
    }

    public bool MoveNext()
    {
        if (index >= text.Length)
        {
            return false;
        }

        Current = new Rune(Utf8.NextCodePoint(text, ref index));
        return true;
    }
}
