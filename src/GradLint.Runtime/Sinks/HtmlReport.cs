using System.Globalization;
using System.Net;
using System.Text;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>A run as one self-contained page: no script, no link to anything outside.</summary>
public static class HtmlReport
{
    private const string Style = """
        body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2430; background: #fff; }
        h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
        .facts { color: #5b6675; } .finding { border-left: 4px solid #9aa5b1; padding: .3rem .8rem; margin: .5rem 0; background: #f6f8fa; }
        .warning { border-color: #d9822b; background: #fff7ed; } .id { font-weight: 600; } .source { font-family: ui-monospace, monospace; font-size: .9em; }
        table { border-collapse: collapse; } th, td { padding: .15rem .7rem; text-align: right; } th:first-child, td:first-child { text-align: left; }
        tr:nth-child(even) { background: #f6f8fa; } svg { max-width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: #5b6675; }
        .legend { display: flex; align-items: center; gap: .5rem; color: #5b6675; font-size: .85em; } .bar { width: 220px; height: 10px; }
        @media (prefers-color-scheme: dark) { body { background: #14181e; color: #dde3ea; } .finding, tr:nth-child(even) { background: #1d232b; } .warning { background: #33261a; } }
        """;

    /// <summary>The page.</summary>
    public static string Of(RunReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Gradient flow of {Text(report.Run.Model)}</title><style>{Style}</style></head><body>
            <h1>Gradient flow of {Text(report.Run.Model)}</h1>
            <p class="facts">{report.Run.Started:yyyy-MM-dd HH:mm} · {report.Steps} steps, {report.Samples.Count} samples · loss {report.Loss.Initial:G4} → {report.Loss.Current:G4} · {Text(report.Run.Optimizer ?? "no optimizer")} · monitor {report.Overhead:P1} of the time</p>
            """);
        Findings(page, report);
        if (report.Samples.Count > 0)
        {
            HeatMap.Append(page, report);
            LineChart.Append(page, "Loss", [.. report.Samples.Where(sample => sample.Loss is not null).Select(sample => (sample.Step, sample.Loss!.Mean))], logarithmic: false);
            Updates(page, report);
            Memory(page, report);
            Layers(page, report);
        }

        return page.AppendLine("</body></html>").ToString();
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Findings(StringBuilder page, RunReport report)
    {
        page.AppendLine("<h2>Findings</h2>");
        if (report.Findings.Count == 0)
            page.AppendLine("<p>None.</p>");
        foreach (var finding in report.Findings.OrderByDescending(finding => finding.Severity))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <div class="finding {(finding.Severity == FindingSeverity.Warning ? "warning" : "")}"><span class="id">{finding.RuleId}</span> at step {finding.Step}: {Text(finding.Message)}<br>{Text(finding.Remedy)}
                """);
            if (finding.Causes.Count > 0)
                page.Append($"<br><span class=\"facts\">Usual causes: {Text(string.Join("; ", finding.Causes))}.{(finding.ConfirmedFindings.Count > 0 ? $" Confirms {Text(string.Join(", ", finding.ConfirmedFindings))}." : finding.Confirms.Count > 0 ? $" Confirms {Text(string.Join(", ", finding.Confirms))} where the analyzers report it." : "")}</span>");
            if (finding.Source is { } source)
                page.Append($"<br>{Link(source)}");
            page.AppendLine("</div>");
        }

        foreach (var failure in report.Failures)
            page.AppendLine($"<p class=\"facts\">Monitor: {Text(failure)}</p>");
    }

    private static string Link(string source) =>
        $"<span class=\"source\"><a href=\"file://{Text(source[..Math.Max(0, source.LastIndexOf(':'))])}\">{Text(source)}</a></span>";

    private static void Memory(StringBuilder page, RunReport report)
    {
        foreach (var horizon in report.Horizons.Where(horizon => horizon.Norms.All(double.IsFinite)))
        {
            LineChart.Append(
                page, $"Memory of '{horizon.Path}': gradient of the last output by steps back in time, over the last step's",
                [.. horizon.Norms.Reverse().Select((norm, back) => ((long)back, norm / horizon.Norms[^1]))], logarithmic: true, axis: "steps back");
            page.AppendLine($"<p>Here {Text(horizon.ToString())}.</p>");
        }

        foreach (var matrix in report.RecurrentMatrices)
            page.AppendLine($"<p>{Text(matrix.ToString())}</p>");
    }

    private static void Updates(StringBuilder page, RunReport report)
    {
        var ratios = report.Samples
            .Select(sample => (sample.Step, Value: sample.Parameters.Select(parameter => parameter.UpdateRatio).OfType<double>().Where(ratio => ratio > 0).ToArray()))
            .Where(point => point.Value.Length > 0)
            .ToArray();
        if (ratios.Length == 0)
            return;
        LineChart.Append(page, "Update / weight, smallest and largest of all matrices (about 1e-3 is healthy)",
            [.. ratios.Select(point => (point.Step, point.Value.Min()))], logarithmic: true,
            [.. ratios.Select(point => (point.Step, point.Value.Max()))]);
    }

    private static void Layers(StringBuilder page, RunReport report)
    {
        var sample = report.Samples[^1];
        var table = new SampleTable(report.Run, sample);
        var hasSources = table.Rows.Any(row => row.Source is not null);
        page.AppendLine(CultureInfo.InvariantCulture, $"<h2>Matrices at step {sample.Step}</h2><table><tr><th>parameter</th><th>gradient</th><th>ratio to {Text(sample.OutputLayer ?? "?")}</th>{Column("th", "predicted ratio", table.HasPredictions)}<th>update / weight</th>{Column("th", "constructed at", hasSources)}</tr>");
        foreach (var row in table.Rows)
            page.AppendLine($"<tr><td>{Text(row.Path)}</td><td>{SampleTable.Number(row.Gradient)}</td><td>{SampleTable.Number(row.Ratio)}</td>{Column("td", SampleTable.Number(row.Predicted), table.HasPredictions)}<td>{SampleTable.Number(row.Update)}</td>{Column("td", row.Source is null ? "" : Link(row.Source), hasSources)}</tr>");
        page.AppendLine("</table>");

        static string Column(string cell, string content, bool isShown) => isShown ? $"<{cell}>{content}</{cell}>" : "";
    }
}
