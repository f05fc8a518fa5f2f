using System.Globalization;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>How the code makes the module around a block: <c>new StochasticDepth(Sequential(…), 0.25)</c>.</summary>
internal sealed class WrapperCall
{
    private const string Branch = "branch";

    private readonly string _arguments;

    private WrapperCall(WrapperClass wrapper, string arguments) => (Class, _arguments) = (wrapper, arguments);

    public WrapperClass Class { get; }

    /// <summary>Null where the code has no expression for what the module needs to know.</summary>
    /// <param name="model">The model.</param>
    /// <param name="edit">With all blocks.</param>
    /// <param name="block">The block; others may be made by the same code.</param>
    /// <param name="made">Where its first layer is made.</param>
    /// <param name="wrapper">The module's class.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static WrapperCall? For(AnalysedModel model, ModelEdit edit, ShortcutBlock block, CodeSite made, WrapperClass wrapper, CancellationToken cancellationToken)
    {
        var arguments = block.Shortcut switch
        {
            Shortcut.Highway => WidthExpression.At(made, model.Graph.Nodes[block.First].Kind, made.Node, block.Width, cancellationToken) is { } width ? $"{width}, {Branch}" : null,
            Shortcut.StochasticDepth => DropProbability(model, edit, block, made) is { } probability ? $"{Branch}, {probability}" : null,
            _ => block.Scale == 1 ? Branch : $"{Branch}, {WrapperNames.Scale}: {Number(block.Scale)}",
        };
        return arguments is null ? null : new(wrapper, $"({arguments})");
    }

    /// <param name="type">The full name of the class.</param>
    /// <param name="made">What makes the first layer, as it was written.</param>
    /// <param name="parts">The layers, or (name, layer) tuples.</param>
    public ExpressionSyntax Around(string type, InvocationExpressionSyntax made, IReadOnlyList<ExpressionSyntax> parts)
    {
        var branch = parts.Count == 1 && parts[0] is not TupleExpressionSyntax ? parts[0] : LayerCall.Like(made, TorchSharpNames.Functions.Sequential, [.. parts]);
        var arguments = SyntaxFactory.ParseArgumentList(_arguments);
        var place = arguments.Arguments.First(argument => argument.Expression is IdentifierNameSyntax { Identifier.ValueText: Branch });
        return SyntaxFactory.ObjectCreationExpression(
            SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation),
            arguments.ReplaceNode(place.Expression, branch.WithTriviaFrom(place.Expression)),
            null);
    }

    /// <summary>The number; where a loop makes several blocks, that of each from its counter.</summary>
    private static string? DropProbability(AnalysedModel model, ModelEdit edit, ShortcutBlock block, CodeSite made)
    {
        var origin = model.Graph.Nodes[block.First].Construction;
        if (edit.Blocks.Count(other => model.Graph.Nodes[other.First].Construction.Equals(origin)) == 1)
            return Number(Math.Round(block.DropProbability, 3));
        return made.Node.Ancestors().TakeWhile(node => node is not (AnonymousFunctionExpressionSyntax or MemberDeclarationSyntax)).OfType<ForStatementSyntax>().FirstOrDefault() is
        {
            Declaration.Variables: { Count: 1 } variables,
            Condition: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression, Left: IdentifierNameSyntax counter, Right: LiteralExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax } condition,
        } && variables[0] is { Identifier: var declared, Initializer.Value: LiteralExpressionSyntax { Token.ValueText: "0" } } && declared.ValueText == counter.Identifier.ValueText
            ? $"{Number(ShortcutBlock.LastDropProbability)} * ({declared.ValueText} + 1) / {condition.Right.WithoutTrivia()}"
            : null;
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
