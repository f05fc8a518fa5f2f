using System.Runtime.CompilerServices;

namespace GradLint.Runtime.Recording;

/// <summary>What the rules look at: the run so far, with the most recent samples.</summary>
public sealed class RunView
{
    private readonly ConditionalWeakTable<Sample, DerivedSample> _derived;

    internal RunView(
        RunInfo info, IReadOnlyList<Sample> samples, LossTrend loss, RuleThresholds thresholds, ConditionalWeakTable<Sample, DerivedSample>? derived = null)
    {
        _derived = derived ?? [];
        Info = info;
        Samples = samples;
        Loss = loss;
        Thresholds = thresholds;
        Matrices = [.. Enumerable.Range(0, info.Parameters.Count).Where(i => info.Parameters[i] is { IsMatrix: true, IsTrainable: true })];
        Window = Recent();
        WindowBeforeBreak = Latest.IsFinite ? Window : BeforeBreak();
    }

    public RunInfo Info { get; }

    /// <summary>The most recent samples, oldest first.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    public LossTrend Loss { get; }

    public RuleThresholds Thresholds { get; }

    public Sample Latest => Samples[^1];

    /// <summary>
    /// The samples over which a condition must hold: the last <see cref="RuleThresholds.Patience"/>, and as many more as it takes
    /// to span <see cref="RuleThresholds.PatienceSteps"/> steps. Empty while the run is younger.
    /// </summary>
    public IReadOnlyList<Sample> Window { get; }

    /// <summary>
    /// As <see cref="Window"/>; of a run that has just become non-finite, the samples up to then, however few: what broke
    /// it had no time to last.
    /// </summary>
    public IReadOnlyList<Sample> WindowBeforeBreak { get; }

    /// <summary>Indices of the trainable weight matrices.</summary>
    public IReadOnlyList<int> Matrices { get; }

    /// <summary>A matrix's gradient norm over the output layer's: null when either is missing or the latter is zero.</summary>
    public double? Ratio(Sample sample, int parameter) => Derived(sample).Ratios[parameter];

    /// <summary>The ratio that was predicted for a matrix; null where there is no prediction.</summary>
    public double? Predicted(int parameter) => Info.Predicted.TryGetValue(Info.Parameters[parameter].Path, out var gradient) ? gradient.Ratio : null;

    private static double? RatioTo(double? reference, double? gradient) => reference is > 0 ? gradient / reference : null;

    private double? Reference(Sample sample)
    {
        var norms = Matrices
            .Where(i => Info.Parameters[i].Layer == sample.OutputLayer)
            .Select(i => sample.Parameters[i].Gradient)
            .OfType<double>()
            .ToArray();
        return norms.Length == 0 ? null : Math.Sqrt(norms.Sum(norm => norm * norm));
    }

    /// <summary>The gradient norm at a layer's output over that at the output layer's; null where no hook saw both.</summary>
    public double? OutputRatio(Sample sample, string layer) =>
        Derived(sample).OutputRatios.TryGetValue(layer, out var ratio) ? ratio : null;

    // Rules ask again and again for what one sample says once.
    private DerivedSample Derived(Sample sample) => _derived.GetValue(sample, Derive);

    private DerivedSample Derive(Sample sample)
    {
        var reference = Reference(sample);
        var ratios = sample.Parameters.Select(parameter => RatioTo(reference, parameter.Gradient)).ToArray();
        var outputs = new Dictionary<string, double?>();
        var output = sample.Modules.LastOrDefault(module => module.Path == sample.OutputLayer)?.Gradient;
        foreach (var module in sample.Modules)
            outputs[module.Path] = RatioTo(output, module.Gradient);
        return new(ratios, outputs);
    }

    internal sealed record DerivedSample(double?[] Ratios, Dictionary<string, double?> OutputRatios);

    private Sample[] Recent()
    {
        for (var first = Samples.Count - Thresholds.Patience; first >= 0; first--)
        {
            if (Latest.Step - Samples[first].Step >= Thresholds.PatienceSteps)
                return [.. Samples.Skip(first)];
        }

        return [];
    }

    private Sample[] BeforeBreak() =>
        [.. Samples.Reverse().SkipWhile(sample => !sample.IsFinite).TakeWhile(sample => sample.IsFinite).Take(Thresholds.Patience).Reverse()];

    /// <summary>The layer's distance from the model's input, by the order of computation or, without hooks, of registration.</summary>
    public int Depth(Sample sample, string layer)
    {
        for (var i = 0; i < sample.Modules.Count; i++)
        {
            if (sample.Modules[i].Path == layer)
                return i;
        }

        for (var i = 0; i < Info.Parameters.Count; i++)
        {
            if (Info.Parameters[i].Layer == layer)
                return i;
        }

        return -1;
    }
}
