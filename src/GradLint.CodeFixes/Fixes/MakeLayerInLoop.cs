using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6005: the layer made inside the loop that stacks it, where nothing outside the loop uses it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeLayerInLoop))]
public sealed class MakeLayerInLoop() : GradLintFix(RuleIds.LayerUsedAtSeveralDepths)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (diagnostic.AdditionalLocations.Count == 0
            || await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not { } call
            || await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } declarator
            || declarator.Node.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Declaration.Variables.Count: 1, Parent: BlockSyntax block } declaration
            || call.Node.FirstAncestorOrSelf<StatementSyntax>() is not { } statement
            || Loop(statement) is not { } loop
            || IsUsedOutside(loop, declaration, block, call.Model, cancellationToken))
        {
            return [];
        }

        return
        [
            Remedy.At(declaration, "inside", "Make a new layer in each round", editor =>
            {
                editor.RemoveNode(declaration);
                var moved = declaration.WithoutLeadingTrivia().WithAdditionalAnnotations(Formatter.Annotation);
                if (statement.Parent is BlockSyntax)
                    editor.InsertBefore(statement, moved);
                else
                    editor.ReplaceNode(statement, SyntaxFactoryBlock(moved, statement));
            }),
        ];
    }

    private static BlockSyntax SyntaxFactoryBlock(params StatementSyntax[] statements) =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFactory.Block(statements).WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>The loop whose body is the statement, or has it at its top.</summary>
    private static StatementSyntax? Loop(StatementSyntax statement) =>
        (statement.Parent is BlockSyntax { Parent: StatementSyntax outer } ? outer : statement.Parent) as StatementSyntax is { } loop
        && loop is ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax ? loop : null;

    private static bool IsUsedOutside(
        StatementSyntax loop, LocalDeclarationStatementSyntax declaration, BlockSyntax block, SemanticModel model, CancellationToken cancellationToken)
    {
        var local = model.GetDeclaredSymbol(declaration.Declaration.Variables[0], cancellationToken);
        return block.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            !loop.Span.Contains(name.Span) && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, local));
    }
}
