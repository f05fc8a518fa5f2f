namespace GradLint.Runtime.Recording;

/// <summary>What the rules look at: the run so far, with the most recent samples.</summary>
public sealed class RunView
{
    private readonly Dictionary<string, int> _parameterIndex;

    internal RunView(RunInfo info, IReadOnlyList<Sample> samples, LossTrend loss, RuleThresholds thresholds)
    {
        Info = info;
        Samples = samples;
        Loss = loss;
        Thresholds = thresholds;
        _parameterIndex = Enumerable.Range(0, info.Parameters.Count).ToDictionary(i => info.Parameters[i].Path);
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
    public IReadOnlyList<Sample> Window
    {
        get
        {
            for (var first = Samples.Count - Thresholds.Patience; first >= 0; first--)
            {
                if (Latest.Step - Samples[first].Step >= Thresholds.PatienceSteps)
                    return [.. Samples.Skip(first)];
            }

            return [];
        }
    }

    /// <summary>Indices of the trainable weight matrices.</summary>
    public IEnumerable<int> Matrices =>
        Enumerable.Range(0, Info.Parameters.Count).Where(i => Info.Parameters[i] is { IsMatrix: true, IsTrainable: true });

    /// <summary>A matrix's gradient norm over the output layer's: null when either is missing or the latter is zero.</summary>
    public double? Ratio(Sample sample, int parameter) =>
        Reference(sample) is > 0 and var reference ? sample.Parameters[parameter].Gradient / reference : null;

    /// <summary>The gradient norm of the output layer's matrices: the unit of all ratios.</summary>
    public double? Reference(Sample sample)
    {
        var norms = Matrices
            .Where(i => Info.Parameters[i].Layer == sample.OutputLayer)
            .Select(i => sample.Parameters[i].Gradient)
            .OfType<double>()
            .ToArray();
        return norms.Length == 0 ? null : Math.Sqrt(norms.Sum(norm => norm * norm));
    }

    /// <summary>The gradient norm at a layer's output over that at the output layer's; null where no hook saw both.</summary>
    public double? OutputRatio(Sample sample, string layer)
    {
        var reference = sample.Modules.LastOrDefault(module => module.Path == sample.OutputLayer);
        var output = sample.Modules.LastOrDefault(module => module.Path == layer);
        return reference is { Gradient: > 0 } && output is not null ? output.Gradient / reference.Gradient : null;
    }

    public ParameterInfo Parameter(string path) => Info.Parameters[_parameterIndex[path]];

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
