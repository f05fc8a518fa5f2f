using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.CodeFixes.Models;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3004: forget gates that start open.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OpenForgetGates))]
public sealed class OpenForgetGates() : GradLintFix(RuleIds.ForgetGateBiasNearZero)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } site
            || await RecurrentForm.AtAsync(site, solution, cancellationToken).ConfigureAwait(false) is not { } form
            || site.Model.GetTypeInfo(form.Creation, cancellationToken).Type is not { } type
            || LayerHolder.After(form.Creation, site.Model, cancellationToken) is not { } after)
        {
            return [];
        }

        var promise = await PromiseAsync(solution, diagnostic, cancellationToken).ConfigureAwait(false);
        return
        [
            new("one", $"Set the forget-gate bias to 1{promise}", async (edit, token) =>
            {
                if (edit.IsFirst(form.Creation))
                    await after(edit, ForgetGateBlock.For(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), ForgetBias.Of(1)), token).ConfigureAwait(false);
            }),
        ];
    }

    /// <summary>Predicted here and not by the rule, which finds many LSTMs of which few are ever mended.</summary>
    private static async Task<string> PromiseAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.ContainsKey(FixProperties.Horizon)
            || await AnalysedModel.AtAsync(solution, diagnostic.AdditionalLocations[diagnostic.AdditionalLocations.Count - 1], cancellationToken).ConfigureAwait(false) is not { Graph: var graph }
            || graph.Nodes.FirstOrDefault(node => node.Kind == LayerKind.LSTM && diagnostic.AdditionalLocations[0].Equals(node.Construction.Token)) is not { } lstm
            || RecurrentRemedy.HorizonWith(ForgetBias.Of(1), graph, lstm, new() { SequenceLength = RecurrentFindings.Length(diagnostic.Properties) }) is not { } horizon)
        {
            return "";
        }

        return $": {RecurrentFindings.Promise(diagnostic.Properties, new(LayerKind.LSTM, ForgetBias.Of(1), horizon))}";
    }
}
