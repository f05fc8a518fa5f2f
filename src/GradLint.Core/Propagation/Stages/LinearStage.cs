namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// y = W·x + b over the feature axis: q = n·v·m + b, and the same for every cross moment; backward × n_out·v.
/// (He et al. 2015; Poole et al. 2016; Schoenholz et al. 2017.)
/// </summary>
internal sealed class LinearStage : Stage
{
    private readonly Signal _input;
    private readonly double _samples, _fanIn, _fanOut;
    private readonly NodeParameter _weight;
    private readonly NodeParameter? _bias;
    private readonly WeightDistribution _distribution;

    private LinearStage(Signal input, TensorShape output, double samples, NodeParameter weight, WeightDistribution distribution, NodeParameter? bias, WeightDistribution biases, double rows)
    {
        (_input, _samples, _weight, _distribution, _bias) = (input, samples, weight, distribution, bias);
        (_fanOut, _fanIn) = (rows, weight.Shape![1]);
        Output = distribution.Structure == WeightStructure.Identity
            ? WeightedSum.Shifted(input, output, biases)
            : WeightedSum.Of(input, output, _fanIn, distribution, biases, 1, 1);
    }

    /// <param name="rows">Rows of the weight that are applied; null for all.</param>
    public static Stage Create(Signal input, TensorShape output, double samples, NodeParameter? weight, NodeParameter? bias, double? rows = null)
    {
        if (weight?.Shape is not { Count: 2 } shape) return new UnknownStage("the size of its weight is not known");
        if (weight.Distribution(shape[1]) is not { } distribution) return new UnknownStage("the initialization of its weight is not known");
        var biases = bias is null ? default(WeightDistribution) : bias.Distribution(shape[1]);
        return biases is null
            ? new UnknownStage("the initialization of its bias is not known")
            : new LinearStage(input, output, samples, weight, distribution, bias, biases.Value, rows ?? shape[0]);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var positions = _input.Shape.Positions;
        parameters.Add(_weight.Index, WeightedSum.OverPairs(output.WithSummand(_input.Second, _input.Centred, _distribution.Variance), _samples, positions) * (_fanIn * _fanOut));
        if (_bias is not null)
            parameters.Add(_bias.Index, WeightedSum.OverPairs(output.Second, Moments.Common(1), _samples, positions) * (_fanOut));
        return new(output.Second * (_fanOut * _distribution.SecondMoment)) { Profile = output.Profile };
    }
}
