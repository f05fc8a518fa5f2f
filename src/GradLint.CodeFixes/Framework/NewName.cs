using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Framework;

/// <summary>Names for locals that an edit declares.</summary>
internal static class NewName
{
    /// <summary>The first of <paramref name="wishes"/> that is free around <paramref name="place"/>, or else the last one with a number.</summary>
    public static string For(SemanticModel model, SyntaxNode place, params string[] wishes)
    {
        var taken = TakenAround(model, place);
        return wishes.FirstOrDefault(wish => !taken.Contains(wish)) ?? Numbered(wishes[wishes.Length - 1], taken);
    }

    /// <summary>Gives names that are free around <paramref name="place"/>, each only once.</summary>
    public static Func<string, string> Source(SemanticModel model, SyntaxNode place)
    {
        var taken = TakenAround(model, place);
        return wish =>
        {
            var name = taken.Contains(wish) ? Numbered(wish, taken) : wish;
            taken.Add(name);
            return name;
        };
    }

    /// <summary>Gives names for the variables of a statement that is a scope of its own, such as a loop: whatever is in scope at the position must not be hidden.</summary>
    public static Func<string, string> InnerSource(SemanticModel model, int position)
    {
        var taken = new HashSet<string>(model.LookupSymbols(position).Where(symbol => symbol.Kind is SymbolKind.Local or SymbolKind.Parameter).Select(symbol => symbol.Name));
        return wish => taken.Contains(wish) ? Numbered(wish, taken) : wish;
    }

    private static string Numbered(string wish, HashSet<string> taken) =>
        Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{wish}{number}").First(name => !taken.Contains(name));

    /// <summary>Locals and parameters in scope, and those of the whole member: C# forbids to shadow them from either side.</summary>
    private static HashSet<string> TakenAround(SemanticModel model, SyntaxNode place)
    {
        var inScope = model.LookupSymbols(place.SpanStart).Where(symbol => symbol.Kind is SymbolKind.Local or SymbolKind.Parameter).Select(symbol => symbol.Name);
        var member = place.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not GlobalStatementSyntax and not BaseTypeDeclarationSyntax) ?? place.SyntaxTree.GetRoot();
        var declared = member.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken)
                && token.Parent is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax or ParameterSyntax)
            .Select(token => token.ValueText);
        return [.. inScope, .. declared];
    }
}
