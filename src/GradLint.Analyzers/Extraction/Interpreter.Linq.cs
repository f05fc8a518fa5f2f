using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>LINQ, of known elements as it runs; the rest is unknown.</summary>
internal sealed partial class Interpreter
{
    private Value CallLinq(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        if (method.Name == "Range" && Integer(arguments[0]) is { } start)
            return Integer(arguments[1]) is { } count ? Counted(count, index => ConstantValue.Of(start + index)) : UncountedRange(arguments[1], place);
        if (method.Name == "Repeat")
        {
            return Integer(arguments[1]) is { } times
                ? Counted(times, _ => arguments[0]!)
                : new ListValue([new RepeatedElements([arguments[0]!], OriginOf(place), IsData(arguments[1]!))]);
        }
        if (method.Name == "Empty")
            return new ListValue([]);
        if (arguments[0] is not { } source)
            return UnknownValue.Data;
        if (Elements(source, place) is not { } content)
            return Unfollowed(method, arguments, place, new ListValue(new Cell(Derived(Unread(source)))));
        return CallLinq(method, content, arguments, place);
    }

    private ListValue Counted(long count, Func<long, Value> element)
    {
        CheckSize(count);
        return new(Enumerable.Range(0, (int)Math.Max(0, count)).Select(index => element(index)));
    }

    private static ListValue UncountedRange(Value? count, IOperation place)
    {
        var index = count as UnknownValue ?? Unknown("is an index in a range of unknown length", place);
        return new([new RepeatedElements([index], OriginOf(place), index.IsData)]);
    }

    private Value CallLinq(IMethodSymbol method, ListContent content, Arguments arguments, IOperation place)
    {
        var elements = content.Elements;
        var second = arguments[1];
        switch (method.Name)
        {
            case "ToArray" or "ToList" or "AsEnumerable" or "Cast" or "ToImmutableArray" or "ToImmutableList":
                return new ListValue(elements);
            case "ToHashSet" or "Distinct" or "DistinctBy" or "OrderBy" or "OrderByDescending" or "Order" or "OrderDescending" or "GroupBy" when content.IsCounted:
                return Arrange(method, elements, second as FunctionValue, place) ?? Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a collection", place));
            case "Select":
                return new ListValue(Map(elements, (element, index) => WithIndex(second, place, element, index)));
            case "SelectMany":
                return Flatten(Map(elements, (element, index) => WithIndex(second, place, element, index)), place);
            case "Where" or "OfType" or "TakeWhile" or "SkipWhile":
                return Filter(method, content, second, place);
            case "Concat" when second is not null:
                return Elements(second, place) is { } more ? new ListValue(Together(elements, more.Elements)) : new ListValue(elements.Add(Derived(second)));
            case "Append":
                return new ListValue(elements.Add(second!));
            case "Prepend":
                return new ListValue(elements.Insert(0, second!));
            case "Aggregate":
                return Aggregate(elements, arguments, place);
            case "ToDictionary" when arguments.Count >= 2:
                return new DictionaryValue(Map(elements, (element, _) => new TupleValue(
                    Invoke(second, place, element), arguments.Count > 2 && arguments[2] is FunctionValue value ? Invoke(value, place, element) : element)));
        }

        if (!content.IsCounted)
        {
            return method.Name is "First" or "FirstOrDefault" && elements[0] is not RepeatedElements
                ? elements[0]
                : Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a collection of unknown length", place));
        }

        switch (method.Name)
        {
            case "Reverse":
                return new ListValue(elements.Reverse());
            case "Skip" when Integer(second) is { } skipped:
                return new ListValue(elements.Skip((int)skipped));
            case "Take" when Integer(second) is { } taken:
                return new ListValue(elements.Take((int)taken));
            case "SkipLast" when Integer(second) is { } dropped:
                return new ListValue(elements.Take(elements.Count - (int)dropped));
            case "Zip" when second is not null && Elements(second, place) is { IsCounted: true } other:
                return new ListValue(elements.Zip(other.Elements, (one, two) => arguments[2] is FunctionValue combine ? Invoke(combine, place, one, two) : new TupleValue(one, two)));
            case "First" or "FirstOrDefault" or "Single" or "SingleOrDefault" when second is null:
                return elements.Count > 0 ? elements[0] : ConstantValue.Null;
            case "Last" or "LastOrDefault" when second is null:
                return elements.Count > 0 ? elements[elements.Count - 1] : ConstantValue.Null;
            case "ElementAt" when Integer(second) is { } position and >= 0 && position < elements.Count:
                return elements[(int)position];
            case "Count" when second is null:
                return ConstantValue.Of((long)elements.Count);
            case "Any" when second is null:
                return ConstantValue.Of(elements.Count > 0);
            case "Sum" or "Max" or "Min" when (second is null ? elements : elements.Select(element => Invoke(second, place, element)).ToImmutableList()) is { Count: > 0 } numbers:
                return Fold(method, numbers);
            case "Any" or "All" or "Count" or "First" or "FirstOrDefault" or "Last" or "Single" or "Contains":
                return Search(method, elements, second!, place);
            case "Chunk" when Integer(second) is > 0 and var size:
                return new ListValue(Enumerable.Range(0, (int)((elements.Count + size - 1) / size)).Select(chunk => new ListValue(elements.Skip(chunk * (int)size).Take((int)size))));
            default:
                return Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a collection", place));
        }
    }

    private ImmutableList<Value> Map(ImmutableList<Value> elements, Func<Value, int, Value> map)
    {
        var mapped = ImmutableList.CreateBuilder<Value>();
        for (var index = 0; index < elements.Count; index++)
        {
            Step();
            var position = index;
            mapped.Add(elements[index] is RepeatedElements repeats
                ? new RepeatedElements(repeats.Group.Select(element => map(element, position)), repeats.Origin, repeats.IsData)
                : map(elements[index], position));
        }
        return mapped.ToImmutable();
    }

    private Value WithIndex(Value? function, IOperation place, Value element, int index) =>
        function is FunctionValue { Method.Parameters.Length: 2 } ? Invoke(function, place, element, ConstantValue.Of((long)index)) : Invoke(function, place, element);

    private ListValue Flatten(ImmutableList<Value> parts, IOperation place)
    {
        var all = ImmutableList.CreateBuilder<Value>();
        foreach (var part in parts)
        {
            if (part is RepeatedElements repeats)
                all.Add(new RepeatedElements(repeats.Group.SelectMany(inner => Elements(inner, place)?.Elements ?? ImmutableList.Create(Derived(inner))), repeats.Origin, repeats.IsData));
            else
                all.AddRange(Elements(part, place)?.Elements ?? ImmutableList.Create(Derived(part)));
            CheckSize(all.Count);
        }
        return new(all.ToImmutable());
    }

    /// <summary>Operators that put the same elements in an order, or together, by a key; null where the code does not tell the keys.</summary>
    private Value? Arrange(IMethodSymbol method, ImmutableList<Value> elements, FunctionValue? selector, IOperation place)
    {
        var keyed = new List<(Value Element, object Key)>();
        foreach (var element in elements)
        {
            Step();
            if (KeyOf(selector is null ? element : Invoke(selector, place, element)) is not { } key)
                return null;
            keyed.Add((element, key));
        }

        switch (method.Name)
        {
            case "ToHashSet" or "Distinct" or "DistinctBy":
                var seen = new HashSet<object>();
                return new ListValue(keyed.Where(pair => seen.Add(pair.Key)).Select(pair => pair.Element));
            case "GroupBy":
                return new ListValue(keyed.GroupBy(pair => pair.Key, pair => pair.Element).Select(group => new ListValue(group)));
            case var name:
                if (!keyed.All(pair => pair.Key is double) && !keyed.All(pair => pair.Key is string text && text.All(IsOrderedAlike)))
                    return null;
                var ordered = name.EndsWith("Descending", StringComparison.Ordinal)
                    ? keyed.OrderByDescending(pair => pair.Key, KeyOrder.Instance)
                    : keyed.OrderBy(pair => pair.Key, KeyOrder.Instance);
                return new ListValue(ordered.Select(pair => pair.Element));
        }
    }

    /// <summary>What tells equal values from others; null where the code does not tell, or the type decides.</summary>
    private static object? KeyOf(Value value) => value switch
    {
        ConstantValue { Raw: long number } => (double)number,
        ConstantValue constant => constant.Raw,
        EnumValue member => (double)member.Number,
        ModuleValue or ParameterValue => value,
        _ => null,
    };

    /// <summary>Letters that every culture puts in the order of their numbers.</summary>
    private static bool IsOrderedAlike(char letter) => letter is '.' or (>= '0' and <= '9') or (>= 'a' and <= 'z');

    private sealed class KeyOrder : IComparer<object>
    {
        public static KeyOrder Instance { get; } = new();

        public int Compare(object x, object y) => x is string text ? string.CompareOrdinal(text, (string)y) : ((double)x).CompareTo((double)y);
    }

    private Value Filter(IMethodSymbol method, ListContent content, Value? predicate, IOperation place)
    {
        var kept = ImmutableList.CreateBuilder<Value>();
        var skipping = method.Name == "SkipWhile";
        foreach (var element in content.Elements)
        {
            Step();
            var single = element is RepeatedElements repeats ? repeats.Group[0] : element;
            var holds = method.Name == "OfType" ? IsOfType(single, method.TypeArguments[0]) : Truth(Invoke(predicate, place, single));
            if (holds is not { } known)
                return new ListValue(new Cell(Unknown("is filtered by a condition that the code does not decide", place)));
            if (method.Name == "TakeWhile" && !known)
                break;
            skipping &= known;
            if (method.Name == "SkipWhile" ? !skipping : known)
                kept.Add(element);
        }
        return new ListValue(kept.ToImmutable());
    }

    private Value Aggregate(ImmutableList<Value> elements, Arguments arguments, IOperation place)
    {
        var hasSeed = arguments.Count >= 3;
        var function = hasSeed ? arguments[2] : arguments[1];
        var current = new Cell(hasSeed ? arguments[1]! : elements.IsEmpty ? UnknownValue.Data : elements[0]);
        ForEach(place, new(hasSeed ? elements : elements.RemoveRange(0, Math.Min(1, elements.Count))), element =>
        {
            _journal.Write(current, Invoke(function, place, current.Value, element));
            return Completion.Normal;
        });
        return current.Value;
    }

    private static Value Fold(IMethodSymbol method, ImmutableList<Value> numbers)
    {
        if (numbers.Any(number => Number(number) is null))
            return Derived(numbers.ToArray());
        var values = numbers.Select(number => Number(number)!.Value).ToArray();
        var result = method.Name switch
        {
            "Sum" => values.Sum(),
            "Max" => values.Max(),
            _ => values.Min(),
        };
        return numbers.All(number => Integer(number) is not null) ? ConstantValue.Of((long)result) : new ConstantValue(result);
    }

    private Value Search(IMethodSymbol method, ImmutableList<Value> elements, Value wanted, IOperation place)
    {
        var matches = new List<Value>();
        foreach (var element in elements)
        {
            Step();
            var holds = method.Name == "Contains" ? AreEqual(element, wanted) : Truth(Invoke(wanted, place, element));
            if (holds is not { } known)
                return Unknown("is searched by a condition that the code does not decide", place);
            if (known)
                matches.Add(element);
        }
        return method.Name switch
        {
            "Any" or "Contains" => ConstantValue.Of(matches.Count > 0),
            "All" => ConstantValue.Of(matches.Count == elements.Count),
            "Count" => ConstantValue.Of((long)matches.Count),
            "Last" => matches.Count > 0 ? matches[matches.Count - 1] : ConstantValue.Null,
            _ => matches.Count > 0 ? matches[0] : ConstantValue.Null,
        };
    }
}
