namespace GradLint.Runtime.Recording;

/// <summary>What the loss has done so far, told from the means between samples.</summary>
public sealed class LossTrend
{
    private readonly IReadOnlyList<LossInterval> _intervals;

    internal LossTrend(double? initial, double? best, IReadOnlyList<LossInterval> recent)
    {
        Initial = initial;
        Best = best;
        _intervals = recent;
    }

    /// <summary>The mean loss of the first interval.</summary>
    public double? Initial { get; }

    /// <summary>The lowest mean of any interval.</summary>
    public double? Best { get; }

    /// <summary>The mean loss since the last sample but one.</summary>
    public double? Current => _intervals.Count > 0 ? _intervals[^1].Mean : null;

    /// <summary>
    /// Whether training works: the loss is at least a fifth below where it began, and not half as much again above its best.
    /// Published monitors raise alarms on 36 to 100 % of healthy runs, because they judge without asking this.
    /// </summary>
    public bool IsLearning =>
        Initial is { } initial && Current is { } current && Best is { } best
        && double.IsFinite(current)
        && initial - current >= 0.2 * Math.Abs(initial)
        && current - best <= 0.5 * (initial - best);

    /// <summary>Whether the means of the last <paramref name="samples"/> intervals differ by less than <paramref name="tolerance"/> of their size.</summary>
    public bool IsFlat(int samples, double tolerance)
    {
        if (_intervals.Count < samples)
            return false;
        var means = _intervals.TakeLast(samples).Select(interval => interval.Mean).ToArray();
        return means.All(double.IsFinite) && means.Max() - means.Min() <= tolerance * Math.Abs(means.Average());
    }
}
