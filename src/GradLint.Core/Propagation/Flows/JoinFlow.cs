using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Flows;

/// <summary>
/// a + b or a − b: second moments add, and means meet; what random weights lie between is uncorrelated otherwise. The gradient
/// goes to both unchanged. (Yang &amp; Schoenholz 2017 for residual networks.)
/// </summary>
internal sealed class SumFlow : Flow
{
    private readonly IReadOnlyList<Signal> _inputs;

    public SumFlow(GraphNode node, IReadOnlyList<Signal> inputs, TensorShape output, double sign)
        : base(node)
    {
        _inputs = inputs;
        var sum = inputs[0];
        foreach (var input in inputs.Skip(1))
            sum = sum.Plus(input, output, sign);
        Outputs = [sum];
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
        _inputs.Select(input => Broadcast.Reduce(outputs[0], Outputs[0].Shape, input.Shape)).ToArray();
}

/// <summary>a·b of independent tensors: moments multiply; each gets the gradient times the other.</summary>
internal sealed class ProductFlow : Flow
{
    private readonly Signal _left, _right;

    public ProductFlow(GraphNode node, Signal left, Signal right, TensorShape output)
        : base(node)
    {
        (_left, _right) = (left, right);
        Outputs = [new(output, left.Mean * right.Mean, left.Second * right.Second)];
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
    [
        Broadcast.Reduce(new(outputs[0].Second * _right.Second) { Profile = outputs[0].Profile }, Outputs[0].Shape, _left.Shape),
        Broadcast.Reduce(new(outputs[0].Second * _left.Second) { Profile = outputs[0].Profile }, Outputs[0].Shape, _right.Shape),
    ];
}

/// <summary>Tensors side by side: moments average by size; each gets its part of the gradient.</summary>
internal sealed class ConcatFlow : Flow
{
    private readonly IReadOnlyList<Signal> _inputs;

    public ConcatFlow(GraphNode node, IReadOnlyList<Signal> inputs, TensorShape output)
        : base(node)
    {
        _inputs = inputs;
        double mean = 0, total = inputs.Sum(Size);
        var second = Moments.Zero;
        foreach (var input in inputs)
        {
            mean += input.Mean * Size(input) / total;
            second += input.Second * (Size(input) / total);
        }

        Outputs = [new(output, mean, second)];

        static double Size(Signal signal) => signal.Shape.Features * signal.Shape.Positions;
    }

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
        Enumerable.Repeat(new Gradient(outputs[0].Second), _inputs.Count).ToArray();
}

/// <summary>The gradient of a tensor that was broadcast: sums over the axes it was repeated along.</summary>
internal static class Broadcast
{
    public static Gradient Reduce(Gradient gradient, TensorShape output, TensorShape input)
    {
        var positions = output.Positions / input.Positions;
        var features = output.Features / input.Features;
        if (positions <= 1 && features <= 1) return gradient with { Selected = null };
        var second = gradient.Second;
        return new(new Moments(
            positions * (second.Same + ((positions - 1) * second.CrossPosition)),
            positions * (second.CrossSample + ((positions - 1) * second.CrossBoth)),
            positions * positions * second.CrossPosition,
            positions * positions * second.CrossBoth) * Math.Max(features, 1));
    }
}
