using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Text;
using Internal.Runtime;

namespace System;

/// <summary>
/// Immutable UTF-16 text. The characters follow the length inside the object, a zero character ends them. There is one
/// culture, the invariant one: every comparison is by code unit, ignoring case folds with the simple case mapping.
/// </summary>
public sealed partial class String : IComparable, IEnumerable, IEnumerable<char>, IComparable<string?>,
    IEquatable<string?>, ICloneable, ISpanParsable<string>
{
    // Both fields are written by the allocator and the compiler; their places are fixed.
    private readonly int _stringLength;
    private char _firstChar;

    [Intrinsic]
    public static readonly string Empty = "";

    public extern String(char c, int count);

    public extern String(char[]? value);

    public extern String(char[] value, int startIndex, int length);

    public extern String(ReadOnlySpan<char> value);

    public extern unsafe String(char* value);

    public extern unsafe String(char* value, int startIndex, int length);

    public extern unsafe String(sbyte* value);

    public int Length
    {
        [Intrinsic]
        get => _stringLength;
    }

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                throw new IndexOutOfRangeException();
            }

            return Unsafe.Add(ref _firstChar, index);
        }
    }

    internal ref char FirstCharacter => ref _firstChar;

    private Span<char> Writable => new(ref _firstChar, _stringLength);

    public static implicit operator ReadOnlySpan<char>(string? value) =>
        value is null ? default : new ReadOnlySpan<char>(ref value._firstChar, value._stringLength);

    public static bool operator ==(string? a, string? b) => Equals(a, b);

    public static bool operator !=(string? a, string? b) => !Equals(a, b);

    public static string Create<TState>(int length, TState state, Buffers.SpanAction<char, TState> action)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(action);
        if (length <= 0)
        {
            return length == 0 ? Empty : throw new ArgumentOutOfRangeException(nameof(length));
        }

        string text = Allocate(length);
        action(text.Writable, state);
        return text;
    }

    public static string Create(IFormatProvider? provider,
        [InterpolatedStringHandlerArgument(nameof(provider))] ref DefaultInterpolatedStringHandler handler) =>
        handler.ToStringAndClear();

    public static string Create(IFormatProvider? provider, Span<char> initialBuffer,
        [InterpolatedStringHandlerArgument(nameof(provider), nameof(initialBuffer))]
        ref DefaultInterpolatedStringHandler handler) =>
        handler.ToStringAndClear();

    public static string Copy(string str)
    {
        ArgumentNullException.ThrowIfNull(str);
        return new string((ReadOnlySpan<char>)str);
    }

    public static string Intern(string str) => str;

    public static bool IsNullOrEmpty([NotNullWhen(false)] string? value) => value is null || value.Length == 0;

    public static bool IsNullOrWhiteSpace([NotNullWhen(false)] string? value)
    {
        if (value is not null)
        {
            foreach (char c in value)
            {
                if (!char.IsWhiteSpace(c))
                {
                    return false;
                }
            }
        }

        return true;
    }

    public ref readonly char GetPinnableReference() => ref _firstChar;

    public object Clone() => this;

    public override string ToString() => this;

    public string ToString(IFormatProvider? provider) => this;

    public TypeCode GetTypeCode() => TypeCode.String;

    public char[] ToCharArray() => ((ReadOnlySpan<char>)this).ToArray();

    public char[] ToCharArray(int startIndex, int length) => CheckedSlice(startIndex, length).ToArray();

    public void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(destinationIndex);
        ReadOnlySpan<char> source = CheckedSlice(sourceIndex, count);
        if (destinationIndex > destination.Length - count)
        {
            throw new ArgumentOutOfRangeException(nameof(destinationIndex));
        }

        source.CopyTo(destination.AsSpan(destinationIndex));
    }

    public void CopyTo(Span<char> destination) => ((ReadOnlySpan<char>)this).CopyTo(destination);

    public bool TryCopyTo(Span<char> destination) => ((ReadOnlySpan<char>)this).TryCopyTo(destination);

    public CharEnumerator GetEnumerator() => new(this);

    IEnumerator<char> IEnumerable<char>.GetEnumerator() => new CharEnumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new CharEnumerator(this);

    public StringRuneEnumerator EnumerateRunes() => new(this);

    static string IParsable<string>.Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return s;
    }

    static bool IParsable<string>.TryParse(string? s, IFormatProvider? provider, out string result)
    {
        result = s!;
        return s is not null;
    }

    static string ISpanParsable<string>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => s.ToString();

    static bool ISpanParsable<string>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out string result)
    {
        result = s.ToString();
        return true;
    }

    internal static unsafe string Allocate(int length) =>
        Unsafe.As<string>(RuntimeExports.RhNewArray(MethodTable.Of<string>(), length));

    // The compiler turns "new string(...)" into a call of the Ctor with the same parameters.
    private static string Ctor(char c, int count)
    {
        if (count <= 0)
        {
            return count == 0 ? Empty : throw new ArgumentOutOfRangeException(nameof(count));
        }

        string text = Allocate(count);
        text.Writable.Fill(c);
        return text;
    }

    private static string Ctor(char[]? value) => Ctor((ReadOnlySpan<char>)value);

    private static string Ctor(char[] value, int startIndex, int length)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfNegative(startIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startIndex, value.Length - length);
        return Ctor(new ReadOnlySpan<char>(value, startIndex, length));
    }

    private static string Ctor(ReadOnlySpan<char> value)
    {
        if (value.Length == 0)
        {
            return Empty;
        }

        string text = Allocate(value.Length);
        value.CopyTo(text.Writable);
        return text;
    }

    private static unsafe string Ctor(char* value)
    {
        int length = 0;
        while (value != null && value[length] != '\0')
        {
            length++;
        }

        return Ctor(new ReadOnlySpan<char>(value, length));
    }

    private static unsafe string Ctor(char* value, int startIndex, int length) =>
        Ctor(new ReadOnlySpan<char>(value + startIndex, length));

    private static unsafe string Ctor(sbyte* value)
    {
        int length = 0;
        while (value != null && value[length] != 0)
        {
            length++;
        }

        return Encoding.UTF8.GetString(new ReadOnlySpan<byte>(value, length));
    }

    private ReadOnlySpan<char> CheckedSlice(int startIndex, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startIndex, _stringLength - length);
        return new ReadOnlySpan<char>(ref Unsafe.Add(ref _firstChar, startIndex), length);
    }
}

/// <summary>Goes over the characters of a string.</summary>
public sealed class CharEnumerator : IEnumerator<char>, ICloneable
{
    private readonly string text;
    private int index = -1;

    internal CharEnumerator(string text)
    {
        this.text = text;
    }

    public char Current => (uint)index < (uint)text.Length
        ? text[index]
        : throw new InvalidOperationException("Enumeration has not started, or has already finished.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (index < text.Length)
        {
            index++;
        }

        return index < text.Length;
    }

    public void Reset() => index = -1;

    public void Dispose()
    {
    }

    public object Clone() => MemberwiseClone();
}
