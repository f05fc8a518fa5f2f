namespace GradLint.Runtime;

/// <summary>Where the rules draw their lines. Scale-free where it can be: ratios, trends, shares.</summary>
public sealed record RuleThresholds
{
    /// <summary>Samples in a row over which a condition must hold; at least 1.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Training steps that these samples must span; at least 0.</summary>
    public long PatienceSteps { get; init; } = 50;

    /// <summary>GL7001: a weight gradient below this share of the output layer's; in (0, 1).</summary>
    public double MinGradientRatio { get; init; } = 1e-3;

    /// <summary>GL7002: a weight gradient above this multiple of the output layer's; above 1.</summary>
    public double MaxGradientRatio { get; init; } = 1e3;

    /// <summary>GL7001, GL7002: the factor by which a ratio or norm falls or grows from sample to sample in a trend; above 1.</summary>
    public double TrendFactor { get; init; } = 2;

    /// <summary>GL7004: share of a layer's units that may be dead; in (0, 1].</summary>
    public double MaxDeadUnits { get; init; } = 0.5;

    /// <summary>GL7005: share of a layer's units that may be saturated; in (0, 1].</summary>
    public double MaxSaturatedUnits { get; init; } = 0.5;

    /// <summary>GL7006: ‖Δw‖/‖w‖ of a step below which a matrix stands still; positive. About 1e-3 is healthy.</summary>
    public double MinUpdateRatio { get; init; } = 1e-5;

    /// <summary>GL7007: ‖Δw‖/‖w‖ of a step above which a matrix is rewritten rather than trained; positive.</summary>
    public double MaxUpdateRatio { get; init; } = 1e-1;

    /// <summary>GL7010: relative change of the loss that counts as none; positive.</summary>
    public double PlateauTolerance { get; init; } = 0.02;

    /// <summary>GL7011: how many times its best the mean loss may be; above 1.</summary>
    public double DivergenceFactor { get; init; } = 2;

    /// <summary>GL7013: share of steps on which clipping may engage before it counts as a step-size limiter; in (0, 1].</summary>
    public double MaxClippedShare { get; init; } = 0.5;

    /// <summary>GL7014: share of a layer's units that may have the same gradient as another; in (0, 1].</summary>
    public double MaxTwinUnits { get; init; } = 0.5;

    /// <exception cref="ArgumentException">A threshold is out of its range.</exception>
    internal void Validate()
    {
        Option.Require(Patience >= 1, nameof(Patience), Patience, "at least 1");
        Option.Require(PatienceSteps >= 0, nameof(PatienceSteps), PatienceSteps, "at least 0");
        Option.Require(MinGradientRatio is > 0 and < 1, nameof(MinGradientRatio), MinGradientRatio, "between 0 and 1");
        Option.Require(MaxGradientRatio > 1, nameof(MaxGradientRatio), MaxGradientRatio, "above 1");
        Option.Require(TrendFactor > 1, nameof(TrendFactor), TrendFactor, "above 1");
        Option.Require(MaxDeadUnits is > 0 and <= 1, nameof(MaxDeadUnits), MaxDeadUnits, "above 0 and at most 1");
        Option.Require(MaxSaturatedUnits is > 0 and <= 1, nameof(MaxSaturatedUnits), MaxSaturatedUnits, "above 0 and at most 1");
        Option.Require(MinUpdateRatio > 0, nameof(MinUpdateRatio), MinUpdateRatio, "above 0");
        Option.Require(MaxUpdateRatio > MinUpdateRatio, nameof(MaxUpdateRatio), MaxUpdateRatio, $"above {nameof(MinUpdateRatio)}");
        Option.Require(PlateauTolerance > 0, nameof(PlateauTolerance), PlateauTolerance, "above 0");
        Option.Require(DivergenceFactor > 1, nameof(DivergenceFactor), DivergenceFactor, "above 1");
        Option.Require(MaxClippedShare is > 0 and <= 1, nameof(MaxClippedShare), MaxClippedShare, "above 0 and at most 1");
        Option.Require(MaxTwinUnits is > 0 and <= 1, nameof(MaxTwinUnits), MaxTwinUnits, "above 0 and at most 1");
    }
}
