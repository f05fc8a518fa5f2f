using System.Runtime.CompilerServices;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>Judges a run sample by sample and keeps what was found, once for each rule and path.</summary>
public sealed class RuleEngine
{
    private const int Kept = 64;

    private readonly IReadOnlyList<RuntimeRule> _rules;
    private readonly RuleThresholds _thresholds;
    private readonly List<Sample> _recent = [];
    private readonly Dictionary<(string RuleId, string Path), Finding> _findings = [];
    private readonly ConditionalWeakTable<Sample, RunView.DerivedSample> _derived = [];
    private RunInfo _info;
    private double? _initialLoss;
    private long? _judged;
    private double? _bestLoss;

    /// <param name="info">The run.</param>
    /// <param name="thresholds">Where to draw the lines; the defaults when null.</param>
    /// <param name="rules">Which rules to ask; all when null.</param>
    /// <exception cref="ArgumentException">A threshold is out of its range.</exception>
    public RuleEngine(RunInfo info, RuleThresholds? thresholds = null, IReadOnlyList<RuntimeRule>? rules = null)
    {
        _info = info;
        _thresholds = thresholds ?? new();
        _thresholds.Validate();
        _rules = rules ?? RuntimeRules.All;
    }

    /// <summary>Everything found so far, in the order of discovery, as it was last seen.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings.Values];

    /// <summary>The loss so far.</summary>
    public LossTrend Loss => new(_initialLoss, _bestLoss, [.. _recent.Select(sample => sample.Loss).OfType<LossInterval>()]);

    /// <summary>The model has changed: layers were added, moved or frozen. Windows begin anew.</summary>
    public void Restart(RunInfo info)
    {
        _info = info;
        _judged = null;
        _recent.Clear();
    }

    /// <summary>Takes the next sample.</summary>
    /// <returns>What is new: found for the first time, or worse than Info for the first time.</returns>
    public IReadOnlyList<Finding> Add(Sample sample)
    {
        _recent.Add(sample);
        if (_recent.Count > Kept)
            _recent.RemoveAt(0);
        if (sample.Loss is { } loss && double.IsFinite(loss.Mean))
        {
            _initialLoss ??= loss.Mean;
            _bestLoss = Math.Min(_bestLoss ?? loss.Mean, loss.Mean);
        }

        if (!IsDue(sample))
            return [];
        _judged = sample.Step;
        var run = new RunView(_info, _recent, Loss, _thresholds, _derived);
        var fresh = new List<Finding>();
        foreach (var finding in _rules.SelectMany(rule => rule.Check(run)))
        {
            var key = (finding.RuleId, finding.Path);
            if (!_findings.TryGetValue(key, out var known) || finding.Severity > known.Severity)
                fresh.Add(finding);
            // The step of discovery stays; number and message follow the run.
            _findings[key] = known is null ? finding : finding with { Step = known.Step, Severity = Max(finding.Severity, known.Severity) };
        }

        return fresh;
    }

    // Where every step is sampled, a window that spans fifty steps need not be judged at each of them.
    private bool IsDue(Sample sample) =>
        _judged is not { } last || sample.Step - last >= _thresholds.PatienceSteps / 5 || !sample.IsFinite;

    private static FindingSeverity Max(FindingSeverity first, FindingSeverity second) => first > second ? first : second;
}
