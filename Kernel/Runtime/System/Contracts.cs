namespace System;

/// <summary>Something that gives back what it holds.</summary>
public interface IDisposable
{
    void Dispose();
}

/// <summary>Something that gives back what it holds, later.</summary>
public interface IAsyncDisposable
{
    Threading.Tasks.ValueTask DisposeAsync();
}

/// <summary>Equality with a value of one type, without boxing.</summary>
public interface IEquatable<T> where T : allows ref struct
{
    bool Equals(T? other);
}

/// <summary>Order among values of one type, without boxing.</summary>
public interface IComparable<in T> where T : allows ref struct
{
    int CompareTo(T? other);
}

/// <summary>Order among objects.</summary>
public interface IComparable
{
    int CompareTo(object? obj);
}

/// <summary>A copy of itself.</summary>
public interface ICloneable
{
    object Clone();
}

/// <summary>Hands out formatting services by type (the house knows the invariant ones only).</summary>
public interface IFormatProvider
{
    object? GetFormat(Type? formatType);
}

/// <summary>Formats other objects, asked for through <see cref="IFormatProvider"/>.</summary>
public interface ICustomFormatter
{
    string Format(string? format, object? arg, IFormatProvider? formatProvider);
}

/// <summary>Text of a value under a format string.</summary>
public interface IFormattable
{
    string ToString(string? format, IFormatProvider? formatProvider);
}

/// <summary>Text of a value written into characters of the caller.</summary>
public interface ISpanFormattable : IFormattable
{
    bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider);
}

/// <summary>Text of a value written as UTF-8 into bytes of the caller.</summary>
public interface IUtf8SpanFormattable
{
    bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider);
}

/// <summary>A value that can be read from a string.</summary>
public interface IParsable<TSelf> where TSelf : IParsable<TSelf>?
{
    static abstract TSelf Parse(string s, IFormatProvider? provider);

    static abstract bool TryParse(string? s, IFormatProvider? provider, out TSelf result);
}

/// <summary>A value that can be read from characters.</summary>
public interface ISpanParsable<TSelf> : IParsable<TSelf> where TSelf : ISpanParsable<TSelf>?
{
    static abstract TSelf Parse(ReadOnlySpan<char> s, IFormatProvider? provider);

    static abstract bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TSelf result);
}

/// <summary>Receives values one after the other.</summary>
public interface IObserver<in T>
{
    void OnNext(T value);

    void OnError(Exception error);

    void OnCompleted();
}

/// <summary>Gives values to whoever subscribes.</summary>
public interface IObservable<out T>
{
    IDisposable Subscribe(IObserver<T> observer);
}

/// <summary>Receives reports of progress.</summary>
public interface IProgress<in T>
{
    void Report(T value);
}
