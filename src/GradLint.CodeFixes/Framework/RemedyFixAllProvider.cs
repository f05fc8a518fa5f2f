using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// Mends all findings of a scope in one pass over its documents. A remedy may edit other documents than the one its
/// finding is in, so all edits go into one solution instead of being merged document by document.
/// </summary>
internal sealed class RemedyFixAllProvider(GradLintFix fix) : FixAllProvider
{
    public override Task<CodeAction?> GetFixAsync(FixAllContext context) => Task.FromResult<CodeAction?>(
        CodeAction.Create(
            $"Fix all {string.Join(", ", context.DiagnosticIds)}",
            token => FixAllAsync(context.WithCancellationToken(token)),
            context.CodeActionEquivalenceKey));

    private async Task<Solution> FixAllAsync(FixAllContext context)
    {
        var edit = new SolutionEdit(context.Solution);
        foreach (var document in Documents(context))
        {
            var diagnostics = await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            foreach (var diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start))
            {
                var remedy = await fix.FindAsync(document, diagnostic, context.CodeActionEquivalenceKey, context.CancellationToken).ConfigureAwait(false);
                if (remedy is not null)
                    await remedy.ApplyAsync(edit, context.CancellationToken).ConfigureAwait(false);
            }
        }

        return edit.Changed;
    }

    private static IEnumerable<Document> Documents(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document when context.Document is { } document => ImmutableArray.Create(document),
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution => context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents),
        _ => [],
    };
}
