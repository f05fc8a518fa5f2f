using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>The parts of the base library that model code computes with: collections, strings, mathematics.</summary>
internal sealed partial class Interpreter
{
    private Value CallSystem(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        var owner = method.ContainingType;
        var isBaseLibrary = owner.ContainingNamespace is { } space && IsInSystem(space);
        if (MeasuresOnly(owner))
            return Unknown($"comes from '{owner.Name}.{method.Name}'", place);
        if (!isBaseLibrary)
            return Escape(receiver is null ? arguments : new(arguments.All.Insert(0, new(null, receiver))), place, Unknown($"comes from '{owner.Name}.{method.Name}', whose code cannot be read", place));

        return receiver switch
        {
            FunctionValue function when method.Name == "Invoke" => Invoke(function, arguments, place),
            ListValue list => CallList(method, list, arguments, place),
            DictionaryValue dictionary => CallDictionary(method, dictionary, arguments, place),
            ModuleValue { Container: not ContainerKind.None } container => CallModule(method, container, arguments, place),
            ConstantValue { Raw: string text } => CallString(method, text, arguments, place),
            null => CallStatic(method, arguments, place),
            EnumValue member when method.Name == "ToString" => new ConstantValue(member.Name),
            ConstantValue constant when method.Name == "ToString" && arguments.Count == 0 => new ConstantValue(Invariant(constant.Raw)),
            ConstantValue { Raw: not null } constant when method.Name == "GetValueOrDefault" => constant,
            ConstantValue { Raw: null } when method.Name == "GetValueOrDefault" => arguments[0] ?? DefaultValue.Of(method.ReturnType),
            _ when method.Name == "GetType" && receiver is ObjectValue instance => new TypeValue(instance.Type),
            _ when method.Name is "Equals" or "ReferenceEquals" && arguments.Count == 1 => Truth(AreEqual(receiver, arguments[0]!), place),
            _ => Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : Derived(receiver, Unknown($"comes from '{owner.Name}.{method.Name}'", place))),
        };
    }

    /// <summary>GradLint's own probe, monitor and assertions, which see models and leave their weights alone; its initialisers do not.</summary>
    private static bool MeasuresOnly(INamedTypeSymbol type) =>
        type is { ContainingAssembly.Name: "GradLint.Runtime", ContainingNamespace: { Name: "Runtime", ContainingNamespace.Name: "GradLint" } };

    private static bool IsInSystem(INamespaceSymbol space)
    {
        while (space.ContainingNamespace is { IsGlobalNamespace: false } outer)
            space = outer;
        return space.Name is "System" or "Microsoft";
    }

    private Value CallStatic(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        switch (method.ContainingType.Name)
        {
            case "Math" or "MathF":
                return CallMath(method, arguments, place);
            case "Enumerable":
                return CallLinq(method, arguments, place);
            case "Tuple" or "ValueTuple" or "KeyValuePair" when method.Name == "Create":
                return new TupleValue(arguments.Values.ToImmutableArray());
            case "ParallelEnumerable":
                return CallParallelLinq(method, arguments, place);
            case "Parallel":
                return CallParallel(method, arguments, place);
            case "Array":
                return CallArray(method, arguments, place);
            case "MemoryExtensions" or "CollectionsMarshal":
                return CallSpan(method, arguments, place);
            case "Activator" when method.TypeArguments.Length == 1 && _frame.Substitute(method.TypeArguments[0]) is INamedTypeSymbol type && _source.Declares(type):
                return type.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.IsEmpty) is { } constructor
                    ? Create(type, constructor, Arguments.None, place)
                    : Unknown("has no constructor without parameters", place);
            case "Convert" when arguments.Count == 1:
                return ConvertTo(arguments[0]!, method.ReturnType, place);
            case "String" when method.Name == "IsNullOrEmpty" && arguments[0] is ConstantValue text:
                return ConstantValue.Of(string.IsNullOrEmpty(text.Raw as string));
            case "String" when method.Name == "Equals" && arguments.Count == 2:
                return Truth(AreEqual(arguments[0]!, arguments[1]!), place);
            case "ImmutableArray" or "ImmutableList" when method.Name is "Create" or "CreateRange":
                return arguments.Count == 1 && arguments[0] is ListValue list ? list : new ListValue(arguments.Values);
            default:
                return Unfollowed(method, arguments, place, method.ReturnsVoid ? ConstantValue.Null : FromData(method, arguments, place));
        }
    }

    /// <summary>What a function computes from unknowns alone is as unknown as they are; otherwise it is the function that is not followed.</summary>
    private static Value FromData(IMethodSymbol method, Arguments arguments, IOperation place) =>
        arguments.Values.OfType<UnknownValue>().Any() ? Derived(arguments.Values.ToArray()) : Unknown($"comes from '{method.ContainingType.Name}.{method.Name}'", place);

    private static Value CallMath(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        var isInteger = IsIntegral(method.ReturnType);
        if (isInteger && Integer(arguments[0]) is { } i)
        {
            var j = Integer(arguments[1]);
            return (method.Name, j) switch
            {
                ("Max", { } other) => ConstantValue.Of(Math.Max(i, other)),
                ("Min", { } other) => ConstantValue.Of(Math.Min(i, other)),
                ("Abs", _) when i > long.MinValue => ConstantValue.Of(Math.Abs(i)),
                ("Sign", _) => ConstantValue.Of((long)Math.Sign(i)),
                ("Clamp", { } low) when Integer(arguments[2]) is { } high => ConstantValue.Of(Math.Min(Math.Max(i, low), high)),
                _ => Unknown($"comes from 'Math.{method.Name}'", place),
            };
        }

        if (Number(arguments[0]) is not { } x)
            return Derived(arguments.Values.ToArray());
        var y = Number(arguments[1]);
        double? result = (method.Name, y) switch
        {
            ("Max", { } other) => Math.Max(x, other),
            ("Min", { } other) => Math.Min(x, other),
            ("Pow", { } exponent) => Math.Pow(x, exponent),
            ("Sqrt", _) => Math.Sqrt(x),
            ("Abs", _) => Math.Abs(x),
            ("Floor", _) => Math.Floor(x),
            ("Ceiling", _) => Math.Ceiling(x),
            ("Round", null) => Math.Round(x),
            ("Exp", _) => Math.Exp(x),
            ("Log", null) => Math.Log(x),
            ("Log", { } @base) => Math.Log(x, @base),
            ("Log2", _) => Math.Log(x, 2),
            ("Log10", _) => Math.Log10(x),
            ("Tanh", _) => Math.Tanh(x),
            ("Sin", _) => Math.Sin(x),
            ("Cos", _) => Math.Cos(x),
            _ => null,
        };
        return result is { } known ? new ConstantValue(known) : Derived(arguments[1], Unknown($"comes from 'Math.{method.Name}'", place));
    }

    private static Value CallString(IMethodSymbol method, string text, Arguments arguments, IOperation place)
    {
        var operand = Text(arguments[0]) ?? ((arguments[0] as ConstantValue)?.Raw as char?)?.ToString();
        object? result = (method.Name, operand) switch
        {
            ("ToLower" or "ToLowerInvariant", _) => text.ToLowerInvariant(),
            ("ToUpper" or "ToUpperInvariant", _) => text.ToUpperInvariant(),
            ("Trim", null) => text.Trim(),
            ("ToString", _) => text,
            ("Equals", { } other) when arguments.Count == 1 => text == other,
            ("Equals", { } other) => (arguments[1] as EnumValue)?.Name is { } comparison && comparison.EndsWith("IgnoreCase", StringComparison.Ordinal)
                ? string.Equals(text, other, StringComparison.OrdinalIgnoreCase)
                : text == other,
            ("Contains", { } part) => text.Contains(part),
            ("StartsWith", { } part) => text.StartsWith(part, StringComparison.Ordinal),
            ("EndsWith", { } part) => text.EndsWith(part, StringComparison.Ordinal),
            ("Replace", { } part) when Text(arguments[1]) is { } replacement && part.Length > 0 && text.Length <= MaximumText / (1 + replacement.Length) => text.Replace(part, replacement),
            _ => null,
        };
        if (method.Name == "Split" && operand is { Length: > 0 })
            return new ListValue(text.Split([operand], StringSplitOptions.None).Select(part => new ConstantValue(part)));
        return result is null ? Derived(arguments[0], Unknown($"comes from 'string.{method.Name}'", place)) : ConstantValue.Of(result);
    }

    private Value GetSystemProperty(IPropertySymbol property, Value? receiver, Arguments arguments, IOperation place)
    {
        if (property.IsIndexer && receiver is not null)
            return ReadElement(receiver, arguments[0], place);

        switch (receiver, property.Name)
        {
            case (ConstantValue { Raw: string text }, "Length"):
                return ConstantValue.Of((long)text.Length);
            case (ConstantValue { Raw: null }, "HasValue"):
                return ConstantValue.False;
            case (not (null or UnknownValue), "HasValue"):
                return ConstantValue.True;
            case (not null, "Value") when property.ContainingType.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T:
                return receiver;
            case (TupleValue tuple, "Key") when tuple.Elements.Length == 2:
                return tuple.Elements[0];
            case (TupleValue tuple, "Value") when tuple.Elements.Length == 2:
                return tuple.Elements[1];
            case (TupleValue tuple, { Length: 5 } name) when name.StartsWith("Item", StringComparison.Ordinal) && name[4] - '1' is >= 0 and var index && index < tuple.Elements.Length:
                return tuple.Elements[index];
            case (DictionaryValue { Content: { } entries }, "Keys"):
                return new ListValue(entries.Elements.OfType<TupleValue>().Select(pair => pair.Elements[0]));
            case (DictionaryValue { Content: { } entries }, "Values"):
                return new ListValue(entries.Elements.OfType<TupleValue>().Select(pair => pair.Elements[1]));
            case (not null, "Count" or "Length" or "LongLength") when Elements(receiver, place) is { } content:
                return Count(content, place);
            case (TypeValue type, "Name"):
                return new ConstantValue(type.Type.MetadataName);
            case (null, _):
                return property.Type.SpecialType == SpecialType.None && property.Type.TypeKind != TypeKind.Enum ? new OpaqueValue() : Unknown($"comes from '{property.ContainingType.Name}.{property.Name}'", place);
            default:
                return receiver is UnknownValue ? receiver : Unknown($"comes from '{property.ContainingType.Name}.{property.Name}'", place);
        }
    }

    private static Value Count(ListContent content, IOperation place)
    {
        if (content.IsCounted)
            return ConstantValue.Of((long)content.Elements.Count);
        var repeats = content.Elements.OfType<RepeatedElements>().First();
        return new UnknownValue("is filled by a loop whose length the code does not tell", repeats.Origin, repeats.IsData);
    }

    private Value CreateSystem(INamedTypeSymbol type, Arguments arguments, IOperation place)
    {
        if (type.IsTupleType || type.Name is "Tuple" or "KeyValuePair")
            return new TupleValue(arguments.Values.ToImmutableArray());
        if (type.TypeKind == TypeKind.Delegate)
            return arguments[0] ?? new OpaqueValue();

        switch (type.Name)
        {
            case "List" or "LinkedList" or "Queue" or "Stack" or "HashSet" or "Collection" or "ObservableCollection":
                return arguments[0] is ListValue source && source.Content is { } content ? new ListValue(content.Elements) : new ListValue([]);
            case "Dictionary" or "SortedDictionary" or "OrderedDictionary" or "ConcurrentDictionary":
                return arguments[0] is DictionaryValue other && other.Content is { } entries ? new DictionaryValue(entries.Elements) : new DictionaryValue([]);
            case "Index" when arguments.Count > 0:
                return Truth(arguments[1] ?? ConstantValue.False) == true ? new IndexFromEndValue(arguments[0]!) : arguments[0]!;
            default:
                var unread = Unknown($"is a '{type.Name}', whose code cannot be read", place);
                if (!IsInSystem(type.ContainingNamespace))
                    return Escape(arguments, place, unread);
                foreach (var argument in arguments.All)
                    ForgetContent(argument, isWritable: false, place);
                return type.TypeArguments.Any(element => _types.IsModule(element) || _types.IsParameter(element)) ? unread : new OpaqueValue();
        }
    }
}
