namespace GradLint.Core.Propagation.Stages;

/// <summary>Rows of a table by token, tokens drawn evenly: two tokens are the same with probability 1/rows.</summary>
internal sealed class EmbeddingStage : Stage
{
    private readonly double _samples;
    private readonly NodeParameter _weight;
    private readonly Moments _coincidence;

    private EmbeddingStage(TensorShape output, double samples, NodeParameter weight, WeightDistribution distribution, bool isOfPositions)
    {
        (_samples, _weight) = (samples, weight);
        var same = 1 / weight.Shape![0];
        _coincidence = isOfPositions ? new(1, 1, 0, 0) : new(1, same, same, same);
        Output = new(output, distribution.Mean, (_coincidence * distribution.Variance) + Moments.Common(distribution.Mean * distribution.Mean));
    }

    /// <param name="isOfPositions">Whether it embeds the numbers of positions, each once in every sample.</param>
    public static Stage Create(Signal input, TensorShape output, double samples, NodeParameter? weight, bool isOfPositions) =>
        weight?.Shape is not { Count: 2 } shape ? new UnknownStage("the size of its table is not known")
        : weight.Distribution(shape[1]) is not { } distribution ? new UnknownStage("the initialization of its table is not known")
        : new EmbeddingStage(output, samples, weight, distribution, isOfPositions);

    /// <summary>A row's gradient sums over the places of its token.</summary>
    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        parameters.Add(_weight.Index, WeightedSum.OverPairs(output.Second, _coincidence, _samples, Output.Shape.Positions) * (Output.Shape.Features));
        return Gradient.Zero;
    }
}
