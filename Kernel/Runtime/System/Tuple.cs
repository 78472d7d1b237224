using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Makes tuples without naming their types.</summary>
public static class Tuple
{
    public static Tuple<T1> Create<T1>(T1 item1) =>
        new(item1);

    public static Tuple<T1, T2> Create<T1, T2>(T1 item1, T2 item2) =>
        new(item1, item2);

    public static Tuple<T1, T2, T3> Create<T1, T2, T3>(T1 item1, T2 item2, T3 item3) =>
        new(item1, item2, item3);

    public static Tuple<T1, T2, T3, T4> Create<T1, T2, T3, T4>(T1 item1, T2 item2, T3 item3, T4 item4) =>
        new(item1, item2, item3, item4);

    public static Tuple<T1, T2, T3, T4, T5> Create<T1, T2, T3, T4, T5>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5) =>
        new(item1, item2, item3, item4, item5);

    public static Tuple<T1, T2, T3, T4, T5, T6> Create<T1, T2, T3, T4, T5, T6>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6) =>
        new(item1, item2, item3, item4, item5, item6);

    public static Tuple<T1, T2, T3, T4, T5, T6, T7> Create<T1, T2, T3, T4, T5, T6, T7>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7) =>
        new(item1, item2, item3, item4, item5, item6, item7);
}

/// <summary>A tuple of 1 value, as an object.</summary>
public class Tuple<T1> : IComparable, ITuple
{
    public Tuple(T1 item1)
    {
        Item1 = item1;
    }

    public T1 Item1 { get; }

    int ITuple.Length => 1;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 2 values, as an object.</summary>
public class Tuple<T1, T2> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2)
    {
        Item1 = item1;
        Item2 = item2;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    int ITuple.Length => 2;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 3 values, as an object.</summary>
public class Tuple<T1, T2, T3> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2, T3 item3)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    public T3 Item3 { get; }

    int ITuple.Length => 3;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2, T3> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2, T3> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 4 values, as an object.</summary>
public class Tuple<T1, T2, T3, T4> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2, T3 item3, T4 item4)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    public T3 Item3 { get; }

    public T4 Item4 { get; }

    int ITuple.Length => 4;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2, T3, T4> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2, T3, T4> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 5 values, as an object.</summary>
public class Tuple<T1, T2, T3, T4, T5> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    public T3 Item3 { get; }

    public T4 Item4 { get; }

    public T5 Item5 { get; }

    int ITuple.Length => 5;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2, T3, T4, T5> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2, T3, T4, T5> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 6 values, as an object.</summary>
public class Tuple<T1, T2, T3, T4, T5, T6> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
        Item6 = item6;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    public T3 Item3 { get; }

    public T4 Item4 { get; }

    public T5 Item5 { get; }

    public T6 Item6 { get; }

    int ITuple.Length => 6;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2, T3, T4, T5, T6> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2, T3, T4, T5, T6> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5, Item6);

    public override string ToString() => TupleParts.ToText(this);
}

/// <summary>A tuple of 7 values, as an object.</summary>
public class Tuple<T1, T2, T3, T4, T5, T6, T7> : IComparable, ITuple
{
    public Tuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
        Item6 = item6;
        Item7 = item7;
    }

    public T1 Item1 { get; }

    public T2 Item2 { get; }

    public T3 Item3 { get; }

    public T4 Item4 { get; }

    public T5 Item5 { get; }

    public T6 Item6 { get; }

    public T7 Item7 { get; }

    int ITuple.Length => 7;

    object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        6 => Item7,
        _ => throw new IndexOutOfRangeException(),
    };

    public override bool Equals(object? obj) => obj is Tuple<T1, T2, T3, T4, T5, T6, T7> other
        && EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6)
        && EqualityComparer<T7>.Default.Equals(Item7, other.Item7);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is Tuple<T1, T2, T3, T4, T5, T6, T7> other
            ? TupleParts.Compare(this, other, Comparer<object>.Default)
            : throw TupleParts.OtherType();

    public override int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5, Item6, Item7);

    public override string ToString() => TupleParts.ToText(this);
}
