using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// The members that a program has to run to come to an expression with values for all it needs: the member around it, or,
/// where that is a method that takes something or hands the model on, the members that call it.
/// </summary>
internal static class WaysIn
{
    private const int DeepestCall = 4;

    /// <summary>A method that is called from more places has no one way into it.</summary>
    private const int MaximumCallers = 4;

    public static IReadOnlyList<ISymbol> To(SyntaxNode expression, SourceOperations source, CancellationToken cancellationToken) =>
        EnclosingMember(expression, source, cancellationToken) is { } member ? Climb(member, DeepestCall, source, cancellationToken) : [];

    /// <summary>The method, property, field or type that an expression belongs to; lambdas and local functions belong to theirs.</summary>
    public static ISymbol? EnclosingMember(SyntaxNode expression, SourceOperations source, CancellationToken cancellationToken)
    {
        var symbol = source.Model(expression.SyntaxTree).GetEnclosingSymbol(expression.SpanStart, cancellationToken);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.LambdaMethod or MethodKind.LocalFunction })
            symbol = symbol.ContainingSymbol;
        return symbol;
    }

    private static IReadOnlyList<ISymbol> Climb(ISymbol member, int depth, SourceOperations source, CancellationToken cancellationToken)
    {
        if (depth == 0 || member is not IMethodSymbol { MethodKind: MethodKind.Ordinary } method || method is { Parameters.IsEmpty: true, ReturnsVoid: true })
            return [member];
        var callers = source.Calls(method, cancellationToken)
            .Select(call => (Member: EnclosingMember(call.Syntax, source, cancellationToken), call.Syntax))
            .Where(call => call.Member is not null && !SymbolEqualityComparer.Default.Equals(call.Member, member))
            .GroupBy(call => call.Member!, call => call.Syntax, SymbolEqualityComparer.Default)
            .Take(MaximumCallers + 1)
            .ToArray();
        return callers.Length is 0 or > MaximumCallers || callers.Any(caller => !AreAlike(caller))
            ? [member]
            : callers.SelectMany(caller => Climb(caller.Key!, depth - 1, source, cancellationToken)).Distinct(SymbolEqualityComparer.Default).ToArray();
    }

    /// <summary>Whether calls in one member pass the same: of several, only the first is seen when that member runs.</summary>
    private static bool AreAlike(IEnumerable<SyntaxNode> calls)
    {
        var arguments = calls.OfType<InvocationExpressionSyntax>().Select(call => call.ArgumentList).ToArray();
        return arguments.Skip(1).All(other => SyntaxFactory.AreEquivalent(arguments[0], other));
    }
}
