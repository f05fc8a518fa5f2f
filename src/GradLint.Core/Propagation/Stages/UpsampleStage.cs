namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// Each position becomes several: copies of the nearest, or weighted means of neighbours. With a = Σ w² over what an output reads,
/// m → a·m + (1 − a)·mˢ; an input gets as many outputs' gradients as it became.
/// </summary>
internal sealed class UpsampleStage : Stage
{
    private readonly Signal _input;
    private readonly double _growth, _concentration;

    /// <param name="concentration">Σ w² over the inputs that an output reads: 1 for nearest, (2/3) a dimension for linear.</param>
    public UpsampleStage(Signal input, TensorShape output, double concentration)
    {
        (_input, _growth, _concentration) = (input, output.Positions / input.Shape.Positions, concentration);
        var second = input.Second;
        // Of the other outputs, the share that reads the same input.
        var twins = output.Positions > 1 ? (_growth - 1) / (output.Positions - 1) : 0;
        Output = new(output, input.Mean, new(
            Mixed(concentration, second.Same, second.CrossPosition),
            Mixed(concentration, second.CrossSample, second.CrossBoth),
            Mixed(twins, second.Same, second.CrossPosition),
            Mixed(twins, second.CrossSample, second.CrossBoth)))
        {
            Source = concentration == 1 ? input.Source : null,
        };
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        double own = _growth * _concentration, others = (_growth * _growth) - own;
        var (d, pairs) = (output.Second, _growth * _growth);
        return new(new(
            (own * d.Same) + (others * d.CrossPosition),
            (own * d.CrossSample) + (others * d.CrossBoth),
            _input.Shape.Positions > 1 ? pairs * d.CrossPosition : 0,
            _input.Shape.Positions > 1 ? pairs * d.CrossBoth : 0));
    }

    private static double Mixed(double share, double same, double other) => other + (share * (same - other));
}
