using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>Norms before activations: as elements of the row that the activation stands in, as fields that <c>forward</c> calls, or beside the layers of a collection.</summary>
internal static class NormInsertion
{
    private const string Stem = "norm";

    /// <summary>Null when one of the places has no form that a norm can be inserted in.</summary>
    public static async Task<IReadOnlyList<EditStep>?> PlanAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken)
    {
        var steps = new List<EditStep>();
        var fields = new NormFields(model);
        var names = new LayerName(Stem, model.Graph);
        foreach (var norms in edit.Norms.GroupBy(norm => model.Graph.Nodes[norm.Activation]).GroupBy(pair => (pair.Key.Construction, Use: pair.Key.Path is null ? pair.Key.Construction : pair.Key.Use)).Select(group => group.SelectMany(pair => pair).ToArray()))
        {
            var node = model.Graph.Nodes[norms[0].Activation];
            if (await model.SiteAsync(node.Construction, cancellationToken).ConfigureAwait(false) is not { } made
                || await model.SiteAsync(model.Graph.Nodes[norms[0].Layer].Construction, cancellationToken).ConfigureAwait(false) is not { } layer
                || norms.Any(norm => norm.Kind != norms[0].Kind))
            {
                return null;
            }

            var step = LayerElement.Of(made, cancellationToken) is { } element
                ? InRow(element, made, layer, norms, names, cancellationToken)
                : await model.SiteAsync(node.Use, cancellationToken).ConfigureAwait(false) is { } use && ForwardCall.Of(use, cancellationToken) is { } call
                    ? fields.Before(call, layer, norms[0], cancellationToken)
                    : null;
            if (step is not null)
                steps.Add(step);
            else if (await NormElements.AfterAsync(model, norms, cancellationToken).ConfigureAwait(false) is { } elements)
                steps.AddRange(elements);
            else
                return null;
        }

        steps.AddRange(fields.Declarations);
        return steps;

        EditStep? InRow(LayerElement element, CodeSite made, CodeSite layer, IReadOnlyList<InsertedNorm> norms, LayerName names, CancellationToken token)
        {
            var kind = model.Graph.Nodes[norms[0].Layer].Kind;
            if (WidthExpression.At(layer, kind, element.Layer, norms[0].Width, token) is not { } width
                || width is LiteralExpressionSyntax && norms.Any(norm => norm.Width != norms[0].Width))
            {
                return null;
            }

            var norm = LayerCall.Like((InvocationExpressionSyntax)made.Node, LayerTable.Describe(norms[0].Kind).Modules[0], width);
            var name = element.Name is null ? null : names.Beside(element.Name);
            return async (solution, cancellation) =>
            {
                if (solution.IsFirst(element.Node, Stem) && await solution.EditorAsync(element.Node.SyntaxTree, cancellation).ConfigureAwait(false) is { } editor)
                    element.InsertBefore(editor, norm, name);
            };
        }
    }
}
