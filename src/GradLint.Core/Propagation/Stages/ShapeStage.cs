namespace GradLint.Core.Propagation.Stages;

/// <summary>The same elements under other axes. Positions that become features stop being averaged over.</summary>
internal sealed class ShapeStage : Stage
{
    private readonly Signal _input;

    public ShapeStage(Signal input, TensorShape output)
    {
        _input = input;
        Output = output.Positions == input.Shape.Positions
            ? input with { Shape = output }
            : new(output, input.Mean, input.Second with { CrossPosition = 0, CrossBoth = 0 });
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) =>
        Output.Shape.Positions == _input.Shape.Positions ? output with { Selected = null } : new(output.Second with { CrossPosition = 0, CrossBoth = 0 });
}

/// <summary>One position out of several, or some of them.</summary>
internal sealed class SelectStage : Stage
{
    private readonly Signal _input;
    private readonly int? _index;

    /// <param name="input">What is selected from.</param>
    /// <param name="output">The axes of the result.</param>
    /// <param name="index">The one position selected, where there is one axis of positions; null when several are.</param>
    public SelectStage(Signal input, TensorShape output, int? index)
    {
        (_input, _index) = (input, index);
        Output = output.Positions > 1 ? input with { Shape = output } : input with { Shape = output, Second = input.Second with { CrossPosition = 0, CrossBoth = 0 } };
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        double inputs = _input.Shape.Positions, outputs = Output.Shape.Positions;
        var share = outputs / inputs;
        var pairs = inputs > 1 ? outputs * (outputs - 1) / (inputs * (inputs - 1)) : 0;
        return new(new(output.Second.Same * share, output.Second.CrossSample * share, output.Second.CrossPosition * pairs, output.Second.CrossBoth * pairs))
        {
            Profile = _index is { } index ? Enumerable.Range(0, (int)inputs).Select(i => i == index ? inputs : 0).ToArray() : null,
        };
    }
}

/// <summary>x·factor + offset.</summary>
internal sealed class AffineStage : Stage
{
    private readonly double _factor;

    public AffineStage(Signal input, double factor, double offset)
    {
        _factor = factor;
        var mean = (input.Mean * factor) + offset;
        Output = new(input.Shape, mean, (input.Second * (factor * factor)) + Moments.Common((2 * factor * input.Mean * offset) + (offset * offset)));
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) => new(output.Second * (_factor * _factor)) { Profile = output.Profile };
}
