using System.Collections.Immutable;
using System.Globalization;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1008: more than half of a rectifier's units are predicted to give 0 for every input.</summary>
public sealed class DeadUnitsAtInitialization : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.DeadUnitsAtInitialization,
        "Units are dead at initialization",
        "{0} of the {1} units after '{2}' are predicted to give 0 for every input; {3}",
        RuleCategory.Activation,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.DeadUnitsAtInitialization));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var layer in context.Prediction.Layers.Where(l => l.DeadShare > MostlyDead))
        {
            var node = graph.Nodes[layer.Node];
            var before = graph.Ancestors(layer.Node).Select(id => graph.Nodes[id]).Where(n => n.Path is not null && LayerTable.Has(n.Kind, LayerTraits.Weighted)).OrderBy(n => n.Id).LastOrDefault();
            var bias = before is null ? null : BiasSite(graph, before);
            context.Report(
                Rule, bias is null ? ModelFindings.Places([node.Construction]) : [.. ModelFindings.Places([node.Construction]), bias],
                bias is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.BiasSite, ""),
                layer.DeadShare!.Value.ToString("P0", CultureInfo.InvariantCulture), node.Kind, before?.Path ?? graph.TypeName, Remedy(graph, before));
        }
    }

    private static string Remedy(ModelGraph graph, GraphNode? layer)
    {
        var parameters = layer?.Parameters.Select(index => graph.Parameters[index]).ToArray() ?? [];
        return parameters.Any(p => p.Shape.Count > 1 && p.Initialization.Kind is InitializerKind.Zeros or InitializerKind.Constant) ? "draw its weights at random"
            : parameters.Any(p => p.Shape.Count == 1 && p.Initialization is { IsExplicit: true, Kind: not InitializerKind.Zeros }) ? "set its bias to 0, or use LeakyReLU"
            : "use LeakyReLU, or normalize before it";
    }

    /// <summary>The call that sets the layer's bias, where it sets biases only.</summary>
    private static Location? BiasSite(ModelGraph graph, GraphNode layer)
    {
        var bias = layer.Parameters.Select(index => graph.Parameters[index]).FirstOrDefault(p => p.Shape.Count == 1 && p.Initialization.IsExplicit);
        return bias?.Initialization.Origin.Token is Location call && graph.Parameters.All(p => p.Shape.Count == 1 || !call.Equals(p.Initialization.Origin.Token)) ? call : null;
    }

    // Half of the units are dead for good wherever inputs have become alike; that is for another rule.
    private const double MostlyDead = 0.52;
}
