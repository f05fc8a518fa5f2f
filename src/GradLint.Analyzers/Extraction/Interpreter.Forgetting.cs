using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Members = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;
using TensorMembers = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>What code that is not followed, or a write to a place that is not known, may have changed is no longer known.</summary>
internal sealed partial class Interpreter
{
    private readonly List<ParameterValue> _parameters = [];
    private readonly Dictionary<INamedTypeSymbol, List<ObjectValue>> _objects = new(SymbolEqualityComparer.Default);

    /// <summary>How many calls so far were of code that is not followed: any of them may have thrown.</summary>
    private int _unfollowedCalls;

    private ParameterValue Made(ParameterValue parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }

    private ObjectValue Remember(ObjectValue instance)
    {
        for (var type = instance.Type; type is not null && _source.Declares(type); type = type.BaseType)
        {
            if (!_objects.TryGetValue(type.OriginalDefinition, out var objects))
                _objects.Add(type.OriginalDefinition, objects = []);
            objects.Add(instance);
        }
        return instance;
    }

    /// <summary>A field of something unknown was written: it may be that of any object of the type.</summary>
    private void ForgetField(Value instance, IFieldSymbol field)
    {
        if (instance is not UnknownValue || !_objects.TryGetValue(field.ContainingType.OriginalDefinition, out var objects))
            return;
        foreach (var candidate in objects)
        {
            Step();
            _journal.Write(candidate.Field(field), instance);
        }
    }

    /// <summary>Everything reachable from the value may have been overwritten: loaded, or changed by code that cannot be read.</summary>
    private void ForgetInitialization(Value value, IOperation place)
    {
        foreach (var parameter in ReachableParameters(value, depth: 0))
            _journal.Write(parameter.Initialization, UnknownInitialization(place));
    }

    /// <summary>Something unknown was initialised: it may be any parameter there is.</summary>
    private void ForgetAllInitialization(IOperation place)
    {
        var unknown = UnknownInitialization(place);
        foreach (var parameter in _parameters)
        {
            if (parameter.CurrentInitialization is { Kind: InitializerKind.Unknown, IsExplicit: true })
                continue;
            Step();
            _journal.Write(parameter.Initialization, unknown);
        }
    }

    private static InitializationValue UnknownInitialization(IOperation place) =>
        new(new(InitializerKind.Unknown, LayerArguments.Empty, IsExplicit: true, OriginOf(place)));

    private static IEnumerable<ConstantTensor> ReachableParameters(Value value, int depth)
    {
        const int deepest = 3;
        switch (value)
        {
            case ParameterSlice slice:
                return [slice.Whole];
            case ConstantTensor tensor:
                return [tensor];
            case ModuleValue module:
                return new ModuleRegistry(module).Parameters.Select(pair => pair.Parameter);
            case TupleValue tuple when depth < deepest:
                return tuple.Elements.SelectMany(element => ReachableParameters(element, depth + 1));
            case ListValue { Content: { } content } when depth < deepest:
                return content.Elements.SelectMany(element => ReachableParameters(element, depth + 1));
            case DictionaryValue { Content: { } entries } when depth < deepest:
                return entries.Elements.SelectMany(element => ReachableParameters(element, depth + 1));
            case RepeatedElements repeats when depth < deepest:
                return repeats.Group.SelectMany(element => ReachableParameters(element, depth + 1));
            case ObjectValue instance when depth < deepest:
                return instance.TouchedFields.SelectMany(field => ReachableParameters(field.Value, depth + 1));
            default:
                return [];
        }
    }

    /// <summary>
    /// A member of a tensor or module that is not known; null where nothing is to be said of it. What writes to it may write
    /// to any parameter; a view of it may be a view of one.
    /// </summary>
    private Value? CallUnknown(IMethodSymbol method, UnknownValue receiver, Arguments arguments, IOperation place)
    {
        if (Graph is not null)
            return null;
        if (_types.IsModule(method.ContainingType) && method.Name is Members.Load or Members.LoadStateDict or Members.ResetParameters or Members.Apply)
        {
            ForgetAllInitialization(place);
            return Unfollowed(method, arguments, place, receiver);
        }
        if (!_types.IsTensor(method.ContainingType) || !_types.IsTensor(method.ReturnType))
            return null;

        if (LayerTable.IsInPlace(method.Name))
        {
            // What only data tells is data.
            if (method.Name != TensorMembers.WithRequiresGrad && !receiver.IsData)
                ForgetAllInitialization(place);
            return receiver;
        }
        return method.Name is TensorMembers.Detach or TensorMembers.Alias || LayerTable.OfOperation(method.Name) is { } kind && (kind == LayerKind.Identity || LayerTable.Has(kind, LayerTraits.Shape))
            ? receiver
            : null;
    }

    /// <summary>What is handed to code that cannot be read may come back changed: parameters lose their known initialisation.</summary>
    private Value Escape(Arguments arguments, IOperation place, Value result)
    {
        foreach (var argument in arguments.All)
        {
            ForgetInitialization(argument.Value, place);
            if (argument is { Value: UnknownValue, Parameter.Type: { } type } && (_types.IsModule(type) || _types.IsParameter(type)))
                ForgetAllInitialization(place);
            ForgetContent(argument, isWritable: CanWriteTo(argument.Parameter?.Type), place);
        }
        _unfollowedCalls++;
        return result;
    }

    /// <summary>A call of the base library that is not followed: it may run the functions, and write to the places and arrays, that it is given.</summary>
    private Value Unfollowed(IMethodSymbol method, Arguments arguments, IOperation place, Value result, bool changesAll = false)
    {
        foreach (var argument in arguments.All)
            ForgetContent(argument, changesAll || CanWriteTo(argument.Parameter?.Type) && !OnlyReads(method.ContainingType), place);
        _unfollowedCalls++;
        return result;
    }

    private void ForgetContent(Argument argument, bool isWritable, IOperation place)
    {
        if (argument.Reference is { } reference)
            _journal.Write(reference, Unknown("is set by code that is not followed", place));
        if (argument.Value is FunctionValue function)
            RunUnknownTimes(function, place);
        else if (isWritable && argument.Value is ListValue { Content.Elements.IsEmpty: false } list)
            _journal.Write(list.Items, Unknown("is changed by code that is not followed", place));
    }

    private static bool CanWriteTo(ITypeSymbol? type) =>
        type is IArrayTypeSymbol or { Name: "Array" or "Span" or "Memory" or "List" or "IList" or "ICollection" or "Collection" };

    private static bool OnlyReads(INamedTypeSymbol type) =>
        type.Name is "String" or "Console" or "Debug" or "Trace" or "Convert" or "BitConverter" or "File" or "Path" or "Math" or "MathF" or "Enumerable";

    /// <summary>A function that may run never, once or often, with whatever arguments: what it writes is no longer known.</summary>
    private void RunUnknownTimes(FunctionValue function, IOperation place)
    {
        var changed = Unknown("is changed by a function whose calls are not followed", place);
        var arguments = function.Method.Parameters.Select(parameter => new Argument(
            parameter, Unknown($"is the parameter '{parameter.Name}' of a function whose calls are not followed", place))).ToImmutableArray();

        // The second run begins with what the first one leaves.
        for (var run = 0; run < 2; run++)
        {
            var (mark, firstNode, reasons, isWatched) = (_journal.Mark, Graph?.Count ?? 0, _reasons.Count, WatchedModule is not null);
            Invoke(function, new(arguments), place);
            if (!isWatched && WatchedModule is not null)
                return;

            var written = UndoSince(mark, isWatched);
            Graph?.Truncate(firstNode);
            _reasons.RemoveRange(reasons, _reasons.Count - reasons);
            foreach (var pair in written.Where(pair => !pair.Key.IsBornAfter(mark)))
                _journal.Write(pair.Key, AfterUnknownRuns(pair.Key.Value, pair.Value, changed));
        }
    }

    private Value AfterUnknownRuns(Value before, Value after, UnknownValue changed) => (before, after) switch
    {
        (InitializationValue, InitializationValue) => Join(before, after, changed),
        (NodeOutputValue, _) or (_, NodeOutputValue) => before,
        (ConstantValue or EnumValue, ConstantValue or EnumValue) when AreEqual(before, after) == true => before,
        _ => changed,
    };
}
