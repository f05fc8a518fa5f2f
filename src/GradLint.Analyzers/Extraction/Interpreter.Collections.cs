using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>Lists and dictionaries.</summary>
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

    /// <summary>One list after another.</summary>
    private ImmutableList<Value> Together(ImmutableList<Value> first, ImmutableList<Value> second)
    {
        CheckSize((long)first.Count + second.Count);
        return first.AddRange(second);
    }

    private void CheckSize(long count)
    {
        if (count > _budget.Modules)
            throw new BudgetExceededException("enumerates too many elements to be followed");
    }

    private static bool IsSpan(INamedTypeSymbol type) => type.Name is "Span" or "Memory";

    private Value CallList(IMethodSymbol method, ListValue list, Arguments arguments, IOperation place)
    {
        if (list.Content is not { } content)
            return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : list.Items.Value);

        var elements = content.Elements;
        switch (method.Name)
        {
            case "Add" or "Enqueue" or "AddLast" or "Push" when arguments[0] is { } added:
                _journal.Write(list.Items, new ListContent(method.Name == "Push" ? elements.Insert(0, added) : elements.Add(added)));
                return ConstantValue.Null;
            case "AddRange" when arguments[0] is { } range:
                _journal.Write(list.Items, Elements(range, place) is { } more ? new ListContent(Together(elements, more.Elements)) : Derived(Unread(range)));
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
            case "Clear" when !IsSpan(method.ContainingType):
                _journal.Write(list.Items, ListContent.Empty);
                return ConstantValue.Null;
            case "Reverse" when method.ReturnsVoid && arguments.Count == 0:
                _journal.Write(list.Items, new ListContent(elements.Reverse()));
                return ConstantValue.Null;
            case "ToArray" or "Clone" or "ToList" or "GetRange" when method.Name != "GetRange":
                return new ListValue(elements);
            case "ForEach":
                return InvokeForEach(list, arguments[0], place);
            case "TryDequeue" or "TryPop" or "TryPeek" when content.IsCounted && arguments.Count == 1 && arguments.All[0].Reference is { } taken:
                _journal.Write(taken, elements.Count > 0 ? elements[0] : DefaultValue.Of(arguments.All[0].Parameter?.Type));
                if (elements.Count > 0 && method.Name != "TryPeek")
                    _journal.Write(list.Items, new ListContent(elements.RemoveAt(0)));
                return ConstantValue.Of(elements.Count > 0);
            case "Fill" or "CopyTo" when IsSpan(method.ContainingType) && content.IsCounted:
                return CallArray(method, new(arguments.All.Insert(0, new(null, list))), place);
            case "ConvertAll" when arguments[0] is FunctionValue convert:
                return new ListValue(Map(elements, (element, _) => Invoke(convert, place, element)));
            case "FindIndex" or "FindLastIndex" or "FindLast" or "Find" or "FindAll" or "Exists" or "TrueForAll" or "BinarySearch" or "LastIndexOf" or "EnsureCapacity" or "TrimExcess" or "GetHashCode":
                return Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a list", place));
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
                return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : Unknown($"comes from '{method.Name}' of a list", place));
        }
    }

    private Value CallDictionary(IMethodSymbol method, DictionaryValue dictionary, Arguments arguments, IOperation place)
    {
        if (dictionary.Content is not { } entries)
            return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : dictionary.Entries.Value);

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
                return Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a dictionary", place));
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
}
