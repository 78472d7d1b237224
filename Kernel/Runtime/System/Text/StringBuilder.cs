using System.Runtime.CompilerServices;

namespace System.Text;

/// <summary>Text that grows, in one array.</summary>
public sealed class StringBuilder
{
    private const int DefaultCapacity = 16;

    private readonly int maxCapacity;
    private char[] characters;
    private int length;

    public StringBuilder()
        : this(DefaultCapacity)
    {
    }

    public StringBuilder(int capacity)
        : this(capacity, int.MaxValue)
    {
    }

    public StringBuilder(int capacity, int maxCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, maxCapacity);
        this.maxCapacity = maxCapacity;
        characters = new char[capacity == 0 ? Math.Min(DefaultCapacity, maxCapacity) : capacity];
    }

    public StringBuilder(string? value)
        : this(value, DefaultCapacity)
    {
    }

    public StringBuilder(string? value, int capacity)
        : this(Math.Max(capacity, value?.Length ?? 0))
    {
        Append(value);
    }

    public StringBuilder(string? value, int startIndex, int length, int capacity)
        : this(Math.Max(capacity, length))
    {
        Append(value, startIndex, length);
    }

    public int Length
    {
        get => length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value > length)
            {
                Append('\0', value - length);
            }

            length = value;
        }
    }

    public int Capacity
    {
        get => characters.Length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, maxCapacity);
            Array.Resize(ref characters!, value);
        }
    }

    public int MaxCapacity => maxCapacity;

    internal ReadOnlySpan<char> Written => new(characters, 0, length);

    [IndexerName("Chars")]
    public char this[int index]
    {
        get => (uint)index < (uint)length ? characters[index] : throw new IndexOutOfRangeException();
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)length, nameof(index));
            characters[index] = value;
        }
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (capacity > characters.Length)
        {
            Grow(capacity - length);
        }

        return characters.Length;
    }

    public override string ToString() => new(Written);

    public string ToString(int startIndex, int length) => new(Checked(startIndex, length));

    public StringBuilder Clear()
    {
        length = 0;
        return this;
    }

    public StringBuilder Append(char value)
    {
        if (length == characters.Length)
        {
            Grow(1);
        }

        characters[length++] = value;
        return this;
    }

    public StringBuilder Append(char value, int repeatCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(repeatCount);
        Claim(repeatCount).Fill(value);
        return this;
    }

    public StringBuilder Append(string? value) => Append((ReadOnlySpan<char>)value);

    public StringBuilder Append(string? value, int startIndex, int count) => Append(value.AsSpan(startIndex, count));

    public StringBuilder Append(ReadOnlySpan<char> value)
    {
        value.CopyTo(Claim(value.Length));
        return this;
    }

    public StringBuilder Append(ReadOnlyMemory<char> value) => Append(value.Span);

    public StringBuilder Append(char[]? value) => Append((ReadOnlySpan<char>)value);

    public StringBuilder Append(char[]? value, int startIndex, int charCount) =>
        Append(new ReadOnlySpan<char>(value, startIndex, charCount));

    public unsafe StringBuilder Append(char* value, int valueCount) =>
        Append(new ReadOnlySpan<char>(value, valueCount));

    public StringBuilder Append(StringBuilder? value) => value is null ? this : Append(value.ToString());

    public StringBuilder Append(StringBuilder? value, int startIndex, int count) =>
        value is null ? this : Append(value.ToString(startIndex, count));

    public StringBuilder Append(bool value) => Append(value.ToString());

    public StringBuilder Append(sbyte value) => Append(value.ToString());

    public StringBuilder Append(byte value) => Append(value.ToString());

    public StringBuilder Append(short value) => Append(value.ToString());

    public StringBuilder Append(ushort value) => Append(value.ToString());

    public StringBuilder Append(int value) => Append(value.ToString());

    public StringBuilder Append(uint value) => Append(value.ToString());

    public StringBuilder Append(long value) => Append(value.ToString());

    public StringBuilder Append(ulong value) => Append(value.ToString());

    public StringBuilder Append(float value) => Append(value.ToString());

    public StringBuilder Append(double value) => Append(value.ToString());

    public StringBuilder Append(object? value) => Append(value?.ToString());

    public StringBuilder Append(
        [InterpolatedStringHandlerArgument("")] ref AppendInterpolatedStringHandler handler) => this;

    public StringBuilder Append(IFormatProvider? provider,
        [InterpolatedStringHandlerArgument("", nameof(provider))] ref AppendInterpolatedStringHandler handler) => this;

    public StringBuilder AppendLine() => Append(Environment.NewLine);

    public StringBuilder AppendLine(string? value) => Append(value).Append(Environment.NewLine);

    public StringBuilder AppendLine(
        [InterpolatedStringHandlerArgument("")] ref AppendInterpolatedStringHandler handler) => AppendLine();

    public StringBuilder AppendLine(IFormatProvider? provider,
        [InterpolatedStringHandlerArgument("", nameof(provider))] ref AppendInterpolatedStringHandler handler) =>
        AppendLine();

    public StringBuilder AppendFormat(string format, object? arg0) => AppendFormat(null, format, [arg0]);

    public StringBuilder AppendFormat(string format, object? arg0, object? arg1) =>
        AppendFormat(null, format, [arg0, arg1]);

    public StringBuilder AppendFormat(string format, object? arg0, object? arg1, object? arg2) =>
        AppendFormat(null, format, [arg0, arg1, arg2]);

    public StringBuilder AppendFormat(string format, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return AppendFormat(null, format, (ReadOnlySpan<object?>)args);
    }

    public StringBuilder AppendFormat(string format, params ReadOnlySpan<object?> args) =>
        AppendFormat(null, format, args);

    public StringBuilder AppendFormat(IFormatProvider? provider, string format, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return AppendFormat(provider, format, (ReadOnlySpan<object?>)args);
    }

    public StringBuilder AppendFormat(IFormatProvider? provider, string format, params ReadOnlySpan<object?> args)
    {
        ArgumentNullException.ThrowIfNull(format);
        CompositeWriter.Append(this, provider, format, args);
        return this;
    }

    public StringBuilder AppendJoin(string? separator, params string?[] values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin(string? separator, params object?[] values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin(char separator, params string?[] values) => Append(string.Join(separator, values));

    public StringBuilder AppendJoin(char separator, params object?[] values) => Append(string.Join(separator, values));

    public StringBuilder AppendJoin(string? separator, params ReadOnlySpan<string?> values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin(string? separator, params ReadOnlySpan<object?> values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin(char separator, params ReadOnlySpan<string?> values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin(char separator, params ReadOnlySpan<object?> values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin<T>(string? separator, Collections.Generic.IEnumerable<T> values) =>
        Append(string.Join(separator, values));

    public StringBuilder AppendJoin<T>(char separator, Collections.Generic.IEnumerable<T> values) =>
        Append(string.Join(separator, values));

    public StringBuilder Insert(int index, string? value) => Insert(index, (ReadOnlySpan<char>)value);

    public StringBuilder Insert(int index, string? value, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (int i = 0; i < count; i++)
        {
            Insert(index, value);
        }

        return this;
    }

    public StringBuilder Insert(int index, char value) => Insert(index, new ReadOnlySpan<char>(in value));

    public StringBuilder Insert(int index, char[]? value) => Insert(index, (ReadOnlySpan<char>)value);

    public StringBuilder Insert(int index, bool value) => Insert(index, value.ToString());

    public StringBuilder Insert(int index, int value) => Insert(index, value.ToString());

    public StringBuilder Insert(int index, long value) => Insert(index, value.ToString());

    public StringBuilder Insert(int index, double value) => Insert(index, value.ToString());

    public StringBuilder Insert(int index, object? value) => Insert(index, value?.ToString());

    public StringBuilder Insert(int index, ReadOnlySpan<char> value)
    {
        if ((uint)index > (uint)length)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        // The text may be part of this builder: keep it apart while characters move.
        string kept = value.ToString();
        int moved = length - index;
        Claim(kept.Length);
        Array.Copy(characters, index, characters, index + kept.Length, moved);
        kept.CopyTo(characters.AsSpan(index));
        return this;
    }

    public StringBuilder Remove(int startIndex, int length)
    {
        Checked(startIndex, length);
        int end = startIndex + length;
        Array.Copy(characters, end, characters, startIndex, this.length - end);
        this.length -= length;
        return this;
    }

    public StringBuilder Replace(char oldChar, char newChar) => Replace(oldChar, newChar, 0, length);

    public StringBuilder Replace(char oldChar, char newChar, int startIndex, int count)
    {
        Checked(startIndex, count);
        characters.AsSpan(startIndex, count).Replace(oldChar, newChar);
        return this;
    }

    public StringBuilder Replace(string oldValue, string? newValue) => Replace(oldValue, newValue, 0, length);

    public StringBuilder Replace(string oldValue, string? newValue, int startIndex, int count)
    {
        string replaced = ToString(startIndex, count).Replace(oldValue, newValue);
        string tail = ToString(startIndex + count, length - startIndex - count);
        length = startIndex;
        return Append(replaced).Append(tail);
    }

    public void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count) =>
        Checked(sourceIndex, count).CopyTo(destination.AsSpan(destinationIndex));

    public void CopyTo(int sourceIndex, Span<char> destination, int count) =>
        Checked(sourceIndex, count).CopyTo(destination);

    public bool Equals(StringBuilder? sb) => sb is not null && Written.SequenceEqual(sb.Written);

    public bool Equals(ReadOnlySpan<char> span) => Written.SequenceEqual(span);

    public ChunkEnumerator GetChunks() => new(new ReadOnlyMemory<char>(characters, 0, length));

    private ReadOnlySpan<char> Checked(int startIndex, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startIndex, length - count);
        return new ReadOnlySpan<char>(characters, startIndex, count);
    }

    private Span<char> Claim(int count)
    {
        if (characters.Length - length < count)
        {
            Grow(count);
        }

        Span<char> claimed = characters.AsSpan(length, count);
        length += count;
        return claimed;
    }

    private void Grow(int count)
    {
        int needed = checked(length + count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, maxCapacity, "requiredLength");
        Array.Resize(ref characters!, (int)Math.Min(Math.Max((long)needed, characters.Length * 2L), maxCapacity));
    }

    /// <summary>The text in one piece.</summary>
    public struct ChunkEnumerator
    {
        private readonly ReadOnlyMemory<char> chunk;
        private bool done;

        internal ChunkEnumerator(ReadOnlyMemory<char> chunk)
        {
            this.chunk = chunk;
        }

        public readonly ReadOnlyMemory<char> Current => chunk;

        public readonly ChunkEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            bool first = !done;
            done = true;
            return first && !chunk.IsEmpty;
        }
    }

    /// <summary>Appends an interpolated string to a builder.</summary>
    [InterpolatedStringHandler]
    public struct AppendInterpolatedStringHandler
    {
        private readonly StringBuilder builder;
        private readonly IFormatProvider? provider;

        public AppendInterpolatedStringHandler(int literalLength, int formattedCount, StringBuilder stringBuilder)
        {
            builder = stringBuilder;
        }

        public AppendInterpolatedStringHandler(int literalLength, int formattedCount, StringBuilder stringBuilder,
            IFormatProvider? provider)
        {
            builder = stringBuilder;
            this.provider = provider;
        }

        public readonly void AppendLiteral(string value) => builder.Append(value);

        public readonly void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

        public readonly void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

        public readonly void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

        public readonly void AppendFormatted<T>(T value, int alignment, string? format)
        {
            DefaultInterpolatedStringHandler text = new(0, 1, provider);
            text.AppendFormatted(value, alignment, format);
            builder.Append(text.ToStringAndClear());
        }

        public readonly void AppendFormatted(string? value) => builder.Append(value);

        public readonly void AppendFormatted(string? value, int alignment = 0, string? format = null) =>
            AppendFormatted<string?>(value, alignment, format);

        public readonly void AppendFormatted(ReadOnlySpan<char> value) => builder.Append(value);

        public readonly void AppendFormatted(ReadOnlySpan<char> value, int alignment = 0, string? format = null) =>
            AppendFormatted<string?>(value.ToString(), alignment, format);

        public readonly void AppendFormatted(object? value, int alignment = 0, string? format = null) =>
            AppendFormatted<object?>(value, alignment, format);
    }
}
