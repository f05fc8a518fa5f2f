namespace GradLint.Runtime.Recording;

/// <summary>What does not change during a run; the first line of its log.</summary>
public sealed record RunInfo
{
    /// <summary>The version of the log's format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The type name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>When the monitor was attached.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The type name of the optimizer; null when the monitor was given none.</summary>
    public string? Optimizer { get; init; }

    /// <summary>Every parameter; a sample's parameters stand in the same order.</summary>
    public required IReadOnlyList<ParameterInfo> Parameters { get; init; }

    /// <summary>How the model's parameters and the optimizer's differ; null without an optimizer.</summary>
    public OptimizerCoverage? Coverage { get; init; }

    /// <summary>Paths of modules no hook can look into (native, or without hooks).</summary>
    public IReadOnlyList<string> OpaqueModules { get; init; } = [];

    /// <summary>Paths of recurrent layers whose memory horizon cannot be measured where they are: stacks of them on a GPU.</summary>
    public IReadOnlyList<string> UnmeasuredHorizons { get; init; } = [];

    /// <summary>Module path → <c>file:line</c> of its construction, where an evidence map was given.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameter path → the gradient predicted for it from the code, where a prediction was given.</summary>
    public IReadOnlyDictionary<string, PredictedGradient> Predicted { get; init; } = new Dictionary<string, PredictedGradient>();

    /// <summary>What the analyzers found at the lines of the model, where a prediction was given.</summary>
    public IReadOnlyList<StaticFinding> StaticFindings { get; init; } = [];

    /// <summary>
    /// What the analyzers found at the line that constructs a module or parameter; of the whole model (an empty path), all they found.
    /// </summary>
    public IEnumerable<StaticFinding> StaticFindingsAt(string path)
    {
        var source = SourceOf(path);
        return path.Length == 0 ? StaticFindings : StaticFindings.Where(finding => source is not null && finding.Places.Contains(source));
    }

    /// <summary>Where a module or parameter, or else the nearest module around it, is constructed; null where that is not known.</summary>
    public string? SourceOf(string path)
    {
        for (var at = path; ; at = at[..Math.Max(0, at.LastIndexOf('.'))])
        {
            if (Sources.TryGetValue(at, out var source))
                return source;
            if (at.Length == 0)
                return null;
        }
    }
}

/// <summary>A gradient norm over the output layer's, at initialisation, as predicted from the code.</summary>
/// <param name="Ratio">The expected one.</param>
/// <param name="Low">The lower end of its range over initialisations and inputs.</param>
/// <param name="High">The upper end.</param>
public sealed record PredictedGradient(double Ratio, double Low, double High);

/// <summary>A finding of the analyzers.</summary>
/// <param name="RuleId">The static rule, <c>GL1001</c>.</param>
/// <param name="Message">Its message.</param>
/// <param name="Places"><c>file:line</c>: where it is reported, and then the other places it points at.</param>
public sealed record StaticFinding(string RuleId, string Message, IReadOnlyList<string> Places)
{
    public override string ToString() => $"{RuleId} ({Places[0]})";
}

/// <summary>A parameter of the model.</summary>
/// <param name="Path">As <c>named_parameters()</c> gives it.</param>
/// <param name="Layer">The path of the layer it belongs to.</param>
/// <param name="LayerType">That layer's type name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsMatrix">Whether it multiplies a signal; only these are judged by gradient ratios.</param>
/// <param name="IsTrainable">Whether it requires a gradient.</param>
public sealed record ParameterInfo(
    string Path, string Layer, string LayerType, IReadOnlyList<long> Shape, bool IsMatrix, bool IsTrainable);

/// <summary>How the model's parameters and the optimizer's differ.</summary>
/// <param name="Groups">Number of parameter groups.</param>
/// <param name="Parameters">Number of parameters in all groups together.</param>
/// <param name="Missing">Trainable parameters of the model that are in no group.</param>
/// <param name="Repeated">Parameters of the model that are in more than one place: they are stepped twice.</param>
/// <param name="Foreign">How many parameters of the optimizer are not the model's.</param>
public sealed record OptimizerCoverage(
    int Groups, int Parameters, IReadOnlyList<string> Missing, IReadOnlyList<string> Repeated, int Foreign);
