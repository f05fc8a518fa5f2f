using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Fields, properties and elements.</summary>
internal sealed partial class Interpreter
{
    private readonly Dictionary<ISymbol, IFieldSymbol?> _backingFields = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, bool> _changes = new(SymbolEqualityComparer.Default);

    private Value ReadField(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (field.IsStatic && _types.IsFromTorchSharp(field))
            return IsTensorIndex(field.ContainingType) && TensorIndexOf(field.Name, Arguments.None) is { } index ? index : new OpaqueValue();
        if (field.IsStatic)
            return ReadStatic(field, reference);

        return Evaluate(reference.Instance) switch
        {
            ObjectValue instance => instance.Field(field).Value,
            TupleValue tuple when TupleIndex(field) is { } index && index < tuple.Elements.Length => tuple.Elements[index],
            var receiver => Derived(receiver),
        };
    }

    private static int? TupleIndex(IFieldSymbol field)
    {
        var name = (field.CorrespondingTupleField ?? field).Name;
        return name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(name.Substring(4), out var number) ? number - 1 : null;
    }

    /// <summary>A static field or auto-property: its initialiser's value, where nothing can have changed it since.</summary>
    private Value ReadStatic(ISymbol member, IOperation place)
    {
        if (_statics.TryGetValue(member.OriginalDefinition, out var cell))
            return cell.Value;
        if (!_changes.TryGetValue(member.OriginalDefinition, out var isChanged))
            _changes.Add(member.OriginalDefinition, isChanged = Changes.Reach(member, _source, _compilation, _cancellationToken));
        if (isChanged)
            return Unknown("is static and can change", place);
        if (_source.Initializer(member, _cancellationToken) is not ISymbolInitializerOperation initializer)
            return Unknown("has no value in the code", place);

        cell = new(Unknown("is read while it is initialised", place));
        _statics.Add(member.OriginalDefinition, cell);
        var value = InFrame(new(instance: null, _journal.Mark), () => Evaluate(initializer.Value));
        _statics[member.OriginalDefinition] = new(value);
        return value;
    }

    private Value ReadProperty(IPropertyReferenceOperation reference)
    {
        var receiver = reference.Instance is null ? null : Evaluate(reference.Instance);
        var arguments = EvaluateArguments(reference.Arguments);
        return GetProperty(Implementation(reference, receiver), receiver, arguments, reference);
    }

    /// <summary>The property that a reference reads or writes at run time; through <c>base</c> it is the one that is named.</summary>
    private static IPropertySymbol Implementation(IPropertyReferenceOperation reference, Value? receiver) =>
        receiver is ObjectValue instance && reference.Instance is not IInstanceReferenceOperation { Syntax: BaseExpressionSyntax }
            ? MostDerived(reference.Property, instance.Type)
            : reference.Property;

    private Value GetProperty(IPropertySymbol property, Value? receiver, Arguments arguments, IOperation place)
    {
        if (!_source.Declares(property))
        {
            return _types.IsFromTorchSharp(property)
                ? GetTorchProperty(property, receiver, arguments, place)
                : GetSystemProperty(property, receiver, arguments, place);
        }

        if (HasBody(property.GetMethod))
            return InvokeSource(property.GetMethod!, receiver, arguments, place);
        if (property.IsStatic)
            return ReadStatic(property, place);
        return receiver is ObjectValue owner && BackingField(property) is { } field ? owner.Field(field).Value : Derived(receiver);
    }

    private bool HasBody(IMethodSymbol? accessor) =>
        accessor is not null && _source.Body(accessor, _cancellationToken) is not (null or IMethodBodyOperation { BlockBody: null, ExpressionBody: null });

    private IFieldSymbol? BackingField(IPropertySymbol property)
    {
        var definition = property.OriginalDefinition;
        if (!_backingFields.TryGetValue(definition, out var field))
        {
            field = definition.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.AssociatedSymbol, definition));
            _backingFields.Add(definition, field);
        }
        return field;
    }

    private Value ReadElement(Value collection, Value? index, IOperation place)
    {
        switch (collection)
        {
            case TensorArray outputs:
                return Integer(index) is { } output and >= 0 ? new GraphTensor(new(outputs.Node, (int)output)) : new GraphTensor(new(outputs.Node));
            case ModuleValue { Container: ContainerKind.Sequential } sequential when sequential.Items.Value is ListContent items:
                return ElementAt(new ListContent(items.Elements.Select(Second)), index, place);
            case ModuleValue { Container: ContainerKind.ModuleDict or ContainerKind.ParameterDict } dictionary when dictionary.Items.Value is ListContent entries:
                return Text(index) is null ? ElementAt(entries, index, place) : FindKey(entries, index, place);
            case DictionaryValue dictionary when dictionary.Content is { } entries:
                return FindKey(entries, index, place);
            case ConstantValue { Raw: string text }:
                return Integer(index) is { } position and >= 0 && position < text.Length ? new ConstantValue(text[(int)position]) : Derived(index);
            default:
                return Elements(collection, place) is { } content ? ElementAt(content, index, place) : Derived(Unread(collection), index);
        }
    }

    private static Value ElementAt(ListContent content, Value? index, IOperation place)
    {
        var elements = content.Elements;
        if (index is RangeValue range && content.IsCounted)
        {
            var start = range.Start is null ? 0 : Position(range.Start, elements.Count);
            var end = range.End is null ? elements.Count : Position(range.End, elements.Count);
            return start is { } from and >= 0 && end is { } to && to >= from && to <= elements.Count
                ? new ListValue(elements.GetRange(from, to - from))
                : Derived(range.Start, range.End);
        }

        if (content.IsCounted && Position(index, elements.Count) is { } position)
            return position >= 0 && position < elements.Count ? elements[position] : Unknown("is out of range", place);

        // Every pass of a loop of unknown length reads what that loop put there.
        if (elements.Count == 1)
            return elements[0] is RepeatedElements { Group.Length: 1 } repeats ? repeats.Group[0] : elements[0];
        if (Integer(index) is { } known and >= 0 && known < elements.Count && !elements.Take((int)known + 1).Any(element => element is RepeatedElements))
            return elements[(int)known];
        return Derived(index is ConstantValue ? null : index, Unknown("is picked from a collection by an index that the code does not tell", place));
    }

    /// <summary>Why the elements of a collection are not known.</summary>
    private static Value Unread(Value collection) => collection switch
    {
        ListValue list => list.Items.Value,
        DictionaryValue dictionary => dictionary.Entries.Value,
        ModuleValue container => container.Items.Value,
        _ => collection,
    };

    private static int? Position(Value? index, int count) => index switch
    {
        IndexFromEndValue fromEnd => Integer(fromEnd.Offset) is { } offset ? count - (int)offset : null,
        _ => Integer(index) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null,
    };

    private static Value FindKey(ListContent entries, Value? key, IOperation place)
    {
        foreach (var entry in entries.Elements)
        {
            if (entry is not TupleValue pair || key is null || AreEqual(pair.Elements[0], key) is not { } equal)
                return Derived(key, Unknown("is looked up by a key that the code does not tell", place));
            if (equal)
                return pair.Elements[1];
        }
        return Unknown("is looked up by a key that is not there", place);
    }

    private void WriteElement(Value collection, Value? index, Value value)
    {
        var cell = collection switch
        {
            ListValue list => list.Items,
            DictionaryValue dictionary => dictionary.Entries,
            ModuleValue { Container: not ContainerKind.None } container => container.Items,
            _ => null,
        };
        if (cell?.Value is not ListContent content)
            return;

        if (collection is DictionaryValue or ModuleValue { Container: ContainerKind.ModuleDict or ContainerKind.ParameterDict } && index is not null)
            _journal.Write(cell, SetKey(content, index, value));
        else if (content.IsCounted && Position(index, content.Elements.Count) is { } position and >= 0 && position < content.Elements.Count)
            _journal.Write(cell, new ListContent(content.Elements.SetItem(position, value)));
        else
            _journal.Write(cell, WriteSomewhere(content, index, value));
    }

    private static ListContent SetKey(ListContent entries, Value key, Value value)
    {
        var position = entries.Elements.FindIndex(entry => entry is TupleValue pair && AreEqual(pair.Elements[0], key) == true);
        var pair = new TupleValue(key, value);
        return new(position < 0 ? entries.Elements.Add(pair) : entries.Elements.SetItem(position, pair));
    }

    /// <summary>An element written at an unknown index: in an array filled by a loop of unknown length that is every element.</summary>
    private static ListContent WriteSomewhere(ListContent content, Value? index, Value value) =>
        content.Elements.All(element => element is RepeatedElements or ConstantValue { Raw: null })
            ? new([new RepeatedElements([value], (index as UnknownValue)?.Origin ?? Core.Model.Origin.None, isData: false)])
            : new(content.IsCounted
                ? content.Elements.Select(_ => Derived(index))
                : [new RepeatedElements([Derived(index)], (index as UnknownValue)?.Origin ?? Core.Model.Origin.None, isData: false)]);

    private static Value Second(Value pair) => pair is TupleValue { Elements.Length: 2 } tuple ? tuple.Elements[1] : pair;
}
