using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6008: the field of the derived class renamed, everywhere it is used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameHidingField))]
public sealed class RenameHidingField() : SiteFix(RuleIds.FieldHidesModule)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var declaration = site.Node.FirstAncestorOrSelf<SyntaxNode>(node => node is VariableDeclaratorSyntax or PropertyDeclarationSyntax);
        if (declaration is null || site.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { } member)
            return [];
        var name = NewName(member);
        return [new("rename", $"Rename '{member.Name}' to '{name}'", (edit, token) => RenameAsync(edit, member, declaration, name, token))];
    }

    /// <summary><c>fc</c> of <c>Net</c> becomes <c>netFc</c>; an underscore and the case of the first letter stay.</summary>
    private static string NewName(ISymbol member)
    {
        var plain = member.Name.TrimStart('_');
        var underscores = member.Name.Substring(0, member.Name.Length - plain.Length);
        var type = member.ContainingType.Name;
        var first = char.IsUpper(plain[0]) ? char.ToUpperInvariant(type[0]) : char.ToLowerInvariant(type[0]);
        var name = $"{underscores}{first}{type.Substring(1)}{char.ToUpperInvariant(plain[0])}{plain.Substring(1)}";
        while (IsTaken(member.ContainingType, name))
            name += "2";
        return name;
    }

    private static bool IsTaken(INamedTypeSymbol type, string name)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers(name).Length > 0)
                return true;
        }

        return false;
    }

    private static async Task RenameAsync(SolutionEdit edit, ISymbol member, SyntaxNode declaration, string name, CancellationToken cancellationToken)
    {
        var declaring = await edit.EditorAsync(declaration.SyntaxTree, cancellationToken).ConfigureAwait(false);
        if (declaring is null || !edit.IsFirst(declaration))
            return;
        declaring.ReplaceNode(declaration, (current, _) => current switch
        {
            VariableDeclaratorSyntax variable => variable.WithIdentifier(Identifier(variable.Identifier)),
            PropertyDeclarationSyntax property => property.WithIdentifier(Identifier(property.Identifier)),
            _ => current,
        });

        // It hides nothing any more.
        if (declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } whole && whole.Modifiers.FirstOrDefault(modifier => modifier.IsKind(SyntaxKind.NewKeyword)) is { RawKind: not 0 })
            declaring.ReplaceNode(whole, (current, _) => WithoutNew((MemberDeclarationSyntax)current));

        foreach (var reference in await SymbolFinder.FindReferencesAsync(member, edit.Solution, cancellationToken).ConfigureAwait(false))
        {
            foreach (var location in reference.Locations.Where(location => !location.IsImplicit))
            {
                var root = await location.Location.SourceTree!.GetRootAsync(cancellationToken).ConfigureAwait(false);
                var editor = await edit.EditorAsync(location.Location.SourceTree, cancellationToken).ConfigureAwait(false);
                if (editor is not null && root.FindNode(location.Location.SourceSpan, getInnermostNodeForTie: true) is SimpleNameSyntax use && edit.IsFirst(use))
                    editor.ReplaceNode(use, (current, _) => ((SimpleNameSyntax)current).WithIdentifier(Identifier(use.Identifier)));
            }
        }

        SyntaxToken Identifier(SyntaxToken old) => SyntaxFactory.Identifier(name).WithTriviaFrom(old);
    }

    private static MemberDeclarationSyntax WithoutNew(MemberDeclarationSyntax member) =>
        member.WithModifiers(SyntaxFactory.TokenList(member.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.NewKeyword))));
}
