using System.Collections.Immutable;
using GradLint.Analyzers.Evidence;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL0003: what the monitor measured in a training run, at the layer that it is about, and what that says of the prediction.</summary>
public sealed class MeasuredFinding : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.MeasuredFinding,
        "Fault was measured in a training run",
        "{0} at '{1}' in step {2} of a training run: {3}",
        RuleCategory.Configuration,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.MeasuredFinding));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (context.Evidence is not { } run || run.Missing(context.Graph) is not null)
            return;
        foreach (var fault in run.Findings)
        {
            var number = fault.Value is { } value ? $" ({GradientFormat.Ratio(value)})" : "";
            context.Report(
                Rule, Places(context.Graph, fault.Path), ImmutableDictionary<string, string?>.Empty, fault.RuleId + number,
                fault.Path.Length > 0 ? fault.Path : context.Graph.TypeName, fault.Step,
                fault.Confirms.Count > 0 ? $"confirms {string.Join(", ", fault.Confirms)} where it is reported" : $"see {HelpLinks.For(fault.RuleId)}");
        }

        if (context.Fault is { Layer: null, Parameter: var outside } && context.IsClearedByEvidence(outside))
        {
            context.Report(
                Rule, Places(context.Graph, outside.Path), ImmutableDictionary<string, string?>.Empty,
                $"Gradient ratio of {GradientFormat.Ratio(run.Ratios[outside.Path])}", outside.Path, run.Steps,
                $"{outside.RatioText()} is predicted for the first step, and is a hint only");
        }
    }

    /// <summary>Where the layer of a module or parameter path is constructed; none for the run as a whole.</summary>
    private static IReadOnlyList<Location> Places(ModelGraph graph, string path)
    {
        var parameter = graph.Parameters.FirstOrDefault(p => p.Path == path);
        var node = graph.Nodes.FirstOrDefault(n => n.Path == path);
        return ModelFindings.Places(new[] { node?.Construction, parameter?.Origin }.OfType<Origin>());
    }
}
