using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>Lists, dictionaries and LINQ.</summary>
internal sealed partial class Interpreter
{
    /// <summary>The elements that a <c>foreach</c> over the value meets; null when they cannot be told.</summary>
    private ListContent? Elements(Value collection, IOperation place)
    {
        switch (collection)
        {
            case ListValue list:
                return list.Content;
            case DictionaryValue dictionary:
                return dictionary.Content;
            case ModuleValue { Container: not ContainerKind.None } container:
                return container.Items.Value as ListContent;
            case TensorArray array:
                return new([new RepeatedElements([new GraphTensor(new(array.Node))], OriginOf(place), isData: true)]);
            case ConstantValue { Raw: string text }:
                return new(text.Select(Value (letter) => new ConstantValue(letter)).ToImmutableList());
            default:
                return null;
        }
    }

    private Value CallList(IMethodSymbol method, ListValue list, Arguments arguments, IOperation place)
    {
        if (list.Content is not { } content)
            return method.ReturnsVoid ? ConstantValue.Null : list.Items.Value;

        var elements = content.Elements;
        switch (method.Name)
        {
            case "Add" or "Enqueue" or "AddLast" or "Push" when arguments[0] is { } added:
                _journal.Write(list.Items, new ListContent(method.Name == "Push" ? elements.Insert(0, added) : elements.Add(added)));
                return ConstantValue.Null;
            case "AddRange" when arguments[0] is { } range:
                _journal.Write(list.Items, Elements(range, place) is { } more ? new ListContent(elements.AddRange(more.Elements)) : Derived(range));
                return ConstantValue.Null;
            case "Insert" when arguments[1] is { } inserted:
                _journal.Write(list.Items, content.IsCounted && Integer(arguments[0]) is { } position and >= 0 && position <= elements.Count
                    ? new ListContent(elements.Insert((int)position, inserted))
                    : Derived(arguments[0]));
                return ConstantValue.Null;
            case "RemoveAt" when content.IsCounted && Integer(arguments[0]) is { } removed and >= 0 && removed < elements.Count:
                _journal.Write(list.Items, new ListContent(elements.RemoveAt((int)removed)));
                return ConstantValue.Null;
            case "Pop" or "Dequeue" when content.IsCounted && elements.Count > 0:
                _journal.Write(list.Items, new ListContent(elements.RemoveAt(0)));
                return elements[0];
            case "Peek" when content.IsCounted && elements.Count > 0:
                return elements[0];
            case "Clear":
                _journal.Write(list.Items, ListContent.Empty);
                return ConstantValue.Null;
            case "Reverse" when method.ReturnsVoid && arguments.Count == 0:
                _journal.Write(list.Items, new ListContent(elements.Reverse()));
                return ConstantValue.Null;
            case "ToArray" or "Clone" or "ToList" or "GetRange" when method.Name != "GetRange":
                return new ListValue(elements);
            case "ForEach":
                foreach (var element in elements)
                {
                    Step();
                    Invoke(arguments[0], place, element is RepeatedElements repeats ? repeats.Group[0] : element);
                }
                return ConstantValue.Null;
            case "Contains" or "IndexOf" or "GetLength" or "GetEnumerator" or "ToString" or "AsReadOnly" or "AsSpan":
                return method.Name switch
                {
                    "AsReadOnly" or "AsSpan" => list,
                    "GetLength" => Count(content, place),
                    "Contains" when content.IsCounted && elements.All(element => AreEqual(element, arguments[0]!) is not null) =>
                        ConstantValue.Of(elements.Any(element => AreEqual(element, arguments[0]!) == true)),
                    _ => Unknown($"comes from '{method.Name}' of a list", place),
                };
            default:
                _journal.Write(list.Items, Unknown($"is changed by '{method.Name}'", place));
                return method.ReturnsVoid ? ConstantValue.Null : Unknown($"comes from '{method.Name}' of a list", place);
        }
    }

    private Value CallDictionary(IMethodSymbol method, DictionaryValue dictionary, Arguments arguments, IOperation place)
    {
        if (dictionary.Content is not { } entries)
            return method.ReturnsVoid ? ConstantValue.Null : dictionary.Entries.Value;

        switch (method.Name)
        {
            case "Add" or "TryAdd" when arguments.Count == 2:
                _journal.Write(dictionary.Entries, SetKey(entries, arguments[0]!, arguments[1]!));
                return ConstantValue.True;
            case "ContainsKey":
                return Truth(ContainsKey(entries, arguments[0]!), place);
            case "TryGetValue" when arguments.Count == 2:
                var found = ContainsKey(entries, arguments[0]!);
                if (arguments.All[1].Reference is { } result)
                    _journal.Write(result, found == false ? DefaultValue.Of(method.Parameters[1].Type) : FindKey(entries, arguments[0], place));
                return Truth(found, place);
            case "Clear":
                _journal.Write(dictionary.Entries, ListContent.Empty);
                return ConstantValue.Null;
            default:
                _journal.Write(dictionary.Entries, Unknown($"is changed by '{method.Name}'", place));
                return Unknown($"comes from '{method.Name}' of a dictionary", place);
        }
    }

    private static bool? ContainsKey(ListContent entries, Value key)
    {
        bool? found = false;
        foreach (var entry in entries.Elements)
        {
            var equal = entry is TupleValue pair ? AreEqual(pair.Elements[0], key) : null;
            if (equal == true)
                return true;
            found = equal is null ? null : found;
        }
        return found;
    }

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
        if (arguments[0] is not { } source || Elements(source, place) is not { } content)
            return arguments[0] is { } unread ? new ListValue(new Cell(Derived(unread))) : UnknownValue.Data;
        return CallLinq(method, content, arguments, place);
    }

    private ListValue Counted(long count, Func<long, Value> element)
    {
        if (count > _budget.Modules)
            throw new BudgetExceededException("enumerates too many elements to be followed");
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
            case "Select":
                return new ListValue(Map(elements, (element, index) => WithIndex(second, place, element, index)));
            case "SelectMany":
                return Flatten(Map(elements, (element, index) => WithIndex(second, place, element, index)), place);
            case "Where" or "OfType" or "TakeWhile" or "SkipWhile":
                return Filter(method, content, second, place);
            case "Concat" when second is not null:
                return Elements(second, place) is { } more ? new ListValue(elements.AddRange(more.Elements)) : new ListValue(elements.Add(Derived(second)));
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
            return method.Name is "First" or "FirstOrDefault" && elements[0] is not RepeatedElements ? elements[0] : Unknown($"comes from '{method.Name}' of a collection of unknown length", place);

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
            default:
                return Unknown($"comes from '{method.Name}' of a collection", place);
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
        }
        return new(all.ToImmutable());
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
