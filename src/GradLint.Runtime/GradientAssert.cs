using System.Globalization;
using GradLint.Runtime.Measurement;
using GradLint.Runtime.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime;

/// <summary>
/// Assertions on gradient flow for unit tests, in any test framework: a failure throws <see cref="GradientFlowException"/> with a
/// table of what was measured.
/// </summary>
public static class GradientAssert
{
    /// <summary>The gradient of every trainable weight matrix is within bounds of the output layer's.</summary>
    /// <param name="model">The model, in the mode it is to be measured in.</param>
    /// <param name="input">One batch.</param>
    /// <param name="lossFn">Makes a scalar loss of the model's output.</param>
    /// <param name="minRatio">Smallest ratio allowed; in (0, 1).</param>
    /// <param name="maxRatio">Largest ratio allowed; above 1.</param>
    public static void Flows(
        nn.Module<Tensor, Tensor> model, Tensor input, Func<Tensor, Tensor> lossFn, double minRatio = 1e-3, double maxRatio = 1e3)
    {
        Option.Require(minRatio is > 0 and < 1, nameof(minRatio), minRatio, "between 0 and 1");
        Option.Require(maxRatio > 1, nameof(maxRatio), maxRatio, "above 1");
        var measured = GradientProbe.Measure(model, input, lossFn);
        var broken = measured.Parameters
            .Where(parameter => parameter is { IsMatrix: true, RequiresGrad: true } && !(parameter.Ratio >= minRatio && parameter.Ratio <= maxRatio))
            .ToArray();
        if (broken.Length == 0)
            return;

        var worst = broken.MinBy(parameter => parameter.Ratio ?? -1)!;
        throw new GradientFlowException(string.Create(
            CultureInfo.InvariantCulture,
            $"The gradient does not flow: '{worst.Path}' has {SampleTable.Number(worst.Ratio)} of the gradient at '{measured.OutputLayer}'; allowed is {minRatio:G3} to {maxRatio:G3}.{Environment.NewLine}{measured}"));
    }

    /// <summary>No more than a share of the units of any ReLU layer is inactive for all inputs.</summary>
    /// <param name="model">The model, called with every input.</param>
    /// <param name="inputs">Batches like those it meets in training.</param>
    /// <param name="maxShare">Largest share of dead units a layer may have; in [0, 1).</param>
    public static void NoDeadUnits(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> inputs, double maxShare = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        Option.Require(maxShare is >= 0 and < 1, nameof(maxShare), maxShare, "at least 0 and below 1");
        var dead = DeadUnits.Count(model, inputs).Where(layer => layer.Share > maxShare).ToArray();
        if (dead.Length > 0)
        {
            throw new GradientFlowException(
                "Units that no input makes active:" + Environment.NewLine + string.Join(Environment.NewLine, dead.Select(layer =>
                    string.Create(CultureInfo.InvariantCulture, $"  {layer.Path}: {layer.Share:P1} of {layer.Units} units (allowed: {maxShare:P1})"))));
        }
    }

    /// <summary>The gradient of a recurrent layer's last output reaches back over enough time steps.</summary>
    /// <param name="layer">An LSTM, GRU or RNN.</param>
    /// <param name="input">A sequence batch as the layer takes it.</param>
    /// <param name="minSteps">How many steps back the gradient must stay above <paramref name="fraction"/> of the last step's.</param>
    /// <param name="fraction">In (0, 1); 1e-3 when not given.</param>
    public static void Horizon(nn.Module layer, Tensor input, int minSteps, double fraction = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        Option.Require(LayerKinds.IsRecurrent(layer), nameof(layer), layer.GetType().Name, "an LSTM, GRU or RNN");
        Option.Require(fraction is > 0 and < 1, nameof(fraction), fraction, "between 0 and 1");
        using var scope = NewDisposeScope();
        var statistics = new DeviceStatistics();
        var read = HorizonMeasurement.Measure(layer, "", input, outputGradient: null, statistics)
            ?? throw new ArgumentException($"A horizon needs a three-dimensional input; this one has shape [{string.Join(", ", input.shape)}].", nameof(input));
        var horizon = read(statistics.Read());
        if (horizon.StepsTo(fraction) < minSteps)
        {
            throw new GradientFlowException(string.Create(
                CultureInfo.InvariantCulture,
                $"The memory horizon is too short: the gradient falls below {fraction:G3} of the last step's within {horizon.StepsTo(fraction)} of {horizon.Length} steps; {minSteps} are needed.{Environment.NewLine}step back: {string.Join("  ", horizon.Norms.Reverse().Select((norm, k) => (norm, k)).Where(point => IsTick(point.k, horizon.Length)).Select(point => $"{point.k}: {SampleTable.Number(point.norm / horizon.Norms[^1])}"))}"));
        }
    }

    private static bool IsTick(int step, int length) => step % Math.Max(1, length / 8) == 0;
}
