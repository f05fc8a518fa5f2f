using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.CodeFixes.Framework;

/// <summary>A place in the code that a finding names, with what is needed to understand it.</summary>
/// <param name="Node">The innermost node at the place.</param>
/// <param name="Model">Semantics of its document.</param>
/// <param name="Types">TorchSharp as its project references it.</param>
internal sealed record CodeSite(SyntaxNode Node, SemanticModel Model, KnownTypes Types)
{
    public static async Task<CodeSite?> AtAsync(Solution solution, Location location, CancellationToken cancellationToken)
    {
        if (location.SourceTree is not { } tree
            || solution.GetDocument(tree) is not { } document
            || await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } model
            || KnownTypes.From(model.Compilation) is not { } types)
        {
            return null;
        }

        var root = await tree.GetRootAsync(cancellationToken).ConfigureAwait(false);
        return new(root.FindNode(location.SourceSpan, getInnermostNodeForTie: true), model, types);
    }
}
