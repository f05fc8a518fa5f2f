using GradLint.Runtime.Measurement;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Monitoring;

/// <summary>What a window of samples says of a layer's units.</summary>
/// <param name="Share">Share of units that were dead, or saturated, throughout it.</param>
/// <param name="Samples">How many samples it holds.</param>
/// <param name="Units">How many units the layer has.</param>
internal readonly record struct UnitShare(double Share, int Samples, long Units);

/// <summary>Something told of every unit of several layers in one sample.</summary>
/// <param name="Paths">The layers.</param>
/// <param name="Units">(layers, units), or (units) of one layer; float32.</param>
internal readonly record struct ObservedUnits(IReadOnlyList<string> Paths, Tensor Units)
{
    public long PerLayer => Units.shape[^1];
}

/// <summary>
/// Remembers on the device, over a window of samples, what was seen of the units of several layers: one vector for all of
/// them, so that it costs a few operations and not a few for each layer.
/// </summary>
/// <param name="length">Samples in a window; the next one begins anew.</param>
/// <param name="sums">Whether samples are added up; else the largest counts.</param>
internal sealed class UnitWindow(int length, bool sums = false) : IDisposable
{
    /// <summary>A unit is saturated when more than this share of its outputs is.</summary>
    private const double MostOutputs = 0.9;

    private string[] _paths = [];
    private long[] _sizes = [];
    private Tensor? _state;
    private Tensor? _ends;
    private int _samples;

    // Where layers come and go from step to step (stochastic depth), each has a window of its own.
    private Dictionary<string, UnitWindow>? _each;

    /// <summary>Adds a sample.</summary>
    /// <param name="observed">
    /// Per unit: its largest output or gradient magnitude, of which none above 0 means dead; or, where samples are
    /// added up, the share of its outputs that are saturated.
    /// </param>
    /// <returns>Adds what the window says to the statistics; see <see cref="Shares"/>.</returns>
    public Shares Add(IReadOnlyList<ObservedUnits> observed)
    {
        if (observed.Count == 0)
            return _ => (_, _) => default;

        var paths = observed.SelectMany(layers => layers.Paths).ToArray();
        var sizes = observed.SelectMany(layers => Enumerable.Repeat(layers.PerLayer, layers.Paths.Count)).ToArray();
        var isOther = !paths.AsSpan().SequenceEqual(_paths) || !sizes.AsSpan().SequenceEqual(_sizes);
        if (isOther && _state is not null)
            _each ??= [];
        if (_each is not null)
            return AddEach(observed);

        if (isOther)
            SetLayers(paths, sizes, observed[0].Units.device);
        AddToState(cat([.. observed.Select(layers => layers.Paths.Count == 1 ? layers.Units : layers.Units.flatten())]));
        return Collect;
    }

    public void Dispose()
    {
        _state?.Dispose();
        _ends?.Dispose();
        foreach (var window in _each?.Values ?? Enumerable.Empty<UnitWindow>())
            window.Dispose();
    }

    /// <summary>Adds what a window says to statistics.</summary>
    /// <returns>By layer, in the order of the paths given to <see cref="Add"/>, once the statistics have been read.</returns>
    public delegate Func<DeviceStatistics.Reading, int, UnitShare> Shares(DeviceStatistics statistics);

    private Func<DeviceStatistics.Reading, int, UnitShare> Collect(DeviceStatistics statistics)
    {
        var (sizes, samples) = (_sizes, _samples);
        var counted = sums ? _state!.gt(MostOutputs * samples) : _state!.le(0);
        // Running totals at the layers' ends; their differences are the layers' counts.
        var at = statistics.AddVector(counted.to(ScalarType.Float32).cumsum(0L).index_select(0, _ends!), sizes.Length);
        return (reading, layer) =>
        {
            var totals = reading.Vector(at);
            return new((totals[layer] - (layer == 0 ? 0 : totals[layer - 1])) / sizes[layer], samples, sizes[layer]);
        };
    }

    private Shares AddEach(IReadOnlyList<ObservedUnits> observed)
    {
        var passes = new Dictionary<string, int>();
        var layers = observed.SelectMany(layers => layers.Paths.Select((path, i) => new ObservedUnits([path], layers.Paths.Count == 1 ? layers.Units : layers.Units[i])));
        var shares = layers.Select(layer =>
        {
            var path = layer.Paths[0];
            var pass = passes[path] = passes.GetValueOrDefault(path) + 1;
            var key = $"{path} {pass} {layer.PerLayer}";
            if (!_each!.TryGetValue(key, out var window))
                _each[key] = window = new(length, sums);
            return window.Add([layer]);
        }).ToArray();
        return statistics =>
        {
            var read = shares.Select(share => share(statistics)).ToArray();
            return (reading, layer) => read[layer](reading, 0);
        };
    }

    private void SetLayers(string[] paths, long[] sizes, Device device)
    {
        (_paths, _sizes) = (paths, sizes);
        var total = -1L;
        _ends = tensor([.. sizes.Select(size => total += size)], device: device).DetachFromDisposeScope();
    }

    private void AddToState(Tensor sample)
    {
        if (_state is null)
        {
            _state = sample.clone().DetachFromDisposeScope();
        }
        else if (_samples >= length)
        {
            _state.copy_(sample);
            _samples = 0;
        }
        else if (sums)
        {
            _state.add_(sample);
        }
        else
        {
            _state.copy_(maximum(_state, sample));
        }

        _samples++;
    }
}
