using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Members = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Extraction;

/// <summary>The trace of <c>forward</c>: applying modules to tensors.</summary>
internal sealed partial class Interpreter
{
    private const string InPlace = TorchSharpNames.Arguments.InPlace;

    /// <summary>
    /// Traces the model's forward from inputs for its tensor parameters; returns the outputs, or null when what it returns
    /// is no tensor that the trace could follow.
    /// </summary>
    public IReadOnlyList<NodeOutput>? Trace(ModuleValue root, GraphBuilder graph)
    {
        Graph = graph;
        var origin = root.Construction;
        Value result;
        if (EntryPoint(root.Type) is { } forward)
        {
            var arguments = forward.Parameters.Select(parameter => new Argument(parameter, InputFor(parameter))).ToImmutableArray();
            result = Start(forward, root, new(arguments));
        }
        else if (root.Container == ContainerKind.Sequential)
        {
            result = ApplySequential(root, NewInput("input", origin), origin);
        }
        else if (root.Layer is { } kind)
        {
            result = ApplyLayer(root, kind, [NewInput("input", origin)], LayerArguments.Empty, null, origin);
        }
        else
        {
            Report("The model has no forward method whose code can be read.", origin);
            return null;
        }
        return Outputs(result, origin);
    }

    /// <summary>Records hyperparameters that the code does not tell, of modules that are registered or applied.</summary>
    public void ReportUnknownArguments(IEnumerable<ModuleValue> modules)
    {
        foreach (var module in modules.Where(module => module.UnknownArguments.Count > 0).Distinct())
        {
            foreach (var (name, unknown) in module.UnknownArguments)
                Report($"'{name}' of {module.Layer}", unknown, module.Construction);
        }
    }

    /// <summary>The <c>forward</c>; of a type whose own only throws, the <c>call</c> that it declares in its place.</summary>
    private IMethodSymbol? EntryPoint(INamedTypeSymbol type)
    {
        var forward = FindForward(type);
        if (forward is null || !OnlyThrows(_source.Body(forward, _cancellationToken)))
            return forward;
        return type.GetMembers(Members.Call).OfType<IMethodSymbol>().FirstOrDefault(method => !method.IsStatic && _types.IsTensor(method.ReturnType)) ?? forward;
    }

    private static bool OnlyThrows(IOperation? body) => body is IMethodBodyOperation method
        && (method.BlockBody ?? method.ExpressionBody)?.Operations is { Length: 1 } operations
        && (operations[0] switch
        {
            IExpressionStatementOperation statement => statement.Operation,
            IReturnOperation { ReturnedValue: { } value } => value,
            var other => other,
        }) is IThrowOperation or IConversionOperation { Operand: IThrowOperation };

    private Value Start(IMethodSymbol forward, ModuleValue root, Arguments arguments)
    {
        var body = _source.Body(forward, _cancellationToken);
        return body is null
            ? Unknown("has no body", root.Construction)
            : Run(forward, body, root, arguments, body, definedIn: null);
    }

    private Value InputFor(IParameterSymbol parameter)
    {
        var origin = OriginOf(parameter.Locations.FirstOrDefault() ?? Location.None);
        if (parameter.HasExplicitDefaultValue)
            return ExplicitDefault(parameter);
        return InputOf(parameter.Type, parameter.Name, origin);
    }

    private Value InputOf(ITypeSymbol type, string name, Origin origin)
    {
        if (_types.IsTensor(type))
            return NewInput(name, origin);
        return type switch
        {
            INamedTypeSymbol { IsTupleType: true } tuple => new TupleValue(tuple.TupleElements.Select(element => InputOf(element.Type, element.Name, origin)).ToArray()),
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => InputOf(nullable.TypeArguments[0], name, origin),
            _ => UnknownValue.Data,
        };
    }

    private GraphTensor NewInput(string name, Origin origin) =>
        new(Graph!.Add(LayerKind.Input, null, [], new(new Dictionary<string, object?> { ["name"] = name }), [], origin, origin));

    private IReadOnlyList<NodeOutput>? Outputs(Value result, Origin origin)
    {
        switch (result)
        {
            case TensorValue tensor:
                return [OutputOf(tensor)];
            case TupleValue tuple:
                return tuple.Elements.OfType<TensorValue>().Select(OutputOf).ToArray() is { Length: > 0 } all ? all : null;
            case ListValue { Content: { } content }:
                return content.Elements.OfType<TensorValue>().Select(OutputOf).ToArray() is { Length: > 0 } several ? several : null;
            case ObjectValue instance:
                return instance.TouchedFields.Select(field => field.Value).OfType<TensorValue>().Select(OutputOf).ToArray() is { Length: > 0 } fields ? fields : null;
            case UnknownValue unknown:
                ReportUnread("What forward returns", unknown, origin);
                return null;
            default:
                Report("What forward returns is no tensor that could be followed.", origin);
                return null;
        }
    }

    /// <summary>The <c>forward</c> in source that an object of this type runs.</summary>
    private IMethodSymbol? FindForward(INamedTypeSymbol type)
    {
        for (var current = type; current is not null && _source.Declares(current); current = current.BaseType)
        {
            var forward = current.GetMembers(Members.Forward).OfType<IMethodSymbol>().FirstOrDefault(method => method is { IsStatic: false, IsAbstract: false, IsOverride: true });
            if (forward is not null)
                return forward;
        }
        return null;
    }

    /// <summary><c>module.call(…)</c> or <c>module.forward(…)</c>.</summary>
    private Value Apply(ModuleValue module, IMethodSymbol method, Arguments arguments, IOperation place)
    {
        if (Graph is null)
            return TensorsOf(method.ReturnType);
        if (FindForward(module.Type) is { } forward)
            return InvokeSource(forward, module, Rebind(arguments, forward), place);
        if (module.Container == ContainerKind.Sequential)
            return ApplySequential(module, arguments[0] ?? Unknown("is not given", place), OriginOf(place));
        if (IsWrapper(module.Type) && module.Layer is null)
            return ApplyWrapper(module, arguments[0] ?? Unknown("is not given", place), OriginOf(place));
        if (module.Layer is not { } kind)
            return Unknown($"comes from '{module.Type.Name}', whose forward cannot be read", place);

        var inputs = Tensors(null, arguments);
        return ApplyLayer(module, kind, inputs, LayerArguments.Empty, method.ReturnType, OriginOf(place));
    }

    private Value ApplySequential(ModuleValue sequential, Value input, Origin use)
    {
        if (sequential.Items.Value is not ListContent content)
            return Derived(sequential.Items.Value);

        var current = new Cell(input);
        foreach (var item in content.Elements)
        {
            if (item is RepeatedElements repeats)
                RepeatItems(repeats, current, use);
            else
                _journal.Write(current, ApplyItem(Second(item), current.Value, use));
        }
        return current.Value;
    }

    private void RepeatItems(RepeatedElements repeats, Cell current, Origin use)
    {
        var first = Graph!.Count;
        foreach (var element in repeats.Group)
            _journal.Write(current, ApplyItem(Second(element), current.Value, use));
        if (Graph.Count == first)
            return;

        Graph.Repeat(first, Graph.Count - 1, repeats.Origin);
        if (!repeats.IsData)
            Report("How often this loop runs is not told by the code.", repeats.Origin);
    }

    private Value ApplyItem(Value item, Value input, Origin use)
    {
        Step();
        if (item is not ModuleValue module)
            return Unapplied(item, input, use);
        if (FindForward(module.Type) is { } forward && _source.Body(forward, _cancellationToken) is { } body)
            return Run(forward, body, module, Rebind(new(ImmutableArray.Create(new Argument(null, input))), forward), body, definedIn: null);
        if (module.Container == ContainerKind.Sequential)
            return ApplySequential(module, input, use);
        if (IsWrapper(module.Type) && module.Layer is null)
            return ApplyWrapper(module, input, use);
        return module.Layer is { } kind && input is TensorValue tensor
            ? ApplyLayer(module, kind, [tensor], LayerArguments.Empty, null, use)
            : Unapplied(item, input, use);
    }

    /// <summary>A node of unknown kind for a module that could not be read, so that the flow goes on around it.</summary>
    private Value Unapplied(Value item, Value input, Origin use)
    {
        if (input is not TensorValue tensor)
            return Derived(input);
        ReportUnread("A module", item as UnknownValue ?? new("cannot be followed", use), use);
        return new GraphTensor(Graph!.Add(LayerKind.Unknown, null, [], LayerArguments.Empty, [OutputOf(tensor)], use, use));
    }

    private Value ApplyLayer(ModuleValue module, LayerKind kind, IReadOnlyList<TensorValue> inputs, LayerArguments extra, ITypeSymbol? result, Origin use)
    {
        if (kind == LayerKind.Unknown)
            Report($"'{module.Type.Name}' is not modelled.", use);
        if (inputs.Count == 0)
            return result is null ? Unknown("is applied to something that is no tensor", use) : Unknown($"is what '{module.Type.Name}' makes of something that is no tensor", use);

        var arguments = extra.Names.Any() ? extra : module.Arguments;
        var output = Graph!.Add(kind, module, [], arguments, inputs.Select(OutputOf).ToArray(), module.Construction, use);
        if (module.Arguments.Flag(InPlace) == true && inputs[0] is GraphTensor changed)
            _journal.Write(changed.Current, new NodeOutputValue(output));
        return ResultOf(output.Node, result);
    }

    /// <summary>The value of a call whose type is a tensor, a tuple of tensors or an array of them.</summary>
    private Value ResultOf(int node, ITypeSymbol? type)
    {
        if (type is null || _types.IsTensor(type))
            return Detached(new(node));
        if (type is IArrayTypeSymbol)
            return new TensorArray(node);
        if (type is INamedTypeSymbol { TypeArguments.Length: > 0 } tuple)
        {
            var index = 0;
            return new TupleValue(tuple.TypeArguments.Select(Value (element) => _types.IsTensor(element) ? Detached(new(node, index++)) : Unknown("is no tensor", Origin.None)).ToImmutableArray());
        }
        return Detached(new(node));
    }

    /// <summary>A tensor as it leaves an operation: cut from the gradient where gradients are off.</summary>
    private GraphTensor Detached(NodeOutput output) => Truth(_gradientsOff.Value) == true
        ? new(Graph!.Add(LayerKind.Detach, null, [], LayerArguments.Empty, [output], Origin.None, Origin.None))
        : new(output);

    private NodeOutput OutputOf(TensorValue tensor) => tensor switch
    {
        GraphTensor traced => traced.Output,
        ConstantTensor { Promoted.Value: NodeOutputValue promoted } => promoted.Output,
        ConstantTensor constant => Graph!.Constant(constant, Origin.None),
        ParameterSlice slice => Graph!.Constant(slice.Whole, Origin.None),
        _ => throw new InvalidOperationException($"A tensor of type {tensor.GetType().Name} has no node."),
    };

    /// <summary>Tensors of a call that is not traced.</summary>
    private Value TensorsOf(ITypeSymbol type) => type switch
    {
        _ when _types.IsTensor(type) => ConstantTensor.Unknown(),
        IArrayTypeSymbol => new ListValue(new Cell(UnknownValue.Data)),
        INamedTypeSymbol { TypeArguments.Length: > 0 } tuple => new TupleValue(tuple.TypeArguments.Select(_ => (Value)ConstantTensor.Unknown()).ToImmutableArray()),
        _ => UnknownValue.Data,
    };
}
