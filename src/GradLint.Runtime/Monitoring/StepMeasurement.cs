using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>
/// The statistics of one sampled step. They are computed on the device in two parts, after backward and after the optimizer's
/// step, and read together by one host copy.
/// </summary>
internal sealed class StepMeasurement : IDisposable
{
    private readonly IReadOnlyList<LiveParameter> _parameters;
    private readonly MeasurementPlan _plan;
    private readonly WeightStatistics _weights;
    private readonly ModuleStatistics? _modules;
    private readonly IReadOnlyList<Func<DeviceStatistics.Reading, RecurrentMatrixSample>> _recurrent = [];
    private readonly DeviceStatistics.Deferred _first;
    private GradientStatistics _gradients;
    private DeviceStatistics.Deferred? _accumulated;

    /// <summary>Measures what a first backward pass of the step leaves; gradients may be measured again after each further one.</summary>
    public StepMeasurement(IReadOnlyList<LiveParameter> parameters, OutputTaps? taps, MeasurementPlan plan)
    {
        _parameters = parameters;
        _plan = plan;
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var statistics = new DeviceStatistics(_plan.IsSpread);
        _weights = new(parameters, plan, statistics);
        if (taps is not null)
            _modules = new(taps, parameters, plan, statistics);
        if (plan.Horizons)
            _recurrent = RecurrentMatrices.Measure(parameters, statistics);
        _gradients = new(parameters, plan, statistics);
        _first = statistics.Defer();
    }

    /// <summary>Measures the gradients again as they have accumulated so far.</summary>
    public void MeasureGradients()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var statistics = new DeviceStatistics(_plan.IsSpread);
        _gradients = new(_parameters, _plan, statistics);
        _accumulated?.Dispose();
        _accumulated = statistics.Defer();
    }

    /// <summary>Measures the updates and reads everything. The step's number and time are the caller's to set.</summary>
    public Sample Read(LossAccumulator losses, GradientClipper clipper, RecentLosses? recent = null)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (statistics, readUpdates, loss, clipping) = Gather(losses, clipper);
        var readRecent = recent?.Collect(statistics);
        var reading = statistics.Read();
        losses.Reset();
        clipper.Reset();
        var first = _first.Of(reading);
        var accumulated = _accumulated?.Of(reading) ?? first;
        var updates = readUpdates(reading);
        _plan.Windows.BeginSample();
        var parameters = Enumerable.Range(0, _parameters.Count)
            .Select(i => _gradients.Read(i, accumulated) with { Weight = _weights.Norm(i, first), Update = updates[i] })
            .ToArray();
        return new()
        {
            Step = 0,
            Loss = loss?.Invoke(reading),
            RecentLosses = readRecent?.Invoke(reading) ?? [],
            Clipping = clipping?.Invoke(reading),
            Parameters = parameters,
            Modules = _modules?.Read(first) ?? [],
            Horizons = _modules?.ReadHorizons(first) ?? [],
            RecurrentMatrices = [.. _recurrent.Select(read => read(first))],
            OutputLayer = LargestOutput(parameters) ?? _modules?.LastLayer ?? LastWithGradient(parameters),
        };
    }

    /// <summary>Everything as it is on the device before it is read.</summary>
    internal Tensor Stack(LossAccumulator losses, GradientClipper clipper)
    {
        using var mode = no_grad();
        return Gather(losses, clipper).Statistics.Stack();
    }

    public void Dispose()
    {
        _plan.Weights?.EndStep();
        _first.Dispose();
        _accumulated?.Dispose();
    }

    private (DeviceStatistics Statistics, Func<DeviceStatistics.Reading, double?[]> Updates, Func<DeviceStatistics.Reading, LossInterval>? Loss, Func<DeviceStatistics.Reading, ClippingInterval>? Clipping) Gather(
        LossAccumulator losses, GradientClipper clipper)
    {
        var statistics = new DeviceStatistics(_plan.IsSpread);
        var updates = _weights.CollectUpdates(statistics);
        var loss = losses.Collect(statistics);
        var clipping = clipper.Collect(statistics);
        _first.AddTo(statistics);
        _accumulated?.AddTo(statistics);
        return (statistics, updates, loss, clipping);
    }

    /// <summary>Of several output layers, the one with the largest gradient.</summary>
    private string? LargestOutput(ParameterSample[] samples) => _plan.OutputLayers.Count == 0 ? null : _parameters
        .Zip(samples)
        .Where(pair => pair.First.IsMatrix && pair.Second.Gradient is not null && _plan.OutputLayers.Contains(pair.First.Layer))
        .GroupBy(pair => pair.First.Layer)
        .MaxBy(layer => layer.Sum(pair => pair.Second.Gradient * pair.Second.Gradient))?.Key;

    private string? LastWithGradient(ParameterSample[] samples)
    {
        for (var i = _parameters.Count - 1; i >= 0; i--)
        {
            if (_parameters[i].IsMatrix && samples[i].Gradient is not null)
                return _parameters[i].Layer;
        }

        return null;
    }
}
