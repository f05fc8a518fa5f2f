using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Creation = GradLint.Core.Knowledge.TorchSharpNames.Creation;
using TensorIndices = GradLint.Core.Knowledge.TorchSharpNames.TensorIndices;

namespace GradLint.Analyzers.Extraction;

/// <summary>Indexing of tensors, and the tensors that code makes from sizes.</summary>
internal sealed partial class Interpreter
{
    private bool IsTensorIndex(INamedTypeSymbol? type) => IsSame(type, _types.TensorIndex);

    /// <summary><c>x[…]</c>: one select, slice or unsqueeze for each index, from left to right.</summary>
    private Value Index(TensorValue tensor, Arguments arguments, IOperation place)
    {
        if (Graph is null)
            return ViewOf(tensor, arguments);
        if (!IsInGraph(tensor))
            return ConstantTensor.Unknown();

        var indices = arguments.Values.SelectMany(IEnumerable<Value> (value) => value is ListValue { Content: { } content } ? content.Elements : [value]).ToArray();
        var ellipsis = Array.FindIndex(indices, index => index is EllipsisValue);
        var current = tensor;
        var dimension = 0L;
        for (var position = 0; position < indices.Length; position++)
        {
            if (position == ellipsis)
            {
                dimension = -indices.Skip(position + 1).Count(index => index is not NewAxisValue);
                continue;
            }

            switch (indices[position])
            {
                case RangeValue { IsFull: true }:
                    dimension++;
                    break;
                case RangeValue range:
                    current = AddIndex(LayerKind.Slice, current, place, ("dim", dimension), ("start", Argument(range.Start)), ("finish", Argument(range.End)), ("step", Argument(range.Step)));
                    dimension++;
                    break;
                case NewAxisValue:
                    current = AddIndex(LayerKind.Unsqueeze, current, place, ("dim", dimension));
                    dimension++;
                    break;
                case TensorValue picked:
                    current = (TensorValue)AddNode(LayerKind.Select, null, [], new(new Dictionary<string, object?> { ["dim"] = dimension }), [current, picked], place, null);
                    dimension++;
                    break;
                case IndexFromEndValue fromEnd:
                    current = AddIndex(LayerKind.Select, current, place, ("dim", dimension), ("index", Integer(fromEnd.Offset) is { } offset ? -offset : LayerArguments.Unknown));
                    break;
                default:
                    current = AddIndex(LayerKind.Select, current, place, ("dim", dimension), ("index", Integer(indices[position]) is { } index ? index : LayerArguments.Unknown));
                    dimension += dimension < 0 ? 1 : 0;
                    break;
            }
        }
        return current;

        static object? Argument(Value? bound) => bound switch
        {
            null => null,
            IndexFromEndValue fromEnd => Integer(fromEnd.Offset) is { } offset ? -offset : LayerArguments.Unknown,
            _ => LayerArgument(bound),
        };
    }

    private TensorValue AddIndex(LayerKind kind, TensorValue tensor, IOperation place, params (string Name, object? Value)[] arguments) =>
        (TensorValue)AddNode(kind, null, [], new(arguments.ToDictionary(argument => argument.Name, argument => argument.Value)), [tensor], place, null);

    /// <summary><c>x[…] = y</c>.</summary>
    private void AssignIndex(TensorValue tensor, Value value, IOperation place)
    {
        if (Graph is null)
        {
            ForgetInitialization(tensor, place);
            return;
        }

        var source = value as TensorValue;
        if (!IsInGraph(tensor) && (source is null || !IsInGraph(source)))
            return;
        var written = (GraphTensor)AddNode(LayerKind.IndexAssign, null, [], LayerArguments.Empty, source is null ? [tensor] : [tensor, source], place, null);
        MoveOn(tensor, written.Output);
    }

    /// <summary>A static member of <c>TensorIndex</c>.</summary>
    private static Value? TensorIndexOf(string member, Arguments arguments) => member switch
    {
        TensorIndices.Slice when arguments.Count == 3 => new RangeValue(NullToOpen(arguments[0]), NullToOpen(arguments[1]), NullToOpen(arguments[2])),
        TensorIndices.Slice or TensorIndices.Single or TensorIndices.OfTensor => arguments[0],
        TensorIndices.Ellipsis => EllipsisValue.Instance,
        TensorIndices.Colon => new RangeValue(null, null),
        TensorIndices.None or TensorIndices.Null => NewAxisValue.Instance,
        _ => null,
    };

    private static Value? NullToOpen(Value? bound) => bound?.IsNull == true ? null : bound;

    /// <summary>The result of a function of <c>torch</c> or a tensor method that touches no tensor of the graph.</summary>
    private Value ConstantResult(IMethodSymbol method, IReadOnlyList<TensorValue> tensors, Arguments arguments)
    {
        if (!_types.IsTensor(method.ReturnType))
            return ReturnsTensors(method.ReturnType) ? TensorsOf(method.ReturnType) : method.ReturnsVoid ? ConstantValue.Null : new OpaqueValue();
        if (tensors.Count == 0)
            return NewTensor(method, arguments);
        if (tensors.Count == 1 && tensors[0] is ConstantTensor constant && LayerTable.OfOperation(method.Name) is LayerKind.Identity)
            return constant;
        return tensors.Count == 1 && tensors[0] is ConstantTensor operand ? Scaled(method, operand, arguments) : ConstantTensor.Unknown();
    }

    private static ConstantTensor NewTensor(IMethodSymbol method, Arguments arguments)
    {
        var initialization = ValuesOf(method.Name, arguments);
        return new(initialization.Kind == InitializerKind.Unknown ? null : SizesOf(arguments), initialization);
    }

    /// <summary>What a function that makes a tensor from sizes fills it with.</summary>
    private static Initialization ValuesOf(string function, Arguments arguments) =>
        function switch
        {
            Creation.Zeros => Initialization.Default(InitializerKind.Zeros),
            Creation.Ones => Initialization.Default(InitializerKind.Ones),
            Creation.Normal => Drawn(InitializerKind.Normal, ("mean", 0.0), ("std", 1.0)),
            Creation.Uniform => Drawn(InitializerKind.Uniform, ("low", 0.0), ("high", 1.0)),
            Creation.Full when arguments.All.FirstOrDefault(argument => argument.Parameter?.Name == "value")?.Value is { } value => Drawn(InitializerKind.Constant, ("val", LayerArgument(value))),
            Creation.Empty => Initialization.Default(InitializerKind.Uninitialized),
            Creation.Eye => Initialization.Default(InitializerKind.Eye),
            _ => Initialization.Default(InitializerKind.Unknown),
        };

    /// <summary><c>randn_like(x)</c>: of the shape of <c>x</c>.</summary>
    private static ConstantTensor? NewTensorLike(IMethodSymbol method, IReadOnlyList<TensorValue> tensors, Arguments arguments)
    {
        if (!method.Name.EndsWith(TorchSharpNames.LikeSuffix, StringComparison.Ordinal) || tensors.Count != 1) return null;
        var values = ValuesOf(method.Name.Substring(0, method.Name.Length - TorchSharpNames.LikeSuffix.Length), arguments);
        return values.Kind == InitializerKind.Unknown ? null : new((tensors[0] as ConstantTensor)?.Shape, values);
    }

    private static Initialization Drawn(InitializerKind kind, params (string Name, object? Value)[] arguments) =>
        new(kind, new(arguments.ToDictionary(argument => argument.Name, argument => argument.Value)), IsExplicit: false, Origin.None);

    /// <summary>The sizes among the arguments of a function that makes a tensor: an array of them, or one each.</summary>
    private static ImmutableArray<long?>? SizesOf(Arguments arguments)
    {
        var sizes = ImmutableArray.CreateBuilder<long?>();
        foreach (var argument in arguments.All)
        {
            if (argument.Value is ListValue list)
            {
                if (list.Content is not { IsCounted: true } content)
                    return null;
                sizes.AddRange(content.Elements.Select(Integer));
            }
            else if (IsIntegral(argument.Parameter?.Type))
            {
                sizes.Add(Integer(argument.Value));
            }
        }
        return sizes.ToImmutable();
    }

    /// <summary>A tensor of known distribution times a number.</summary>
    private static ConstantTensor Scaled(IMethodSymbol method, ConstantTensor tensor, Arguments arguments)
    {
        var factor = method.Name switch
        {
            TorchSharpNames.TensorMembers.Multiply or WellKnownMemberNames.MultiplyOperatorName => arguments.Values.Select(Number).FirstOrDefault(number => number is not null),
            TorchSharpNames.TensorMembers.Divide or WellKnownMemberNames.DivisionOperatorName => 1 / arguments.Values.Skip(arguments.Count - 1).Select(Number).FirstOrDefault(),
            _ => null,
        };
        var initialization = tensor.CurrentInitialization;
        if (factor is not { } known || initialization.Kind is not (InitializerKind.Normal or InitializerKind.Uniform or InitializerKind.Constant))
            return new(null, Initialization.Default(InitializerKind.Unknown));

        var scaled = initialization.Arguments.Names.ToDictionary(name => name, object? (name) => (object?)(initialization.Arguments.Number(name) * known) ?? LayerArguments.Unknown);
        return new(tensor.Shape, initialization with { Arguments = new(scaled) });
    }
}

/// <summary><c>…</c> in an index.</summary>
internal sealed class EllipsisValue : Value
{
    public static EllipsisValue Instance { get; } = new();
}

/// <summary><c>None</c> in an index: a new dimension.</summary>
internal sealed class NewAxisValue : Value
{
    public static NewAxisValue Instance { get; } = new();
}
