using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL4001: many layers in a row with neither residual connections nor normalisation.</summary>
public sealed class DeepPlainStack : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.DeepPlainStack,
        "Very deep stack without residual connections or normalization",
        "{0} weighted layers follow each other with neither residual connections nor normalization; wrap runs of equal width in a residual, or insert normalization",
        RuleCategory.Architecture,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.DeepPlainStack));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        if (graph.Outputs.Count == 0 || graph.Nodes.Any(n => LayerTable.Has(n.Kind, LayerTraits.Normalizing) || LayerTable.Has(n.Kind, LayerTraits.Join) || LayerTable.Has(n.Kind, LayerTraits.Recurrent)))
            return;
        var layers = graph.Ancestors(graph.Outputs[0].Node).Select(id => graph.Nodes[id]).Where(n => FittingInitialization.IsPlainWeighted(n.Kind)).OrderBy(n => n.Id).ToArray();
        if (layers.Length >= VeryDeep)
            context.Report(Rule, ModelFindings.Places([layers[0].Construction]), Remedies(context, layers[0]), layers.Length);
    }

    private static ImmutableDictionary<string, string?> Remedies(ModelRuleContext context, GraphNode first)
    {
        if (context.Prediction.Parameters.FirstOrDefault(parameter => first.Parameters.Contains(parameter.Index)) is not { } weight)
            return ImmutableDictionary<string, string?>.Empty;
        var remedies = Counterfactuals.For(context.Graph, weight.Index, context.Band(), context.PredictionOptions, context.Options.PreferredActivation);
        return RemedyProperties.Of(weight, remedies.Where(remedy => remedy.Recipe is not { Normalization: Normalization.None, Shortcut: Shortcut.None }).ToArray());
    }

    /// <summary>VGG-19, the deepest plain network in wide use, has 19.</summary>
    private const int VeryDeep = 24;
}
