using GradLint.Runtime.Recording;

namespace GradLint.Runtime;

/// <summary>How much a finding claims.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing is known to be wrong. Also a fault's sign in a run that learns well.</summary>
    Info,

    /// <summary>Something is wrong with this run.</summary>
    Warning,
}

/// <summary>Something a runtime rule found.</summary>
public sealed record Finding
{
    /// <summary>The rule: <c>GL7001</c>.</summary>
    public required string RuleId { get; init; }

    public required FindingSeverity Severity { get; init; }

    /// <summary>The path of the module or parameter concerned; empty for the whole model.</summary>
    public required string Path { get; init; }

    /// <summary>The step at which it was found.</summary>
    public required long Step { get; init; }

    /// <summary>The measured value that is out of bounds.</summary>
    public double? Value { get; init; }

    /// <summary>The bound.</summary>
    public double? Limit { get; init; }

    /// <summary>The gradient ratio that was predicted from the code, beside a measured one; null where there is no prediction.</summary>
    public double? Predicted { get; init; }

    /// <summary>What, where, the number and the limit, in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What usually causes it.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>What to do.</summary>
    public required string Remedy { get; init; }

    /// <summary>The static rules that this measurement confirms where they report.</summary>
    public IReadOnlyList<string> Confirms { get; init; } = [];

    /// <summary>What they did report at this module, when the monitor was given a prediction.</summary>
    public IReadOnlyList<StaticFinding> ConfirmedFindings { get; init; } = [];

    /// <summary><c>file:line</c> where the module is constructed, when the monitor was given the evidence map.</summary>
    public string? Source { get; init; }

    public override string ToString() =>
        $"{(Source is null ? "" : Source + ": ")}{Severity.ToString().ToLowerInvariant()} {RuleId} at step {Step}: {Message} {Remedy}{Confirmation}";

    private string Confirmation => ConfirmedFindings.Count == 0 ? "" : $" It confirms {string.Join(", ", ConfirmedFindings)}.";
}
