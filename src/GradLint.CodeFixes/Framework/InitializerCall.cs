using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>A call that sets a parameter's values, <c>init.zeros_(w)</c> or <c>w.fill_(0.1)</c>, and the same tensor drawn by another one.</summary>
internal sealed class InitializerCall
{
    private readonly IMethodSymbol _method;

    private InitializerCall(InvocationExpressionSyntax call, IMethodSymbol method, ExpressionSyntax tensor) => (Call, _method, Tensor) = (call, method, tensor);

    public InvocationExpressionSyntax Call { get; }

    public ExpressionSyntax Tensor { get; }

    /// <summary>Whether evaluating the tensor's expression again gives the same tensor and does nothing else.</summary>
    public bool HasPlainTensor => Tensor.DescendantNodesAndSelf().All(node => node is SimpleNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax or PostfixUnaryExpressionSyntax);

    public static InitializerCall? At(CodeSite site, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || call.Span != site.Node.Span
            || site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return null;
        }

        var tensor = SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Init) ? call.ArgumentList.Arguments.FirstOrDefault()?.Expression
            : SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Tensor) ? (call.Expression as MemberAccessExpressionSyntax)?.Expression
            : null;
        return tensor is null ? null : new(call, method, tensor);
    }

    /// <summary>The argument for a parameter; null when it is left at its default.</summary>
    public ExpressionSyntax? Argument(string parameter) => Call.ArgumentList.Arguments.Where((argument, index) =>
        (argument.NameColon?.Name.Identifier.ValueText ?? _method.Parameters.ElementAtOrDefault(index)?.Name) == parameter).FirstOrDefault()?.Expression;

    /// <summary>The tensor drawn by another function of <c>torch.nn.init</c>, in the style of this call.</summary>
    public InvocationExpressionSyntax With(string function, params string[] arguments)
    {
        var isFunction = _method.IsStatic;
        var last = Call.Expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last();
        var named = SyntaxFactory.IdentifierName(function).WithTriviaFrom(last);
        var callee = !isFunction ? SyntaxFactory.ParseExpression($"{InitializerCode.Init}.{function}").WithAdditionalAnnotations(Simplifier.Annotation)
            : ReferenceEquals(last, Call.Expression) ? named
            : Call.Expression.ReplaceNode(last, named);
        var code = InitializerCode.Simplifiable(SyntaxFactory.ParseArgumentList($"({string.Join(", ", arguments.Prepend(Tensor.WithoutTrivia().ToString()))})"));
        return SyntaxFactory.InvocationExpression(callee.WithoutTrivia(), code).WithTriviaFrom(Call);
    }

    /// <summary>The tensor drawn by the initialiser that fits an activation.</summary>
    public ExpressionSyntax With(FittingInitialization fitting) =>
        InitializerCode.Simplifiable(SyntaxFactory.ParseExpression(InitializerCode.Call(Tensor.WithoutTrivia().ToString(), fitting))).WithTriviaFrom(Call);

    /// <summary><c>nonlinearity: init.NonlinearityType.ReLU</c>.</summary>
    public static string Nonlinearity(string name) => $"nonlinearity: {QualifiedName.Full(TorchSharpNames.Types.NonlinearityType)}.{name}";
}
