namespace GradLint.Runtime.Monitoring;

/// <summary>What a window of samples says of a layer's units.</summary>
/// <param name="Share">Share of units that were dead, or saturated, throughout it.</param>
/// <param name="Samples">How many samples it holds.</param>
/// <param name="Units">How many units the layer has.</param>
internal readonly record struct UnitShare(double Share, int Samples, long Units);

/// <summary>Remembers over a window of samples what was read of the units of several layers.</summary>
/// <param name="length">Samples in a window; the next one begins anew.</param>
/// <param name="sums">Whether samples are added up; else the largest counts.</param>
internal sealed class UnitWindow(int length, bool sums = false)
{
    /// <summary>A unit is saturated when more than this share of its outputs is.</summary>
    private const float MostOutputs = 0.9f;

    // A layer that is applied several times in a step has a window for each.
    private readonly Dictionary<(string Path, int Pass), Layer> _layers = [];
    private readonly Dictionary<string, int> _passes = [];

    /// <summary>Begins the next sample.</summary>
    public void BeginSample() => _passes.Clear();

    /// <summary>Adds what a sample says of a layer.</summary>
    /// <param name="path">The layer's.</param>
    /// <param name="units">
    /// Per unit: its largest output or gradient magnitude, of which none above 0 means dead; or, where samples are
    /// added up, the share of its outputs that are saturated.
    /// </param>
    public UnitShare Add(string path, ReadOnlySpan<float> units)
    {
        var pass = _passes[path] = _passes.GetValueOrDefault(path) + 1;
        if (!_layers.TryGetValue((path, pass), out var layer) || layer.Units.Length != units.Length)
            _layers[(path, pass)] = layer = new(new float[units.Length]);
        if (layer.Samples == length)
            layer.Samples = 0;
        if (layer.Samples++ == 0)
            units.CopyTo(layer.Units);
        else
            Join(layer.Units, units);
        return new((double)Count(layer) / units.Length, layer.Samples, units.Length);
    }

    private void Join(float[] state, ReadOnlySpan<float> units)
    {
        for (var i = 0; i < state.Length; i++)
            state[i] = sums ? state[i] + units[i] : MathF.Max(state[i], units[i]);
    }

    private int Count(Layer layer)
    {
        var count = 0;
        foreach (var unit in layer.Units)
        {
            if (sums ? unit > MostOutputs * layer.Samples : unit <= 0)
                count++;
        }

        return count;
    }

    private sealed class Layer(float[] units)
    {
        public float[] Units { get; } = units;

        public int Samples { get; set; }
    }
}
