using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>
/// y = W·x + b over the feature axis: q = n·v·m + b, and the same for every cross moment; backward × n_out·v.
/// (He et al. 2015; Poole et al. 2016; Schoenholz et al. 2017.)
/// </summary>
internal sealed class LinearFlow : Flow
{
    private readonly Signal _input;
    private readonly FlowContext _context;
    private readonly NodeParameter _weight;
    private readonly WeightDistribution _distribution;
    private readonly double _fanIn, _fanOut;

    private LinearFlow(GraphNode node, Signal input, TensorShape output, FlowContext context, NodeParameter weight, WeightDistribution distribution, WeightDistribution bias)
        : base(node)
    {
        (_input, _context, _weight, _distribution) = (input, context, weight, distribution);
        (_fanOut, _fanIn) = (weight.Shape![0], weight.Shape[1]);
        Outputs = [Apply(input, output, distribution, bias, _fanIn)];
    }

    public static Flow Create(GraphNode node, Signal input, TensorShape output, FlowContext context)
    {
        var weight = context.Parameter(node, "weight");
        if (weight?.Shape is not { Count: 2 } shape) return new UnknownFlow(node, "the size of its weight is not known");
        if (weight.Distribution(shape[1]) is not { } distribution) return new UnknownFlow(node, "the initialization of its weight is not known");
        var bias = context.Parameter(node, "bias") is { } parameter ? parameter.Distribution(shape[1]) : default(WeightDistribution);
        if (bias is null) return new UnknownFlow(node, "the initialization of its bias is not known");
        return new LinearFlow(node, input, output, context, weight, distribution, bias.Value);
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        var gradient = outputs[0].Second;
        double samples = _context.BatchSize, positions = _input.Shape.Positions;
        parameters.Add(_weight.Index, _fanIn * _fanOut * WeightGradient.SumOverPairs(gradient, _input.Second, samples, positions));
        if (_context.Parameter(Node, "bias") is { } bias)
            parameters.Add(bias.Index, _fanOut * WeightGradient.SumOverPairs(gradient, Moments.Common(1), samples, positions));
        return [new(gradient * (_fanOut * (_distribution.Variance + (_distribution.Mean * _distribution.Mean))))];
    }

    /// <summary>A mean common to all weights adds (n·μ_w·μ)² and what the features' spread contributes, alike in every unit.</summary>
    private static Signal Apply(Signal input, TensorShape output, WeightDistribution weight, WeightDistribution bias, double fanIn)
    {
        var mean = (fanIn * weight.Mean * input.Mean) + bias.Mean;
        var spread = input.Second - Moments.Common(input.Mean * input.Mean);
        var second = (input.Second * (fanIn * weight.Variance)) + (spread * (fanIn * weight.Mean * weight.Mean))
            + Moments.Common((mean * mean) + bias.Variance);
        if (weight.Structure == WeightStructure.Identity)
            return new(output, input.Mean + bias.Mean, input.Second + Moments.Common((2 * input.Mean * bias.Mean) + (bias.Mean * bias.Mean) + bias.Variance));
        return new(output, mean, second);
    }
}
