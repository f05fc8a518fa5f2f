using System.Globalization;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>Residual connections: around elements of a row by a wrapping module, in <c>forward</c> by a sum.</summary>
internal static class ShortcutInsertion
{
    private const string Stem = "block";

    /// <summary>Null when one of the blocks has no form that a shortcut can be put around.</summary>
    public static async Task<IReadOnlyList<EditStep>?> PlanAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken)
    {
        var steps = new List<EditStep>();
        var names = new LayerName(Stem, model.Graph);
        var done = new HashSet<SyntaxNode>();
        foreach (var block in edit.Blocks)
        {
            var (first, last) = (model.Graph.Nodes[block.First], model.Graph.Nodes[block.Last]);
            if (await model.SiteAsync(first.Construction, cancellationToken).ConfigureAwait(false) is not { } made)
                return null;
            if (LayerElement.Of(made, cancellationToken) is { } from && await RowAsync(model, block, from, cancellationToken).ConfigureAwait(false) is { } followers)
            {
                if (done.Add(from.Node))
                    steps.Add(InRow(model, block, made, from, followers, names));
                continue;
            }

            if (!WidthExpression.KeepsWidth(made, first.Kind, cancellationToken)
                || await model.SiteAsync(first.Use, cancellationToken).ConfigureAwait(false) is not { } begins
                || await model.SiteAsync(last.Use, cancellationToken).ConfigureAwait(false) is not { } ends
                || ForwardCall.Of(begins, cancellationToken) is not { Input: IdentifierNameSyntax input }
                || ForwardCall.Of(ends, cancellationToken) is not { } result)
            {
                return null;
            }

            if (done.Add(result.Call))
                steps.Add(InForward(block, input, result));
        }

        return steps;
    }

    /// <summary>The elements of the row that make the rest of a block; null where they stand elsewhere.</summary>
    private static async Task<IReadOnlyList<LayerElement>?> RowAsync(AnalysedModel model, ResidualBlock block, LayerElement from, CancellationToken cancellationToken)
    {
        var followers = new List<LayerElement>();
        for (var node = block.First; node != block.Last;)
        {
            node = model.Graph.Nodes.First(user => user.Inputs.Any(input => input.Node == node)).Id;
            if (await model.SiteAsync(model.Graph.Nodes[node].Construction, cancellationToken).ConfigureAwait(false) is not { } site
                || LayerElement.Of(site, cancellationToken) is not { } follower
                || follower.Container != from.Container || follower.Node.SpanStart <= from.Node.SpanStart)
            {
                return null;
            }

            followers.Add(follower);
        }

        return followers;
    }

    private static EditStep InRow(AnalysedModel model, ResidualBlock block, CodeSite made, LayerElement from, IReadOnlyList<LayerElement> followers, LayerName names)
    {
        var name = from.Name is null ? null : names.Beside(from.Name);
        return async (solution, token) =>
        {
            if (!solution.IsFirst(from.Node, Stem) || await solution.EditorAsync(from.Node.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                return;
            var type = ResidualClass.NameFor(solution, editor, made.Model);
            from.Wrap(editor, followers, name, parts => SyntaxFactory.ObjectCreationExpression(
                SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation),
                Arguments(parts.Count == 1 && parts[0] is not TupleExpressionSyntax ? parts[0] : LayerCall.Like((InvocationExpressionSyntax)made.Node, TorchSharpNames.Functions.Sequential, [.. parts])),
                null));
        };

        ArgumentListSyntax Arguments(ExpressionSyntax branch)
        {
            var arguments = SyntaxFactory.ParseArgumentList(block.Scale == 1 ? "(branch)" : $"(branch, {WrapperNames.Scale}: {Number(block.Scale)})");
            return arguments.ReplaceNode(arguments.Arguments[0].Expression, branch);
        }
    }

    /// <summary><c>x = fc.call(x).relu()</c> becomes <c>x = x + fc.call(x).relu()</c>.</summary>
    private static EditStep InForward(ResidualBlock block, IdentifierNameSyntax input, ForwardCall result) => async (solution, token) =>
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
