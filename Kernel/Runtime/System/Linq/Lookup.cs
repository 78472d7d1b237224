using System.Collections;
using System.Collections.Generic;

namespace System.Linq;

/// <summary>Elements that share a key.</summary>
public interface IGrouping<out TKey, out TElement> : IEnumerable<TElement>
{
    TKey Key { get; }
}

/// <summary>Groups by key.</summary>
public interface ILookup<TKey, TElement> : IEnumerable<IGrouping<TKey, TElement>>
{
    int Count { get; }

    IEnumerable<TElement> this[TKey key] { get; }

    bool Contains(TKey key);
}

/// <summary>
/// Elements in an order, to be ordered further. Without the generic method of the full contract: it would be a generic
/// virtual one, and only the operators of this library call it.
/// </summary>
public interface IOrderedEnumerable<out TElement> : IEnumerable<TElement>
{
}

/// <summary>Groups by key, in the order in which the keys came.</summary>
public class Lookup<TKey, TElement> : ILookup<TKey, TElement>
{
    private readonly List<Grouping> groups = [];
    private readonly Dictionary<KeyHolder, Grouping> byKey;

    internal Lookup(IEqualityComparer<TKey>? comparer)
    {
        byKey = new Dictionary<KeyHolder, Grouping>(new HolderComparer(comparer ?? EqualityComparer<TKey>.Default));
    }

    public int Count => groups.Count;

    public IEnumerable<TElement> this[TKey key] =>
        byKey.TryGetValue(new KeyHolder(key), out Grouping? group) ? group : Array.Empty<TElement>();

    public bool Contains(TKey key) => byKey.ContainsKey(new KeyHolder(key));

    public IEnumerator<IGrouping<TKey, TElement>> GetEnumerator()
    {
        foreach (Grouping group in groups)
        {
            yield return group;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal List<TElement> GroupOf(TKey key)
    {
        KeyHolder holder = new(key);
        if (!byKey.TryGetValue(holder, out Grouping? group))
        {
            group = new Grouping(key);
            byKey.Add(holder, group);
            groups.Add(group);
        }

        return group.Elements;
    }

    /// <summary>A key that may be null.</summary>
    private readonly struct KeyHolder(TKey key)
    {
        internal TKey Key => key;
    }

    private sealed class HolderComparer(IEqualityComparer<TKey> comparer) : IEqualityComparer<KeyHolder>
    {
        public bool Equals(KeyHolder x, KeyHolder y) => comparer.Equals(x.Key, y.Key);

        public int GetHashCode(KeyHolder obj) => obj.Key is null ? 0 : comparer.GetHashCode(obj.Key);
    }

    private sealed class Grouping(TKey key) : IGrouping<TKey, TElement>
    {
        internal readonly List<TElement> Elements = [];

        public TKey Key => key;

        public IEnumerator<TElement> GetEnumerator() => Elements.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
