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
    private readonly List<Func<DeviceStatistics.Reading, ModuleSample>> _modules = [];
    private readonly List<Func<DeviceStatistics.Reading, HorizonSample>> _horizons = [];
    private readonly IReadOnlyList<Func<DeviceStatistics.Reading, RecurrentMatrixSample>> _recurrent = [];
    private readonly int[] _weights;
    private readonly DeviceStatistics.Deferred _fixed;
    private readonly string? _lastLayer;
    private Device? _home;
    private DeviceStatistics.Deferred? _gradients;
    private Func<DeviceStatistics.Reading, int, ParameterSample>? _readGradient;

    /// <summary>Measures what a first backward pass of the step leaves; gradients may be measured again after each further one.</summary>
    public StepMeasurement(IReadOnlyList<LiveParameter> parameters, OutputTaps? taps, MeasurementPlan plan)
    {
        _parameters = parameters;
        _plan = plan;
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var statistics = new DeviceStatistics(_plan.IsSpread);
        _weights = [.. parameters.Select(parameter => statistics.Add(Norms.L2(parameter.Tensor)))];
        if (taps is not null)
            _lastLayer = MeasureModules(taps, statistics);
        if (plan.Horizons)
            _recurrent = RecurrentMatrices.Measure(parameters, statistics);
        plan.Weights?.Take(parameters);
        _fixed = statistics.Defer();
        MeasureGradients();
    }

    /// <summary>Measures the gradients as they have accumulated so far.</summary>
    public void MeasureGradients()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var statistics = new DeviceStatistics(_plan.IsSpread);
        var rows = new List<(string Path, Tensor Units)>();
        var slots = _parameters.Select(parameter => MeasureGradient(parameter, rows, statistics)).ToArray();
        var idle = _plan.Windows.Rows.Add(rows)(statistics);
        _readGradient = (reading, i) =>
        {
            var (read, row) = slots[i];
            if (row < 0)
                return read(reading);
            var units = idle(reading, row);
            return read(reading) with { IdleUnits = units.Share, IdleWindow = units.Samples };
        };
        _gradients?.Dispose();
        _gradients = statistics.Defer();
    }

    /// <summary>Measures the updates and reads everything. The step's number and time are the caller's to set.</summary>
    public Sample Read(LossAccumulator losses, GradientClipper clipper)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (statistics, updates, loss, clipping) = Gather(losses, clipper);
        var reading = statistics.Read();
        losses.Reset();
        clipper.Reset();
        var early = _fixed.Of(reading);
        var gradients = _gradients!.Of(reading);
        var parameters = Enumerable.Range(0, _parameters.Count)
            .Select(i => _readGradient!(gradients, i) with
            {
                Weight = early.Scalar(_weights[i]),
                Update = updates.TryGetValue(i, out var update) ? reading.Scalar(update) : null,
            })
            .ToArray();
        return new()
        {
            Step = 0,
            Loss = loss?.Invoke(reading),
            Clipping = clipping?.Invoke(reading),
            Parameters = parameters,
            Modules = [.. _modules.Select(read => read(early))],
            Horizons = [.. _horizons.Select(read => read(early))],
            RecurrentMatrices = [.. _recurrent.Select(read => read(early))],
            OutputLayer = LargestOutput(parameters) ?? _lastLayer ?? LastWithGradient(parameters),
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
        _fixed.Dispose();
        _gradients?.Dispose();
    }

    private (DeviceStatistics Statistics, IReadOnlyDictionary<int, int> Updates, Func<DeviceStatistics.Reading, LossInterval>? Loss, Func<DeviceStatistics.Reading, ClippingInterval>? Clipping) Gather(
        LossAccumulator losses, GradientClipper clipper)
    {
        var statistics = new DeviceStatistics(_plan.IsSpread);
        var updates = _plan.Weights?.Collect(_parameters, statistics) ?? new Dictionary<int, int>();
        var loss = losses.Collect(statistics);
        var clipping = clipper.Collect(statistics);
        _fixed.AddTo(statistics);
        _gradients!.AddTo(statistics);
        return (statistics, updates, loss, clipping);
    }

    /// <returns>What makes the sample of it, and its index among the matrices whose rows are units, or −1.</returns>
    private (Func<DeviceStatistics.Reading, ParameterSample> Read, int Row) MeasureGradient(
        LiveParameter parameter, List<(string Path, Tensor Units)> rows, DeviceStatistics statistics)
    {
        using var gradient = parameter.Tensor.grad;
        if (gradient is null)
            return (_ => new(), -1);

        var l2 = statistics.Add(Norms.L2(gradient));
        int max, row = -1;
        int? twins = null, histogram = null;
        if (parameter.HasUnitRows)
        {
            var largest = UnitActivity.LargestGradient(gradient);
            max = statistics.Add(largest.max());
            row = rows.Count;
            rows.Add((parameter.Path, Home(largest)));
            if (_plan.Twins)
                twins = statistics.Add(UnitActivity.TwinShare(gradient));
        }
        else
        {
            max = statistics.Add(Norms.MaxAbs(gradient));
        }

        if (_plan.Histograms && parameter.IsMatrix && !gradient.is_sparse)
            histogram = statistics.AddVector(Exponents.Count(gradient), Exponents.Bins);

        return (Read, row);

        ParameterSample Read(DeviceStatistics.Reading reading) => new()
        {
            Gradient = Norm.Of(reading.Scalar(l2), reading.Scalar(max)),
            GradientMax = reading.Scalar(max),
            TwinUnits = twins is { } twinsAt ? reading.Scalar(twinsAt) : null,
            Histogram = histogram is { } histogramAt ? [.. reading.Vector(histogramAt).ToArray().Select(count => (long)count)] : null,
        };
    }

    /// <returns>The path of the last layer with a matrix that the gradient passed.</returns>
    private string? MeasureModules(OutputTaps taps, DeviceStatistics statistics)
    {
        var layers = _parameters.Where(parameter => parameter.IsMatrix).Select(parameter => parameter.Layer).ToHashSet();
        var units = new UnitObservations();
        string? last = null;
        var unitsSecond = false;
        foreach (var tapped in taps.Outputs)
        {
            using var gradient = tapped.Output.grad;
            if (_plan.Horizons && tapped.Input is not null && LayerKinds.IsRecurrent(tapped.Module)
                && HorizonMeasurement.Measure(tapped.Module, tapped.Path, tapped.Input, gradient, statistics) is { } horizon)
            {
                _horizons.Add(horizon);
            }

            // A pass that was not part of this backward: an evaluation, or another loss's.
            if (gradient is null)
                continue;

            if (layers.Contains(tapped.Path))
            {
                last = tapped.Path;
                unitsSecond = LayerKinds.HasChannelsSecond(tapped.Module);
            }

            MeasureModule(tapped, gradient, unitsSecond, units, statistics);
        }

        units.Collect(_plan.Windows, statistics);
        return last;
    }

    private void MeasureModule(TappedOutput tapped, Tensor gradient, bool unitsSecond, UnitObservations units, DeviceStatistics statistics)
    {
        var output = tapped.Output.dtype == ScalarType.Float32 ? tapped.Output : tapped.Output.to(ScalarType.Float32);
        var sum = statistics.Add(output.sum());
        // Not std(): on the CPU it reads a value on the way. The root of the sum of squares tells the same with fewer operations.
        var root = statistics.Add(output.norm());
        var norm = statistics.Add(Norms.L2(gradient));
        var (path, type, count) = (tapped.Path, tapped.Module.GetType().Name, output.numel());
        var observed = units.Observe(tapped, output, unitsSecond, Home);
        _modules.Add(reading =>
        {
            var mean = reading.Scalar(sum) / count;
            var variance = (reading.Scalar(root) * reading.Scalar(root) / count) - (mean * mean);
            return observed(reading, new()
            {
                Path = path,
                Type = type,
                Mean = mean,
                Deviation = double.IsNaN(variance) ? variance : Math.Sqrt(Math.Max(0, variance)),
                Gradient = reading.Scalar(norm),
            });
        });
    }

    // A model may be spread over several devices, and units are put together.
    private Tensor Home(Tensor units)
    {
        if (!_plan.IsSpread)
            return units;
        _home ??= units.device;
        return units.to(_home);
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
