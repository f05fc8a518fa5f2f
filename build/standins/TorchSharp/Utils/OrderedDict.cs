using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace TorchSharp.Utils;

/// <summary>A dictionary that enumerates its entries, as tuples, in the order of their insertion.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> entries = [];
    private readonly List<(TKey, TValue)> order = [];

    public int Count => entries.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => order.Select(entry => entry.Item1).ToList();

    public ICollection<TValue> Values => order.Select(entry => entry.Item2).ToList();

    public TValue this[TKey key]
    {
        get => entries[key];
        set
        {
            entries[key] = value;
            var index = PositionOf(key);
            if (index < 0) order.Add((key, value));
            else order[index] = (key, value);
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => order[index];
        set
        {
            order[index] = value;
            entries[value.Item1] = value.Item2;
        }
    }

    public IEnumerable<TKey> keys() => Keys;

    public IEnumerable<TValue> values() => Values;

    public IEnumerator<(TKey, TValue)> items() => order.GetEnumerator();

    public void Add(TKey key, TValue value)
    {
        entries.Add(key, value);
        order.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        entries.Add(item.Item1, item.Item2);
        order.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        var index = PositionOf(key);
        if (index < 0) return false;
        order.RemoveAt(index);
        return entries.Remove(key);
    }

    public bool Remove((TKey, TValue) item) => order.Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index)
    {
        entries.Remove(order[index].Item1);
        order.RemoveAt(index);
    }

    public void Clear()
    {
        entries.Clear();
        order.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => entries.ContainsKey(key);

    public bool Contains((TKey, TValue) item) => order.Contains(item);

    public bool Contains(KeyValuePair<TKey, TValue> item) => order.Contains((item.Key, item.Value));

    public int IndexOf((TKey, TValue) item) => order.IndexOf(item);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => entries.TryGetValue(key, out value);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => order.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in order) array[arrayIndex++] = new(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => order.GetEnumerator();

    /// <summary>TorchSharp left it out: only tuples can be enumerated.</summary>
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => throw new NotImplementedException();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)this).GetEnumerator();

    private int PositionOf(TKey key) => order.FindIndex(entry => EqualityComparer<TKey>.Default.Equals(entry.Item1, key));
}
