namespace GradLint.Core.Propagation.Stages;

/// <summary>The mean over n features, which random weights make independent but for their mean: (m − μ²)/n + μ².</summary>
internal sealed class FeatureMeanStage : Stage
{
    private readonly double _features;

    public FeatureMeanStage(Signal input, TensorShape output)
    {
        _features = input.Shape.Features / output.Features;
        var mean = Moments.Common(input.Mean * input.Mean);
        Output = new(output, input.Mean, ((input.Second - mean) * (1 / _features)) + mean);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) => new(output.Second * (1 / (_features * _features)));
}

/// <summary>Some of the features; the others get no gradient.</summary>
internal sealed class FeatureSliceStage : Stage
{
    private readonly double _share;

    public FeatureSliceStage(Signal input, TensorShape output)
    {
        _share = output.Features / input.Shape.Features;
        Output = input with { Shape = output };
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) => new(output.Second * _share) { Profile = output.Profile };
}

/// <summary>One half of the features times the sigmoid of the other (Dauphin et al. 2017).</summary>
internal sealed class GatedLinearStage : Stage
{
    private readonly Signal _input;
    private readonly Moments _gate, _slope;

    public GatedLinearStage(Signal input, TensorShape output)
    {
        _input = input;
        var gate = ActivationFunction.Sigmoid;
        var elements = new ActivatedNormal(gate, input.Mean, input.Second);
        var (values, slopes) = GaussianKernel.Of(gate, input.Mean, Math.Sqrt(elements.Variance));
        (_gate, _slope) = (elements.Evaluate(values), elements.Evaluate(slopes));
        Output = new(output, input.Mean * values.Mean, input.Second * _gate);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) =>
        new(output.Second * (_gate + (_input.Second * _slope)) * 0.5) { Profile = output.Profile };
}
