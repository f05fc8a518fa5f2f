using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Framework;

/// <summary>Mends all findings of a scope in one pass over its documents, into one solution.</summary>
/// <remarks>
/// Not Roslyn's <c>DocumentBasedFixAllProvider</c>, which mends each document by itself and takes nothing but that document back: a
/// chain has its layers in the files of a partial type or a factory, a remedy may write a class that the whole project shares,
/// and of two findings that ask for the same edit only one may make it. Roslyn 4.5 lets no other provider report progress.
/// </remarks>
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
            context.CancellationToken.ThrowIfCancellationRequested();
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
