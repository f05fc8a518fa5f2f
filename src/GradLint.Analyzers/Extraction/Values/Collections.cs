using System.Collections.Immutable;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary>An array, list, span or enumerable.</summary>
internal sealed class ListValue : Value
{
    public ListValue(IEnumerable<Value> items) => Items = new(new ListContent(items));

    public ListValue(Cell items) => Items = items;

    /// <summary>Holds a <see cref="ListContent"/>, or an <see cref="UnknownValue"/> when nothing is known of it.</summary>
    public Cell Items { get; }

    public ListContent? Content => Items.Value as ListContent;
}

/// <summary>The elements of a collection at one moment; an element may be a <see cref="RepeatedElements"/>.</summary>
internal sealed class ListContent(IEnumerable<Value> elements) : Value
{
    public static ListContent Empty { get; } = new([]);

    public ImmutableList<Value> Elements { get; } = elements.ToImmutableList();

    /// <summary>Whether the number of elements is known.</summary>
    public bool IsCounted => _isCounted ??= Elements.TrueForAll(element => element is not RepeatedElements);

    private bool? _isCounted;
}

/// <summary>A group of elements that stands in the collection once for each pass of a loop of unknown length.</summary>
internal sealed class RepeatedElements(IEnumerable<Value> group, Core.Model.Origin origin, bool isData) : Value
{
    public ImmutableArray<Value> Group { get; } = group.ToImmutableArray();

    public Core.Model.Origin Origin { get; } = origin;

    public bool IsData { get; } = isData;
}

/// <summary>A dictionary in insertion order; the content's elements are (key, value) tuples.</summary>
internal sealed class DictionaryValue : Value
{
    public DictionaryValue(IEnumerable<Value> pairs) => Entries = new(new ListContent(pairs));

    public Cell Entries { get; }

    public ListContent? Content => Entries.Value as ListContent;
}
