using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6001: <c>RegisterComponents();</c> at the end of every constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RegisterComponentsInConstructor))]
public sealed class RegisterComponentsInConstructor() : SiteFix(RuleIds.ComponentsNeverRegistered)
{
    private const string Call = TorchSharpNames.ModuleMembers.RegisterComponents + "();";

    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration
            || site.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { } type)
        {
            return [];
        }

        var constructors = ConstructorEdits.OwnConstructors(type, cancellationToken).ToArray();
        return constructors.Length == 0 ? [] : [new("register", $"Call {Call.TrimEnd(';')} at the end of the constructor", (edit, token) => ApplyAsync(edit, constructors, token))];
    }

    private static async Task ApplyAsync(SolutionEdit edit, IEnumerable<ConstructorDeclarationSyntax> constructors, CancellationToken cancellationToken)
    {
        foreach (var constructor in constructors.Where(edit.IsFirst))
        {
            if (await edit.EditorAsync(constructor.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } editor)
                editor.ReplaceNode(constructor, (current, _) => ((ConstructorDeclarationSyntax)current).WithAppended(ConstructorEdits.Statement(Call)));
        }
    }
}
