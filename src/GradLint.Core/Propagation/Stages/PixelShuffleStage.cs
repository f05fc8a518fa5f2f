namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// r² channels at a position become one channel at r² positions, or the other way. Of two places of the finer tensor one in r² pairs
/// were positions of one channel; the others were different channels, with only their mean in common.
/// </summary>
internal sealed class PixelShuffleStage : Stage
{
    private readonly double _share;
    private readonly bool _refines;

    public PixelShuffleStage(Signal input, TensorShape output)
    {
        _refines = output.Positions > input.Shape.Positions;
        _share = _refines ? input.Shape.Positions / output.Positions : output.Positions / input.Shape.Positions;
        var mean = input.Mean * input.Mean;
        Output = new(output, input.Mean, _refines ? Mixed(input.Second, mean) : input.Second);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters) =>
        new(_refines ? output.Second : Mixed(output.Second, 0));

    private Moments Mixed(Moments second, double otherChannel) => second with
    {
        CrossPosition = otherChannel + (_share * (second.CrossPosition - otherChannel)),
        CrossBoth = otherChannel + (_share * (second.CrossBoth - otherChannel)),
    };
}
