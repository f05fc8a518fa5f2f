using GradLint.Runtime.Recording;
using Spectre.Console;

namespace GradLint.Runtime.Sinks;

/// <summary>Prints findings as they come, and a table of the layers with all findings at the end.</summary>
public sealed class ConsoleSink(IAnsiConsole? console = null) : IMonitorSink
{
    private readonly IAnsiConsole _console = console ?? AnsiConsole.Console;

    public void Begin(RunInfo run)
    {
    }

    public void Write(Sample sample)
    {
    }

    public void Write(Finding finding) => _console.MarkupLine(Line(finding));

    public void End(RunReport report)
    {
        if (report.Samples.Count == 0)
            return;

        var rows = new SampleTable(report.Run, report.Samples[^1]);
        var table = new Table().Title(Markup.Escape($"{report.Run.Model} after {report.Steps} steps, loss {report.Loss.Initial:G4} → {report.Loss.Current:G4}"))
            .AddColumns(["parameter", "gradient", "ratio", .. rows.HasPredictions ? ["predicted"] : Array.Empty<string>(), "update"]);
        foreach (var row in rows.Rows)
        {
            table.AddRow(
            [
                Markup.Escape(row.Path), SampleTable.Number(row.Gradient),
                row.Ratio is < 1e-3 or > 1e3 ? $"[red]{SampleTable.Number(row.Ratio)}[/]" : SampleTable.Number(row.Ratio),
                .. rows.HasPredictions ? [SampleTable.Number(row.Predicted)] : Array.Empty<string>(),
                SampleTable.Number(row.Update),
            ]);
        }

        _console.Write(table);
        foreach (var finding in report.Findings)
            _console.MarkupLine(Line(finding));
        foreach (var failure in report.Failures)
            _console.MarkupLine($"[grey]monitor: {Markup.Escape(failure)}[/]");
    }

    private static string Line(Finding finding)
    {
        var color = finding.Severity == FindingSeverity.Warning ? "yellow" : "grey";
        return $"[{color}]{Markup.Escape(finding.ToString())}[/]";
    }
}
