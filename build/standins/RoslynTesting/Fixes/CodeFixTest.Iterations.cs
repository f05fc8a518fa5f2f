using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public abstract partial class CodeFixTest<TVerifier>
{
    /// <summary>Fixes until no diagnostic is left that a fix changes, and counts the times.</summary>
    private async Task<(Project Project, ExceptionDispatchInfo? Failure)> ApplyFixesAsync(Project project, int iterations, Func<FixStep, CancellationToken, Task<FixResult>> fix, IVerifier verifier, CancellationToken cancellationToken)
    {
        var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
        ImmutableArray<(Project project, Diagnostic diagnostic)> previous = [];
        ExceptionDispatchInfo? validationError = null;
        int limit = Math.Abs(iterations);
        int count = 0;
        for (int iteration = 0; ; iteration++)
        {
            var diagnostics = await GetSortedDiagnosticsAsync(project.Solution, analyzers, [], CompilerDiagnostics, verifier, cancellationToken).ConfigureAwait(false);
            if (diagnostics.IsEmpty || SamePlaces(diagnostics, previous))
                break;
            previous = diagnostics;

            var result = await fix(new FixStep(project, diagnostics, SelectFixable(project, diagnostics, verifier), iteration, verifier), cancellationToken).ConfigureAwait(false);
            validationError ??= result.ValidationError;
            if (result.EndsUncounted)
                return (project, validationError);
            if (result.AnyAction)
                count++;
            bool changed = result.Project is not null;
            if (changed)
                project = result.Project!;
            if (count > limit || !changed || CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
                break;
        }

        return (project, validationError ?? CheckIterations(iterations, count, verifier));
    }

    private static ExceptionDispatchInfo? CheckIterations(int expected, int count, IVerifier verifier)
    {
        try
        {
            bool isUpperBound = expected < -1;
            if (isUpperBound)
                verifier.True(count <= -expected, $"Fix iterations expected: at most {-expected}; more were needed.");
            else
                verifier.Equal(Math.Abs(expected), count, $"Fix iterations expected: {Math.Abs(expected)}, done: {count}{(count > Math.Abs(expected) ? " or more" : "")}.");
            return null;
        }
        catch (Exception failure)
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    private ImmutableArray<Diagnostic> SelectFixable(Project project, ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics, IVerifier verifier)
    {
        ImmutableArray<Diagnostic> fixable =
        [
            .. diagnostics
                .Select(entry => entry.diagnostic)
                .Where(diagnostic => GetCodeFixProviders().Any(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
                .Where(diagnostic => project.Solution.GetDocument(diagnostic.Location.SourceTree) is not null),
        ];
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipLocalDiagnosticCheck))
        {
            foreach (var diagnostic in fixable)
                verifier.False(NonLocalDiagnostics.Contains(diagnostic), $"{diagnostic.Id} is reported at the end of the compilation or from another file, so no editor offers a fix for it: {diagnostic}");
        }

        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
            return fixable;
        return TrySelectDiagnosticToFix(fixable) is { } selected ? [selected] : [];
    }

    private async Task<FixResult> FixNextDiagnosticAsync(FixStep step, CancellationToken cancellationToken)
    {
        bool anyAction = false;
        ExceptionDispatchInfo? validationError = null;
        foreach (var diagnostic in step.Fixable)
        {
            var document = step.Project.Solution.GetDocument(diagnostic.Location.SourceTree)!;
            var offered = await OfferedActionsAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
            var action = Choose(step, offered);
            if (action is null)
                continue;
            anyAction = true;
            var (changed, error) = await ApplyCodeActionAsync(document.Project, action, step.Verifier, cancellationToken).ConfigureAwait(false);
            validationError ??= error;
            if (changed != document.Project)
                return new FixResult(changed.Solution.GetProject(step.Project.Id), anyAction, validationError);
        }

        return new FixResult(null, anyAction, validationError);
    }

    private async Task<FixResult> FixAllAsync(FixAllScope scope, FixStep step, CancellationToken cancellationToken)
    {
        foreach (var diagnostic in step.Fixable)
        {
            var document = step.Project.Solution.GetDocument(diagnostic.Location.SourceTree)!;
            var offered = await OfferedActionsAsync(document, diagnostic, cancellationToken).ConfigureAwait(false);
            var action = Choose(step, offered);
            if (action is null)
                continue;

            var provider = offered.First(entry => entry.Action == action).Provider;
            if (provider.GetFixAllProvider() is not { } fixAll || !fixAll.GetSupportedFixAllScopes().Contains(scope))
                return default;
            var context = CreateFixAllContext(
                document,
                diagnostic.Location.SourceSpan,
                document.Project,
                provider,
                scope,
                action.EquivalenceKey,
                fixAll.GetSupportedFixAllDiagnosticIds(provider),
                diagnostic.Severity,
                new KnownDiagnostics(step.Diagnostics),
                cancellationToken);
            var fixAllAction = await fixAll.GetFixAsync(context).ConfigureAwait(false);
            if (fixAllAction is null)
                return new FixResult(null, AnyAction: false, null, EndsUncounted: true);
            var (changed, error) = await ApplyCodeActionAsync(document.Project, fixAllAction, step.Verifier, cancellationToken).ConfigureAwait(false);
            return new FixResult(changed.Solution == document.Project.Solution ? null : changed.Solution.GetProject(step.Project.Id), AnyAction: true, error);
        }

        return default;
    }

    private async Task<List<(CodeAction Action, CodeFixProvider Provider)>> OfferedActionsAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var offered = new List<(CodeAction, CodeFixProvider)>();
        foreach (var provider in GetCodeFixProviders().Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var actions = ImmutableArray.CreateBuilder<CodeAction>();
            var context = CreateCodeFixContext(document, diagnostic.Location.SourceSpan, [diagnostic], (action, _) => actions.Add(action), cancellationToken);
            await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
            offered.AddRange(FilterCodeActions(actions.ToImmutable()).Select(action => (action, provider)));
        }

        return offered;
    }

    private CodeAction? Choose(FixStep step, List<(CodeAction Action, CodeFixProvider Provider)> offered)
        => TryGetCodeActionToApply(step.Iteration, [.. offered.Select(entry => entry.Action)], CodeActionIndex, CodeActionEquivalenceKey, CodeActionVerifier, step.Verifier);

    private static bool SamePlaces(ImmutableArray<(Project project, Diagnostic diagnostic)> x, ImmutableArray<(Project project, Diagnostic diagnostic)> y)
    {
        return x.Select(Place).SequenceEqual(y.Select(Place));

        static (ProjectId, string, TextSpan) Place((Project project, Diagnostic diagnostic) entry)
            => (entry.project.Id, entry.diagnostic.Id, entry.diagnostic.Location.SourceSpan);
    }

    /// <param name="Fixable">Those of <paramref name="Diagnostics"/> that a fix under test is for.</param>
    private sealed record FixStep(Project Project, ImmutableArray<(Project project, Diagnostic diagnostic)> Diagnostics, ImmutableArray<Diagnostic> Fixable, int Iteration, IVerifier Verifier);

    /// <param name="Project">Null when nothing changed.</param>
    /// <param name="EndsUncounted">Fix All found nothing to change, which is no matter of iterations; the texts tell whether it is right.</param>
    private readonly record struct FixResult(Project? Project, bool AnyAction, ExceptionDispatchInfo? ValidationError, bool EndsUncounted = false);

    /// <summary>Gives Fix All the diagnostics already at hand.</summary>
    private sealed class KnownDiagnostics(ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult(In(project));

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Task.FromResult(In(document.Project).Where(diagnostic => diagnostic.Location.GetLineSpan().Path == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult(In(project).Where(diagnostic => !diagnostic.Location.IsInSource));

        private IEnumerable<Diagnostic> In(Project project)
            => diagnostics.Where(entry => entry.project.Id == project.Id).Select(entry => entry.diagnostic);
    }
}
