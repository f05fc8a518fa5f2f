using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What tests of fixes and of refactorings share: choosing and applying a code action.</summary>
public abstract class CodeActionTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>Which of the offered actions to apply, nested ones counted; with a key too, both must name the same action.</summary>
    public int? CodeActionIndex { get; set; }

    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>A check of one's own on the chosen action, its title for one.</summary>
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }

    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;

    public abstract Type SyntaxKindType { get; }

    /// <summary>Whether <paramref name="state"/> says anything about the result.</summary>
    protected static bool CodeActionExpected(SolutionState state)
        => state.InheritanceMode is not null
            || state.MarkupHandling is not null
            || state.Sources.Count > 0
            || state.GeneratedSources.Count > 0
            || state.AdditionalFiles.Count > 0
            || state.AnalyzerConfigFiles.Count > 0
            || state.AdditionalFilesFactories.Count > 0;

    protected static bool HasAnyChange(ProjectState oldState, ProjectState newState, bool recursive)
        => StateComparison.HasAnyChange(oldState, newState, recursive);

    /// <summary>Replaces actions that only group others by those others.</summary>
    protected virtual ImmutableArray<CodeAction> FilterCodeActions(ImmutableArray<CodeAction> actions)
        => [.. actions.SelectMany(action => action.NestedActions.IsEmpty ? [action] : FilterCodeActions(action.NestedActions))];

    /// <summary>The action to apply; null when it is not among <paramref name="actions"/>.</summary>
    protected static CodeAction? TryGetCodeActionToApply(int iteration, ImmutableArray<CodeAction> actions, int? codeActionIndex, string? codeActionEquivalenceKey, Action<CodeAction, IVerifier>? codeActionVerifier, IVerifier verifier)
    {
        var byKey = codeActionEquivalenceKey is null ? null : actions.FirstOrDefault(action => action.EquivalenceKey == codeActionEquivalenceKey);
        CodeAction? chosen;
        if (codeActionEquivalenceKey is not null && codeActionIndex is { } index)
        {
            if (byKey is null && iteration > 0)
                return null;
            verifier.True(index < actions.Length, $"Expected a code action at index {index}, but {Describe(actions)}.");
            chosen = actions[index];
            verifier.Equal(codeActionEquivalenceKey, chosen.EquivalenceKey, $"The code action at index {index} has the key '{chosen.EquivalenceKey}', not '{codeActionEquivalenceKey}': {Describe(actions)}.");
        }
        else
        {
            chosen = codeActionEquivalenceKey is not null ? byKey : actions.ElementAtOrDefault(codeActionIndex ?? 0);
        }

        if (chosen is not null)
            codeActionVerifier?.Invoke(chosen, verifier);
        return chosen;
    }

    /// <summary>
    /// <paramref name="project"/> with the action applied and its texts parsed anew, as the next build would see them;
    /// and the failure, if the action's own trees were not what its text parses to.
    /// </summary>
    protected async Task<(Project updatedProject, ExceptionDispatchInfo? validationError)> ApplyCodeActionAsync(Project project, CodeAction codeAction, IVerifier verifier, CancellationToken cancellationToken)
    {
        var operations = await codeAction.GetOperationsAsync(cancellationToken).ConfigureAwait(false);
        var changes = operations.OfType<ApplyChangesOperation>().ToArray();
        verifier.True(changes.Length == 1, $"Code action '{codeAction.Title}' has {changes.Length} operations that change the solution; one is expected.");
        var changedSolution = changes[0].ChangedSolution;

        ExceptionDispatchInfo? validationError = null;
        foreach (var projectChanges in changedSolution.GetChanges(project.Solution).GetProjectChanges())
        {
            foreach (var id in projectChanges.GetChangedDocuments().Concat(projectChanges.GetAddedDocuments()))
            {
                var changed = changedSolution.GetDocument(id)!;
                var parsed = await ParseAgainAsync(changed, cancellationToken).ConfigureAwait(false);
                validationError ??= await ValidateTreeAsync(changed, parsed, codeAction, verifier, cancellationToken).ConfigureAwait(false);
                changedSolution = changedSolution.WithDocumentText(id, await parsed.GetTextAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return (changedSolution.GetProject(project.Id)!, validationError);
    }

    /// <summary>Compares the files of all projects with those of <paramref name="expected"/>.</summary>
    private protected async Task VerifyFilesAsync(SolutionState expected, Project primaryProject, IVerifier verifier, CancellationToken cancellationToken)
    {
        var files = new FileComparison(verifier, GetNameAndFoldersFromPath);
        await files.VerifyAsync(expected, primaryProject, cancellationToken).ConfigureAwait(false);
        foreach (var (name, state) in expected.AdditionalProjects)
            await files.VerifyAsync(state, primaryProject.Solution.Projects.Single(candidate => candidate.Name == name), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Document> ParseAgainAsync(Document document, CancellationToken cancellationToken)
    {
        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.WithText(SourceText.From(text.ToString(), text.Encoding, text.ChecksumAlgorithm));
    }

    private async Task<ExceptionDispatchInfo?> ValidateTreeAsync(Document changed, Document parsed, CodeAction codeAction, IVerifier verifier, CancellationToken cancellationToken)
    {
        if (CodeActionValidationMode == CodeActionValidationMode.None)
            return null;
        var printer = new SyntaxTreePrinter(SyntaxKindType, includeTrivia: CodeActionValidationMode == CodeActionValidationMode.Full);
        string fromText = printer.Print((await parsed.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!);
        string fromAction = printer.Print((await changed.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!);
        try
        {
            verifier.EqualOrDiff(fromText, fromAction, $"The syntax tree that '{codeAction.Title}' made for '{changed.FilePath ?? changed.Name}' is not the one its text parses to. Diff from parsed (-) to made (+):");
            return null;
        }
        catch (Exception failure)
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    private static string Describe(ImmutableArray<CodeAction> actions)
        => actions.IsEmpty ? "none is offered" : $"offered are {string.Join(", ", actions.Select((action, i) => $"[{i}] '{action.Title}' (key '{action.EquivalenceKey}')"))}";
}
