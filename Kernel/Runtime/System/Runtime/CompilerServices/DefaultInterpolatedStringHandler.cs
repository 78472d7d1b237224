namespace System.Runtime.CompilerServices;

/// <summary>Builds an interpolated string. The compiler calls one method for each literal and each hole.</summary>
[InterpolatedStringHandler]
public ref struct DefaultInterpolatedStringHandler
{
    /// <summary>What a hole is taken to need until its text is known.</summary>
    private const int GuessedHoleLength = 11;
    private const int SmallestBuffer = 64;

    private readonly IFormatProvider? provider;
    private TextBuffer text;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
        : this(literalLength, formattedCount, null)
    {
    }

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount, IFormatProvider? provider)
    {
        this.provider = provider;
        int guess = literalLength + (formattedCount * GuessedHoleLength);
        text = new TextBuffer(new char[Math.Max(guess, SmallestBuffer)]);
    }

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount, IFormatProvider? provider,
        Span<char> initialBuffer)
    {
        this.provider = provider;
        text = new TextBuffer(initialBuffer);
    }

    public readonly ReadOnlySpan<char> Text => text.Written;

    public override readonly string ToString() => text.ToString();

    public string ToStringAndClear()
    {
        string result = text.ToString();
        Clear();
        return result;
    }

    public void Clear() => text = default;

    public void AppendLiteral(string value) => text.Append(value);

    public void AppendFormatted<T>(T value) => Append(value, null);

    public void AppendFormatted<T>(T value, string? format) => Append(value, format);

    public void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

    public void AppendFormatted<T>(T value, int alignment, string? format)
    {
        int start = text.Length;
        Append(value, format);
        Align(start, alignment);
    }

    public void AppendFormatted(scoped ReadOnlySpan<char> value) => text.Append(value);

    public void AppendFormatted(scoped ReadOnlySpan<char> value, int alignment = 0, string? format = null)
    {
        int start = text.Length;
        text.Append(value);
        Align(start, alignment);
    }

    public void AppendFormatted(string? value) => text.Append(value);

    public void AppendFormatted(string? value, int alignment = 0, string? format = null) =>
        AppendFormatted<string?>(value, alignment, format);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) =>
        AppendFormatted<object?>(value, alignment, format);

    private void Append<T>(T value, string? format)
    {
        if (provider is not null
            && provider.GetFormat(typeof(ICustomFormatter)) is ICustomFormatter custom)
        {
            text.Append(custom.Format(format, value, provider));
        }
        else if (value is IFormattable formattable)
        {
            text.Append(formattable.ToString(format, provider));
        }
        else
        {
            text.Append(value?.ToString());
        }
    }

    /// <summary>Blanks before what was written from <paramref name="start"/> on, or behind it if negative.</summary>
    private void Align(int start, int alignment)
    {
        int written = text.Length - start;
        int padding = Math.Abs(alignment) - written;
        if (padding <= 0)
        {
            return;
        }

        Span<char> blanks = text.Claim(padding);
        if (alignment > 0)
        {
            text.MoveUp(start, written, padding);
        }
        else
        {
            blanks.Fill(' ');
        }
    }
}
