using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>
/// Clips gradients on the device without waiting for it, and counts there how often that changed anything.
/// The same operations in the same order as <c>nn.utils.clip_grad_norm_</c>, so the same bits.
/// </summary>
internal sealed class GradientClipper : IDisposable
{
    private Tensor? _engaged;
    private Tensor? _nonFinite;
    private Tensor? _norms;
    private long _steps;
    private double _limit;

    /// <summary>Scales all gradients so that their total L2 norm is at most <paramref name="limit"/>.</summary>
    /// <returns>The total norm before clipping, a device scalar that the caller disposes of; null without gradients.</returns>
    public Tensor? ClipNorm(IEnumerable<Parameter> parameters, double limit)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0)
            return null;

        var norms = gradients.Select(gradient => gradient.norm()).ToArray();
        var norm = norms.Length == 1 ? norms[0] : stack(norms).norm();
        var scale = (norm + 1e-6).reciprocal().mul(limit).clamp_max(1.0);
        foreach (var gradient in gradients)
            gradient.mul_(scale);

        Count(norm, limit);
        return norm.DetachFromDisposeScope();
    }

    /// <summary>Brings every gradient element into [−<paramref name="limit"/>, <paramref name="limit"/>].</summary>
    public static void ClipValue(IEnumerable<Parameter> parameters, double limit)
    {
        using var mode = no_grad();
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            gradient?.clamp_(-limit, limit);
        }
    }

    /// <inheritdoc cref="LossAccumulator.Collect"/>
    public Func<DeviceStatistics.Reading, ClippingInterval>? Collect(DeviceStatistics statistics)
    {
        if (_steps == 0)
            return null;

        var (steps, limit) = (_steps, _limit);
        var (engagedAt, nonFiniteAt, normsAt) = (statistics.Add(_engaged!), statistics.Add(_nonFinite!), statistics.Add(_norms!));
        return reading => new(
            steps, (long)reading.Value(engagedAt), (long)reading.Value(nonFiniteAt), limit, reading.Value(normsAt) / steps);
    }

    /// <summary>Begins the next interval.</summary>
    public void Reset()
    {
        _engaged?.zero_();
        _nonFinite?.zero_();
        _norms?.zero_();
        _steps = 0;
    }

    public void Dispose()
    {
        _engaged?.Dispose();
        _nonFinite?.Dispose();
        _norms?.Dispose();
    }

    private void Count(Tensor norm, double limit)
    {
        _engaged ??= Zero(norm);
        _nonFinite ??= Zero(norm);
        _norms ??= Zero(norm);
        _engaged.add_(norm.gt(limit));
        _nonFinite.add_(norm.isfinite().logical_not());
        _norms.add_(norm);
        _limit = limit;
        _steps++;
    }

    private static Tensor Zero(Tensor like) => zeros([], ScalarType.Float32, like.device).DetachFromDisposeScope();
}
