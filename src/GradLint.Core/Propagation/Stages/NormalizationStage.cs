namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// Normalisation over groups of elements, x̂ = (x − mean)/σ, then γ·x̂ + β. What is common to a group disappears: with the mean
/// M of E[x·x′] over pairs within a group, q → (q − M)/(q − M). Backward: (γ/σ)·(δ − mean(δ) − x̂·mean(δ·x̂)).
/// Without centring, as by the root mean square, nothing is subtracted.
/// (Ioffe &amp; Szegedy 2015; Yang et al. 2019 for the gain 1/(q − q×) of batch normalisation; Ba et al. 2016.)
/// </summary>
internal sealed class NormalizationStage : Stage
{
    private readonly NormalizationGroup _group;
    private readonly double _samples, _inverseVariance;
    private readonly bool _isCentring;
    private readonly NodeParameter? _weight, _bias;
    private readonly WeightDistribution _scale;
    private readonly Moments _normalized;

    private NormalizationStage(Signal input, NormalizationGroup group, double samples, double epsilon, NodeParameter? weight, WeightDistribution scale, NodeParameter? bias, WeightDistribution shift, bool isCentring)
    {
        (_group, _samples, _weight, _scale, _bias, _isCentring) = (group, samples, weight, scale, bias, isCentring);
        var centred = isCentring
            ? (input.Second - group.Means(input.Second, input.Mean * input.Mean)).Realizable(samples, input.Shape.Positions) : input.Second;
        var variance = Math.Max(centred.Same, 0);
        _normalized = centred * (1 / (variance + epsilon));
        _inverseVariance = 1 / (variance + epsilon);
        if (group is { Samples: > 1, Features: 1 })
        {
            var positions = input.Shape.Positions;
            var spread = VarianceSpread.OfBatch(_normalized, samples, positions, input.PatternDegrees);
            var features = input.Source is { } source ? FeatureSpread.Of(source, source.Second.MeanOverPairs(samples, positions), samples * positions, epsilon) : null;
            _normalized = spread.Adjust(_normalized) * (features?.Alive ?? 1);
            _inverseVariance = spread.InverseFactor * (features?.InverseVariance ?? _inverseVariance);
        }
        else
        {
            _inverseVariance *= VarianceSpread.OfCount(group.Features * group.Positions / Math.Max(input.NormSpread, 1e-3));
        }

        Output = new(input.Shape, shift.Mean + (isCentring ? 0 : scale.Mean * input.Mean / Math.Sqrt(variance + epsilon)), (_normalized * scale.SecondMoment) + Moments.Common(shift.SecondMoment)) { NormSpread = group.Samples > 1 ? 1 : 0 };
    }

    public static Stage Create(Signal input, NormalizationGroup group, double samples, double epsilon, NodeParameter? weight, NodeParameter? bias, bool isCentring = true)
    {
        var scale = weight is null ? new WeightDistribution(1, 0) : weight.Distribution(1);
        var shift = bias is null ? default(WeightDistribution) : bias.Distribution(1);
        return scale is null || shift is null
            ? new UnknownStage("the initialization of its scale or shift is not known")
            : new NormalizationStage(input, group, samples, epsilon, weight, scale.Value, bias, shift.Value, isCentring);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var shape = Output.Shape;
        var withValues = output.WithSummand(_normalized);
        if (_weight is not null)
            parameters.Add(_weight.Index, WeightedSum.OverPairs(withValues, Moments.Common(1), _samples, shape.Positions) * (shape.Features));
        if (_bias is not null)
            parameters.Add(_bias.Index, WeightedSum.OverPairs(output.Second, Moments.Common(1), _samples, shape.Positions) * (shape.Features));

        var centred = _isCentring ? output.Second - _group.Means(output.Second, 0) : output.Second;
        var projection = _group.Means(withValues, 0);
        var remaining = (centred - (projection * _normalized)).Realizable(_samples, shape.Positions);
        return new(remaining * (_scale.SecondMoment * _inverseVariance)) { Profile = output.Profile };
    }
}

/// <summary>Which elements are normalised together.</summary>
/// <param name="Features">Features in a group.</param>
/// <param name="Positions">Positions in a group.</param>
/// <param name="Samples">Samples in a group.</param>
/// <param name="AllPositions">Positions of the tensor.</param>
internal sealed record NormalizationGroup(double Features, double Positions, double Samples, double AllPositions)
{
    /// <summary>
    /// E[x̄·x̄′] of the group means that two elements of the same feature have: the mean of E[x·x′] over their groups.
    /// Between features only the product of their means is left.
    /// </summary>
    public Moments Means(Moments second, double betweenFeatures)
    {
        double WithinFeatures(double withinFeature) => betweenFeatures + ((withinFeature - betweenFeatures) / Features);

        var wholeSample = Positions > 1 || AllPositions == 1;
        var acrossPositions = (second.Same + ((AllPositions - 1) * second.CrossPosition)) / AllPositions;
        var acrossPositionsAndSamples = (second.CrossSample + ((AllPositions - 1) * second.CrossBoth)) / AllPositions;
        if (Samples > 1)
            return Moments.Common(WithinFeatures(second.MeanOverPairs(Samples, AllPositions)));
        return wholeSample
            ? new(WithinFeatures(acrossPositions), WithinFeatures(acrossPositionsAndSamples), WithinFeatures(acrossPositions), WithinFeatures(acrossPositionsAndSamples))
            : new(WithinFeatures(second.Same), WithinFeatures(second.CrossSample), WithinFeatures(second.CrossPosition), WithinFeatures(second.CrossBoth));
    }
}
