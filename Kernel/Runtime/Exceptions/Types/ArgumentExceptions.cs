using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A method was given something it cannot work with.</summary>
public class ArgumentException : SystemException
{
    private readonly string? parameter;

    /// <summary>Makes the exception with the usual sentence.</summary>
    public ArgumentException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public ArgumentException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ArgumentException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with a sentence and the name of the parameter.</summary>
    public ArgumentException(string? message, string? paramName)
        : base(message) => parameter = paramName;

    /// <summary>Makes the exception with a sentence, the name of the parameter and a cause.</summary>
    public ArgumentException(string? message, string? paramName, Exception? innerException)
        : base(message, innerException) => parameter = paramName;

    /// <summary>The parameter in question.</summary>
    public virtual string? ParamName => parameter;

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            string sentence = base.Message;
            return string.IsNullOrEmpty(parameter) ? sentence : sentence + " (Parameter '" + parameter + "')";
        }
    }

    private protected override string? DefaultMessage => "Value does not fall within the expected range.";

    /// <summary>Throws if the text is null or empty.</summary>
    public static void ThrowIfNullOrEmpty(
        [NotNull] string? argument, [CallerArgumentExpression(nameof(argument))] string? paramName = null)
    {
        ArgumentNullException.ThrowIfNull(argument, paramName);
        if (argument.Length == 0)
            throw new ArgumentException("The value cannot be an empty string.", paramName);
    }
}

/// <summary>A method was given nothing where it needs something.</summary>
public class ArgumentNullException : ArgumentException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public ArgumentNullException()
    {
    }

    /// <summary>Makes the exception with the name of the parameter.</summary>
    public ArgumentNullException(string? paramName)
        : base(null, paramName)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ArgumentNullException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with the name of the parameter and a sentence.</summary>
    public ArgumentNullException(string? paramName, string? message)
        : base(message, paramName)
    {
    }

    private protected override string? DefaultMessage => "Value cannot be null.";

    /// <summary>Throws if the argument is null.</summary>
    public static void ThrowIfNull(
        [NotNull] object? argument, [CallerArgumentExpression(nameof(argument))] string? paramName = null)
    {
        if (argument is null)
            throw new ArgumentNullException(paramName);
    }

    /// <summary>Throws if the pointer is null.</summary>
    public static unsafe void ThrowIfNull(
        [NotNull] void* argument, [CallerArgumentExpression(nameof(argument))] string? paramName = null)
    {
        if (argument == null)
            throw new ArgumentNullException(paramName);
    }
}

/// <summary>A method was given a value outside the range it accepts.</summary>
public class ArgumentOutOfRangeException : ArgumentException
{
    private readonly object? actual;

    /// <summary>Makes the exception with the usual sentence.</summary>
    public ArgumentOutOfRangeException()
    {
    }

    /// <summary>Makes the exception with the name of the parameter.</summary>
    public ArgumentOutOfRangeException(string? paramName)
        : base(null, paramName)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ArgumentOutOfRangeException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with the name of the parameter and a sentence.</summary>
    public ArgumentOutOfRangeException(string? paramName, string? message)
        : base(message, paramName)
    {
    }

    /// <summary>Makes the exception with the name of the parameter, its value and a sentence.</summary>
    public ArgumentOutOfRangeException(string? paramName, object? actualValue, string? message)
        : base(message, paramName) => actual = actualValue;

    /// <summary>The value in question, if it was given.</summary>
    public virtual object? ActualValue => actual;

    /// <inheritdoc/>
    public override string Message =>
        actual == null ? base.Message : base.Message + "\nActual value was " + actual.ToString() + ".";

    private protected override string? DefaultMessage =>
        "Specified argument was out of the range of valid values.";

    /// <summary>Throws if the value is below zero.</summary>
    public static void ThrowIfNegative<T>(
        T value, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(default) < 0)
            throw new ArgumentOutOfRangeException(paramName, value, paramName + " must be a non-negative value.");
    }

    /// <summary>Throws if the value is zero or below.</summary>
    public static void ThrowIfNegativeOrZero<T>(
        T value, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(default) <= 0)
        {
            throw new ArgumentOutOfRangeException(
                paramName, value, paramName + " must be a non-negative and non-zero value.");
        }
    }

    /// <summary>Throws if the value is zero.</summary>
    public static void ThrowIfZero<T>(
        T value, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(default) == 0)
            throw new ArgumentOutOfRangeException(paramName, value, paramName + " must be a non-zero value.");
    }

    /// <summary>Throws if the value is above the limit.</summary>
    public static void ThrowIfGreaterThan<T>(
        T value, T other, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : IComparable<T>
    {
        if (value.CompareTo(other) > 0)
            ThrowNot(value, other, paramName, "less than or equal to");
    }

    /// <summary>Throws if the value is not below the limit.</summary>
    public static void ThrowIfGreaterThanOrEqual<T>(
        T value, T other, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : IComparable<T>
    {
        if (value.CompareTo(other) >= 0)
            ThrowNot(value, other, paramName, "less than");
    }

    /// <summary>Throws if the value is below the limit.</summary>
    public static void ThrowIfLessThan<T>(
        T value, T other, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : IComparable<T>
    {
        if (value.CompareTo(other) < 0)
            ThrowNot(value, other, paramName, "greater than or equal to");
    }

    /// <summary>Throws if the value is not above the limit.</summary>
    public static void ThrowIfLessThanOrEqual<T>(
        T value, T other, [CallerArgumentExpression(nameof(value))] string? paramName = null)
        where T : IComparable<T>
    {
        if (value.CompareTo(other) <= 0)
            ThrowNot(value, other, paramName, "greater than");
    }

    private static void ThrowNot<T>(T value, T other, string? paramName, string relation) =>
        throw new ArgumentOutOfRangeException(
            paramName, value, paramName + " ('" + value + "') must be " + relation + " '" + other + "'.");
}
