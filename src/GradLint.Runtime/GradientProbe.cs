using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime;

/// <summary>Measures how the gradient flows through a model on one batch.</summary>
/// <remarks>
/// The model is left as it was: parameters, gradients, buffers (running statistics), training mode and the CPU random
/// generator. It is measured in the mode it is in; call <c>model.train()</c> before to see what training sees.
/// All norms are computed on the model's device and read by one copy to the host.
/// </remarks>
public static class GradientProbe
{
    /// <summary>Runs one forward and backward pass of <paramref name="model"/> on <paramref name="input"/>.</summary>
    /// <param name="model">The model; any mode, any device.</param>
    /// <param name="input">One batch, on the model's device.</param>
    /// <param name="lossFn">Makes a scalar loss of the model's output, for example <c>y => functional.cross_entropy(y, target)</c>.</param>
    /// <param name="prediction">What was predicted from the code, to stand beside what is measured.</param>
    /// <exception cref="ArgumentException">
    /// The model has no trainable parameter, the loss is no scalar that depends on one, or the prediction is of other models.
    /// </exception>
    public static GradientMeasurement Measure(
        nn.Module<Tensor, Tensor> model, Tensor input, Func<Tensor, Tensor> lossFn, PredictedFlow? prediction = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(lossFn);
        return Measure(model, () => lossFn(model.call(input)), prediction);
    }

    /// <inheritdoc cref="Measure(nn.Module{Tensor, Tensor}, Tensor, Func{Tensor, Tensor}, PredictedFlow?)"/>
    /// <param name="target">What <paramref name="criterion"/> compares the output with.</param>
    /// <param name="criterion">A loss module such as <c>CrossEntropyLoss()</c>.</param>
    public static GradientMeasurement Measure(
        nn.Module<Tensor, Tensor> model, Tensor input, Tensor target, nn.Module<Tensor, Tensor, Tensor> criterion, PredictedFlow? prediction = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(criterion);
        return Measure(model, input, output => criterion.call(output, target), prediction);
    }

    /// <summary>Runs <paramref name="loss"/> once, which applies <paramref name="model"/> in whatever way it likes.</summary>
    /// <param name="model">The model whose parameters are measured.</param>
    /// <param name="loss">
    /// Computes a scalar loss. Where it uses <c>model.call(x)</c>, the gradient at each module's output is measured too;
    /// <c>forward(x)</c> runs no hooks and leaves the parameters' gradients.
    /// </param>
    /// <param name="prediction">What was predicted from the code, to stand beside what is measured.</param>
    /// <exception cref="ArgumentException">
    /// The model has no trainable parameter, the loss is no scalar that depends on one, or the prediction is of other models.
    /// </exception>
    public static GradientMeasurement Measure(nn.Module model, Func<Tensor> loss, PredictedFlow? prediction = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        var parameters = LiveParameter.Of(model);
        if (!parameters.Any(parameter => parameter.Tensor.requires_grad))
        {
            throw new ArgumentException(
                $"{model.GetName()} has no trainable parameter. Are its layers registered (RegisterComponents(), ModuleList)?",
                nameof(model));
        }

        var predicted = prediction?.Of(model);
        using var gradMode = enable_grad();
        using var scope = NewDisposeScope();
        using var state = new ModelState(model, parameters);
        using var taps = new OutputTaps(model, keepsInput: _ => true);
        var value = loss();
        RequireScalarLoss(value);
        taps.Detach();
        value.backward(retain_graph: true);
        return Read(parameters, taps, value, predicted);
    }

    private static void RequireScalarLoss(Tensor loss)
    {
        if (loss is null)
            throw new ArgumentException("The loss function returned null; it must return a scalar tensor.", nameof(loss));
        if (loss.numel() != 1)
        {
            throw new ArgumentException(
                $"The loss function returned a tensor of shape [{string.Join(", ", loss.shape)}]; it must return a scalar (reduction: mean or sum).",
                nameof(loss));
        }

        if (!loss.requires_grad)
        {
            throw new ArgumentException(
                "The loss does not depend on any trainable parameter: something on the way detached it (detach(), item(), data, no_grad()).",
                nameof(loss));
        }
    }

    private static GradientMeasurement Read(IReadOnlyList<LiveParameter> parameters, OutputTaps taps, Tensor loss, PredictedFlow.Model? prediction)
    {
        using var mode = no_grad();
        var statistics = new DeviceStatistics();
        var lossAt = statistics.Add(loss.detach().to(ScalarType.Float32).reshape());
        var norms = parameters.Select(parameter => NormOf(parameter.Tensor)).ToArray();
        var outputs = taps.Outputs.Select(tapped => (Tapped: tapped, Norm: NormOf(tapped.Output))).ToArray();
        var horizons = taps.Outputs
            .Where(tapped => tapped.Input is not null && LayerKinds.IsRecurrent(tapped.Module))
            .Select(tapped => HorizonMeasurement.Measure(tapped.Module, tapped.Path, tapped.Input!, tapped.Output.grad, statistics))
            .ToArray();
        var recurrent = RecurrentMatrices.Measure(parameters, statistics);
        var reading = statistics.Read();

        var gradients = parameters
            .Zip(norms, (parameter, norm) => new ParameterGradient(
                parameter.Path, parameter.Layer, parameter.LayerType, parameter.Shape, parameter.IsMatrix,
                parameter.Tensor.requires_grad, ValueOf(norm)))
            .ToArray();
        var outputGradients = outputs
            .Where(output => output.Norm is not null)
            .Select(output => new OutputGradient(
                output.Tapped.Path, output.Tapped.Module.GetType().Name, output.Tapped.Output.shape, ValueOf(output.Norm)!.Value))
            .ToArray();
        return new(
            reading.Value(lossAt), gradients, outputGradients,
            [.. horizons.OfType<Func<DeviceStatistics.Reading, HorizonSample>>().Select(read => read(reading))],
            [.. recurrent.Select(read => read(reading))],
            OutputsOf(taps, gradients), prediction);

        static IReadOnlyList<string> OutputsOf(OutputTaps taps, IReadOnlyList<ParameterGradient> gradients)
        {
            var layers = gradients.Where(gradient => gradient is { IsMatrix: true, Norm: not null }).Select(gradient => gradient.Layer).ToArray();
            // Where no hook fired, the last one registered.
            return OutputLayers.Of(taps, layers.ToHashSet()) is { Count: > 0 } outputs ? outputs : [.. layers.TakeLast(1)];
        }

        (DeviceStatistics.Slot L2, DeviceStatistics.Slot MaxAbs)? NormOf(Tensor tensor)
        {
            using var gradient = tensor.grad;
            return gradient is null ? null : (statistics.Add(Norms.L2(gradient)), statistics.Add(Norms.MaxAbs(gradient)));
        }

        double? ValueOf((DeviceStatistics.Slot L2, DeviceStatistics.Slot MaxAbs)? norm) =>
            norm is var (l2, maxAbs) ? Norm.Of(reading.Value(l2), reading.Value(maxAbs)) : null;
    }
}
