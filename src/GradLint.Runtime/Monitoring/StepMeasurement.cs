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
    private readonly List<(int Parameter, Tensor Copy)> _copies = [];
    private readonly List<Func<DeviceStatistics.Reading, ModuleSample>> _modules = [];
    private readonly List<Func<DeviceStatistics.Reading, HorizonSample>> _horizons = [];
    private readonly IReadOnlyList<Func<DeviceStatistics.Reading, RecurrentMatrixSample>> _recurrent = [];
    private readonly int[] _weights;
    private readonly DeviceStatistics.Deferred _fixed;
    private readonly string? _lastLayer;
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
        if (plan.Updates)
            CopyWeights();
        _fixed = statistics.Defer();
        MeasureGradients();
    }

    /// <summary>Measures the gradients as they have accumulated so far.</summary>
    public void MeasureGradients()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var statistics = new DeviceStatistics(_plan.IsSpread);
        var rows = new List<Tensor>();
        var slots = _parameters.Select(parameter => MeasureGradient(parameter, rows, statistics)).ToArray();
        var idle = rows.Count == 0 ? null : _plan.Rows.Add(rows, statistics);
        var window = _plan.Rows.Samples;
        _readGradient = (reading, i) => slots[i] is var (read, row) && row >= 0
            ? read(reading) with { IdleUnits = idle!(reading, row), IdleWindow = window }
            : slots[i].Read(reading);
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
            OutputLayer = _plan.OutputLayer ?? _lastLayer ?? LastWithGradient(parameters),
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
        foreach (var (_, copy) in _copies)
            copy.Dispose();
        _fixed.Dispose();
        _gradients?.Dispose();
    }

    private (DeviceStatistics Statistics, Dictionary<int, int> Updates, Func<DeviceStatistics.Reading, LossInterval>? Loss, Func<DeviceStatistics.Reading, ClippingInterval>? Clipping) Gather(
        LossAccumulator losses, GradientClipper clipper)
    {
        var statistics = new DeviceStatistics(_plan.IsSpread);
        var updates = _copies.ToDictionary(copy => copy.Parameter, copy => statistics.Add(Norms.L2(_parameters[copy.Parameter].Tensor - copy.Copy)));
        var loss = losses.Collect(statistics);
        var clipping = clipper.Collect(statistics);
        _fixed.AddTo(statistics);
        _gradients!.AddTo(statistics);
        return (statistics, updates, loss, clipping);
    }

    private void CopyWeights()
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i].IsMatrix && _parameters[i].Tensor.requires_grad)
                _copies.Add((i, _parameters[i].Tensor.detach().clone().DetachFromDisposeScope()));
        }
    }

    /// <returns>What makes the sample of it, and its index among the matrices whose rows are units, or −1.</returns>
    private (Func<DeviceStatistics.Reading, ParameterSample> Read, int Row) MeasureGradient(
        LiveParameter parameter, List<Tensor> rows, DeviceStatistics statistics)
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
            rows.Add(largest);
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
        string? last = null;
        var unitsSecond = false;
        foreach (var tapped in taps.Outputs)
        {
            using var gradient = tapped.Output.grad;
            if (_plan.Horizons && tapped.Input is not null
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

            MeasureModule(tapped, gradient, unitsSecond, statistics);
        }

        return last;
    }

    private void MeasureModule(TappedOutput tapped, Tensor gradient, bool unitsSecond, DeviceStatistics statistics)
    {
        using var output = tapped.Output.to(ScalarType.Float32);
        var center = output.mean();
        var mean = statistics.Add(center);
        // Not std(): on the CPU it reads a value on the way.
        var deviation = statistics.Add((output - center).norm() / Math.Sqrt(output.numel()));
        var norm = statistics.Add(Norms.L2(gradient));
        int? dead = null, saturated = null;
        UnitWindow? window = null;
        if (UnitActivity.CanDie(tapped.Module))
        {
            window = _plan.WindowOf(tapped.Path);
            dead = statistics.Add(window.AddActivity(UnitActivity.Largest(output, unitsSecond)));
        }
        else if (UnitActivity.CanSaturate(tapped.Module))
        {
            window = _plan.WindowOf(tapped.Path);
            saturated = statistics.Add(window.AddSaturation(UnitActivity.SaturatedShare(tapped.Module, output, unitsSecond)));
        }

        var (path, type, samples, units) = (tapped.Path, tapped.Module.GetType().Name, window?.Samples ?? 0, window?.Units ?? 0);
        _modules.Add(reading => new()
        {
            Path = path,
            Type = type,
            Mean = reading.Scalar(mean),
            Deviation = reading.Scalar(deviation),
            Gradient = reading.Scalar(norm),
            DeadUnits = dead is { } deadAt ? reading.Scalar(deadAt) : null,
            SaturatedUnits = saturated is { } saturatedAt ? reading.Scalar(saturatedAt) : null,
            Window = samples,
            Units = units,
        });
    }

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
