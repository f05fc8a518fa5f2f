using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6007: the statement that makes the layer moved before the scope, where it needs nothing made inside.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveOutOfDisposeScope))]
public sealed class MoveOutOfDisposeScope() : GradLintFix(RuleIds.NativeModuleInDisposeScope)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not { } layer
            || await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } opening
            || opening.Node.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } scope
            || layer.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement
            || !StandsDirectlyIn(scope, statement)
            || UsesLocalsOf(scope, statement, layer.Model, cancellationToken))
        {
            return [];
        }

        return
        [
            Remedy.At(statement, "move", "Make it before the dispose scope", editor =>
            {
                editor.InsertBefore(scope, statement.WithLeadingTrivia(OwnComments(statement)).WithAdditionalAnnotations(Formatter.Annotation));
                editor.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia);
            }),
        ];
    }

    private static bool StandsDirectlyIn(StatementSyntax scope, StatementSyntax statement) => scope switch
    {
        UsingStatementSyntax block => statement.Parent == block.Statement,
        LocalDeclarationStatementSyntax declaration => statement.Parent == declaration.Parent && statement.SpanStart > declaration.SpanStart,
        _ => false,
    };

    /// <summary>Whether the statement reads a local that is declared inside the scope before it.</summary>
    private static bool UsesLocalsOf(StatementSyntax scope, StatementSyntax statement, SemanticModel model, CancellationToken cancellationToken) =>
        statement.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            model.GetSymbolInfo(name, cancellationToken).Symbol is ILocalSymbol local
            && local.DeclaringSyntaxReferences.Any(reference => reference.Span.Start >= scope.SpanStart && !statement.Span.Contains(reference.Span)));

    private static IEnumerable<SyntaxTrivia> OwnComments(StatementSyntax statement) =>
        statement.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
}
