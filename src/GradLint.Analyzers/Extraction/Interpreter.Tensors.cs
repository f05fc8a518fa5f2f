using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Members = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;
using Functions = GradLint.Core.Knowledge.TorchSharpNames.Functions;

namespace GradLint.Analyzers.Extraction;

/// <summary>Functions of <c>torch.nn.functional</c> and <c>torch</c>, methods and operators of <c>torch.Tensor</c>.</summary>
internal sealed partial class Interpreter
{
    private Value CallFunction(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        var kind = LayerTable.OfFunction(method.Name);
        if (Graph is null || kind is not { } known)
            return OpaqueResult(method, null, arguments, place);
        return AddOperation(known, method, Tensors(null, arguments), arguments, place, isInPlace: false);
    }

    private Value CallTensor(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        if (method.MethodKind is MethodKind.UserDefinedOperator)
            return ApplyOperator(method, arguments, place);
        if (receiver is not null && CallInPlaceInitializer(method, receiver, arguments, place) is { } initialized && Graph is null)
            return initialized;
        if (CallSpecial(method, receiver, arguments, place) is { } special)
            return special;

        if (Graph is null && CallView(method, receiver ?? arguments[0], arguments) is { } view)
            return view;

        var tensors = Tensors(receiver, arguments);
        if (!TakesPart(tensors))
            return ConstantResult(method, tensors, arguments);
        if (LayerTable.OfOperation(method.Name) is not { } kind)
            return OpaqueResult(method, receiver, arguments, place);
        return AddOperation(kind, method, tensors, arguments, place, LayerTable.IsInPlace(method.Name));
    }

    /// <summary>Members that are no operation of the graph.</summary>
    private Value? CallSpecial(IMethodSymbol method, Value? receiver, Arguments arguments, IOperation place)
    {
        switch (method.Name)
        {
            case Members.Backward when WatchedModule is not null && Graph is null:
                throw new ConstructionOverException();
            case Functions.NoGrad or Functions.InferenceMode when receiver is null:
                return SwitchGradients(isOff: arguments[0] ?? ConstantValue.True);
            case Functions.EnableGrad or Functions.SetGradEnabled when receiver is null:
                var isOn = arguments[0] ?? ConstantValue.True;
                return SwitchGradients(isOff: Truth(isOn) is { } on ? ConstantValue.Of(!on) : isOn);
            case Members.Size when receiver is ConstantTensor { Shape: { } shape } && Integer(arguments[0]) is { } dimension:
                var position = dimension < 0 ? dimension + shape.Length : dimension;
                return position >= 0 && position < shape.Length ? Size(shape[(int)position]) : Unknown("is out of range", place);
            case Members.Dim when receiver is ConstantTensor { Shape: { } shape }:
                return ConstantValue.Of((long)shape.Length);
            case Members.ElementCount when receiver is ConstantTensor { Shape: { } shape }:
                return Size(shape.Aggregate((long?)1, (product, size) => product * size));
            case Members.WithRequiresGrad when receiver is ParameterValue parameter:
                _journal.Write(parameter.RequiresGrad, arguments[0] ?? ConstantValue.True);
                return parameter;
            case Members.WithRequiresGrad or Members.WithRequiresGradCopy or Members.MoveToOuterDisposeScope or Members.DetachFromDisposeScope or Members.MoveToOtherDisposeScope:
                return receiver;
        }

        if (receiver is ConstantTensor && Graph is null && method.Name is Members.Detach or Members.Alias)
            return receiver;
        if (receiver is GraphTensor or ConstantTensor && LayerTable.OfOperation(method.Name) == LayerKind.Identity && _types.IsTensor(method.ReturnType))
            return receiver is GraphTensor traced ? new GraphTensor(traced.Output) : receiver;
        if (TorchSharpNames.NonDifferentiable.Contains(method.Name))
            return NewTensorLike(method, Tensors(receiver, arguments), arguments) ?? ReturnsTensorsOrData();
        return _types.IsTensor(method.ReturnType) || ReturnsTensors(method.ReturnType) ? null : UnknownValue.Data;

        Value ReturnsTensorsOrData() => ReturnsTensors(method.ReturnType) ? TensorsOf(method.ReturnType) : UnknownValue.Data;
    }

    private OpaqueValue SwitchGradients(Value isOff)
    {
        if (Graph is not null)
            _journal.Write(_gradientsOff, isOff);
        return new();
    }

    private Value AddOperation(LayerKind kind, IMethodSymbol method, IReadOnlyList<TensorValue> tensors, Arguments arguments, IOperation place, bool isInPlace)
    {
        var values = OperationArguments(arguments);
        (kind, values) = Simplify(kind, method, tensors, arguments, values, place);

        var parameters = LayerTable.Has(kind, LayerTraits.Weighted) || LayerTable.Has(kind, LayerTraits.Normalizing) || kind == LayerKind.PReLU
            ? tensors.OfType<ParameterValue>().ToArray()
            : [];
        if (parameters.Length > 0)
        {
            // A layer applied to a parameter: the first one is its input.
            if (parameters.Length == tensors.Count)
                parameters = [.. parameters.Skip(1)];
            if (parameters.Length > 0)
                AddSizes(values, kind, parameters[0]);
            tensors = tensors.Where(tensor => !parameters.Contains(tensor)).DefaultIfEmpty(tensors[0]).ToArray();
        }
        if (kind == LayerKind.Identity)
            return new GraphTensor(OutputOf(tensors[0]));
        if (kind is LayerKind.Add or LayerKind.Subtract && tensors.Count == 2 && arguments[Functions.Alpha] is { } factor)
        {
            tensors = [tensors[0], (TensorValue)AddNode(LayerKind.Scale, null, [], new(Factor(Number(factor))), [tensors[1]], place, null)];
            values.Remove(Functions.Alpha);
        }

        var result = AddNode(kind, null, parameters, new(values), tensors, place, method.ReturnType);
        isInPlace |= values.TryGetValue(InPlace, out var flag) && flag is true;
        if (isInPlace && tensors.Count > 0 && result is GraphTensor changed)
        {
            MoveOn(tensors[0], changed.Output);
            return tensors[0];
        }
        return result;
    }

    private void MoveOn(TensorValue tensor, NodeOutput output)
    {
        if (tensor is GraphTensor traced)
            _journal.Write(traced.Current, new NodeOutputValue(output));
        else if (tensor is ConstantTensor constant)
            _journal.Write(constant.Promoted, new NodeOutputValue(output));
    }

    /// <summary>Arithmetic with one tensor and one number, and reductions that are joins with two tensors.</summary>
    private (LayerKind Kind, Dictionary<string, object?> Values) Simplify(
        LayerKind kind, IMethodSymbol method, IReadOnlyList<TensorValue> tensors, Arguments arguments, Dictionary<string, object?> values, IOperation place)
    {
        if (kind is LayerKind.Max && tensors.Count == 2)
            return (LayerKind.Maximum, values);
        if (kind is LayerKind.Min && tensors.Count == 2)
            return (LayerKind.Minimum, values);
        if (kind is LayerKind.Power && method.Name.TrimEnd('_') == Members.Square)
            return (kind, new() { ["exponent"] = 2L });
        if (tensors.Count != 1)
            return (kind, values);

        var scalar = arguments.Values.FirstOrDefault(value => value is not TensorValue);
        return kind switch
        {
            LayerKind.Multiply => (LayerKind.Scale, Factor(Number(scalar))),
            LayerKind.Divide => (LayerKind.Scale, Factor(1 / Number(scalar))),
            LayerKind.Add => (LayerKind.Shift, Offset(Number(scalar))),
            LayerKind.Subtract => (LayerKind.Shift, Offset(-Number(scalar))),
            _ => (kind, values),
        };
    }

    private static Dictionary<string, object?> Factor(double? factor) => new() { ["factor"] = factor is { } known ? known : LayerArguments.Unknown };

    private static Dictionary<string, object?> Offset(double? offset) => new() { ["offset"] = offset is { } known ? known : LayerArguments.Unknown };

    /// <summary>Sizes of a functional layer, read off the weight it is given.</summary>
    private static void AddSizes(Dictionary<string, object?> values, LayerKind kind, ParameterValue weight)
    {
        if (weight.Shape is not { Length: >= 2 } shape)
            return;
        var (inputs, outputs) = kind == LayerKind.Linear ? ("inputSize", "outputSize") : ("in_channels", "out_channels");
        values[inputs] = shape[1] ?? LayerArguments.Unknown;
        values[outputs] = shape[0] ?? LayerArguments.Unknown;
        if (shape.Length > 2)
            values["kernel_size"] = shape.Skip(2).ToArray();
    }

    private Value AddNode(
        LayerKind kind, ModuleValue? module, IReadOnlyList<ParameterValue> parameters, LayerArguments arguments, IReadOnlyList<TensorValue> tensors, IOperation place, ITypeSymbol? result)
    {
        var origin = OriginOf(place);
        var output = Graph!.Add(kind, module, parameters, arguments, tensors.Select(OutputOf).ToArray(), origin, origin);
        return ResultOf(output.Node, result);
    }

    private Dictionary<string, object?> OperationArguments(Arguments arguments)
    {
        var values = new Dictionary<string, object?>();
        foreach (var argument in arguments.All)
        {
            if (argument.Parameter is { } parameter && !_types.IsPlacement(parameter.Type) && !ReturnsTensors(parameter.Type))
                values[LayerTable.ArgumentName(parameter.Name)] = LayerArgument(argument.Value);
        }
        return values;
    }

    private Value ApplyOperator(IMethodSymbol method, Arguments arguments, IOperation place)
    {
        var tensors = Tensors(null, arguments);
        if (!TakesPart(tensors))
            return ConstantResult(method, tensors, arguments);

        var scalarFirst = arguments[0] is not TensorValue;
        switch (method.Name)
        {
            case WellKnownMemberNames.AdditionOperatorName:
                return AddOperation(LayerKind.Add, method, tensors, arguments, place, isInPlace: false);
            case WellKnownMemberNames.MultiplyOperatorName:
                return AddOperation(LayerKind.Multiply, method, tensors, arguments, place, isInPlace: false);
            case WellKnownMemberNames.SubtractionOperatorName when scalarFirst && tensors.Count == 1:
                var negated = AddNode(LayerKind.Negate, null, [], LayerArguments.Empty, tensors, place, null);
                return AddNode(LayerKind.Shift, null, [], new(Offset(Number(arguments[0]))), [(TensorValue)negated], place, null);
            case WellKnownMemberNames.SubtractionOperatorName:
                return AddOperation(LayerKind.Subtract, method, tensors, arguments, place, isInPlace: false);
            case WellKnownMemberNames.DivisionOperatorName when scalarFirst && tensors.Count == 1:
                var reciprocal = AddNode(LayerKind.Reciprocal, null, [], LayerArguments.Empty, tensors, place, null);
                return AddNode(LayerKind.Scale, null, [], new(Factor(Number(arguments[0]))), [(TensorValue)reciprocal], place, null);
            case WellKnownMemberNames.DivisionOperatorName:
                return AddOperation(LayerKind.Divide, method, tensors, arguments, place, isInPlace: false);
            case WellKnownMemberNames.UnaryNegationOperatorName:
                return AddNode(LayerKind.Negate, null, [], LayerArguments.Empty, tensors, place, null);
            default:
                // Comparisons and logic: a mask, through which no gradient flows.
                return ConstantTensor.Unknown();
        }
    }

    /// <summary>The tensors of a call in the order of its parameters, those in arrays and tuples included.</summary>
    private IReadOnlyList<TensorValue> Tensors(Value? receiver, Arguments arguments)
    {
        var tensors = new List<TensorValue>();
        Collect(receiver);
        foreach (var argument in arguments.All)
        {
            if (argument.Value is UnknownValue unknown && _types.IsTensor(argument.Parameter?.Type))
                tensors.Add(Unread(unknown));
            else
                Collect(argument.Value);
        }
        return tensors;

        void Collect(Value? value)
        {
            Step();
            switch (value)
            {
                case TensorValue tensor:
                    tensors.Add(tensor);
                    break;
                case TensorArray array:
                    tensors.Add(new GraphTensor(new(array.Node)));
                    break;
                case TupleValue tuple:
                    foreach (var element in tuple.Elements)
                        Collect(element);
                    break;
                case ListValue { Content: { } content }:
                    foreach (var element in content.Elements)
                        Collect(element);
                    break;
                case RepeatedElements repeats:
                    foreach (var element in repeats.Group)
                        Collect(element);
                    break;
            }
        }
    }

    /// <summary>Stands for a tensor of which nothing is known.</summary>
    private ConstantTensor Unread(UnknownValue unknown)
    {
        if (Graph is not null)
            Report("A tensor", unknown, unknown.Origin);
        return ConstantTensor.Unknown();
    }

    /// <summary>Whether an operation on these tensors belongs to the graph: one depends on the input or is learned.</summary>
    private bool TakesPart(IReadOnlyList<TensorValue> tensors) => Graph is not null && tensors.Any(IsInGraph);

    private static bool IsInGraph(TensorValue tensor) => tensor is GraphTensor or ParameterValue or ParameterSlice or ConstantTensor { Promoted.Value: NodeOutputValue };

    private Value GetTensorProperty(IPropertySymbol property, TensorValue tensor, Arguments arguments, IOperation place)
    {
        if (property.IsIndexer)
            return Index(tensor, arguments, place);

        switch (property.Name)
        {
            case Members.Shape:
                return tensor is ConstantTensor { Shape: { } shape }
                    ? new ListValue(shape.Select(Size))
                    : new ListValue(new Cell(UnknownValue.Data));
            case Members.Dimensions:
                return tensor is ConstantTensor { Shape: { } sizes } ? ConstantValue.Of((long)sizes.Length) : UnknownValue.Data;
            case Members.Transposed or Members.ConjugateTransposed or Members.MatrixTransposed when Graph is null && tensor is ParameterValue or ParameterSlice:
                return new ParameterSlice(tensor is ParameterSlice part ? part.Whole : (ParameterValue)tensor);
            case Members.Transposed or Members.ConjugateTransposed or Members.MatrixTransposed when TakesPart([tensor]):
                return AddNode(LayerKind.Transpose, null, [], LayerArguments.Empty, [tensor], place, null);
            default:
                return _types.IsTensor(property.Type) ? ConstantTensor.Unknown() : property.Type.SpecialType is SpecialType.None ? new OpaqueValue() : UnknownValue.Data;
        }
    }
}
