using GradLint.CodeFixes.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>Calls of factories of <c>torch.nn</c> as the code around writes them.</summary>
internal static class LayerCall
{
    /// <summary><c>torch.nn.LayerNorm(64)</c> beside <c>torch.nn.Sigmoid()</c>.</summary>
    public static InvocationExpressionSyntax Like(InvocationExpressionSyntax other, string name, params ExpressionSyntax[] arguments) => SyntaxFactory.InvocationExpression(
        ActivationForm.Renamed(other.Expression.WithoutTrivia(), name),
        SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
            arguments.Select(SyntaxFactory.Argument),
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), Math.Max(arguments.Length - 1, 0)))));
}
