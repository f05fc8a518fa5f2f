using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5004: <c>using var _ = torch.no_grad();</c>, which lasts to the end of the block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposeGradMode))]
public sealed class DisposeGradMode() : SiteFix(RuleIds.BareNoGrad)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        // A using declaration needs a block of its own to last for.
        if (site.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax } statement)
            return [];
        var call = statement.Expression is AssignmentExpressionSyntax assignment ? assignment.Right : statement.Expression;
        var name = NewName.For(site.Model, statement, "_", "gradMode");
        var declaration = ConstructorEdits.Statement($"using var {name} = {call.WithoutTrivia()};");
        return
        [
            Remedy.At(statement, "using", $"Write 'using var {name} = {call.WithoutTrivia()};'", editor => editor.ReplaceNode(statement, declaration.WithTriviaFrom(statement))),
        ];
    }
}
