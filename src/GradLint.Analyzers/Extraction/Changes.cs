using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// What code assigns to or changes anywhere: a static member that is nowhere among it keeps the value of its initialiser. Names
/// are read off the syntax, once for each tree however many compilations share it, and bound where one is asked for.
/// </summary>
internal static class Changes
{
    private static readonly ConditionalWeakTable<SyntaxTree, Dictionary<string, List<TextSpan>>> Index = new();

    /// <summary>Methods that change the collection they are called on.</summary>
    private static readonly HashSet<string> Mutators =
    [
        "Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveAll", "RemoveRange", "Clear", "Sort", "Reverse", "Fill", "SetValue", "AsSpan",
        "Push", "Pop", "TryPop", "Enqueue", "Dequeue", "TryDequeue", "AddFirst", "AddLast", "TryAdd", "AddOrUpdate", "GetOrAdd", "UnionWith", "ExceptWith",
    ];

    public static bool Reach(ISymbol member, SourceOperations source, Compilation compilation, CancellationToken cancellationToken)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Index.GetValue(tree, Read).TryGetValue(member.Name, out var places))
                continue;
            var root = tree.GetRoot(cancellationToken);
            if (places.Any(place => IsSame(source.Model(tree).GetSymbolInfo(root.FindNode(place), cancellationToken).Symbol, member)))
                return true;
        }
        return false;
    }

    /// <summary>What does not bind may be anything of that name.</summary>
    private static bool IsSame(ISymbol? symbol, ISymbol member) => symbol is null || SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition, member.OriginalDefinition);

    private static Dictionary<string, List<TextSpan>> Read(SyntaxTree tree)
    {
        var places = new Dictionary<string, List<TextSpan>>();
        foreach (var name in tree.GetRoot().DescendantNodes().SelectMany(Changed).SelectMany(Named))
        {
            if (!places.TryGetValue(name.Identifier.ValueText, out var spans))
                places.Add(name.Identifier.ValueText, spans = []);
            spans.Add(name.Span);
        }
        return places;
    }

    private static IEnumerable<ExpressionSyntax> Changed(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax assignment => [assignment.Left],
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } postfix => [postfix.Operand],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression } prefix => [prefix.Operand],
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => [argument.Expression],
        RefExpressionSyntax reference => [reference.Expression],
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } invocation when Mutators.Contains(call.Name.Identifier.ValueText) =>
            invocation.ArgumentList.Arguments.Select(argument => argument.Expression).Prepend(call.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: nameof(Array) } } } invocation =>
            invocation.ArgumentList.Arguments.Select(argument => argument.Expression),
        _ => [],
    };

    /// <summary>The names along an expression that is assigned to; those in an index are only read.</summary>
    private static IEnumerable<SimpleNameSyntax> Named(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => [name],
        MemberAccessExpressionSyntax access => Named(access.Expression).Prepend(access.Name),
        ElementAccessExpressionSyntax element => Named(element.Expression),
        ConditionalAccessExpressionSyntax access => Named(access.Expression).Concat(access.WhenNotNull.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()),
        ParenthesizedExpressionSyntax parenthesized => Named(parenthesized.Expression),
        CastExpressionSyntax cast => Named(cast.Expression),
        PostfixUnaryExpressionSyntax postfix => Named(postfix.Operand),
        RefExpressionSyntax reference => Named(reference.Expression),
        ConditionalExpressionSyntax choice => Named(choice.WhenTrue).Concat(Named(choice.WhenFalse)),
        TupleExpressionSyntax tuple => tuple.Arguments.SelectMany(argument => Named(argument.Expression)),
        _ => [],
    };
}
