using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>
/// Equality of values. The classes below are known to the compiler by name: for a type known at compile time it makes
/// the exact comparer.
/// </summary>
public abstract class EqualityComparer<T> : IEqualityComparer, IEqualityComparer<T>
{
    private static EqualityComparer<T>? standard;

    // Not marked for the compiler: its second pass would use comparers that its first pass has not seen.
    public static EqualityComparer<T> Default => standard ?? Initialize();

    public abstract bool Equals(T? x, T? y);

    public abstract int GetHashCode([DisallowNull] T obj);

    public static EqualityComparer<T> Create(Func<T?, T?, bool> equals, Func<T, int>? getHashCode = null)
    {
        ArgumentNullException.ThrowIfNull(equals);
        return new FunctionEqualityComparer<T>(equals, getHashCode);
    }

    bool IEqualityComparer.Equals(object? x, object? y)
    {
        if (x == y)
        {
            return true;
        }

        return x is not null && y is not null && Equals((T)x, (T)y);
    }

    int IEqualityComparer.GetHashCode(object obj) => obj is null ? 0 : GetHashCode((T)obj);

    // Not inlined: inside a caller that knows T the compiler would make a comparer that its first pass has not seen.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static EqualityComparer<T> Initialize()
    {
        standard = Create();
        return standard;
    }

    // The compiler replaces this body where it knows T.
    [Intrinsic]
    private static EqualityComparer<T> Create() => new AnyEqualityComparer<T>();
}

/// <summary>Equality by <see cref="IEquatable{T}"/>.</summary>
public sealed class GenericEqualityComparer<T> : EqualityComparer<T> where T : IEquatable<T>?
{
    public override bool Equals(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null && y is null;
        }

        return x.Equals(y);
    }

    public override int GetHashCode([DisallowNull] T obj) => obj?.GetHashCode() ?? 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GenericEqualityComparer<T>;

    public override int GetHashCode() => 1;
}

/// <summary>Equality of strings.</summary>
internal sealed class StringEqualityComparer : EqualityComparer<string>
{
    public override bool Equals(string? x, string? y) => string.Equals(x, y);

    public override int GetHashCode(string obj) => obj.GetHashCode();

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is StringEqualityComparer;

    public override int GetHashCode() => 8;
}

/// <summary>Equality of values that may be absent.</summary>
public sealed class NullableEqualityComparer<T> : EqualityComparer<T?> where T : struct
{
    public override bool Equals(T? x, T? y)
    {
        if (x.HasValue != y.HasValue)
        {
            return false;
        }

        return !x.HasValue || EqualityComparer<T>.Default.Equals(x.GetValueOrDefault(), y.GetValueOrDefault());
    }

    public override int GetHashCode(T? obj) => obj.GetHashCode();

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is NullableEqualityComparer<T>;

    public override int GetHashCode() => 2;
}

/// <summary>Equality of enums, by their bits.</summary>
public sealed class EnumEqualityComparer<T> : EqualityComparer<T> where T : struct, Enum
{
    public override bool Equals(T x, T y) => EnumBits.Of(x) == EnumBits.Of(y);

    public override int GetHashCode(T obj) => EnumBits.Of(obj).GetHashCode();

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EnumEqualityComparer<T>;

    public override int GetHashCode() => 3;
}

/// <summary>Equality by <see cref="object.Equals(object)"/>.</summary>
public sealed class ObjectEqualityComparer<T> : EqualityComparer<T>
{
    public override bool Equals(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null && y is null;
        }

        return x.Equals(y);
    }

    public override int GetHashCode([DisallowNull] T obj) => obj?.GetHashCode() ?? 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ObjectEqualityComparer<T>;

    public override int GetHashCode() => 4;
}

/// <summary>Stands in where the compiler could not tell: asks the value at run time.</summary>
internal sealed class AnyEqualityComparer<T> : EqualityComparer<T>
{
    public override bool Equals(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null && y is null;
        }

        return x is IEquatable<T> equatable ? equatable.Equals(y) : x.Equals(y);
    }

    public override int GetHashCode([DisallowNull] T obj) => obj?.GetHashCode() ?? 0;
}

/// <summary>Equality by two functions.</summary>
internal sealed class FunctionEqualityComparer<T>(Func<T?, T?, bool> equals, Func<T, int>? getHashCode)
    : EqualityComparer<T>
{
    public override bool Equals(T? x, T? y) => equals(x, y);

    public override int GetHashCode([DisallowNull] T obj) =>
        getHashCode is null ? throw new NotSupportedException() : getHashCode(obj);
}

/// <summary>Equality of references, whatever the objects say.</summary>
public sealed class ReferenceEqualityComparer : IEqualityComparer<object?>, IEqualityComparer
{
    private ReferenceEqualityComparer()
    {
    }

    public static ReferenceEqualityComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y);

    public int GetHashCode(object? obj) => RuntimeHelpers.GetHashCode(obj);
}

/// <summary>Order of values.</summary>
public abstract class Comparer<T> : IComparer, IComparer<T>
{
    private static Comparer<T>? standard;

    public static Comparer<T> Default => standard ?? Initialize();

    public abstract int Compare(T? x, T? y);

    public static Comparer<T> Create(Comparison<T> comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new FunctionComparer<T>(comparison);
    }

    int IComparer.Compare(object? x, object? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        return Compare((T)x, (T)y);
    }

    // Not inlined: inside a caller that knows T the compiler would make a comparer that its first pass has not seen.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Comparer<T> Initialize()
    {
        standard = Create();
        return standard;
    }

    // The compiler replaces this body where it knows T.
    [Intrinsic]
    private static Comparer<T> Create() => new AnyComparer<T>();
}

/// <summary>Order by <see cref="IComparable{T}"/>.</summary>
public sealed class GenericComparer<T> : Comparer<T> where T : IComparable<T>?
{
    public override int Compare(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        return x.CompareTo(y);
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GenericComparer<T>;

    public override int GetHashCode() => 5;
}

/// <summary>Order of values that may be absent: those come first.</summary>
public sealed class NullableComparer<T> : Comparer<T?> where T : struct
{
    public override int Compare(T? x, T? y)
    {
        if (!x.HasValue || !y.HasValue)
        {
            return x.HasValue ? 1 : y.HasValue ? -1 : 0;
        }

        return Comparer<T>.Default.Compare(x.GetValueOrDefault(), y.GetValueOrDefault());
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is NullableComparer<T>;

    public override int GetHashCode() => 6;
}

/// <summary>Order of enums, by their values.</summary>
internal sealed class EnumComparer<T> : Comparer<T> where T : struct, Enum
{
    public override int Compare(T x, T y) => EnumBits.Of(x).CompareTo(EnumBits.Of(y));
}

/// <summary>Order by <see cref="IComparable"/>.</summary>
public sealed class ObjectComparer<T> : Comparer<T>
{
    public override int Compare(T? x, T? y) => AnyComparer<T>.CompareObjects(x, y);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ObjectComparer<T>;

    public override int GetHashCode() => 7;
}

/// <summary>Stands in where the compiler could not tell: asks the value at run time.</summary>
internal sealed class AnyComparer<T> : Comparer<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is IComparable<T> comparable && y is not null)
        {
            return comparable.CompareTo(y);
        }

        return CompareObjects(x, y);
    }

    internal static int CompareObjects(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        if (x is IComparable left)
        {
            return left.CompareTo(y);
        }

        if (y is IComparable right)
        {
            return -right.CompareTo(x);
        }

        throw new ArgumentException("At least one object must implement IComparable.");
    }
}

/// <summary>Order by a function.</summary>
internal sealed class FunctionComparer<T>(Comparison<T> comparison) : Comparer<T>
{
    public override int Compare(T? x, T? y) => comparison(x!, y!);
}

/// <summary>An enum as a number.</summary>
internal static class EnumBits
{
    /// <summary>
    /// The value, extended by its sign as if it were signed: right for equality, and for order up to 32 bits.
    /// </summary>
    internal static long Of<T>(T value) where T : struct => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, byte>(ref value),
        2 => Unsafe.As<T, short>(ref value),
        4 => Unsafe.As<T, int>(ref value),
        _ => Unsafe.As<T, long>(ref value),
    };
}
