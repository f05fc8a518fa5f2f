using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Places that expressions name, and what is written to them.</summary>
internal sealed partial class Interpreter
{
    private Value EvaluateAssignment(ISimpleAssignmentOperation assignment)
    {
        if (assignment.IsRef && assignment.Target is ILocalReferenceOperation alias)
        {
            DeclareAlias(alias.Local, assignment.Value);
            return _frame.Find(alias.Local)!.Value;
        }

        var place = PlaceOf(assignment.Target);
        var value = Copied(Evaluate(assignment.Value));
        place.Write(value);
        return value;
    }

    /// <summary>Writes a value where an expression stands; returns the value.</summary>
    private Value Assign(IOperation target, Value value)
    {
        PlaceOf(target).Write(Copied(value));
        return value;
    }

    /// <summary>The place that an expression names; its receiver and indices are evaluated here, and once.</summary>
    private Place PlaceOf(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                return new(() => ReadVariable(local.Local, local), value => AssignVariable(local.Local, value));
            case IParameterReferenceOperation parameter:
                return new(() => ReadParameter(parameter), value => AssignVariable(parameter.Parameter, value));
            case IFieldReferenceOperation { Field.IsStatic: true } field:
                return new(() => ReadField(field), value => _journal.Write(StaticCell(field.Field), value));
            case IFieldReferenceOperation { Instance: { Type.IsTupleType: true } instance } field when TupleIndex(field.Field) is { } index:
                return ElementOf(PlaceOf(instance), index);
            case IFieldReferenceOperation field:
                return FieldOf(Evaluate(field.Instance), field.Field);
            case IPropertyReferenceOperation property:
                return PropertyOf(property);
            case IArrayElementReferenceOperation element:
                var (array, indices) = (Evaluate(element.ArrayReference), element.Indices.Select(Evaluate).ToArray());
                return ElementOf(array, indices.Length == 1 ? indices[0] : Unknown("is one of several indices", element), element);
            case IImplicitIndexerReferenceOperation indexer:
                return ElementOf(Evaluate(indexer.Instance), Evaluate(indexer.Argument), indexer);
            case ITupleOperation or IDeclarationExpressionOperation:
                return new(() => Evaluate(target), value => Deconstruct(target, value));
            case IConversionOperation conversion:
                return PlaceOf(conversion.Operand);
            case IConditionalOperation { IsRef: true } choice:
                return OneOf(Evaluate(choice.Condition), PlaceOf(choice.WhenTrue), PlaceOf(choice.WhenFalse!), choice);
            default:
                return new(() => Evaluate(target), _ => { });
        }
    }

    private Place ElementOf(Value collection, Value index, IOperation place) =>
        new(() => ReadElement(collection, index, place), value => WriteElement(collection, index, value));

    private Place ElementOf(Place tuple, int index) => new(
        () => tuple.Read() is TupleValue known && index < known.Elements.Length ? known.Elements[index] : Derived(tuple.Read()),
        value => tuple.Write(tuple.Read() is TupleValue known && index < known.Elements.Length ? new TupleValue(known.Elements.SetItem(index, value)) : Derived(tuple.Read())));

    private Place FieldOf(Value instance, IFieldSymbol field) => instance is ObjectValue known
        ? new(() => known.Field(field).Value, value => _journal.Write(known.Field(field), value))
        : new(() => Derived(instance), _ => ForgetField(instance, field));

    private Place PropertyOf(IPropertyReferenceOperation reference)
    {
        var receiver = reference.Instance is null ? null : Evaluate(reference.Instance);
        var arguments = EvaluateArguments(reference.Arguments);
        var property = Implementation(reference, receiver);
        return new(() => GetProperty(property, receiver, arguments, reference), value => SetProperty(property, receiver, arguments, value, reference));
    }

    private Place OneOf(Value condition, Place first, Place second, IOperation place) => Truth(condition) switch
    {
        true => first,
        false => second,
        null => new(() => Derived(condition), value =>
        {
            first.Write(Join(first.Read(), value, Undecided(condition, place)));
            second.Write(Join(second.Read(), value, Undecided(condition, place)));
        }),
    };

    /// <summary>The cell that an expression names, for a reference to share; null where it names an element or a property.</summary>
    private Cell? CellOf(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                if (_frame.Find(local.Local) is not { } variable)
                    _frame.Declare(local.Local, variable = new(DefaultValue.Of(local.Local.Type)));
                return variable;
            case IParameterReferenceOperation parameter:
                return _frame.Find(parameter.Parameter);
            case IFieldReferenceOperation { Field.IsStatic: false } field when Evaluate(field.Instance) is ObjectValue instance:
                return instance.Field(field.Field);
            default:
                return null;
        }
    }

    /// <summary><c>ref var r = ref x</c>. What is written through a reference to an element is not followed to it.</summary>
    private void DeclareAlias(ILocalSymbol alias, IOperation target)
    {
        if (CellOf(target) is { } cell)
        {
            _frame.Declare(alias, cell);
            return;
        }

        var place = PlaceOf(target);
        _frame.Declare(alias, new(place.Read()));
        if (alias.RefKind == RefKind.Ref)
            place.Write(Unknown("can be written through a reference", target));
    }

    /// <summary>What a call wrote to elements and properties that were passed by reference.</summary>
    private static void WriteBack(Arguments arguments)
    {
        foreach (var argument in arguments.All)
        {
            if (argument is { WriteBack: { } place, Reference: { } passed })
                place.Write(passed.Value);
        }
    }

    private void AssignVariable(ISymbol variable, Value value)
    {
        if (_frame.Find(variable) is { } cell)
            _journal.Write(cell, value);
        else if (variable is IParameterSymbol && _frame.Instance?.FindField(variable) is { } captured)
            _journal.Write(captured, value);
        else
            _frame.Declare(variable, new(value));
    }

    private Cell StaticCell(IFieldSymbol field)
    {
        if (!_statics.TryGetValue(field.OriginalDefinition, out var cell))
            _statics.Add(field.OriginalDefinition, cell = new(DefaultValue.Of(field.Type)));
        return cell;
    }

    private void SetProperty(IPropertySymbol property, Value? receiver, Arguments arguments, Value value, IOperation place)
    {
        if (!_source.Declares(property))
        {
            if (_types.IsFromTorchSharp(property))
                SetTorchProperty(property, receiver, arguments, value, place);
            else if (property.IsIndexer && receiver is not null)
                WriteElement(receiver, arguments[0], value);
        }
        else if (HasBody(property.SetMethod))
        {
            var all = arguments.All.Add(new(property.SetMethod!.Parameters[property.SetMethod.Parameters.Length - 1], value));
            InvokeSource(property.SetMethod, receiver, new(all), place);
        }
        else if (receiver is not null && BackingField(property) is { } field)
        {
            FieldOf(receiver, field).Write(value);
        }
    }

    private Value Deconstruct(IOperation target, Value value)
    {
        switch (target)
        {
            case IDeclarationExpressionOperation declaration:
                return Deconstruct(declaration.Expression, value);
            case ITupleOperation tuple:
                var elements = Parts(value, tuple.Elements.Length, tuple);
                for (var index = 0; index < tuple.Elements.Length; index++)
                {
                    var element = elements is { } known && index < known.Count ? known[index] : Derived(value);
                    Deconstruct(tuple.Elements[index], element);
                }
                return value;
            case IDiscardOperation:
                return value;
            case ILocalReferenceOperation { IsDeclaration: true } local:
                _frame.Declare(local.Local, new(Copied(value)));
                return value;
            default:
                return Assign(target, value);
        }
    }

    /// <summary>What a tuple, or an object that has a <c>Deconstruct</c>, falls into; null where that is not known.</summary>
    private IReadOnlyList<Value>? Parts(Value value, int count, IOperation place)
    {
        if (value is TupleValue tuple)
            return tuple.Elements;
        if (value is not ObjectValue instance || DeconstructOf(instance.Type, count) is not { } method)
            return null;
        if (_source.Body(method, _cancellationToken) is null)
        {
            // The one that the compiler gives a record.
            return method.Parameters.Select(parameter => method.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property
                ? GetProperty(MostDerived(property, instance.Type), instance, Arguments.None, place)
                : Unknown("is taken apart in a way that is not followed", place)).ToArray();
        }

        var parts = method.Parameters.Select(parameter => new Cell(DefaultValue.Of(parameter.Type))).ToArray();
        InvokeSource(method, instance, new(method.Parameters.Select((parameter, index) => new Argument(parameter, parts[index].Value, parts[index])).ToImmutableArray()), place);
        return parts.Select(part => part.Value).ToArray();
    }

    private IMethodSymbol? DeconstructOf(INamedTypeSymbol type, int count)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            var method = current.GetMembers(WellKnownMemberNames.DeconstructMethodName).OfType<IMethodSymbol>()
                .FirstOrDefault(candidate => !candidate.IsStatic && candidate.Parameters.Length == count && candidate.Parameters.All(parameter => parameter.RefKind == RefKind.Out));
            if (method is not null)
                return method;
        }
        return null;
    }

    /// <summary>A value as it is assigned and passed: structs are copied.</summary>
    private Value Copied(Value value) => value switch
    {
        ObjectValue { Type.IsValueType: true } structure => CopyOf(structure),
        TupleValue tuple when HoldsStruct(tuple) => new TupleValue(tuple.Elements.Select(Copied).ToImmutableArray()),
        _ => value,
    };

    private bool HoldsStruct(Value value)
    {
        Step();
        return value is ObjectValue { Type.IsValueType: true } || value is TupleValue tuple && tuple.Elements.Any(HoldsStruct);
    }

    private ObjectValue CopyOf(ObjectValue original)
    {
        var copy = new ObjectValue(original.Type);
        foreach (var field in original.Fields.ToArray())
            _journal.Write(copy.Field(field.Key), Copied(field.Value.Value));
        return copy;
    }
}

/// <summary>Something that can be read and written: a variable, a field, an element, a property.</summary>
internal sealed class Place(Func<Value> read, Action<Value> write)
{
    public Value Read() => read();

    public void Write(Value value) => write(value);
}
