using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>Base of all enums. Names come from the table that the build links in (<see cref="TypeNames"/>).</summary>
public abstract unsafe class Enum : ValueType, IComparable, ISpanFormattable
{
    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj != null && obj.TypePointer == TypePointer && Bits(obj) == Bits(this);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        ulong bits = Bits(this);
        return TypePointer->ValueSize == 8 ? (int)bits ^ (int)(bits >> 32) : (int)bits;
    }

    /// <inheritdoc/>
    public int CompareTo(object? target)
    {
        if (target == null)
            return 1;
        if (target.TypePointer != TypePointer)
            throw new ArgumentException("Object must be the same type as the enum.");
        if (IsSigned(TypePointer->Kind))
            return SignedValue(this).CompareTo(SignedValue(target));
        return Bits(this).CompareTo(Bits(target));
    }

    /// <summary>The name of the value; the names of its flags; or the number.</summary>
    public override string ToString() => EnumText.General(TypePointer, Bits(this));

    /// <summary>As text: G or F by name, D as a number, X in hexadecimal.</summary>
    public string ToString(string? format)
    {
        if (string.IsNullOrEmpty(format))
            return ToString();
        if (format!.Length == 1)
        {
            switch ((char)(format[0] | 0x20))
            {
                case 'g':
                    return ToString();
                case 'd':
                    return EnumText.Number(TypePointer, Bits(this));
                case 'x':
                    return EnumText.Hexadecimal(TypePointer, Bits(this));
                case 'f':
                    return EnumText.Flags(TypePointer, Bits(this)) ?? EnumText.Number(TypePointer, Bits(this));
            }
        }
        throw new FormatException(
            "Format string can be only \"G\", \"g\", \"X\", \"x\", \"F\", \"f\", \"D\" or \"d\".");
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString(format);

    /// <inheritdoc/>
    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        string text = ToString(format.Length == 0 ? null : new string(format));
        if (text.Length > destination.Length)
        {
            charsWritten = 0;
            return false;
        }
        ((ReadOnlySpan<char>)text).CopyTo(destination);
        charsWritten = text.Length;
        return true;
    }

    /// <summary>Are all bits of the flag set?</summary>
    [Intrinsic]
    public bool HasFlag(Enum flag)
    {
        if (flag == null)
            throw new ArgumentNullException(nameof(flag));
        if (flag.TypePointer != TypePointer)
            throw new ArgumentException("The argument type is not the same as the enum type.");
        ulong bits = Bits(flag);
        return (Bits(this) & bits) == bits;
    }

    /// <summary>The built-in scalar.</summary>
    public TypeCode GetTypeCode() => Type.GetTypeCode(GetType());

    /// <summary>The name of one value, or null.</summary>
    public static string? GetName<TEnum>(TEnum value) where TEnum : struct, Enum => GetName(typeof(TEnum), value);

    /// <summary>The name of one value, or null.</summary>
    public static string? GetName(Type enumType, object value) => EnumText.NameOf(TableOf(enumType), Bits(value));

    /// <summary>All names, by value.</summary>
    public static string[] GetNames<TEnum>() where TEnum : struct, Enum => GetNames(typeof(TEnum));

    /// <summary>All names, by value.</summary>
    public static string[] GetNames(Type enumType)
    {
        TypeNames.EnumDescription* names = TypeNames.EnumOf(TableOf(enumType));
        var all = new string[names == null ? 0 : (int)names->Count];
        for (int i = 0; i < all.Length; i++)
            all[i] = TypeNames.Text(names->Values[i].Name);
        return all;
    }

    /// <summary>All values, in order.</summary>
    public static TEnum[] GetValues<TEnum>() where TEnum : struct, Enum
    {
        MethodTable* type = TableOf(typeof(TEnum));
        TypeNames.EnumDescription* names = TypeNames.EnumOf(type);
        var all = new TEnum[names == null ? 0 : (int)names->Count];
        for (int i = 0; i < all.Length; i++)
            ScalarBits.Store(type->Kind, ref Unsafe.As<TEnum, byte>(ref all[i]), names->Values[i].Value);
        return all;
    }

    /// <summary>Has the value a name?</summary>
    public static bool IsDefined<TEnum>(TEnum value) where TEnum : struct, Enum => GetName(value) != null;

    /// <summary>Has the value a name?</summary>
    public static bool IsDefined(Type enumType, object value)
    {
        if (value is not string name)
            return GetName(enumType, value) != null;
        return EnumText.TryParseName(TableOf(enumType), name, false, out _);
    }

    /// <summary>The built-in scalar type.</summary>
    public static Type GetUnderlyingType(Type enumType) => TableOf(enumType)->Kind switch
    {
        ElementKind.SByte => typeof(sbyte),
        ElementKind.Byte => typeof(byte),
        ElementKind.Int16 => typeof(short),
        ElementKind.UInt16 => typeof(ushort),
        ElementKind.UInt32 => typeof(uint),
        ElementKind.Int64 => typeof(long),
        ElementKind.UInt64 => typeof(ulong),
        _ => typeof(int),
    };

    /// <summary>From a name, several names with commas, or a number.</summary>
    public static TEnum Parse<TEnum>(string value) where TEnum : struct => Parse<TEnum>(value, false);

    /// <summary>From a name, several names with commas, or a number.</summary>
    public static TEnum Parse<TEnum>(string value, bool ignoreCase) where TEnum : struct
    {
        if (value == null)
            throw new ArgumentNullException(nameof(value));
        if (!TryParse(value, ignoreCase, out TEnum result))
            throw new ArgumentException(string.Concat("Requested value '", value, "' was not found."));
        return result;
    }

    /// <summary>From a name, several names with commas, or a number.</summary>
    public static bool TryParse<TEnum>([NotNullWhen(true)] string? value, out TEnum result) where TEnum : struct =>
        TryParse(value, false, out result);

    /// <summary>From a name, several names with commas, or a number.</summary>
    public static bool TryParse<TEnum>([NotNullWhen(true)] string? value, bool ignoreCase, out TEnum result)
        where TEnum : struct
    {
        result = default;
        MethodTable* type = TableOf(typeof(TEnum));
        if (value == null || !EnumText.TryParse(type, value, ignoreCase, out ulong bits))
            return false;
        ScalarBits.Store(type->Kind, ref Unsafe.As<TEnum, byte>(ref result), bits);
        return true;
    }

    /// <summary>A boxed enum value from any integer.</summary>
    public static object ToObject(Type enumType, object value) => ToObject(enumType, (long)Bits(value));

    /// <summary>A boxed enum value.</summary>
    public static object ToObject(Type enumType, int value) => ToObject(enumType, (long)value);

    /// <summary>A boxed enum value.</summary>
    public static object ToObject(Type enumType, long value)
    {
        MethodTable* type = TableOf(enumType);
        object box = ObjectAllocator.New(type);
        ScalarBits.Store(type->Kind, ref box.RawData, (ulong)value);
        return box;
    }

    /// <summary>Does the kind have a sign?</summary>
    internal static bool IsSigned(ElementKind kind) =>
        kind is ElementKind.SByte or ElementKind.Int16 or ElementKind.Int32 or ElementKind.Int64 or ElementKind.IntPtr;

    /// <summary>The value of a boxed integer or enum without sign extension.</summary>
    internal static ulong Bits(object box)
    {
        ulong value = (ulong)SignedValue(box);
        int size = ScalarBits.Size(box.TypePointer->Kind);
        return size == 8 ? value : value & ((1ul << (8 * size)) - 1);
    }

    private static long SignedValue(object box) => ScalarBits.Signed(box.TypePointer->Kind, ref box.RawData);

    private static MethodTable* TableOf(Type enumType)
    {
        if (enumType is null)
            throw new ArgumentNullException(nameof(enumType));
        if (!enumType.IsEnum)
            throw new ArgumentException("Type provided must be an Enum.", nameof(enumType));
        return enumType.TypeHandle.Table;
    }
}

/// <summary>Text of enum values, and back.</summary>
internal static unsafe class EnumText
{
    /// <summary>What <c>ToString()</c> says.</summary>
    internal static string General(MethodTable* type, ulong bits)
    {
        TypeNames.EnumDescription* names = TypeNames.EnumOf(type);
        string? text = names != null && names->IsFlags ? Flags(type, bits) : NameOf(type, bits);
        return text ?? Number(type, bits);
    }

    /// <summary>The name of exactly this value, or null.</summary>
    internal static string? NameOf(MethodTable* type, ulong bits)
    {
        TypeNames.EnumDescription* names = TypeNames.EnumOf(type);
        for (int i = 0; names != null && i < (int)names->Count; i++)
        {
            if (names->Values[i].Value == bits)
                return TypeNames.Text(names->Values[i].Name);
        }
        return null;
    }

    /// <summary>The names that together make the value, lowest first; null if some bit has no name.</summary>
    internal static string? Flags(MethodTable* type, ulong bits)
    {
        TypeNames.EnumDescription* names = TypeNames.EnumOf(type);
        if (names == null)
            return null;
        if (bits == 0)
            return NameOf(type, 0);
        string? text = null;
        // From the highest down: a name for several bits takes them away before the names of single bits see them.
        for (int i = (int)names->Count - 1; i >= 0 && bits != 0; i--)
        {
            ulong value = names->Values[i].Value;
            if (value == 0 || (bits & value) != value)
                continue;
            bits -= value;
            string name = TypeNames.Text(names->Values[i].Name);
            text = text == null ? name : string.Concat(name, ", ", text);
        }
        return bits == 0 ? text : null;
    }

    /// <summary>The number, with its sign.</summary>
    internal static string Number(MethodTable* type, ulong bits)
    {
        if (!Enum.IsSigned(type->Kind))
            return bits.ToString();
        int unused = 64 - 8 * ScalarBits.Size(type->Kind);
        return ((long)(bits << unused) >> unused).ToString();
    }

    /// <summary>The number with all its hexadecimal digits.</summary>
    internal static string Hexadecimal(MethodTable* type, ulong bits)
    {
        int count = 2 * ScalarBits.Size(type->Kind);
        char* digits = stackalloc char[16];
        for (int i = count - 1; i >= 0; i--, bits >>= 4)
            digits[i] = "0123456789ABCDEF"[(int)(bits & 15)];
        return new string(digits, 0, count);
    }

    /// <summary>Reads a number or names with commas.</summary>
    internal static bool TryParse(MethodTable* type, string text, bool ignoreCase, out ulong bits)
    {
        bits = 0;
        text = text.Trim();
        if (text.Length == 0)
            return false;
        if (char.IsAsciiDigit(text[0]) || text[0] == '-' || text[0] == '+')
            return TryParseNumber(type, text, out bits);
        foreach (string part in text.Split(','))
        {
            if (!TryParseName(type, part.Trim(), ignoreCase, out ulong value))
                return false;
            bits |= value;
        }
        return true;
    }

    /// <summary>Reads one name.</summary>
    internal static bool TryParseName(MethodTable* type, string name, bool ignoreCase, out ulong bits)
    {
        TypeNames.EnumDescription* names = TypeNames.EnumOf(type);
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        for (int i = 0; names != null && i < (int)names->Count; i++)
        {
            if (string.Equals(TypeNames.Text(names->Values[i].Name), name, comparison))
            {
                bits = names->Values[i].Value;
                return true;
            }
        }
        bits = 0;
        return false;
    }

    private static bool TryParseNumber(MethodTable* type, string text, out ulong bits)
    {
        int size = ScalarBits.Size(type->Kind);
        if (Enum.IsSigned(type->Kind))
        {
            bool read = long.TryParse(text, out long signed);
            long limit = size == 8 ? long.MaxValue : (1L << (8 * size - 1)) - 1;
            bits = size == 8 ? (ulong)signed : (ulong)signed & ((1ul << (8 * size)) - 1);
            return read && signed <= limit && signed >= -limit - 1;
        }
        return ulong.TryParse(text, out bits) && (size == 8 || bits < 1ul << (8 * size));
    }
}
