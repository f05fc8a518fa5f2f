namespace GradLint.Core.Propagation.Stages;

/// <summary>Rows of a table by token, tokens drawn evenly: two tokens are the same with probability 1/rows.</summary>
internal sealed class EmbeddingStage : Stage
{
    private readonly double _samples;
    private readonly NodeParameter _weight;
    private readonly Moments _coincidence;

    private EmbeddingStage(TensorShape output, double samples, NodeParameter weight, WeightDistribution distribution)
    {
        (_samples, _weight) = (samples, weight);
        var same = 1 / weight.Shape![0];
        _coincidence = new(1, same, same, same);
        Output = new(output, distribution.Mean, (_coincidence * distribution.Variance) + Moments.Common(distribution.Mean * distribution.Mean));
    }

    public static Stage Create(Signal input, TensorShape output, double samples, NodeParameter? weight) =>
        weight?.Shape is not { Count: 2 } shape ? new UnknownStage("the size of its table is not known")
        : weight.Distribution(shape[1]) is not { } distribution ? new UnknownStage("the initialization of its table is not known")
        : new EmbeddingStage(output, samples, weight, distribution);

    /// <summary>A row's gradient sums over the places of its token.</summary>
    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        parameters.Add(_weight.Index, WeightedSum.OverPairs(output.Second, _coincidence, _samples, Output.Shape.Positions) * (Output.Shape.Features));
        return Gradient.Zero;
    }
}
