using System.Globalization;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>How a program asks for an initialiser.</summary>
internal static class InitializerCode
{
    public static string Init { get; } = QualifiedName.Full(TorchSharpNames.Types.Init);

    /// <summary><c>init.kaiming_normal_(tensor, nonlinearity: init.NonlinearityType.ReLU)</c>, names in full.</summary>
    public static string Call(string tensor, FittingInitialization fitting)
    {
        var arguments = Arguments(fitting);
        return $"{Init}.{Function(fitting)}({tensor}{(arguments.Length == 0 ? "" : ", ")}{arguments})";
    }

    /// <summary>What follows the tensor: named, because the second parameter of <c>kaiming_*</c> is a slope.</summary>
    public static string Arguments(FittingInitialization fitting)
    {
        var given = fitting.Initialization.Arguments;
        return fitting.Initialization.Kind == InitializerKind.XavierUniform
            ? given.Number("gain") switch { 1 or null => "", Gains.Tanh => "gain: 5.0 / 3", { } gain => $"gain: {Number(gain)}" }
            : given.Number("a") is { } slope ? $"a: {Number(slope)}" : InitializerCall.Nonlinearity(given.Text("nonlinearity")!);
    }

    /// <summary>What makes a call of another initialiser, or of a tensor's in-place method, one of the fitting initialiser; null for anything else.</summary>
    public static Func<SyntaxNode, SyntaxNode>? ReplacementAt(CodeSite site, FittingInitialization fitting, CancellationToken cancellationToken)
    {
        if (site.Node is not InvocationExpressionSyntax call || site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method)
            return null;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Init))
            return current => WithTensor(((InvocationExpressionSyntax)current).ArgumentList.Arguments[0].Expression, current, fitting);
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Tensor) && call.Expression is MemberAccessExpressionSyntax)
            return current => WithTensor(((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)current).Expression).Expression, current, fitting);
        return null;
    }

    /// <summary>Marks the full names in code for what the usings allow to leave out.</summary>
    public static TNode Simplifiable<TNode>(TNode code)
        where TNode : SyntaxNode =>
        code.ReplaceNodes(
            code.DescendantNodesAndSelf().Where(node => node is MemberAccessExpressionSyntax or NameSyntax && node.ToString().StartsWith("global::", StringComparison.Ordinal)),
            (_, rewritten) => rewritten.WithAdditionalAnnotations(Simplifier.Annotation));

    private static SyntaxNode WithTensor(ExpressionSyntax tensor, SyntaxNode call, FittingInitialization fitting) =>
        Simplifiable(SyntaxFactory.ParseExpression(Call(tensor.WithoutTrivia().ToString(), fitting))).WithTriviaFrom(call);

    private static string Function(FittingInitialization fitting) => fitting.Initialization.Kind == InitializerKind.XavierUniform
        ? TorchSharpNames.Initializers.XavierUniform
        : TorchSharpNames.Initializers.KaimingNormal;

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
