namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// A convolution is a linear layer at every position: fan-in is channels × taps within the input, and two positions share the
/// taps that both have. Weights are shared, so their gradient sums over positions. (Xiao et al. 2018; Novak et al. 2019.)
/// </summary>
internal sealed class ConvolutionStage : Stage
{
    private readonly Signal _input;
    private readonly ConvolutionGeometry _geometry;
    private readonly double _samples, _fanIn, _fanOut, _groups;
    private readonly NodeParameter _weight;
    private readonly NodeParameter? _bias;
    private readonly WeightDistribution _distribution;

    private ConvolutionStage(Signal input, TensorShape output, ConvolutionGeometry geometry, double samples, double groups, NodeParameter weight, WeightDistribution distribution, NodeParameter? bias, WeightDistribution biases)
    {
        (_input, _geometry, _samples, _groups, _weight, _distribution, _bias) = (input, geometry, samples, groups, weight, distribution, bias);
        (_fanIn, _fanOut) = (input.Shape.Features / groups, output.Features / groups);
        Output = distribution.Structure == WeightStructure.Identity
            ? WeightedSum.Shifted(input, output, biases)
            : WeightedSum.Of(input, output, _fanIn, distribution, biases, geometry.TapsPerOutput, geometry.CommonTapsPerOutput) with { PatternDegrees = PatternDegrees(input, geometry) };
    }

    public static Stage Create(Signal input, TensorShape output, ConvolutionGeometry? geometry, double samples, double? groups, NodeParameter? weight, NodeParameter? bias)
    {
        if (weight?.Shape is not { Count: >= 3 } shape || geometry is null || groups is null) return new UnknownStage("its size is not known");
        var fanIn = shape.Skip(1).Aggregate((product, size) => product * size);
        if (weight.Distribution(fanIn) is not { } distribution) return new UnknownStage("the initialization of its weight is not known");
        var biases = bias is null ? default(WeightDistribution) : bias.Distribution(fanIn);
        return biases is null
            ? new UnknownStage("the initialization of its bias is not known")
            : new ConvolutionStage(input, output, geometry, samples, groups.Value, weight, distribution, bias, biases.Value);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var positions = Output.Shape.Positions;
        var product = output.WithSummand(_input.Second, _input.Centred, _distribution.Variance);
        double uses = _geometry.Uses, usePairs = _geometry.SquaredUses - _geometry.Uses;
        var overPairs = new SquaredNorm(
            Math.Max((uses * product.Same) + (usePairs * product.CrossPosition), 0),
            (_samples - 1) * ((uses * product.CrossSample) + (usePairs * product.CrossBoth)));
        parameters.Add(_weight.Index, overPairs * (_fanIn * _fanOut * _groups * _samples));
        if (_bias is not null)
            parameters.Add(_bias.Index, WeightedSum.OverPairs(output.Second, Moments.Common(1), _samples, positions) * (Output.Shape.Features));

        var perTap = output.Second * (_fanOut * _distribution.SecondMoment);
        return new(new(
            perTap.Same * _geometry.TapsPerInput,
            perTap.CrossSample * _geometry.TapsPerInput,
            perTap.CrossPosition * _geometry.CommonTapsPerInput,
            perTap.CrossBoth * _geometry.CommonTapsPerInput));
    }

    /// <summary>
    /// Of the pattern by position that samples share, a part comes from the border, where taps of what is common to all positions
    /// are missing, and is made of few numbers; the rest comes from the patterns of many inputs.
    /// </summary>
    private static double? PatternDegrees(Signal input, ConvolutionGeometry geometry)
    {
        var atBorder = Math.Max(input.Second.CrossBoth, 0) * (geometry.TapsPerOutput - geometry.CommonTapsPerOutput);
        var before = Math.Max(input.Second.CrossSample - input.Second.CrossBoth, 0) * geometry.TapsPerOutput;
        return atBorder > 0 ? geometry.BorderDegrees * (atBorder + before) * (atBorder + before) / (atBorder * atBorder) : null;
    }
}
