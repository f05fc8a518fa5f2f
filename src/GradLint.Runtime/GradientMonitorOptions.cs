using GradLint.Runtime.Sinks;

namespace GradLint.Runtime;

/// <summary>What happens when a rule finds something.</summary>
public enum FindingPolicy
{
    /// <summary>It goes to the sinks.</summary>
    Log,

    /// <summary>It also goes to <see cref="GradientMonitorOptions.OnFinding"/>.</summary>
    Callback,

    /// <summary>A Warning also ends the run: <see cref="GradientMonitor.AfterStep"/> throws <see cref="GradientFlowException"/>.</summary>
    Throw,
}

/// <summary>How a <see cref="GradientMonitor"/> samples, judges and reports. Checked when the monitor is attached.</summary>
public sealed record GradientMonitorOptions
{
    /// <summary>
    /// Steps between samples; at least 1. Null for 100, or as many more as keep the monitor within 2 % of the training time:
    /// where a step takes a millisecond, two or three hundred.
    /// </summary>
    public int? Interval { get; init; }

    /// <summary>Whether steps 0, 1, 2, 4, 8 … below <see cref="Interval"/> are sampled too: most faults are there from the start.</summary>
    public bool Warmup { get; init; } = true;

    /// <summary>Takes samples by time instead: at least this far apart. Positive.</summary>
    public TimeSpan? IntervalTime { get; init; }

    /// <summary>
    /// Share of the training time that samples may take, in (0, 1): the monitor measures them and stretches <see cref="Interval"/>
    /// to stay within. Null for 0.02 where <see cref="Interval"/> and <see cref="IntervalTime"/> are null, and no limit otherwise.
    /// </summary>
    public double? TargetOverhead { get; init; }

    /// <summary>False leaves the modules alone (no hooks): only what parameters tell is measured.</summary>
    public bool ObserveModules { get; init; } = true;

    /// <summary>Whether ‖Δw‖ is measured on sampled steps; it takes a copy of every weight matrix for that step.</summary>
    public bool ObserveUpdates { get; init; } = true;

    /// <summary>
    /// The path of the layer that gradient ratios are relative to; null to find it: the output layer, of several the one with
    /// the largest gradient.
    /// </summary>
    public string? OutputLayer { get; init; }

    /// <summary>Whether gradients are counted into bins by their binary exponent.</summary>
    public bool Histograms { get; init; }

    /// <summary>Every how many samples the memory horizon of recurrent layers and the spectrum of their matrices are measured; 0 for never.</summary>
    public int HorizonEvery { get; init; } = 5;

    /// <summary>
    /// Reads the loss in every step (one host copy each), so that the step after a NaN is sampled at once. Without it the
    /// device remembers, and the next sample tells.
    /// </summary>
    public bool CheckEveryLoss { get; init; }

    /// <summary>
    /// <see cref="GradientMonitor.ClipGradNorm"/> then reads the total norm (one host copy a step) and returns false when it is
    /// not finite: skip the optimizer's step.
    /// </summary>
    public bool SkipNonFiniteSteps { get; init; }

    /// <summary>Where the rules draw their lines.</summary>
    public RuleThresholds Thresholds { get; init; } = new();

    /// <summary>What happens when a rule finds something.</summary>
    public FindingPolicy Policy { get; init; } = FindingPolicy.Log;

    /// <summary>Takes each new finding; required by <see cref="FindingPolicy.Callback"/>.</summary>
    public Action<Finding>? OnFinding { get; init; }

    /// <summary>Path of the log to write, JSON lines; it can be judged again with other thresholds. Null for none.</summary>
    public string? LogPath { get; init; }

    /// <summary>
    /// Path of the text to write when a NaN or infinity is found (GL7003): the losses of the last 128 steps, and the last eight samples
    /// with every module's output and every parameter up to the place that broke. Null for none; the losses are then not kept.
    /// <see cref="CheckEveryLoss"/> brings the last sample close to the first bad loss.
    /// </summary>
    public string? PostMortemPath { get; init; }

    /// <summary>Path of the HTML report to write at the end. Null for none.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Path of the SARIF file to write at the end. Null for none.</summary>
    public string? SarifPath { get; init; }

    /// <summary>Path of the evidence file for the analyzers to write at the end. Null for none.</summary>
    public string? EvidencePath { get; init; }

    /// <summary>Folder of the event file to write for TensorBoard, made where there is none. Null for none.</summary>
    public string? TensorBoardFolder { get; init; }

    /// <summary>
    /// Whether a terminal shows the latest sample in a line that is written anew. For programs that print nothing themselves
    /// while they train; where the output is redirected nothing is shown.
    /// </summary>
    public bool Progress { get; init; }

    /// <summary>Whether new findings are printed to the console.</summary>
    public bool Console { get; init; } = true;

    /// <summary>Further sinks. One that fails is reported once and left out; it never stops training.</summary>
    public IReadOnlyList<IMonitorSink> Sinks { get; init; } = [];

    /// <summary>Module path → <c>file:line</c> of its construction, so that findings name the source line; before those of <see cref="Prediction"/>.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();

    /// <summary>What <c>gradlint predict --json</c> said of the model: predicted beside measured, and the layers' source lines.</summary>
    public PredictedFlow? Prediction { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Validate()
    {
        Option.Require(Interval is not < 1, nameof(Interval), Interval, "at least 1");
        Option.Require(IntervalTime is not { Ticks: <= 0 }, nameof(IntervalTime), IntervalTime, "positive");
        Option.Require(TargetOverhead is null or (> 0 and < 1), nameof(TargetOverhead), TargetOverhead, "between 0 and 1");
        Option.Require(HorizonEvery >= 0, nameof(HorizonEvery), HorizonEvery, "0 or more");
        Option.Require(Enum.IsDefined(Policy), nameof(Policy), Policy, string.Join(", ", Enum.GetNames<FindingPolicy>()));
        Option.Require(Sinks is not null && Sinks.All(sink => sink is not null), nameof(Sinks), "null, or has a null in it", "a list of sinks");
        foreach (var (name, path) in Paths)
            Option.Require(path is null || path.Trim().Length > 0, name, "empty", "a path, or null for none");
        Option.Require(Policy != FindingPolicy.Callback || OnFinding is not null, nameof(OnFinding), "null", $"set when {nameof(Policy)} is {FindingPolicy.Callback}");
        Option.Require(Thresholds is not null, nameof(Thresholds), "null", "set");
        Thresholds!.Validate();
    }

    private IEnumerable<(string Name, string? Path)> Paths =>
    [
        (nameof(LogPath), LogPath), (nameof(HtmlPath), HtmlPath), (nameof(SarifPath), SarifPath), (nameof(EvidencePath), EvidencePath),
        (nameof(PostMortemPath), PostMortemPath), (nameof(TensorBoardFolder), TensorBoardFolder),
    ];
}
