using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>y_o = Σ_ij x_i·W_oij·z_j + b: q = n_x·n_z·v·m_x·m_z + b, and each input gets the gradient times the other.</summary>
internal sealed class BilinearFlow : Flow
{
    private readonly Signal _left, _right;
    private readonly double _samples, _variance;
    private readonly IReadOnlyList<double> _sizes;
    private readonly NodeParameter _weight;
    private readonly NodeParameter? _bias;

    private BilinearFlow(GraphNode node, Signal left, Signal right, TensorShape output, double samples, NodeParameter weight, WeightDistribution distribution, NodeParameter? bias, WeightDistribution biases)
        : base(node)
    {
        (_left, _right, _samples, _weight, _bias, _sizes, _variance) = (left, right, samples, weight, bias, weight.Shape!, distribution.SecondMoment);
        Outputs = [new(output, biases.Mean, (left.Second * right.Second * (_sizes[1] * _sizes[2] * _variance)) + Moments.Common(biases.SecondMoment))];
    }

    public static Flow Create(GraphNode node, IReadOnlyList<Signal> inputs, TensorShape output, FlowContext context)
    {
        if (inputs.Count < 2 || context.Parameter(node, "weight") is not { Shape.Count: 3 } weight) return new UnknownFlow(node, "the size of its weight is not known");
        // TorchSharp draws weight and bias from U(±1/√in1).
        var bias = context.Parameter(node, "bias");
        var biases = bias is null ? default(WeightDistribution) : bias.Distribution(weight.Shape[1]);
        var weights = weight.Parameter.Initialization.Kind == InitializerKind.DefaultFanIn ? new WeightDistribution(0, 1 / (3 * weight.Shape[1])) : weight.Distribution(weight.Shape[1]);
        return weights is null || biases is null
            ? new UnknownFlow(node, "the initialization of its parameters is not known")
            : new BilinearFlow(node, inputs[0], inputs[1], output, context.BatchSize, weight, weights.Value, bias, biases.Value);
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters)
    {
        var (second, positions) = (outputs[0].Second, Outputs[0].Shape.Positions);
        parameters.Add(_weight.Index, WeightedSum.OverPairs(second, _left.Second * _right.Second, _samples, positions) * (_sizes[0] * _sizes[1] * _sizes[2]));
        if (_bias is not null) parameters.Add(_bias.Index, WeightedSum.OverPairs(second, Moments.Common(1), _samples, positions) * _sizes[0]);
        return
        [
            new(second * _right.Second * (_sizes[0] * _sizes[2] * _variance)),
            new(second * _left.Second * (_sizes[0] * _sizes[1] * _variance)),
        ];
    }
}
