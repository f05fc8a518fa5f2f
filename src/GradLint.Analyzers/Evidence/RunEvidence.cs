using System.Globalization;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.Analyzers.Evidence;

/// <summary>What the monitor measured in one training run, as its evidence file tells; fields of a line are separated by tabs.</summary>
/// <param name="Model">Name of the model's type.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="Ratios">Gradient ratio by parameter path, in the last sample.</param>
/// <param name="Findings">What the monitor found.</param>
public sealed record RunEvidence(string Model, long Steps, IReadOnlyDictionary<string, double> Ratios, IReadOnlyList<MeasuredFault> Findings)
{
    /// <summary>Ends the name of an evidence file among the additional files: <c>gradlint.evidence</c>.</summary>
    private const string Extension = ".evidence";

    private const string Header = "gradlint-evidence 1";

    /// <summary>The name that a model of no type of its own has in the file.</summary>
    public const string Nameless = TorchSharpNames.Functions.Sequential;

    public static bool IsEvidence(AdditionalText file) => file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter that was measured and is gone; null where the evidence fits, or the model is not known.</summary>
    public string? Missing(ModelGraph graph)
    {
        if (graph.Status != GraphStatus.Known) return null;
        var paths = new HashSet<string>(graph.Parameters.Select(parameter => parameter.Path));
        return Ratios.Keys.FirstOrDefault(path => !paths.Contains(path));
    }

    /// <summary>Null with what is wrong, and in which line (from 0), for a file that the monitor did not write, or not to its end.</summary>
    public static RunEvidence? Parse(SourceText text, out (string Reason, int Line) fault)
    {
        fault = default;
        var (run, ratios, findings) = ((Model: "", Steps: -1L), new Dictionary<string, double>(), new List<MeasuredFault>());
        foreach (var line in text.Lines)
        {
            var fields = line.ToString().Split('\t');
            if (line.LineNumber == 0 ? fields[0] != Header : fields[0].Length > 0 && !Read(fields))
            {
                fault = (line.LineNumber == 0 ? $"does not begin with '{Header}'" : $"has a line that is no '{fields[0]}'", line.LineNumber);
                return null;
            }
        }

        if (run.Steps >= 0) return new(run.Model, run.Steps, ratios, findings);
        fault = ("does not name its run", 0);
        return null;

        bool Read(string[] fields)
        {
            switch (fields[0])
            {
                case "run" when fields.Length >= 4 && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var steps):
                    run = (fields[2], steps);
                    return true;
                case "ratio" when fields.Length >= 3 && Number(fields[2]) is { } ratio:
                    ratios[fields[1]] = ratio;
                    return true;
                case "finding" when fields.Length >= 6 && long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var step):
                    findings.Add(new(fields[1], fields[2] == "-" ? "" : fields[2], Number(fields[3]), step, fields[5] == "-" ? [] : fields[5].Split(',')));
                    return true;
                default:
                    // A later monitor may write more kinds of lines.
                    return fields[0] is not ("run" or "ratio" or "finding");
            }
        }
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A finding of the monitor.</summary>
/// <param name="RuleId">A runtime rule.</param>
/// <param name="Path">Of the module or parameter; empty for the whole run.</param>
/// <param name="Value">The number that made it a finding; null where there is none.</param>
/// <param name="Step">When.</param>
/// <param name="Confirms">The static rules that speak of the same fault.</param>
public sealed record MeasuredFault(string RuleId, string Path, double? Value, long Step, IReadOnlyList<string> Confirms);
