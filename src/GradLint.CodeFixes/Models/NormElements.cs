using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Norms for the layers of a collection that a loop applies: each becomes a <c>Sequential</c> of the layer and a norm of its
/// own, and <c>ModuleList&lt;Linear&gt;</c> a <c>ModuleList&lt;Sequential&gt;</c>; the loop stays as it is.
/// </summary>
internal static class NormElements
{
    private const string Stem = "norm";

    /// <summary>Null where one of the layers is not made as an element, or its width cannot be told there.</summary>
    public static async Task<IReadOnlyList<EditStep>?> AfterAsync(AnalysedModel model, IReadOnlyList<InsertedNorm> norms, CancellationToken cancellationToken)
    {
        var steps = new List<EditStep>();
        foreach (var alike in norms.GroupBy(norm => model.Graph.Nodes[norm.Layer].Construction))
        {
            var norm = alike.First();
            if (await model.SiteAsync(alike.Key, cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax made } layer
                || made.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax or MemberAccessExpressionSyntax
                || alike.Any(other => other.Kind != norm.Kind || IsInRow(other))
                || WidthExpression.At(layer, model.Graph.Nodes[norm.Layer].Kind, made, norm.Width, cancellationToken) is not { } width
                || width is LiteralExpressionSyntax && alike.Any(other => other.Width != norm.Width))
            {
                return null;
            }

            var types = ElementCollection.Around(made, layer.Model, cancellationToken)?.Types ?? [];
            steps.Add(async (edit, token) =>
            {
                if (!edit.IsFirst(made, Stem) || await edit.EditorAsync(made.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                    return;
                editor.ReplaceNode(made, (current, _) => LayerCall
                    .Like(made, TorchSharpNames.Functions.Sequential, (ExpressionSyntax)current.WithoutTrivia(), LayerCall.Like(made, LayerTable.Describe(norm.Kind).Modules[0], width))
                    .WithTriviaFrom(current));
                foreach (var name in types.Where(edit.IsFirst))
                {
                    editor.ReplaceNode(name, (current, _) => SyntaxFactory.ParseTypeName(QualifiedName.Full(TorchSharpNames.Types.Sequential))
                        .WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(current));
                }
            });
        }

        return steps;

        // Of a row that is applied as it stands, the norm would be an element of its own.
        bool IsInRow(InsertedNorm norm) => Parent(model.Graph.Nodes[norm.Activation].Path) is { } row && row == Parent(model.Graph.Nodes[norm.Layer].Path);

        static string? Parent(string? path) => path?.Substring(0, Math.Max(path.LastIndexOf('.'), 0));
    }
}
