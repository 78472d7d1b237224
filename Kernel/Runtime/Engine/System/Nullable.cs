using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A value, or none.</summary>
public struct Nullable<T> where T : struct
{
    // The compiler knows both fields by name and order.
    private readonly bool hasValue;
    internal T value;

    /// <summary>A nullable that has this value.</summary>
    public Nullable(T value)
    {
        this.value = value;
        hasValue = true;
    }

    /// <summary>Is there a value?</summary>
    public readonly bool HasValue
    {
        [Intrinsic]
        get => hasValue;
    }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public readonly T Value
    {
        get
        {
            if (!hasValue)
                throw new InvalidOperationException("Nullable object must have a value.");
            return value;
        }
    }

    /// <summary>The value, or a zeroed one.</summary>
    [Intrinsic]
    public readonly T GetValueOrDefault() => value;

    /// <summary>The value, or the given one.</summary>
    public readonly T GetValueOrDefault(T defaultValue) => hasValue ? value : defaultValue;

    /// <inheritdoc/>
    public override bool Equals(object? other)
    {
        if (!hasValue)
            return other == null;
        return other != null && value.Equals(other);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => hasValue ? value.GetHashCode() : 0;

    /// <inheritdoc/>
    public override string? ToString() => hasValue ? value.ToString() : "";

    /// <summary>Wraps a value.</summary>
    public static implicit operator Nullable<T>(T value) => new Nullable<T>(value);

    /// <summary>Takes the value out.</summary>
    public static explicit operator T(Nullable<T> value) => value!.Value;
}

/// <summary>Helpers for nullables.</summary>
public static class Nullable
{
    /// <summary>Compares; none comes before every value.</summary>
    public static int Compare<T>(T? n1, T? n2) where T : struct
    {
        if (!n1.HasValue)
            return n2.HasValue ? -1 : 0;
        if (!n2.HasValue)
            return 1;
        return Collections.Generic.Comparer<T>.Default.Compare(n1.GetValueOrDefault(), n2.GetValueOrDefault());
    }

    /// <summary>Are both empty, or both values equal?</summary>
    public static bool Equals<T>(T? n1, T? n2) where T : struct
    {
        if (!n1.HasValue || !n2.HasValue)
            return n1.HasValue == n2.HasValue;
        return Collections.Generic.EqualityComparer<T>.Default.Equals(n1.GetValueOrDefault(), n2.GetValueOrDefault());
    }
}
