using GradLint.Core.Model;
using GradLint.Core.Propagation.Patterns;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>softmax(q·kᵀ·scale)·v of tensors that have their projections behind them.</summary>
internal sealed class DotProductFlow : Flow
{
    private readonly AttentionWeights _attention;
    private readonly double _squaredScale;
    private readonly int _inputs;

    private DotProductFlow(GraphNode node, AttentionWeights attention, TensorShape output, double squaredScale)
        : base(node)
    {
        (_attention, _squaredScale, _inputs) = (attention, squaredScale, node.Inputs.Count);
        Outputs = [attention.Output with { Shape = output }];
    }

    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, TensorShape output)
    {
        if (inputs.Count < 3) return new UnknownFlow(node, "what it attends to is not known");
        var (queries, keys, values) = (inputs[0], inputs[1], inputs[2]);
        var keyFeatures = keys.Shape.Rank - (node.Arguments.Flag(AttentionPattern.KeysTransposed) == true ? 2 : 1);
        if (!IsFeature(queries.Shape, queries.Shape.Rank - 1) || !IsFeature(keys.Shape, keyFeatures) || !IsFeature(values.Shape, values.Shape.Rank - 1))
            return new UnknownFlow(node, "it is not features that queries and keys have in common");
        if (node.Arguments.IsUnknown("p")) return new UnknownFlow(node, "its dropout is not known");

        // The weights are worked out for scores divided by √d; another factor is one of the queries.
        var features = queries.Shape.Axes[queries.Shape.Rank - 1].Size;
        var squared = node.Arguments.Number(AttentionPattern.Scale) is { } scale ? scale * scale * features : 1;
        var attention = new AttentionWeights(queries with { Second = queries.Second * squared }, keys, values, node.Arguments.Number("p") ?? 0);
        return new DotProductFlow(node, attention, output, squared);
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
    [
        new(_attention.AtQueries(outputs[0]).Second * _squaredScale), _attention.AtKeys(outputs[0]), _attention.AtValues(outputs[0]),
        .. Enumerable.Repeat(Gradient.Zero, _inputs - 3),
    ];

    private static bool IsFeature(TensorShape shape, int axis) => axis >= 0 && shape.Axes[axis].Role == AxisRole.Feature;
}
