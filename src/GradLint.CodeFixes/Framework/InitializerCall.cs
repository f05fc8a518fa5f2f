using System.Globalization;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Initializers = GradLint.Core.Knowledge.TorchSharpNames.Initializers;

namespace GradLint.CodeFixes.Framework;

/// <summary>A call that sets a parameter's values, <c>init.zeros_(w)</c> or <c>w.fill_(0.1)</c>, and the same tensor drawn by another one.</summary>
internal sealed class InitializerCall
{
    private const string Init = "global::TorchSharp.torch.nn.init";

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
        var callee = !isFunction ? SyntaxFactory.ParseExpression($"{Init}.{function}").WithAdditionalAnnotations(Simplifier.Annotation)
            : ReferenceEquals(last, Call.Expression) ? named
            : Call.Expression.ReplaceNode(last, named);
        var code = SyntaxFactory.ParseArgumentList($"({string.Join(", ", arguments.Prepend(Tensor.WithoutTrivia().ToString()))})");
        var qualified = code.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => access.ToString().StartsWith("global::", StringComparison.Ordinal));
        return SyntaxFactory.InvocationExpression(
            callee.WithoutTrivia(),
            code.ReplaceNodes(qualified, (_, rewritten) => rewritten.WithAdditionalAnnotations(Simplifier.Annotation))).WithTriviaFrom(Call);
    }

    /// <summary>The same by an initialisation as the prediction has it.</summary>
    public InvocationExpressionSyntax With(Initialization initialization) => initialization.Kind switch
    {
        InitializerKind.XavierUniform => With(Initializers.XavierUniform, initialization.Arguments.Number("gain") is { } gain and not 1 ? [Gain(gain)] : []),
        InitializerKind.KaimingNormal => With(Initializers.KaimingNormal, initialization.Arguments.Number("a") is { } slope
            ? $"a: {slope.ToString(CultureInfo.InvariantCulture)}"
            : Nonlinearity(initialization.Arguments.Text("nonlinearity")!)),
        _ => throw new ArgumentException($"{initialization.Kind} is no initialisation that a fix writes.", nameof(initialization)),
    };

    /// <summary><c>nonlinearity: init.NonlinearityType.ReLU</c>.</summary>
    public static string Nonlinearity(string name) => $"nonlinearity: {Init}.NonlinearityType.{name}";

    private static string Gain(double gain) => gain == 5.0 / 3 ? "5.0 / 3" : gain.ToString(CultureInfo.InvariantCulture);
}
