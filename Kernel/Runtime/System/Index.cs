using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>A place in a sequence, counted from its start or, with ^, from its end.</summary>
public readonly struct Index : IEquatable<Index>
{
    // Complemented when counted from the end.
    private readonly int encoded;

    public Index(int value, bool fromEnd = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        encoded = fromEnd ? ~value : value;
    }

    public static Index Start => default;

    public static Index End => FromEnd(0);

    public int Value => encoded < 0 ? ~encoded : encoded;

    public bool IsFromEnd => encoded < 0;

    public static implicit operator Index(int value) => FromStart(value);

    public static Index FromStart(int value) => new(value);

    public static Index FromEnd(int value) => new(value, fromEnd: true);

    public int GetOffset(int length) => encoded < 0 ? encoded + length + 1 : encoded;

    public override bool Equals([NotNullWhen(true)] object? value) => value is Index other && encoded == other.encoded;

    public bool Equals(Index other) => encoded == other.encoded;

    public override int GetHashCode() => encoded;

    public override string ToString() => IsFromEnd ? "^" + ((uint)Value).ToString() : ((uint)Value).ToString();
}

/// <summary>A part of a sequence: from a place up to, without, another one.</summary>
public readonly struct Range : IEquatable<Range>
{
    public Range(Index start, Index end)
    {
        Start = start;
        End = end;
    }

    public static Range All => new(Index.Start, Index.End);

    public Index Start { get; }

    public Index End { get; }

    public static Range StartAt(Index start) => new(start, Index.End);

    public static Range EndAt(Index end) => new(Index.Start, end);

    public (int Offset, int Length) GetOffsetAndLength(int length)
    {
        int start = Start.GetOffset(length);
        int end = End.GetOffset(length);
        if ((uint)end > (uint)length || (uint)start > (uint)end)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        return (start, end - start);
    }

    public override bool Equals([NotNullWhen(true)] object? value) => value is Range other && Equals(other);

    public bool Equals(Range other) => Start.Equals(other.Start) && End.Equals(other.End);

    public override int GetHashCode() => HashCode.Combine(Start.GetHashCode(), End.GetHashCode());

    public override string ToString() => Start.ToString() + ".." + End.ToString();
}
