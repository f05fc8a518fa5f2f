using System.Globalization;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.CodeFixes.Models;

/// <summary>How the code can say a layer's width at another place.</summary>
internal static class WidthExpression
{
    /// <summary>As the layer's own construction says it, where that means the same at the place; else the number, if it is one for good. Null where neither is so.</summary>
    /// <param name="layer">Where the layer is constructed.</param>
    /// <param name="kind">What is constructed there.</param>
    /// <param name="place">Where the width is wanted, in a program of the same compilation.</param>
    /// <param name="width">The width.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static ExpressionSyntax? At(CodeSite layer, LayerKind kind, SyntaxNode place, long width, CancellationToken cancellationToken)
    {
        if (Argument(layer, LayerSizes.Output(kind), cancellationToken) is not { } argument)
            return null;
        if (argument.SyntaxTree == place.SyntaxTree && IsPure(argument) && MeansTheSame(argument, place, layer.Model, cancellationToken))
            return argument.WithoutTrivia();
        return layer.Model.GetConstantValue(argument, cancellationToken).HasValue
            ? SyntaxFactory.ParseExpression(width.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether a layer lets out what it takes in whatever its caller passes: both sizes are the same expression or constants.</summary>
    public static bool KeepsWidth(CodeSite layer, LayerKind kind, CancellationToken cancellationToken)
    {
        if (Argument(layer, LayerSizes.Input(kind), cancellationToken) is not { } input || Argument(layer, LayerSizes.Output(kind), cancellationToken) is not { } output)
            return false;
        return SyntaxFactory.AreEquivalent(input, output)
            || layer.Model.GetConstantValue(input, cancellationToken) is { HasValue: true } one
                && layer.Model.GetConstantValue(output, cancellationToken) is { HasValue: true } other && Equals(Convert.ToInt64(one.Value, CultureInfo.InvariantCulture), Convert.ToInt64(other.Value, CultureInfo.InvariantCulture));
    }

    private static ExpressionSyntax? Argument(CodeSite layer, string name, CancellationToken cancellationToken) =>
        (layer.Model.GetOperation(layer.Node, cancellationToken) as IInvocationOperation)?.Arguments
            .FirstOrDefault(argument => argument.Parameter is { } parameter && LayerTable.ArgumentName(parameter.Name) == name)?.Value.Syntax as ExpressionSyntax;

    private static bool IsPure(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().All(node =>
        node is LiteralExpressionSyntax or IdentifierNameSyntax or ThisExpressionSyntax or ParenthesizedExpressionSyntax or BinaryExpressionSyntax
            or ElementAccessExpressionSyntax or BracketedArgumentListSyntax or ArgumentSyntax or MemberAccessExpressionSyntax);

    private static bool MeansTheSame(ExpressionSyntax expression, SyntaxNode place, SemanticModel model, CancellationToken cancellationToken) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Expression == name).All(name =>
            model.GetSymbolInfo(name, cancellationToken).Symbol is { } symbol
            && SymbolEqualityComparer.Default.Equals(symbol, model.GetSpeculativeSymbolInfo(place.SpanStart, name, SpeculativeBindingOption.BindAsExpression).Symbol));
}
