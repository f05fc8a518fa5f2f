using System.Globalization;
using System.Text;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime;

/// <summary>What a monitor has to say about a run so far.</summary>
public sealed class RunReport
{
    internal RunReport(RunInfo run, long steps, IReadOnlyList<Sample> samples, IReadOnlyList<Finding> findings, LossTrend loss, double overhead, IReadOnlyList<string> failures)
    {
        Run = run;
        Steps = steps;
        Samples = samples;
        Findings = findings;
        Loss = loss;
        Overhead = overhead;
        Failures = failures;
    }

    public RunInfo Run { get; }

    /// <summary>Training steps seen.</summary>
    public long Steps { get; }

    /// <summary>The samples taken, oldest first; of a long run a selection spread evenly over it.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>What was found, in the order of discovery.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    public LossTrend Loss { get; }

    /// <summary>The share of the run's time that the monitor's own code took.</summary>
    public double Overhead { get; }

    /// <summary>What went wrong inside the monitor or its sinks; training was not affected.</summary>
    public IReadOnlyList<string> Failures { get; }

    /// <summary>The memory horizon of each recurrent layer, as it was last measured.</summary>
    public IReadOnlyList<HorizonSample> Horizons => Samples.LastOrDefault(sample => sample.Horizons.Count > 0 && sample.IsFinite)?.Horizons ?? [];

    /// <summary>Spectral radius and largest singular value of each recurrent matrix, as they were last measured.</summary>
    public IReadOnlyList<RecurrentMatrixSample> RecurrentMatrices =>
        Samples.LastOrDefault(sample => sample.RecurrentMatrices.Count > 0 && sample.IsFinite)?.RecurrentMatrices ?? [];

    /// <summary>Whether no rule gave a Warning.</summary>
    public bool IsHealthy => Findings.All(finding => finding.Severity < FindingSeverity.Warning);

    /// <summary>A table of the latest sample and the findings.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Run.Model}: {Steps} steps, {Samples.Count} samples, loss {Loss.Initial:G4} → {Loss.Current:G4}, monitor {Overhead:P1} of the time");
        if (Samples.Count > 0)
            text.AppendLine(new SampleTable(Run, Samples[^1]).ToString());
        foreach (var horizon in Horizons)
            text.AppendLine(horizon.ToString());
        foreach (var matrix in RecurrentMatrices)
            text.AppendLine(matrix.ToString());
        foreach (var finding in Findings)
            text.AppendLine(finding.ToString());
        foreach (var failure in Failures)
            text.AppendLine($"monitor: {failure}");
        if (Findings.Count == 0)
            text.AppendLine("no findings");
        return text.ToString().TrimEnd();
    }
}
