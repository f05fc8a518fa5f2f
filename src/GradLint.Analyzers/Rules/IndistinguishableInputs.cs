using System.Globalization;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL1007: two samples look the same to the output layer, though the gradient ratio is in the band. Only for models without positions: averaging over positions makes independent noise alike, and real images not.</summary>
public sealed class IndistinguishableInputs : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.IndistinguishableInputs,
        "Inputs become indistinguishable",
        "Two inputs are predicted to reach '{0}' with a correlation of {1}; He initialization, normalization or residual connections keep them apart",
        RuleCategory.Activation,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.IndistinguishableInputs));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var (graph, prediction) = (context.Graph, context.Prediction);
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head || prediction.HeadSampleCorrelation is not { } correlation)
            return;
        if (!(correlation.Low > 1 - Distinguishable) || !graph.Nodes.All(IsPlain) || context.Fault is not null || ScaleRemedy.Mismatched(graph).Count > 0)
            return;
        var first = prediction.Parameters.First(parameter => graph.Parameters[parameter.Index].Shape.Count >= 2).Index;
        var remedies = Counterfactuals.For(
            graph, first, context.Band(), context.PredictionOptions, context.Options.PreferredActivation, maxHeadCorrelation: 1 - Distinguishable);
        context.Report(
            Rule, ModelFindings.Places([graph.Parameters[head].Origin]), RemedyProperties.OfCorrelation(first, correlation.Value, remedies),
            ModelFindings.LayerPath(graph.Parameters[head].Path), correlation.Value.ToString("0.####", CultureInfo.InvariantCulture));
    }

    private const double Distinguishable = 1e-3;

    private static bool IsPlain(GraphNode node) =>
        node.Kind is LayerKind.Input or LayerKind.Linear or LayerKind.Flatten or LayerKind.Identity
        || (LayerTable.Has(node.Kind, LayerTraits.Activation) && !LayerTable.Has(node.Kind, LayerTraits.Saturating)) || LayerTable.Has(node.Kind, LayerTraits.Dropout);
}
