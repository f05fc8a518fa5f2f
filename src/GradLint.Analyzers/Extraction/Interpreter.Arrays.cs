using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>Static methods of <c>Array</c> and spans, which change what they are given, and the parallel loops.</summary>
internal sealed partial class Interpreter
{
    /// <summary>A method of <c>Array</c>, or one of a span with the span first.</summary>
    private Value CallArray(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        if (method.Name == "Empty")
            return new ListValue([]);
        if (method.Name == "ForEach")
            return InvokeForEach(arguments[0]!, arguments[1], place);
        if (arguments[0] is not ListValue { Content: { IsCounted: true } content } array)
            return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : Derived(arguments[0]));

        var elements = content.Elements;
        switch (method.Name)
        {
            case "Fill" when arguments.Count == 2:
                return Rewrite(array, elements.Select(_ => arguments[1]!));
            case "Fill" when arguments.Count == 4 && Part(arguments[2], arguments[3], elements.Count) is { } filled:
                return Rewrite(array, elements.Select((element, index) => index >= filled.Start && index < filled.End ? arguments[1]! : element));
            case "Reverse" when arguments.Count == 1:
                return Rewrite(array, elements.Reverse());
            case "Reverse" when arguments.Count == 3 && Part(arguments[1], arguments[2], elements.Count) is { } reversed:
                return Rewrite(array, elements.Reverse(reversed.Start, reversed.End - reversed.Start));
            case "Sort" when arguments.Count == 1 && elements.TrueForAll(element => Number(element) is not null):
                return Rewrite(array, elements.OrderBy(element => Number(element)!.Value));
            case "Copy" when arguments.Count == 3:
                return Copy(method, array, ConstantValue.Of(0L), arguments[1]!, ConstantValue.Of(0L), arguments[2]!, arguments, place);
            case "Copy" when arguments.Count == 5:
                return Copy(method, array, arguments[1]!, arguments[2]!, arguments[3]!, arguments[4]!, arguments, place);
            case "CopyTo" when arguments.Count == 2:
                return Copy(method, array, ConstantValue.Of(0L), arguments[1]!, ConstantValue.Of(0L), ConstantValue.Of((long)elements.Count), arguments, place);
            case "ConvertAll" when arguments[1] is FunctionValue convert:
                return new ListValue(Map(elements, (element, _) => Invoke(convert, place, element)));
            case "AsReadOnly":
                return array;
            case "IndexOf" or "LastIndexOf" or "BinarySearch" or "Exists" or "TrueForAll" or "Find" or "FindAll" or "FindIndex" or "FindLast" or "FindLastIndex":
                var found = Unknown($"comes from 'Array.{method.Name}'", place);
                return Unfollowed(method, new(arguments.All.RemoveAt(0)), place, found);
            default:
                return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : Unknown($"comes from 'Array.{method.Name}'", place));
        }
    }

    private ConstantValue Rewrite(ListValue array, IEnumerable<Value> elements)
    {
        _journal.Write(array.Items, new ListContent(elements));
        return ConstantValue.Null;
    }

    /// <summary>The elements from a start on, as many as a count says; null where they are not all there, or not known.</summary>
    private static (int Start, int End)? Part(Value? start, Value? count, int length) =>
        Integer(start) is { } first and >= 0 && Integer(count) is { } many and >= 0 && first <= length && many <= length - first
            ? ((int)first, (int)(first + many))
            : null;

    private Value Copy(IMethodSymbol method, ListValue source, Value from, Value target, Value at, Value count, Arguments arguments, IOperation place)
    {
        var elements = source.Content!.Elements;
        if (target is not ListValue { Content: { IsCounted: true } content } written
            || Part(from, count, elements.Count) is not { } taken || Part(at, count, content.Elements.Count) is not { } put)
            return Unfollowed(method, arguments, place, ConstantValue.Null);
        return Rewrite(written, content.Elements.Select((element, index) => index >= put.Start && index < put.End ? elements[taken.Start + index - put.Start] : element));
    }

    /// <summary>A method of <c>MemoryExtensions</c>: a span is the array itself.</summary>
    private Value CallSpan(IMethodSymbol method, Arguments arguments, IOperation place) => (method.Name, arguments.Count) switch
    {
        ("AsSpan" or "AsMemory", 1) => arguments[0]!,
        ("Reverse" or "Sort" or "CopyTo", _) => CallArray(method, arguments, place),
        _ => Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a span", place), changesAll: true),
    };

    /// <summary><c>Parallel.For</c> and <c>Parallel.ForEach</c>, one pass after the other.</summary>
    private Value CallParallel(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        var function = arguments.Values.LastOrDefault(value => value is FunctionValue);
        switch (method.Name)
        {
            case "ForEach" or "ForEachAsync":
                InvokeForEach(arguments[0]!, function, place);
                return new OpaqueValue();
            case "For" or "ForAsync" when Integer(arguments[0]) is { } start:
                var range = Integer(arguments[1]) is { } end ? Counted(end - start, index => ConstantValue.Of(start + index)) : UncountedRange(arguments[1], place);
                InvokeForEach(range, function, place);
                return new OpaqueValue();
            default:
                return Unfollowed(method, arguments, place, new OpaqueValue());
        }
    }

    /// <summary>PLINQ keeps no order, except where nothing is made of the elements.</summary>
    private Value CallParallelLinq(IMethodSymbol method, Arguments arguments, IOperation place) => method.Name switch
    {
        "AsParallel" or "AsOrdered" or "AsSequential" or "WithDegreeOfParallelism" or "WithCancellation" => arguments[0]!,
        "ForAll" => InvokeForEach(arguments[0]!, arguments[1], place),
        _ => Unfollowed(method, arguments, place, Unknown($"comes from '{method.Name}' of a parallel query", place)),
    };

    private Value InvokeForEach(Value collection, Value? function, IOperation place)
    {
        ForEach(place, ElementsOrUnknown(collection, place), element =>
        {
            Invoke(function, place, element);
            return Completion.Normal;
        });
        return ConstantValue.Null;
    }
}
