using System.Globalization;
using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Rules;

/// <summary>What a runtime rule is about.</summary>
/// <param name="Id">Its id, <c>GL7001</c>.</param>
/// <param name="Title">What it finds.</param>
/// <param name="Severity">The severity of its findings in a run that does not learn.</param>
/// <param name="SoftenedByLearning">Whether a run that learns well makes it Info.</param>
/// <param name="Causes">What usually causes it.</param>
/// <param name="Remedy">What to do.</param>
public sealed record RuleDescription(
    string Id, string Title, FindingSeverity Severity, bool SoftenedByLearning, IReadOnlyList<string> Causes, string Remedy);

/// <summary>A rule over recorded statistics: it sees no tensor, so that a log can be judged again with other thresholds.</summary>
public abstract class RuntimeRule
{
    public abstract RuleDescription Description { get; }

    /// <summary>What is wrong at the latest sample. Called after every sample.</summary>
    public abstract IEnumerable<Finding> Check(RunView run);

    /// <param name="path">Of the module or parameter concerned.</param>
    /// <param name="value">The measured value.</param>
    /// <param name="limit">The bound it breaks.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="severity">Where it differs from the rule's.</param>
    /// <param name="predicted">What was predicted for the measured value.</param>
    protected Finding Found(
        RunView run, string path, double? value, double? limit, FormattableString message, FindingSeverity? severity = null, double? predicted = null)
    {
        var claimed = severity ?? Description.Severity;
        var siblings = RuleSiblings.StaticSiblings(Description.Id);
        return new()
        {
            RuleId = Description.Id,
            Severity = Description.SoftenedByLearning && run.Loss.IsLearning ? FindingSeverity.Info : claimed,
            Path = path,
            Step = run.Latest.Step,
            Value = value,
            Limit = limit,
            Predicted = predicted,
            Message = message.ToString(CultureInfo.InvariantCulture),
            Causes = Description.Causes,
            Remedy = Description.Remedy,
            Confirms = siblings,
            ConfirmedFindings = [.. run.Info.StaticFindingsAt(path).Where(finding => siblings.Contains(finding.RuleId))],
            Source = run.Info.SourceOf(path),
        };
    }

    /// <summary>The ratio predicted for a parameter, as a part of a message: empty where there is none.</summary>
    protected static string Beside(double? predicted) =>
        predicted is { } ratio ? string.Create(CultureInfo.InvariantCulture, $", predicted {ratio:0.0e+0}") : "";
}
