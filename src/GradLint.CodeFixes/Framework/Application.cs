using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.CodeFixes.Framework;

/// <summary>A layer or function applied to one tensor: <c>act.call(x)</c>, <c>functional.tanh(x)</c>, <c>x.tanh()</c>.</summary>
internal sealed class Application
{
    private readonly bool _isMethod;

    private Application(InvocationExpressionSyntax call, ExpressionSyntax input, bool isMethod) => (Call, Input, _isMethod) = (call, input, isMethod);

    public InvocationExpressionSyntax Call { get; }

    /// <summary>What it is applied to, out of its parentheses.</summary>
    public ExpressionSyntax Input { get; }

    public static Application? At(CodeSite site, CancellationToken cancellationToken) =>
        site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && call.Span == site.Node.Span ? Of(call, site, cancellationToken) : null;

    public static Application? Of(InvocationExpressionSyntax call, CodeSite site, CancellationToken cancellationToken)
    {
        if (site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method)
            return null;
        var isLayer = method.Name is Member.Call or Member.Forward && site.Types.IsModule(method.ContainingType);
        var isFunction = method.IsStatic && site.Types.IsFromTorchSharp(method);
        var isMethod = SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Tensor) && !method.IsStatic && !LayerTable.IsInPlace(method.Name);
        var input = isMethod ? (call.Expression as MemberAccessExpressionSyntax)?.Expression
            : isLayer || isFunction ? call.ArgumentList.Arguments.FirstOrDefault() is { NameColon: null } argument ? argument.Expression : null
            : null;
        return input is null ? null : new(call, Bare(input), isMethod);
    }

    /// <summary>The same applied to something else.</summary>
    public InvocationExpressionSyntax To(ExpressionSyntax input)
    {
        if (!_isMethod)
            return Call.ReplaceNode(Call.ArgumentList.Arguments[0].Expression, input.WithTriviaFrom(Call.ArgumentList.Arguments[0].Expression));
        var receiver = ((MemberAccessExpressionSyntax)Call.Expression).Expression;
        return Call.ReplaceNode(receiver, InParentheses(input.WithoutTrivia()).WithTriviaFrom(receiver));
    }

    /// <summary>In parentheses where the place needs them.</summary>
    public static ExpressionSyntax InParentheses(ExpressionSyntax expression) =>
        SyntaxFactory.ParenthesizedExpression(expression).WithAdditionalAnnotations(Simplifier.Annotation);

    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression is ParenthesizedExpressionSyntax inner ? Bare(inner.Expression) : expression;
}
