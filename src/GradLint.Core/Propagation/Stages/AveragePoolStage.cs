namespace GradLint.Core.Propagation.Stages;

/// <summary>The mean over windows of positions; over all of them for global pooling.</summary>
internal sealed class AveragePoolStage : Stage
{
    private readonly Signal _input;
    private readonly double _window;

    /// <param name="input">What is pooled.</param>
    /// <param name="output">The axes of the result.</param>
    /// <param name="window">Positions in a window.</param>
    public AveragePoolStage(Signal input, TensorShape output, double window)
    {
        (_input, _window) = (input, window);
        var second = input.Second;
        Output = new(output, input.Mean, new(
            (second.Same + ((window - 1) * second.CrossPosition)) / window,
            (second.CrossSample + ((window - 1) * second.CrossBoth)) / window,
            output.Positions > 1 ? second.CrossPosition : 0,
            output.Positions > 1 ? second.CrossBoth : 0));
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        double inputs = _input.Shape.Positions, outputs = Output.Shape.Positions;
        // An input lies in outputs·window/inputs windows: 1 unless they overlap or leave gaps.
        var cover = outputs * _window / inputs / (_window * _window);
        return new(new(
            output.Second.Same * cover,
            output.Second.CrossSample * cover,
            Spread(output.Second.Same, output.Second.CrossPosition),
            Spread(output.Second.CrossSample, output.Second.CrossBoth)));

        // Over pairs of different inputs: of the window − 1 others in the same window, and of those in other windows.
        double Spread(double sameWindow, double otherWindow) => inputs <= 1 ? 0
            : outputs * (((_window - 1) / _window * sameWindow) + ((outputs - 1) * otherWindow)) / (inputs * (inputs - 1));
    }
}
