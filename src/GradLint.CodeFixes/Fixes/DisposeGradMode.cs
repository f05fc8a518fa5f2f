using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5004: <c>using var _ = torch.no_grad();</c>, which lasts to the end of the block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposeGradMode))]
public sealed class DisposeGradMode() : GradLintFix(RuleIds.BareNoGrad)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);

        // A using declaration needs a block of its own to last for.
        if (site?.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax } statement)
            return [];
        var call = statement.Expression is AssignmentExpressionSyntax assignment ? assignment.Right : statement.Expression;
        var name = NewName.For(site.Model, statement, "_", "gradMode");
        var declaration = ConstructorEdits.Statement($"using var {name} = {call.WithoutTrivia()};");
        return
        [
            new("using", $"Write 'using var {name} = {call.WithoutTrivia()};'", async (edit, token) =>
            {
                if (await edit.EditorAsync(statement.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(statement))
                    editor.ReplaceNode(statement, declaration.WithTriviaFrom(statement));
            }),
        ];
    }
}
