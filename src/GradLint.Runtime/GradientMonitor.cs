using System.Diagnostics;
using GradLint.Runtime.Measurement;
using GradLint.Runtime.Monitoring;
using GradLint.Runtime.Recording;
using GradLint.Runtime.Rules;
using GradLint.Runtime.Sinks;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime;

/// <summary>
/// Watches the gradient flow of a model while it trains, judges it by rules GL7001 to GL7015, and never changes the training:
/// parameters are the same bits with and without it, and nothing that goes wrong inside it reaches the training loop.
/// </summary>
/// <example><code>
/// using var monitor = GradientMonitor.Attach(model, optimizer);
/// foreach (var (x, y) in data)
/// {
///     optimizer.zero_grad();
///     var loss = criterion.call(model.call(x), y);
///     loss.backward();
///     monitor.AfterBackward(loss);     // before clipping
///     monitor.ClipGradNorm(1.0);       // optional
///     optimizer.step();
///     monitor.AfterStep();
/// }
/// </code></example>
/// <remarks>
/// Between samples a step costs two small operations on the device and no host copy; a sampled step costs one host copy.
/// One monitor belongs to one training thread; several monitors (of a generator and a discriminator, say) stand side by side.
/// Every number is of the gradient as accumulated, unscaled and before clipping.
/// </remarks>
public sealed class GradientMonitor : IDisposable
{
    /// <summary>Below it the memory for a copy of the weights is kept from sample to sample.</summary>
    private const int OftenInterval = 10;

    private readonly nn.Module _model;
    private readonly optim.Optimizer? _optimizer;
    private readonly GradientMonitorOptions _options;
    private readonly PredictedFlow.Model? _prediction;
    private readonly SamplingSchedule _schedule;
    private readonly LossAccumulator _losses = new();
    private readonly RecentLosses? _recentLosses;
    private readonly GradientClipper _clipper = new();
    private readonly WeightCopies? _weights;
    private readonly SampleHistory _history = new();
    private readonly SinkGroup _sinks;
    private readonly RuleEngine _engine;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _own = new();

    private IReadOnlyList<LiveParameter> _parameters;
    private UnitWindows _windows;
    private RunInfo _info;
    private ParameterGroups? _groups;
    private OutputTaps? _taps;
    private IReadOnlyList<string>? _outputs;
    private StepMeasurement? _measurement;
    private TimeSpan _stepBegan;
    private TimeSpan _ownBefore;
    private bool _isSpread;
    private bool _isSampled;
    private bool _stepsAreExplicit;
    private bool _disposed;
    private long _step;
    private long _samples;

    private GradientMonitor(nn.Module model, optim.Optimizer? optimizer, GradientMonitorOptions options)
    {
        _model = model;
        _optimizer = optimizer;
        _options = options;
        _prediction = options.Prediction?.Of(model);
        _schedule = new(options);
        _recentLosses = options.PostMortemPath is null ? null : new();
        _windows = new(options.Thresholds.Patience);
        _weights = options.ObserveUpdates ? new(kept: options.Interval <= OftenInterval) : null;
        _parameters = LiveParameter.Of(model);
        _info = Describe();
        _engine = new(_info, options.Thresholds);
        _sinks = new(options);
        _sinks.Begin(_info);
        _isSampled = _schedule.IsSampled(0);
        Contain("attaching", AttachTaps);
    }

    /// <summary>The step that is under way, from 0.</summary>
    public long Step => _step;

    /// <summary>Whether the step under way is sampled.</summary>
    public bool IsSampled => _isSampled;

    /// <summary>Begins to watch a model.</summary>
    /// <param name="model">The model; it may be in any mode and on any device, and change both later.</param>
    /// <param name="optimizer">The optimizer that trains it; null when there is none to compare with.</param>
    /// <param name="options">How to sample, judge and report; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range: the message names it, its value and the range.</exception>
    public static GradientMonitor Attach(nn.Module model, optim.Optimizer? optimizer = null, GradientMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        var layers = LiveParameter.Of(model).Where(parameter => parameter.IsMatrix).Select(parameter => parameter.Layer).Distinct().ToArray();
        Option.Require(
            options.OutputLayer is null || layers.Contains(options.OutputLayer), nameof(options.OutputLayer), $"'{options.OutputLayer}'",
            $"the path of a layer with a weight matrix: {string.Join(", ", layers)}");
        return new(model, optimizer, options);
    }

    /// <summary>
    /// Marks where a training step begins. Optional: a step otherwise begins where the last one ended. With it, forward
    /// passes between steps (validation) run without hooks.
    /// </summary>
    public void BeginStep() => Contain("beginning a step", () =>
    {
        _stepsAreExplicit = true;
        AttachTaps();
    });

    /// <summary>
    /// Takes note of a backward pass: call it after <c>loss.backward()</c> and before clipping. With micro-batches, after each of
    /// them: gradients are measured as they accumulate, the last measurement counts.
    /// </summary>
    /// <param name="loss">The step's loss, one element; null when there is none to follow.</param>
    public void AfterBackward(Tensor? loss = null) => Contain("after backward", () =>
    {
        using var mode = no_grad();
        if (loss is not null)
        {
            _losses.Add(loss);
            _recentLosses?.Add(_step, loss);
            if (_options.CheckEveryLoss && !_isSampled && !IsFinite(loss))
                _schedule.Request();
        }

        if (!_isSampled)
            return;

        _taps?.Detach();
        if (loss is not null)
            _losses.Keep(loss);
        if (_measurement is not null)
        {
            _measurement.MeasureGradients();
            return;
        }

        FollowChanges();
        if (_groups?.AreOf(_parameters) != true)
            _groups = new(_parameters);
        _measurement = new(_parameters, _taps, new(
            _groups, _weights, _options.Histograms,
            // Units are identical from the start or not at all; comparing them costs more than all else.
            Twins: _samples < 2 * _options.Thresholds.Patience || _samples % 100 == 0,
            Horizons: IsHorizonDue,
            _options.OutputLayer is { } named ? [named] : _outputs ?? [], _isSpread, _windows));
    });

    /// <summary>
    /// Scales all gradients of the model so that their total L2 norm is at most <paramref name="maxNorm"/>: the same bits as
    /// <c>nn.utils.clip_grad_norm_</c>, without its host copy, and counted for the verdict GL7013.
    /// </summary>
    /// <param name="maxNorm">The largest total norm; positive.</param>
    /// <returns>
    /// False when the total norm is not finite and <see cref="GradientMonitorOptions.SkipNonFiniteSteps"/> is set: skip the
    /// optimizer's step. Always true otherwise.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="maxNorm"/> is not a positive number.</exception>
    public bool ClipGradNorm(double maxNorm)
    {
        Option.Require(maxNorm is > 0 and < double.PositiveInfinity, nameof(maxNorm), maxNorm, "a positive number");
        _own.Start();
        try
        {
            using var total = _clipper.ClipNorm(_parameters.Select(parameter => parameter.Tensor), maxNorm);
            if (!_options.SkipNonFiniteSteps || total is null || double.IsFinite(total.to(ScalarType.Float64).item<double>()))
                return true;
            _schedule.Request();
            return false;
        }
        finally
        {
            _own.Stop();
        }
    }

    /// <summary>Brings every element of every gradient into [−<paramref name="clipValue"/>, <paramref name="clipValue"/>].</summary>
    /// <exception cref="ArgumentException"><paramref name="clipValue"/> is not a positive number.</exception>
    public void ClipGradValue(double clipValue)
    {
        Option.Require(clipValue is > 0 and < double.PositiveInfinity, nameof(clipValue), clipValue, "a positive number");
        GradientClipper.ClipValue(_parameters.Select(parameter => parameter.Tensor), clipValue);
    }

    /// <summary>Ends the step: call it after <c>optimizer.step()</c>.</summary>
    /// <exception cref="GradientFlowException">A rule gave a Warning, and the policy is <see cref="FindingPolicy.Throw"/>.</exception>
    public void AfterStep()
    {
        IReadOnlyList<Finding> fresh = [];
        Contain("after a step", () =>
        {
            if (_measurement is not null)
                fresh = TakeSample();
            EndStep();
        });
        var warnings = fresh.Where(finding => finding.Severity == FindingSeverity.Warning).ToArray();
        if (_options.Policy == FindingPolicy.Throw && warnings.Length > 0)
            throw new GradientFlowException(string.Join(Environment.NewLine, warnings.Select(finding => finding.ToString())), warnings);
    }

    /// <summary>What there is to say about the run so far.</summary>
    public RunReport Report() => new(
        _info, _step, _history.Samples, _engine.Findings, _engine.Loss,
        _own.Elapsed / _clock.Elapsed, _sinks.Failures);

    /// <summary>Ends the watch: removes every hook, writes what is to be written at the end. May be called twice.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _taps?.Dispose();
        _measurement?.Dispose();
        if (_step == 0 && _samples == 0 && _isSampled && _measurement is not null)
            _sinks.Fail("AfterStep() was never called: call it after optimizer.step().");
        _sinks.End(Report());
        _losses.Dispose();
        _recentLosses?.Dispose();
        _clipper.Dispose();
        _weights?.Dispose();
    }

    private bool IsHorizonDue => _options.HorizonEvery > 0 && _samples % _options.HorizonEvery == 0;

    private IReadOnlyList<Finding> TakeSample()
    {
        var sample = _measurement!.Read(_losses, _clipper, _recentLosses) with { Step = _step, Seconds = _clock.Elapsed.TotalSeconds };
        _samples++;
        _history.Add(sample);
        var fresh = _engine.Add(sample);
        _sinks.Write(sample);
        foreach (var finding in fresh)
        {
            _sinks.Write(finding);
            if (_options.Policy == FindingPolicy.Callback)
                _sinks.Guard("the OnFinding callback", () => _options.OnFinding!(finding));
        }

        if (sample.Loss is { } loss && !double.IsFinite(loss.Mean) && double.IsFinite(loss.Last))
            _schedule.Request();
        return fresh;
    }

    private void EndStep()
    {
        _measurement?.Dispose();
        _measurement = null;
        _taps?.Dispose();
        _taps = null;
        var (now, own) = (_clock.Elapsed, _own.Elapsed);
        _schedule.Took(now - _stepBegan, own - _ownBefore, _isSampled);
        (_stepBegan, _ownBefore) = (now, own);
        _step++;
        _isSampled = _schedule.IsSampled(_step);
        if (!_stepsAreExplicit)
            AttachTaps();
    }

    private void AttachTaps()
    {
        if (!_isSampled || !_options.ObserveModules || _taps is not null)
            return;
        if (_outputs is not null)
        {
            _taps = new(_model, module => IsHorizonDue && LayerKinds.IsRecurrent(module));
            return;
        }

        // Once, by a backward pass of its own from the layers' inputs, whose graph is there only now.
        var layers = _parameters.Where(parameter => parameter.IsMatrix && parameter.Tensor.requires_grad).Select(parameter => parameter.Layer).ToHashSet();
        _taps = new(_model, _ => true, whenReturned: taps => _outputs ??= OutputLayers.Of(taps, layers));
    }

    /// <summary>A model may be moved, frozen, thawed or extended while it trains.</summary>
    private void FollowChanges()
    {
        if (_taps?.Failure is { } failure)
            _sinks.Fail($"a forward hook failed: {failure.Message}");

        if (_model.parameters().SequenceEqual(_parameters.Select(parameter => parameter.Tensor), ReferenceEqualityComparer.Instance)
            && _parameters.Zip(_info.Parameters).All(pair => pair.First.Tensor.requires_grad == pair.Second.IsTrainable))
        {
            return;
        }

        _parameters = LiveParameter.Of(_model);
        var now = Describe();
        if (now.Parameters.SequenceEqual(_info.Parameters, ParameterComparer.Instance))
            return;
        _info = now;
        _outputs = null;
        _windows = new(_options.Thresholds.Patience);
        _engine.Restart(now);
        _history.Clear();
        _sinks.Begin(now);
    }

    private RunInfo Describe()
    {
        _isSpread = _parameters.Select(parameter => parameter.Tensor.device.ToString()).Distinct().Count() > 1;
        return new()
        {
            Model = _model.GetType().Name,
            Started = DateTimeOffset.Now,
            Optimizer = _optimizer?.GetType().Name,
            Coverage = _optimizer is null ? null : Optimizers.Compare(_parameters, _optimizer),
            OpaqueModules = [.. _model.named_modules().Where(entry => LayerKinds.IsOpaque(entry.module)).Select(entry => entry.name)],
            UnmeasuredHorizons = _options.HorizonEvery == 0 ? [] :
                [.. _model.named_modules().Where(entry => LayerKinds.IsRecurrent(entry.module) && !HorizonMeasurement.CanMeasure(entry.module)).Select(entry => entry.name)],
            Sources = _prediction is null ? _options.Sources : Joined(_options.Sources, _prediction.Sources),
            StaticFindings = _prediction?.Findings ?? [],
            Predicted = _prediction?.Gradients ?? new Dictionary<string, PredictedGradient>(),
            Parameters =
            [
                .. _parameters.Select(parameter => new ParameterInfo(
                    parameter.Path, parameter.Layer, parameter.LayerType, parameter.Shape, parameter.IsMatrix, parameter.Tensor.requires_grad)),
            ],
        };
    }

    private static Dictionary<string, string> Joined(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second) =>
        first.Concat(second).DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static bool IsFinite(Tensor loss)
    {
        using var value = loss.to(ScalarType.Float64);
        return double.IsFinite(value.item<double>());
    }

    // The monitor never harms training: what goes wrong in it is reported once and left at that.
    private void Contain(string doing, Action action)
    {
        if (_disposed)
            return;
        _own.Start();
        try
        {
            action();
        }
        catch (Exception exception)
        {
            _sinks.Fail($"{doing}: {exception.GetType().Name}: {exception.Message}");
            _taps?.Dispose();
            _taps = null;
            _measurement?.Dispose();
            _measurement = null;
        }
        finally
        {
            _own.Stop();
        }
    }

    private sealed class ParameterComparer : IEqualityComparer<ParameterInfo>
    {
        public static ParameterComparer Instance { get; } = new();

        public bool Equals(ParameterInfo? x, ParameterInfo? y) =>
            x!.Path == y!.Path && x.IsTrainable == y.IsTrainable && x.Shape.SequenceEqual(y.Shape);

        public int GetHashCode(ParameterInfo parameter) => parameter.Path.GetHashCode(StringComparison.Ordinal);
    }
}
