using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Editing;

namespace GradLint.CodeFixes.Framework;

/// <summary>An edit of one document.</summary>
/// <param name="Place">What it edits; two findings that ask for the same are served once.</param>
/// <param name="Apply">Makes it.</param>
internal sealed record PlacedEdit(SyntaxNode Place, Action<DocumentEditor> Apply)
{
    public async Task ApplyAsync(SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (await edit.EditorAsync(Place.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } editor && edit.IsFirst(Place))
            Apply(editor);
    }
}
