using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;

namespace System;

/// <summary>Strings put one after the other, and formats filled in.</summary>
public sealed partial class String
{
    public static string Concat(string? str0, string? str1)
    {
        if (IsNullOrEmpty(str0))
        {
            return str1 ?? Empty;
        }

        return IsNullOrEmpty(str1) ? str0 : Concat((ReadOnlySpan<char>)str0, str1);
    }

    public static string Concat(string? str0, string? str1, string? str2) =>
        Concat((ReadOnlySpan<char>)str0, str1, str2);

    public static string Concat(string? str0, string? str1, string? str2, string? str3) =>
        Concat((ReadOnlySpan<char>)str0, str1, str2, str3);

    public static string Concat(params string?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Concat((ReadOnlySpan<string?>)values);
    }

    public static string Concat(params ReadOnlySpan<string?> values)
    {
        int length = 0;
        foreach (string? value in values)
        {
            length = checked(length + (value?.Length ?? 0));
        }

        if (length == 0)
        {
            return Empty;
        }

        string text = Allocate(length);
        Span<char> rest = text.Writable;
        foreach (string? value in values)
        {
            rest = Put(value, rest);
        }

        return text;
    }

    public static string Concat(ReadOnlySpan<char> str0, ReadOnlySpan<char> str1) =>
        Concat(str0, str1, default, default);

    public static string Concat(ReadOnlySpan<char> str0, ReadOnlySpan<char> str1, ReadOnlySpan<char> str2) =>
        Concat(str0, str1, str2, default);

    public static string Concat(ReadOnlySpan<char> str0, ReadOnlySpan<char> str1, ReadOnlySpan<char> str2,
        ReadOnlySpan<char> str3)
    {
        int length = checked(str0.Length + str1.Length + str2.Length + str3.Length);
        if (length == 0)
        {
            return Empty;
        }

        string text = Allocate(length);
        Put(str3, Put(str2, Put(str1, Put(str0, text.Writable))));
        return text;
    }

    public static string Concat(object? arg0) => arg0?.ToString() ?? Empty;

    public static string Concat(object? arg0, object? arg1) => Concat(arg0?.ToString(), arg1?.ToString());

    public static string Concat(object? arg0, object? arg1, object? arg2) =>
        Concat(arg0?.ToString(), arg1?.ToString(), arg2?.ToString());

    public static string Concat(params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return Concat((ReadOnlySpan<object?>)args);
    }

    public static string Concat(params ReadOnlySpan<object?> args)
    {
        string?[] texts = new string?[args.Length];
        for (int i = 0; i < args.Length; i++)
        {
            texts[i] = args[i]?.ToString();
        }

        return Concat((ReadOnlySpan<string?>)texts);
    }

    public static string Concat(IEnumerable<string?> values) => Join(Empty, values);

    public static string Concat<T>(IEnumerable<T> values) => Join(Empty, values);

    public static string Join(string? separator, params string?[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Join((ReadOnlySpan<char>)separator, (ReadOnlySpan<string?>)value);
    }

    public static string Join(string? separator, params ReadOnlySpan<string?> value) =>
        Join((ReadOnlySpan<char>)separator, value);

    public static string Join(string? separator, string?[] value, int startIndex, int count)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Join((ReadOnlySpan<char>)separator, new ReadOnlySpan<string?>(value, startIndex, count));
    }

    public static string Join(string? separator, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return JoinObjects(separator, values);
    }

    public static string Join(string? separator, params ReadOnlySpan<object?> values) => JoinObjects(separator, values);

    public static string Join(string? separator, IEnumerable<string?> values) => JoinAll(separator, values);

    public static string Join<T>(string? separator, IEnumerable<T> values) => JoinAll(separator, values);

    public static string Join(char separator, params string?[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Join(new ReadOnlySpan<char>(in separator), (ReadOnlySpan<string?>)value);
    }

    public static string Join(char separator, params ReadOnlySpan<string?> value) =>
        Join(new ReadOnlySpan<char>(in separator), value);

    public static string Join(char separator, string?[] value, int startIndex, int count)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Join(new ReadOnlySpan<char>(in separator), new ReadOnlySpan<string?>(value, startIndex, count));
    }

    public static string Join(char separator, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return JoinObjects(new ReadOnlySpan<char>(in separator), values);
    }

    public static string Join(char separator, params ReadOnlySpan<object?> values) =>
        JoinObjects(new ReadOnlySpan<char>(in separator), values);

    public static string Join<T>(char separator, IEnumerable<T> values) =>
        JoinAll(new ReadOnlySpan<char>(in separator), values);

    public static string Format(string format, object? arg0) => FormatAll(null, format, [arg0]);

    public static string Format(string format, object? arg0, object? arg1) => FormatAll(null, format, [arg0, arg1]);

    public static string Format(string format, object? arg0, object? arg1, object? arg2) =>
        FormatAll(null, format, [arg0, arg1, arg2]);

    public static string Format(string format, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return FormatAll(null, format, args);
    }

    public static string Format(string format, params ReadOnlySpan<object?> args) => FormatAll(null, format, args);

    public static string Format(IFormatProvider? provider, string format, object? arg0) =>
        FormatAll(provider, format, [arg0]);

    public static string Format(IFormatProvider? provider, string format, object? arg0, object? arg1) =>
        FormatAll(provider, format, [arg0, arg1]);

    public static string Format(IFormatProvider? provider, string format, object? arg0, object? arg1, object? arg2) =>
        FormatAll(provider, format, [arg0, arg1, arg2]);

    public static string Format(IFormatProvider? provider, string format, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return FormatAll(provider, format, args);
    }

    public static string Format(IFormatProvider? provider, string format, params ReadOnlySpan<object?> args) =>
        FormatAll(provider, format, args);

    private static string FormatAll(IFormatProvider? provider, string format, ReadOnlySpan<object?> args)
    {
        ArgumentNullException.ThrowIfNull(format);
        StringBuilder text = new(format.Length + (args.Length * 8));
        return text.AppendFormat(provider, format, args).ToString();
    }

    private static string Join(ReadOnlySpan<char> separator, ReadOnlySpan<string?> values)
    {
        TextBuffer text = new(stackalloc char[128]);
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? default : separator);
            text.Append(values[i]);
        }

        return text.ToString();
    }

    private static string JoinObjects(ReadOnlySpan<char> separator, ReadOnlySpan<object?> values)
    {
        TextBuffer text = new(stackalloc char[128]);
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? default : separator);
            text.Append(values[i]?.ToString());
        }

        return text.ToString();
    }

    private static string JoinAll<T>(ReadOnlySpan<char> separator, IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        TextBuffer text = new(stackalloc char[128]);
        bool first = true;
        foreach (T value in values)
        {
            text.Append(first ? default : separator);
            text.Append(value?.ToString());
            first = false;
        }

        return text.ToString();
    }

    private static Span<char> Put(ReadOnlySpan<char> part, Span<char> destination)
    {
        part.CopyTo(destination);
        return destination.Slice(part.Length);
    }
}
