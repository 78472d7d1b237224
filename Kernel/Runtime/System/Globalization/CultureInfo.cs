namespace System.Globalization;

/// <summary>What a number may look like when it is read.</summary>
[Flags]
public enum NumberStyles
{
    None = 0,
    AllowLeadingWhite = 1,
    AllowTrailingWhite = 2,
    AllowLeadingSign = 4,
    AllowTrailingSign = 8,
    AllowParentheses = 16,
    AllowDecimalPoint = 32,
    AllowThousands = 64,
    AllowExponent = 128,
    AllowCurrencySymbol = 256,
    AllowHexSpecifier = 512,
    AllowBinarySpecifier = 1024,
    Integer = AllowLeadingWhite | AllowTrailingWhite | AllowLeadingSign,
    HexNumber = AllowLeadingWhite | AllowTrailingWhite | AllowHexSpecifier,
    BinaryNumber = AllowLeadingWhite | AllowTrailingWhite | AllowBinarySpecifier,
    Number = Integer | AllowTrailingSign | AllowDecimalPoint | AllowThousands,
    Float = Integer | AllowDecimalPoint | AllowExponent,
    Currency = Number | AllowParentheses | AllowCurrencySymbol,
    Any = Currency | AllowExponent,
}

/// <summary>What a date may look like when it is read.</summary>
[Flags]
public enum DateTimeStyles
{
    None = 0,
    AllowLeadingWhite = 1,
    AllowTrailingWhite = 2,
    AllowInnerWhite = 4,
    AllowWhiteSpaces = 7,
    NoCurrentDateDefault = 8,
    AdjustToUniversal = 16,
    AssumeLocal = 32,
    AssumeUniversal = 64,
    RoundtripKind = 128,
}

/// <summary>How strings are compared; the house compares ordinally whatever is asked.</summary>
[Flags]
public enum CompareOptions
{
    None = 0,
    IgnoreCase = 1,
    OrdinalIgnoreCase = 0x10000000,
    Ordinal = 0x40000000,
}

/// <summary>The invariant culture: the only one there is.</summary>
public class CultureInfo : IFormatProvider
{
    private static readonly CultureInfo Invariant = new("");

    public CultureInfo(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    public static CultureInfo InvariantCulture => Invariant;

    public static CultureInfo CurrentCulture
    {
        get => Invariant;
        set => ArgumentNullException.ThrowIfNull(value);
    }

    public static CultureInfo CurrentUICulture
    {
        get => Invariant;
        set => ArgumentNullException.ThrowIfNull(value);
    }

    public virtual string Name { get; }

    public virtual NumberFormatInfo NumberFormat => NumberFormatInfo.InvariantInfo;

    public static CultureInfo GetCultureInfo(string name) => new(name);

    public virtual object? GetFormat(Type? formatType) =>
        formatType == typeof(NumberFormatInfo) ? NumberFormat : null;

    public override string ToString() => Name;
}

/// <summary>Signs and separators of numbers.</summary>
public sealed class NumberFormatInfo : IFormatProvider
{
    private static readonly NumberFormatInfo Invariant = new();

    public static NumberFormatInfo InvariantInfo => Invariant;

    public static NumberFormatInfo CurrentInfo => Invariant;

    public string NegativeSign { get; set; } = "-";

    public string PositiveSign { get; set; } = "+";

    public string NumberDecimalSeparator { get; set; } = ".";

    public string NumberGroupSeparator { get; set; } = ",";

    public int NumberDecimalDigits { get; set; } = 2;

    public string PercentSymbol { get; set; } = "%";

    public string PerMilleSymbol { get; set; } = "\u2030";

    public string CurrencySymbol { get; set; } = "\u00A4";

    public string NaNSymbol { get; set; } = "NaN";

    public string PositiveInfinitySymbol { get; set; } = "Infinity";

    public string NegativeInfinitySymbol { get; set; } = "-Infinity";

    public static NumberFormatInfo GetInstance(IFormatProvider? formatProvider) =>
        formatProvider switch
        {
            null => Invariant,
            NumberFormatInfo info => info,
            CultureInfo culture => culture.NumberFormat,
            _ => formatProvider.GetFormat(typeof(NumberFormatInfo)) as NumberFormatInfo ?? Invariant,
        };

    public object? GetFormat(Type? formatType) => formatType == typeof(NumberFormatInfo) ? this : null;
}
