using GradLint.Analyzers.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// Moves the statement that a finding names before or after the one that its first additional location names, where both
/// stand in one list of statements.
/// </summary>
public abstract class MoveStatementFix(string ruleId) : GradLintFix(ruleId)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(MoveProperties.Place, out var place) || diagnostic.AdditionalLocations.Count == 0)
            return [];
        var moved = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        var anchor = await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false);

        // A declaration may be used by what it would move past.
        if (moved is null || anchor is null
            || StatementPlace.Of(moved.Node) is not { Statement: ExpressionStatementSyntax } source
            || StatementPlace.Beside(source, anchor.Node) is not { } target
            || target.Statement == source.Statement
            || place == MoveProperties.Before && UsesWhatIsDeclaredAfter(source.Statement, target.Statement, moved.Model))
        {
            return [];
        }

        var side = place == MoveProperties.After ? "after" : "before";
        return
        [
            new("move", $"Move '{source.Statement.WithoutTrivia()}' {side} '{Short(anchor.Node)}'", async (edit, token) =>
            {
                if (await edit.EditorAsync(source.Statement.SyntaxTree, token).ConfigureAwait(false) is not { } editor || !edit.IsFirst(source.Statement))
                    return;
                editor.RemoveNode(source.Node, SyntaxRemoveOptions.KeepNoTrivia);
                var statement = ((StatementSyntax)source.Statement).WithoutAnnotations();
                if (place == MoveProperties.After)
                    target.InsertAfter(editor, statement);
                else
                    target.InsertBefore(editor, statement);
            }),
        ];
    }

    private static bool UsesWhatIsDeclaredAfter(StatementSyntax statement, StatementSyntax target, SemanticModel model) =>
        statement.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .OfType<ILocalSymbol>()
            .SelectMany(local => local.DeclaringSyntaxReferences)
            .Any(reference => reference.Span.Start >= target.SpanStart && !statement.Span.Contains(reference.Span));

    private static string Short(SyntaxNode node) => node.WithoutTrivia().ToString();
}
