using System.Globalization;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>
/// Writes at the end what the analyzers show at the layers' source lines. Line-based, fields separated by tabs, because it
/// is read inside the compiler:
/// <code>
/// gradlint-evidence 1
/// run	time	model	steps
/// ratio	parameter path	measured gradient ratio	step
/// finding	rule id	path	value or -	step	static rule ids separated by commas or -
/// </code>
/// </summary>
internal sealed class EvidenceSink(string path) : IMonitorSink
{
    public void Begin(RunInfo run)
    {
    }

    public void Write(Sample sample)
    {
    }

    public void Write(Finding finding)
    {
    }

    public void End(RunReport report)
    {
        var lines = new List<string>
        {
            "gradlint-evidence 1",
            Fields("run", report.Run.Started.UtcDateTime.ToString("o", CultureInfo.InvariantCulture), report.Run.Model, report.Steps),
        };
        if (report.Samples.Count > 0)
        {
            var sample = report.Samples[^1];
            lines.AddRange(new SampleTable(report.Run, sample).Rows
                .Where(row => row.Ratio is not null)
                .Select(row => Fields("ratio", row.Path, row.Ratio!.Value.ToString("R", CultureInfo.InvariantCulture), sample.Step)));
        }

        lines.AddRange(report.Findings.Select(finding => Fields(
            "finding", finding.RuleId, finding.Path.Length == 0 ? "-" : finding.Path,
            finding.Value?.ToString("R", CultureInfo.InvariantCulture) ?? "-", finding.Step,
            finding.Confirms.Count == 0 ? "-" : string.Join(',', finding.Confirms))));
        WholeFile.Write(path, string.Join('\n', lines) + "\n");
    }

    private static string Fields(params object[] fields) =>
        string.Join('\t', fields.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));
}
