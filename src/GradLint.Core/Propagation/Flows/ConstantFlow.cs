using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>A tensor that is the same for all samples: a buffer, a mask, a parameter of its own such as a positional code.</summary>
internal sealed class ConstantFlow : Flow
{
    private readonly int? _parameter;
    private readonly double _samples, _ownFeatures;
    private readonly Moments _coincidence;

    /// <param name="node">The constant.</param>
    /// <param name="shape">As it is broadcast to.</param>
    /// <param name="coincidence">The share of its variance that two places have in common.</param>
    /// <param name="ownFeatures">Features that it has itself, not by broadcasting.</param>
    /// <param name="values">Of an element.</param>
    /// <param name="context">The model around it.</param>
    public ConstantFlow(GraphNode node, TensorShape shape, Moments coincidence, double ownFeatures, WeightDistribution values, FlowContext context)
        : base(node)
    {
        (_samples, _ownFeatures, _parameter) = (context.BatchSize, ownFeatures, node.Parameters.Count > 0 ? node.Parameters[0] : null);
        _coincidence = coincidence;
        Outputs = [new(shape, values.Mean, (_coincidence * values.Variance) + Moments.Common(values.Mean * values.Mean))];
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        if (_parameter is { } index && !outputs[0].IsZero)
            parameters.Add(index, WeightedSum.OverPairs(outputs[0].Second, _coincidence, _samples, Outputs[0].Shape.Positions) * _ownFeatures);
        return [];
    }
}
