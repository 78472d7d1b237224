using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Makes value tuples without naming their types; itself the tuple of nothing.</summary>
public struct ValueTuple : IEquatable<ValueTuple>, IComparable<ValueTuple>, ITuple
{
    readonly int ITuple.Length => 0;

    readonly object? ITuple.this[int index] => throw new IndexOutOfRangeException();

    public static ValueTuple<T1> Create<T1>(T1 item1) =>
        new(item1);

    public static ValueTuple<T1, T2> Create<T1, T2>(T1 item1, T2 item2) =>
        new(item1, item2);

    public static ValueTuple<T1, T2, T3> Create<T1, T2, T3>(T1 item1, T2 item2, T3 item3) =>
        new(item1, item2, item3);

    public static ValueTuple<T1, T2, T3, T4> Create<T1, T2, T3, T4>(T1 item1, T2 item2, T3 item3, T4 item4) =>
        new(item1, item2, item3, item4);

    public static ValueTuple<T1, T2, T3, T4, T5> Create<T1, T2, T3, T4, T5>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5) =>
        new(item1, item2, item3, item4, item5);

    public static ValueTuple<T1, T2, T3, T4, T5, T6> Create<T1, T2, T3, T4, T5, T6>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6) =>
        new(item1, item2, item3, item4, item5, item6);

    public static ValueTuple<T1, T2, T3, T4, T5, T6, T7> Create<T1, T2, T3, T4, T5, T6, T7>(
        T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7) =>
        new(item1, item2, item3, item4, item5, item6, item7);

    public readonly bool Equals(ValueTuple other) => true;

    public readonly int CompareTo(ValueTuple other) => 0;

    public override readonly bool Equals(object? obj) => obj is ValueTuple;

    public override readonly int GetHashCode() => 0;

    public override readonly string ToString() => "()";
}

/// <summary>A tuple of 1 value, by value.</summary>
public struct ValueTuple<T1> :
    IEquatable<ValueTuple<T1>>, IComparable,
    IComparable<ValueTuple<T1>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;

    public ValueTuple(T1 item1)
    {
        Item1 = item1;
    }

    readonly int ITuple.Length => 1;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1> other)
    {
        return Comparer<T1>.Default.Compare(Item1, other.Item1);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ")";
}

/// <summary>A tuple of 2 values, by value.</summary>
public struct ValueTuple<T1, T2> :
    IEquatable<ValueTuple<T1, T2>>, IComparable,
    IComparable<ValueTuple<T1, T2>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;

    public ValueTuple(T1 item1, T2 item2)
    {
        Item1 = item1;
        Item2 = item2;
    }

    readonly int ITuple.Length => 2;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T2>.Default.Compare(Item2, other.Item2);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString() + ")";
}

/// <summary>A tuple of 3 values, by value.</summary>
public struct ValueTuple<T1, T2, T3> :
    IEquatable<ValueTuple<T1, T2, T3>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;

    public ValueTuple(T1 item1, T2 item2, T3 item3)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
    }

    readonly int ITuple.Length => 3;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T3>.Default.Compare(Item3, other.Item3);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString() + ", " + Item3?.ToString() + ")";
}

/// <summary>A tuple of 4 values, by value.</summary>
public struct ValueTuple<T1, T2, T3, T4> :
    IEquatable<ValueTuple<T1, T2, T3, T4>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3, T4>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
    }

    readonly int ITuple.Length => 4;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3, T4> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3, T4> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T4>.Default.Compare(Item4, other.Item4);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString()
        + ", " + Item3?.ToString() + ", " + Item4?.ToString() + ")";
}

/// <summary>A tuple of 5 values, by value.</summary>
public struct ValueTuple<T1, T2, T3, T4, T5> :
    IEquatable<ValueTuple<T1, T2, T3, T4, T5>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3, T4, T5>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;
    public T5 Item5;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
    }

    readonly int ITuple.Length => 5;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3, T4, T5> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3, T4, T5> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T5>.Default.Compare(Item5, other.Item5);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString()
        + ", " + Item3?.ToString() + ", " + Item4?.ToString() + ", " + Item5?.ToString() + ")";
}

/// <summary>A tuple of 6 values, by value.</summary>
public struct ValueTuple<T1, T2, T3, T4, T5, T6> :
    IEquatable<ValueTuple<T1, T2, T3, T4, T5, T6>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3, T4, T5, T6>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;
    public T5 Item5;
    public T6 Item6;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
        Item6 = item6;
    }

    readonly int ITuple.Length => 6;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        _ => throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3, T4, T5, T6> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5, T6> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3, T4, T5, T6> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5, T6> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T5>.Default.Compare(Item5, other.Item5);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T6>.Default.Compare(Item6, other.Item6);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5, Item6);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString() + ", " + Item3?.ToString()
        + ", " + Item4?.ToString() + ", " + Item5?.ToString() + ", " + Item6?.ToString() + ")";
}

/// <summary>A tuple of 7 values, by value.</summary>
public struct ValueTuple<T1, T2, T3, T4, T5, T6, T7> :
    IEquatable<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>, ITuple, IStructuralEquatable, IStructuralComparable
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;
    public T5 Item5;
    public T6 Item6;
    public T7 Item7;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
        Item6 = item6;
        Item7 = item7;
    }

    readonly int ITuple.Length => 7;

    readonly object? ITuple.this[int index] => index switch
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

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3, T4, T5, T6, T7> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5, T6, T7> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6)
        && EqualityComparer<T7>.Default.Equals(Item7, other.Item7);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3, T4, T5, T6, T7> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6, T7> tuple ? CompareTo(tuple) : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6, T7> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5, T6, T7> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T5>.Default.Compare(Item5, other.Item5);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T6>.Default.Compare(Item6, other.Item6);
        if (order != 0)
        {
            return order;
        }

        return Comparer<T7>.Default.Compare(Item7, other.Item7);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5, Item6, Item7);

    public override readonly string ToString() =>
        "(" + Item1?.ToString() + ", " + Item2?.ToString() + ", " + Item3?.ToString()
        + ", " + Item4?.ToString() + ", " + Item5?.ToString() + ", " + Item6?.ToString() + ", " + Item7?.ToString()
        + ")";
}

/// <summary>A tuple of 8 values or more, by value.</summary>
public struct ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> :
    IEquatable<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>>, IComparable,
    IComparable<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>>, ITuple, IStructuralEquatable, IStructuralComparable
    where TRest : struct
{
    public T1 Item1;
    public T2 Item2;
    public T3 Item3;
    public T4 Item4;
    public T5 Item5;
    public T6 Item6;
    public T7 Item7;
    public TRest Rest;

    public ValueTuple(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7, TRest rest)
    {
        Item1 = item1;
        Item2 = item2;
        Item3 = item3;
        Item4 = item4;
        Item5 = item5;
        Item6 = item6;
        Item7 = item7;
        Rest = rest;
    }

    readonly int ITuple.Length => 7 + (Rest is ITuple rest ? rest.Length : 1);

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        6 => Item7,
        _ => Rest is ITuple rest ? rest[index - 7] : index == 7 ? Rest : throw new IndexOutOfRangeException(),
    };

    public override readonly bool Equals(object? obj) =>
        obj is ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> other && Equals(other);

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6)
        && EqualityComparer<T7>.Default.Equals(Item7, other.Item7)
        && EqualityComparer<TRest>.Default.Equals(Rest, other.Rest);

    readonly bool IStructuralEquatable.Equals(object? other, IEqualityComparer comparer) =>
        other is ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> tuple && TupleParts.Equals(this, tuple, comparer);

    readonly int IStructuralEquatable.GetHashCode(IEqualityComparer comparer) =>
        TupleParts.GetHashCode(this, comparer);

    readonly int IComparable.CompareTo(object? other) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> tuple ? CompareTo(tuple)
        : throw TupleParts.OtherType();

    readonly int IStructuralComparable.CompareTo(object? other, IComparer comparer) => other is null
        ? 1
        : other is ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> tuple
            ? TupleParts.Compare(this, tuple, comparer)
            : throw TupleParts.OtherType();

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> other)
    {
        int order = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T5>.Default.Compare(Item5, other.Item5);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T6>.Default.Compare(Item6, other.Item6);
        if (order != 0)
        {
            return order;
        }

        order = Comparer<T7>.Default.Compare(Item7, other.Item7);
        if (order != 0)
        {
            return order;
        }

        return Comparer<TRest>.Default.Compare(Rest, other.Rest);
    }

    public override readonly int GetHashCode() =>
        HashCode.Combine(Item1, Item2, Item3, Item4, Item5, Item6, Item7, Rest);

    public override readonly string ToString() => TupleParts.ToText(this);
}

/// <summary>What tuples do part by part, whatever they are made of.</summary>
internal static class TupleParts
{
    internal static ArgumentException OtherType() => new("Argument must be a tuple of the same type.");

    internal static bool Equals(ITuple tuple, ITuple other, IEqualityComparer comparer)
    {
        bool equal = true;
        for (int i = 0; equal && i < tuple.Length; i++)
        {
            equal = comparer.Equals(tuple[i], other[i]);
        }

        return equal;
    }

    internal static int Compare(ITuple tuple, ITuple other, IComparer comparer)
    {
        for (int i = 0; i < tuple.Length; i++)
        {
            int order = comparer.Compare(tuple[i], other[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    internal static int GetHashCode(ITuple tuple, IEqualityComparer comparer)
    {
        HashCode hash = default;
        for (int i = 0; i < tuple.Length; i++)
        {
            hash.Add(tuple[i] is object part ? comparer.GetHashCode(part) : 0);
        }

        return hash.ToHashCode();
    }

    internal static string ToText(ITuple tuple)
    {
        Text.StringBuilder text = new("(");
        for (int i = 0; i < tuple.Length; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(tuple[i]?.ToString());
        }

        return text.Append(')').ToString();
    }
}
