using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Measures how far back in time the gradient of a recurrent layer's last output reaches: ‖∂(sᵀh_T)/∂x_t‖ for every t,
/// with s a fixed vector of signs. Uses no random numbers and touches no gradient of the model.
/// </summary>
internal static class HorizonMeasurement
{
    private const int MaxBatch = 4;

    /// <summary>
    /// Whether a recurrent layer can be measured without drawing random numbers. On a GPU a stack of layers cannot: its kernels have
    /// a backward pass in training mode only, where dropout between the layers draws, and the layer does not say whether it has one.
    /// </summary>
    public static bool CanMeasure(nn.Module module) =>
        !HasSeveralLayers(module) || module.parameters().All(parameter => parameter.device_type == DeviceType.CPU);

    /// <summary>Adds the measurement to others.</summary>
    /// <param name="module">A recurrent layer.</param>
    /// <param name="path">Its path.</param>
    /// <param name="input">What it was given.</param>
    /// <param name="outputGradient">The gradient at its output; null when the loss takes its final state instead.</param>
    /// <param name="statistics">What the device is to compute.</param>
    /// <returns>What makes the sample of it once it has been read; null where it cannot be measured.</returns>
    public static Func<DeviceStatistics.Reading, HorizonSample>? Measure(
        nn.Module module, string path, Tensor input, Tensor? outputGradient, DeviceStatistics statistics)
    {
        if (NormsByStep(module, input) is not var (norms, batchFirst))
            return null;

        var length = (int)norms.shape[0];
        var normsAt = statistics.AddVector(norms, length);
        // Whoever takes the final state instead of the output uses the last step too.
        DeviceStatistics.Slot? lastAt = outputGradient is null ? null : statistics.Add(ShareAtLastStep(outputGradient, batchFirst ? 1 : 0));
        return reading => new(
            path, length, [.. reading.Vector(normsAt).ToArray().Select(norm => (double)norm)],
            lastAt is not { } share || reading.Value(share) > 0.999);
    }

    /// <param name="module">A recurrent layer.</param>
    /// <param name="input">What it was given: (T, batch, features) or, with batchFirst, (batch, T, features).</param>
    /// <returns>
    /// Device vector of T norms, and whether the batch comes first; null where it cannot be measured.
    /// </returns>
    private static (Tensor Norms, bool BatchFirst)? NormsByStep(nn.Module module, Tensor input)
    {
        if (input.ndim != 3 || !CanMeasure(module))
            return null;

        var training = module.training;
        using var mode = enable_grad();
        try
        {
            if (input.device_type == DeviceType.CPU)
                module.eval();
            var batchFirst = IsBatchFirst(module, input);
            var batchAxis = batchFirst ? 0 : 1;
            var timeAxis = batchFirst ? 1 : 0;
            var x = input.detach().narrow(batchAxis, 0, Math.Min(MaxBatch, input.shape[batchAxis])).clone().requires_grad_();
            var (output, hidden) = Run(module, x);
            // The backward direction's last output has seen one step only.
            var last = output.narrow(timeAxis, output.shape[timeAxis] - 1, 1).narrow(2, 0, hidden.shape[2]);
            autograd.backward([last], [Signs(last)], inputs: [x]);
            using var gradient = x.grad!;
            return (gradient.to(ScalarType.Float32).square().sum([batchAxis, 2]).sqrt(), batchFirst);
        }
        finally
        {
            module.train(training);
        }
    }

    private static Tensor ShareAtLastStep(Tensor gradient, int timeAxis)
    {
        var values = gradient.to(ScalarType.Float32);
        return values.narrow(timeAxis, values.shape[timeAxis] - 1, 1).norm() / values.norm();
    }

    // The batch axis of the final state tells; where T equals the batch size, a shorter sequence does.
    private static bool IsBatchFirst(nn.Module module, Tensor input)
    {
        using var off = no_grad();
        var x = input.shape[0] == input.shape[1] && input.shape[0] > 1 ? input.narrow(0, 0, input.shape[0] - 1) : input;
        return Run(module, x).Hidden.shape[1] == x.shape[0];
    }

    private static (Tensor Output, Tensor Hidden) Run(nn.Module module, Tensor x)
    {
        if (module is nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> lstm)
        {
            var (output, hidden, _) = lstm.forward(x, null);
            return (output, hidden);
        }

        return ((nn.Module<Tensor, Tensor?, (Tensor, Tensor)>)module).forward(x, null);
    }

    private static Tensor Signs(Tensor like) =>
        (arange(like.numel(), dtype: ScalarType.Float32, device: like.device) * 1.7).cos().sign().reshape(like.shape).to(like.dtype);

    private static bool HasSeveralLayers(nn.Module module) =>
        module.named_parameters().Any(entry => entry.name.Contains("_l1", StringComparison.Ordinal));
}
