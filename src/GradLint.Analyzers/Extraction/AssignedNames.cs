using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// The names that code assigns to anywhere. A static member whose name is not among them keeps the value of its initialiser.
/// Read off the syntax, once for each tree however many compilations share it.
/// </summary>
internal static class AssignedNames
{
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> Index = new();

    public static bool Contains(Compilation compilation, string name, CancellationToken cancellationToken)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Index.GetValue(tree, Read).Contains(name))
                return true;
        }
        return false;
    }

    private static HashSet<string> Read(SyntaxTree tree)
    {
        var names = new HashSet<string>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var target = node switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left,
                PostfixUnaryExpressionSyntax postfix => postfix.Operand,
                PrefixUnaryExpressionSyntax prefix => prefix.Operand,
                ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => argument.Expression,
                RefExpressionSyntax reference => reference.Expression,
                _ => null,
            };
            foreach (var name in target?.DescendantNodesAndSelf().OfType<SimpleNameSyntax>() ?? [])
                names.Add(name.Identifier.ValueText);
        }
        return names;
    }
}
