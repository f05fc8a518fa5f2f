using System.Globalization;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Shortcuts around blocks: elements of a row go into a wrapping module; in <c>forward</c> a residual connection is a sum,
/// and any other takes the layers into a wrapping module where they are made.
/// </summary>
internal static class ShortcutInsertion
{
    private const string Stem = "block";

    /// <summary>Null when one of the blocks has no form that a shortcut can be put around.</summary>
    /// <param name="model">The model.</param>
    /// <param name="edit">What is put around what.</param>
    /// <param name="wrapper">The class to put around blocks.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<IReadOnlyList<EditStep>?> PlanAsync(AnalysedModel model, ModelEdit edit, WrapperClass? wrapper, CancellationToken cancellationToken)
    {
        var steps = new List<EditStep>();
        var names = new LayerName(Stem, model.Graph);
        var done = new HashSet<SyntaxNode>();
        var applied = new AppliedBlocks(model);
        foreach (var block in edit.Blocks)
        {
            var (first, last) = (model.Graph.Nodes[block.First], model.Graph.Nodes[block.Last]);
            if (await model.SiteAsync(first.Construction, cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax made } site)
                return null;
            if (LayerElement.Of(site, cancellationToken) is { } from && await RowAsync(model, block, from, cancellationToken).ConfigureAwait(false) is { } followers)
            {
                if (!done.Add(from.Node))
                    continue;
                if (WrapperCall.For(model, edit, block, site, wrapper!, cancellationToken) is not { } call)
                    return null;
                steps.Add(InRow(call, made, from, followers, names));
                continue;
            }

            if (!WidthExpression.KeepsWidth(site, first.Kind, cancellationToken))
                return null;
            if (block.Shortcut is not (Shortcut.Residual or Shortcut.ScaledResidual))
            {
                if (!done.Add(made))
                    continue;
                if (WrapperCall.For(model, edit, block, site, wrapper!, cancellationToken) is not { } call
                    || !await applied.AddAsync(block, site, call, cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }

                continue;
            }

            if (await model.SiteAsync(first.Use, cancellationToken).ConfigureAwait(false) is not { } begins
                || await model.SiteAsync(last.Use, cancellationToken).ConfigureAwait(false) is not { } ends
                || ForwardCall.Of(begins, cancellationToken) is not { Input: IdentifierNameSyntax input }
                || ForwardCall.Of(ends, cancellationToken) is not { } result)
            {
                return null;
            }

            if (done.Add(result.Call))
                steps.Add(InForward(block, input, result));
        }

        return await applied.StepsAsync(edit, cancellationToken).ConfigureAwait(false) is { } others ? [.. steps, .. others] : null;
    }

    /// <summary>The elements of the row that make the rest of a block; null where they stand elsewhere.</summary>
    private static async Task<IReadOnlyList<LayerElement>?> RowAsync(AnalysedModel model, ShortcutBlock block, LayerElement from, CancellationToken cancellationToken)
    {
        var followers = new List<LayerElement>();
        foreach (var node in block.Followers(model.Graph))
        {
            if (await model.SiteAsync(node.Construction, cancellationToken).ConfigureAwait(false) is not { } site
                || LayerElement.Of(site, cancellationToken) is not { } follower
                || follower.Container != from.Container || follower.Node.SpanStart <= from.Node.SpanStart)
            {
                return null;
            }

            followers.Add(follower);
        }

        return followers;
    }

    private static EditStep InRow(WrapperCall call, InvocationExpressionSyntax made, LayerElement from, IReadOnlyList<LayerElement> followers, LayerName names)
    {
        var name = from.Name is null ? null : names.Beside(from.Name);
        return async (solution, token) =>
        {
            if (!solution.IsFirst(from.Node, Stem) || await solution.EditorAsync(from.Node.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                return;
            var type = call.Class.NameFor(solution, editor);
            from.Wrap(editor, followers, name, parts => call.Around(type, made, parts));
        };
    }

    /// <summary><c>x = fc.call(x).relu()</c> becomes <c>x = x + fc.call(x).relu()</c>.</summary>
    private static EditStep InForward(ShortcutBlock block, IdentifierNameSyntax input, ForwardCall result) => async (solution, token) =>
    {
        if (!solution.IsFirst(result.Call, Stem) || await solution.EditorAsync(result.Call.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        editor.ReplaceNode(result.Call, (current, _) =>
        {
            var sum = SyntaxFactory.ParseExpression(block.Scale == 1 ? $"{input.Identifier} + f" : $"{input.Identifier} + f * {Number(block.Scale)}");
            var change = sum.DescendantNodes().OfType<IdentifierNameSyntax>().Last(name => name.Identifier.ValueText == "f");
            sum = sum.ReplaceNode(change, (ExpressionSyntax)current.WithTriviaFrom(change));
            var isPart = current.Parent is MemberAccessExpressionSyntax or BinaryExpressionSyntax or CastExpressionSyntax or PrefixUnaryExpressionSyntax;
            return (isPart ? SyntaxFactory.ParenthesizedExpression(sum) : sum).WithTriviaFrom(current);
        });
    };

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
