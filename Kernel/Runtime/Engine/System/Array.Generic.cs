using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

public abstract partial class Array
{
    /// <summary>The one empty array of a type.</summary>
    public static T[] Empty<T>() => EmptyArray<T>.Value;

    /// <summary>Replaces the array by one of another length with the same elements as far as they fit.</summary>
    public static void Resize<T>(ref T[]? array, int newSize)
    {
        if (newSize < 0)
            throw new ArgumentOutOfRangeException(nameof(newSize));
        T[]? old = array;
        if (old != null && old.Length == newSize)
            return;
        var resized = new T[newSize];
        if (old != null)
            Copy(old, resized, old.Length < newSize ? old.Length : newSize);
        array = resized;
    }

    /// <summary>Sets every element.</summary>
    public static void Fill<T>(T[] array, T value)
    {
        for (int i = 0; i < Checked(array).Length; i++)
            array[i] = value;
    }

    /// <summary>Sets some elements.</summary>
    public static void Fill<T>(T[] array, T value, int startIndex, int count)
    {
        CheckRange(Checked(array), startIndex, count);
        for (int i = startIndex; i < startIndex + count; i++)
            array[i] = value;
    }

    /// <summary>Turns the order of all elements round.</summary>
    public static void Reverse<T>(T[] array) => Reverse(Checked(array), 0, array.Length);

    /// <summary>Turns the order of some elements round.</summary>
    public static void Reverse<T>(T[] array, int index, int length)
    {
        CheckRange(Checked(array), index, length);
        for (int last = index + length - 1; index < last; index++, last--)
            (array[index], array[last]) = (array[last], array[index]);
    }

    /// <summary>Turns the order of all elements round.</summary>
    public static void Reverse(Array array) => Reverse(Checked(array), 0, array.Length);

    /// <summary>Turns the order of some elements round.</summary>
    public static void Reverse(Array array, int index, int length)
    {
        CheckRange(Checked(array), index, length);
        for (int last = index + length - 1; index < last; index++, last--)
        {
            object? swapped = array.ReadElement(index);
            array.WriteElement(index, array.ReadElement(last));
            array.WriteElement(last, swapped);
        }
    }

    /// <summary>Place of the first equal element, or -1.</summary>
    public static int IndexOf(Array array, object? value)
    {
        for (int i = 0; i < Checked(array).Length; i++)
        {
            if (Equals(array.ReadElement(i), value))
                return i;
        }
        return -1;
    }

    /// <summary>Place of the first equal element, or -1.</summary>
    public static int IndexOf<T>(T[] array, T value) => IndexOf(Checked(array), value, 0, array.Length);

    /// <summary>Place of the first equal element from a place on, or -1.</summary>
    public static int IndexOf<T>(T[] array, T value, int startIndex) =>
        IndexOf(Checked(array), value, startIndex, array.Length - startIndex);

    /// <summary>Place of the first equal element in a range, or -1.</summary>
    public static int IndexOf<T>(T[] array, T value, int startIndex, int count)
    {
        CheckRange(Checked(array), startIndex, count);
        EqualityComparer<T> comparer = EqualityComparer<T>.Default;
        for (int i = startIndex; i < startIndex + count; i++)
        {
            if (comparer.Equals(array[i], value))
                return i;
        }
        return -1;
    }

    /// <summary>Place of the last equal element, or -1.</summary>
    public static int LastIndexOf<T>(T[] array, T value) =>
        LastIndexOf(Checked(array), value, array.Length - 1, array.Length);

    /// <summary>Place of the last equal element up to a place, or -1.</summary>
    public static int LastIndexOf<T>(T[] array, T value, int startIndex) =>
        LastIndexOf(Checked(array), value, startIndex, array.Length == 0 ? 0 : startIndex + 1);

    /// <summary>Place of the last equal element in a range that ends at a place, or -1.</summary>
    public static int LastIndexOf<T>(T[] array, T value, int startIndex, int count)
    {
        if (Checked(array).Length == 0)
            return -1;
        CheckRange(array, startIndex - count + 1, count);
        EqualityComparer<T> comparer = EqualityComparer<T>.Default;
        for (int i = startIndex; i > startIndex - count; i--)
        {
            if (comparer.Equals(array[i], value))
                return i;
        }
        return -1;
    }

    /// <summary>Is there an element that matches?</summary>
    public static bool Exists<T>(T[] array, Predicate<T> match) => FindIndex(array, match) >= 0;

    /// <summary>The first element that matches, or a default.</summary>
    public static T? Find<T>(T[] array, Predicate<T> match)
    {
        int index = FindIndex(array, match);
        return index < 0 ? default : array[index];
    }

    /// <summary>The last element that matches, or a default.</summary>
    public static T? FindLast<T>(T[] array, Predicate<T> match)
    {
        int index = FindLastIndex(array, match);
        return index < 0 ? default : array[index];
    }

    /// <summary>All elements that match.</summary>
    public static T[] FindAll<T>(T[] array, Predicate<T> match)
    {
        var found = new List<T>();
        foreach (T element in Checked(array))
        {
            if (Checked(match)(element))
                found.Add(element);
        }
        return found.ToArray();
    }

    /// <summary>Place of the first element that matches, or -1.</summary>
    public static int FindIndex<T>(T[] array, Predicate<T> match) => FindIndex(Checked(array), 0, array.Length, match);

    /// <summary>Place of the first element that matches from a place on, or -1.</summary>
    public static int FindIndex<T>(T[] array, int startIndex, Predicate<T> match) =>
        FindIndex(Checked(array), startIndex, array.Length - startIndex, match);

    /// <summary>Place of the first element that matches in a range, or -1.</summary>
    public static int FindIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)
    {
        CheckRange(Checked(array), startIndex, count);
        Checked(match);
        for (int i = startIndex; i < startIndex + count; i++)
        {
            if (match(array[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Place of the last element that matches, or -1.</summary>
    public static int FindLastIndex<T>(T[] array, Predicate<T> match)
    {
        Checked(match);
        for (int i = Checked(array).Length - 1; i >= 0; i--)
        {
            if (match(array[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Calls the action with every element.</summary>
    public static void ForEach<T>(T[] array, Action<T> action)
    {
        Checked(action);
        foreach (T element in Checked(array))
            action(element);
    }

    /// <summary>Do all elements match?</summary>
    public static bool TrueForAll<T>(T[] array, Predicate<T> match)
    {
        Checked(match);
        foreach (T element in Checked(array))
        {
            if (!match(element))
                return false;
        }
        return true;
    }

    /// <summary>A new array of converted elements.</summary>
    public static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)
    {
        Checked(converter);
        var converted = new TOutput[Checked(array).Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = converter(array[i]);
        return converted;
    }

    /// <summary>A read-only view of the array.</summary>
    public static ReadOnlyCollection<T> AsReadOnly<T>(T[] array) => new(Checked(array));

    private static T Checked<T>(T? argument) where T : class =>
        argument ?? throw new ArgumentNullException(typeof(T).IsArray ? "array" : "match");

    private static void CheckRange(Array array, int start, int count)
    {
        if ((uint)start > (uint)array.Length)
            throw new ArgumentOutOfRangeException("index");
        if ((uint)count > (uint)(array.Length - start))
            throw new ArgumentOutOfRangeException("count");
    }

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}

/// <summary>
/// Where the generic interfaces of <c>T[]</c> come from: the compiler gives every array type the interface methods of
/// this class. There are no objects of it; <c>this</c> is always the array.
/// </summary>
internal class Array<T> : Array, IList<T>, IReadOnlyList<T>
{
    private T[] Self => Unsafe.As<T[]>(this);

    int ICollection<T>.Count => Length;

    int IReadOnlyCollection<T>.Count => Length;

    bool ICollection<T>.IsReadOnly => true;

    T IReadOnlyList<T>.this[int index] => At(index);

    T IList<T>.this[int index]
    {
        get => At(index);
        set
        {
            if ((uint)index >= (uint)Length)
                throw new ArgumentOutOfRangeException(nameof(index));
            Self[index] = value;
        }
    }

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new SzEnumerator<T>(Self);

    void ICollection<T>.Add(T item) => throw new NotSupportedException("Collection was of a fixed size.");

    void ICollection<T>.Clear() => throw new NotSupportedException("Collection is read-only.");

    bool ICollection<T>.Remove(T item) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList<T>.Insert(int index, T item) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList<T>.RemoveAt(int index) => throw new NotSupportedException("Collection was of a fixed size.");

    bool ICollection<T>.Contains(T item) => IndexOf(Self, item) >= 0;

    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => Copy(this, 0, array, arrayIndex, Length);

    int IList<T>.IndexOf(T item) => IndexOf(Self, item);

    private T At(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index));
        return Self[index];
    }
}

/// <summary>Enumerates a <c>T[]</c>.</summary>
internal sealed class SzEnumerator<T>(T[] array) : IEnumerator<T>
{
    private int index = -1;

    public T Current
    {
        get
        {
            if ((uint)index >= (uint)array.Length)
                throw new InvalidOperationException("Enumeration has either not started or has already finished.");
            return array[index];
        }
    }

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (index < array.Length)
            index++;
        return index < array.Length;
    }

    public void Reset() => index = -1;

    public void Dispose()
    {
    }
}
