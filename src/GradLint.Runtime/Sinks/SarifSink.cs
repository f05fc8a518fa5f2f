using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradLint.Core.Rules;
using GradLint.Runtime.Recording;
using GradLint.Runtime.Rules;

namespace GradLint.Runtime.Sinks;

/// <summary>Writes the findings as SARIF 2.1.0 at the end, for build pipelines and code hosts.</summary>
internal sealed class SarifSink(string path) : IMonitorSink
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public void Begin(RunInfo run)
    {
    }

    public void Write(Sample sample)
    {
    }

    public void Write(Finding finding)
    {
    }

    public void End(RunReport report) => WholeFile.Write(path, Document(report).ToJsonString(Indented));

    internal static JsonObject Document(RunReport report) => new()
    {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "GradLint.Runtime",
                    ["version"] = typeof(SarifSink).Assembly.GetName().Version!.ToString(3),
                    ["rules"] = new JsonArray([.. RuntimeRules.All.Select(rule => Rule(rule.Description))]),
                },
            },
            ["results"] = new JsonArray([.. report.Findings.Select(Result)]),
        }),
    };

    private static JsonNode Rule(RuleDescription rule) => new JsonObject
    {
        ["id"] = rule.Id,
        ["shortDescription"] = new JsonObject { ["text"] = rule.Title },
        ["help"] = new JsonObject { ["text"] = rule.Remedy },
        ["helpUri"] = HelpLinks.For(rule.Id),
    };

    private static JsonNode Result(Finding finding)
    {
        var location = new JsonObject();
        if (finding.Path.Length > 0)
            location["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = finding.Path, ["kind"] = "module" });
        if (finding.Source is { } source && source.LastIndexOf(':') is > 0 and var colon
            && int.TryParse(source[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = source[..colon].Replace('\\', '/') },
                ["region"] = new JsonObject { ["startLine"] = line },
            };
        }

        return new JsonObject
        {
            ["ruleId"] = finding.RuleId,
            ["level"] = finding.Severity == FindingSeverity.Warning ? "warning" : "note",
            ["message"] = new JsonObject { ["text"] = $"{finding.Message} {finding.Remedy}" },
            ["locations"] = new JsonArray(location),
            ["properties"] = new JsonObject { ["step"] = finding.Step, ["confirms"] = new JsonArray([.. finding.Confirms.Select(id => JsonValue.Create(id))]), ["confirmed"] = new JsonArray([.. finding.ConfirmedFindings.Select(confirmed => JsonValue.Create(confirmed.ToString()))]) },
        };
    }
}
