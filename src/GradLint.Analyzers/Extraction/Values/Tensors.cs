using System.Collections.Immutable;
using GradLint.Core.Model;

namespace GradLint.Analyzers.Extraction.Values;

internal abstract class TensorValue : Value;

/// <summary>A tensor that depends on the model's input: an output of a graph node. In-place operations move it on.</summary>
internal sealed class GraphTensor(NodeOutput output) : TensorValue
{
    public Cell Current { get; } = new(new NodeOutputValue(output));

    public NodeOutput Output => ((NodeOutputValue)Current.Value).Output;
}

internal sealed class NodeOutputValue(NodeOutput output) : Value
{
    public NodeOutput Output { get; } = output;
}

/// <summary>A tensor that depends on no input: created from sizes or data. Also the values a parameter starts from.</summary>
internal class ConstantTensor(ImmutableArray<long?>? shape, Initialization initialization) : TensorValue
{
    private static readonly Initialization UnknownValues = Core.Model.Initialization.Default(InitializerKind.Unknown);

    /// <summary>Sizes per dimension; null when even their number is unknown.</summary>
    public ImmutableArray<long?>? Shape { get; } = shape;

    /// <summary>Null, or the <see cref="NodeOutputValue"/> it became when something that depends on the input was written into it.</summary>
    public Cell Promoted { get; } = new(ConstantValue.Null);

    /// <summary>Holds an <see cref="InitializationValue"/>.</summary>
    public Cell Initialization { get; } = new(new InitializationValue(initialization));

    public Initialization CurrentInitialization => (Initialization.Value as InitializationValue)?.Initialization ?? UnknownValues;

    public static ConstantTensor Unknown() => new(null, UnknownValues);
}

/// <summary>A <c>Parameter</c>: of a layer, or made by the code.</summary>
internal sealed class ParameterValue(ImmutableArray<long?>? shape, Initialization initialization, Origin construction) : ConstantTensor(shape, initialization)
{
    public Origin Construction { get; } = construction;

    public Cell RequiresGrad { get; } = new(ConstantValue.True);
}

/// <summary>A view of a parameter or of a part of it: writing to it changes how the parameter is initialised.</summary>
internal sealed class ParameterSlice(ConstantTensor whole, RowRange? rows = null) : TensorValue
{
    public ConstantTensor Whole { get; } = whole;

    /// <summary>The rows of a vector that it consists of; null when it is no such run, or not known which.</summary>
    public RowRange? Rows { get; } = whole.Shape is { Length: 1 } ? rows : null;
}

internal sealed class InitializationValue(Initialization initialization) : Value
{
    public Initialization Initialization { get; } = initialization;
}

/// <summary>The outputs of a node that makes several tensors, their number unknown: <c>x.split(n)</c>.</summary>
internal sealed class TensorArray(int node) : Value
{
    public int Node { get; } = node;
}
