using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Editing;

namespace GradLint.CodeFixes.Framework;

/// <summary>Edits under way in the documents of a solution, for one finding or for many.</summary>
public sealed class SolutionEdit(Solution solution)
{
    private readonly SolutionEditor _editor = new(solution);
    private readonly Dictionary<DocumentId, SyntaxNode> _originals = [];
    private readonly HashSet<(SyntaxNode, string)> _done = [];
    private readonly Dictionary<object, object> _made = [];

    public Solution Solution => _editor.OriginalSolution;

    /// <summary>With all edits, whose lines end as those of the documents do.</summary>
    public Solution Changed
    {
        get
        {
            var changed = _editor.GetChangedSolution();
            foreach (var (id, original) in _originals.Select(pair => (pair.Key, pair.Value)))
            {
                if (LineEnding.OnlyOf(original) is { } ending && changed.GetDocument(id) is { } document && document.TryGetSyntaxRoot(out var root))
                    changed = changed.WithDocumentSyntaxRoot(id, LineEnding.Unified(root, ending));
            }

            return changed;
        }
    }

    /// <summary>The editor of the document that holds <paramref name="tree"/>, or null when the solution has none.</summary>
    public async Task<DocumentEditor?> EditorAsync(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (Solution.GetDocument(tree) is not { } document)
            return null;
        var editor = await _editor.GetDocumentEditorAsync(document.Id, cancellationToken).ConfigureAwait(false);
        _originals[document.Id] = editor.OriginalRoot;
        return editor;
    }

    /// <summary>Whether no finding has edited the node yet: two may ask for the same edit.</summary>
    public bool IsFirst(SyntaxNode node) => IsFirst(node, "");

    /// <summary>The same of one of several edits that a node can have.</summary>
    public bool IsFirst(SyntaxNode node, string edit) => _done.Add((node, edit));

    /// <summary>What is made once for all findings, such as a class that several edits use.</summary>
    /// <param name="key">What it is made for.</param>
    /// <param name="make">Makes it.</param>
    public T Once<T>(object key, Func<T> make)
        where T : notnull
    {
        if (!_made.TryGetValue(key, out var made))
            _made.Add(key, made = make());
        return (T)made;
    }
}
