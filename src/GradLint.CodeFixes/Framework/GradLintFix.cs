using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// The base of all fixes. A fix lists its remedies, best first; the first has the equivalence key <c>GLxxxx.best</c>
/// whatever it is, because <c>dotnet format analyzers</c> and fix-all mend the findings whose first action shares one
/// key. A remedy is listed only where its edit compiles and does what its title says.
/// </summary>
public abstract class GradLintFix(string ruleId) : CodeFixProvider
{
    private const string Best = "best";

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(ruleId);

    public sealed override FixAllProvider GetFixAllProvider() => new RemedyFixAllProvider(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var remedies = await RemediesAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false);
            for (var i = 0; i < remedies.Count; i++)
            {
                var remedy = remedies[i];
                var key = $"{diagnostic.Id}.{(i == 0 ? Best : remedy.Key)}";
                context.RegisterCodeFix(CodeAction.Create(remedy.Title, token => ApplyAsync(context.Document, remedy, token), key), diagnostic);
            }
        }
    }

    /// <summary>What can be done about a finding, best first; empty where no edit is certain.</summary>
    protected abstract Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken);

    /// <summary>The remedy that goes by an equivalence key for this finding, or null when it is not on offer there.</summary>
    internal async Task<Remedy?> FindAsync(Document document, Diagnostic diagnostic, string? equivalenceKey, CancellationToken cancellationToken)
    {
        if (equivalenceKey == $"{diagnostic.Id}.{Best}")
            return await BestAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
        var remedies = await RemediesAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
        return remedies.FirstOrDefault(remedy => equivalenceKey == $"{diagnostic.Id}.{remedy.Key}");
    }

    /// <summary>The first of the remedies, for fixes that can tell it without the others.</summary>
    protected virtual async Task<Remedy?> BestAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        (await RemediesAsync(document, diagnostic, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    private static async Task<Solution> ApplyAsync(Document document, Remedy remedy, CancellationToken cancellationToken)
    {
        var edit = new SolutionEdit(document.Project.Solution);
        await remedy.ApplyAsync(edit, cancellationToken).ConfigureAwait(false);
        return edit.Changed;
    }
}
