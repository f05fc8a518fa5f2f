using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Editing;

namespace GradLint.CodeFixes.Framework;

/// <summary>One edit that mends a finding.</summary>
/// <param name="Key">Tells the remedies of a rule apart: <c>leaky_relu</c>. The first one offered goes by the key <c>best</c> instead.</param>
/// <param name="Title">What the edit does, in the imperative.</param>
/// <param name="ApplyAsync">Makes the edit; it may touch several documents.</param>
public sealed record Remedy(string Key, string Title, Func<SolutionEdit, CancellationToken, Task> ApplyAsync)
{
    /// <summary>An edit of one document; two findings that ask for the same of a node are served once.</summary>
    public static Remedy At(SyntaxNode node, string key, string title, Action<DocumentEditor> apply) => new(key, title, new PlacedEdit(node, apply).ApplyAsync);
}
