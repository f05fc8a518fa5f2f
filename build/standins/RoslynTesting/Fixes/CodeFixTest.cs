using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// An analyzer test that also applies fixes: one diagnostic at a time, expecting <see cref="FixedState"/>, and all in
/// document, project and solution, expecting <see cref="BatchFixedState"/>. The diagnostics of both are checked too.
/// </summary>
public abstract partial class CodeFixTest<TVerifier> : CodeActionTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected CodeFixTest()
    {
        FixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
        BatchFixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
    }

    public string FixedCode
    {
        set
        {
            if (value is not null)
                FixedState.Sources.Add(value);
        }
    }

    public SolutionState FixedState { get; }

    public string BatchFixedCode
    {
        set
        {
            if (value is not null)
                BatchFixedState.Sources.Add(value);
        }
    }

    /// <summary>Inherits from <see cref="FixedState"/>.</summary>
    public SolutionState BatchFixedState { get; }

    /// <summary>
    /// How many single fixes lead to the fixed state: exactly this many, or at most the negation of a negative number.
    /// Null: at most one a fixable diagnostic, and none when nothing is to change.
    /// </summary>
    public int? NumberOfIncrementalIterations { get; set; }

    /// <summary>The same for Fix All in solution, and for the other scopes unless they have their own. Null: one a language.</summary>
    public int? NumberOfFixAllIterations { get; set; }

    /// <summary>Null: at most one a document with fixable diagnostics.</summary>
    public int? NumberOfFixAllInDocumentIterations { get; set; }

    /// <summary>Null: at most one a project that changes.</summary>
    public int? NumberOfFixAllInProjectIterations { get; set; }

    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    protected virtual CodeFixContext CreateCodeFixContext(Document document, TextSpan span, ImmutableArray<Diagnostic> diagnostics, Action<CodeAction, ImmutableArray<Diagnostic>> registerCodeFix, CancellationToken cancellationToken)
        => new(document, span, diagnostics, registerCodeFix, cancellationToken);

    protected virtual FixAllContext CreateFixAllContext(Document? document, TextSpan? diagnosticSpan, Project project, CodeFixProvider codeFixProvider, FixAllScope scope, string? codeActionEquivalenceKey, IEnumerable<string> diagnosticIds, DiagnosticSeverity minimumSeverity, FixAllContext.DiagnosticProvider fixAllDiagnosticProvider, CancellationToken cancellationToken)
        => document is null
            ? new(project, codeFixProvider, scope, codeActionEquivalenceKey, diagnosticIds, fixAllDiagnosticProvider, cancellationToken)
            : new(document, diagnosticSpan, codeFixProvider, scope, codeActionEquivalenceKey, diagnosticIds, fixAllDiagnosticProvider, cancellationToken);

    /// <summary>The diagnostic that <see cref="CodeFixTestBehaviors.FixOne"/> fixes; null to fix none.</summary>
    protected virtual Diagnostic? TrySelectDiagnosticToFix(ImmutableArray<Diagnostic> fixableDiagnostics) => fixableDiagnostics.FirstOrDefault();

    /// <summary>Compiler diagnostics that a fix under test fixes are always included.</summary>
    protected override bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics)
        => base.IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics)
            || GetCodeFixProviders().Any(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id));

    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);
        ImmutableArray<string> fixableIds = [.. GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds)];
        var rawTestState = TestState.WithInheritedValuesApplied(null, fixableIds);
        var rawFixedState = FixedState.WithInheritedValuesApplied(rawTestState, fixableIds);
        var rawBatchFixedState = BatchFixedState.WithInheritedValuesApplied(rawFixedState, fixableIds);
        var testState = ProcessMarkup(rawTestState, fixableIds);
        var fixedState = ProcessMarkup(rawFixedState, fixableIds);
        var batchFixedState = ProcessMarkup(rawBatchFixedState, fixableIds);

        await VerifySourceGeneratorAsync(testState, Verify.PushContext("Generated sources of test state"), cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(testState, Verify.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        if (!CodeActionExpected(FixedState) && !CodeActionExpected(BatchFixedState))
            return;

        await VerifyFixAsync(testState, fixedState, batchFixedState, Verify, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(fixedState, Verify.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipFixAllCheck) && CodeActionExpected(BatchFixedState))
            await VerifyDiagnosticsAsync(batchFixedState, Verify.PushContext("Diagnostics of batch fixed state"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Applies the fixes singly and in all scopes.</summary>
    protected async Task VerifyFixAsync(SolutionState testState, SolutionState fixedState, SolutionState batchFixedState, IVerifier verifier, CancellationToken cancellationToken)
    {
        var limits = new IterationLimits(testState, fixedState, batchFixedState, [.. GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds)]);
        await VerifyFixAsync(fixedState, NumberOfIncrementalIterations ?? limits.Incremental, FixNextDiagnosticAsync, "Fixes applied one by one").ConfigureAwait(false);
        if (GetCodeFixProviders().All(provider => provider.GetFixAllProvider() is null))
            return;

        await VerifyFixAllAsync(FixAllScope.Document, CodeFixTestBehaviors.SkipFixAllInDocumentCheck, NumberOfFixAllInDocumentIterations ?? NumberOfFixAllIterations ?? limits.Document).ConfigureAwait(false);
        await VerifyFixAllAsync(FixAllScope.Project, CodeFixTestBehaviors.SkipFixAllInProjectCheck, NumberOfFixAllInProjectIterations ?? NumberOfFixAllIterations ?? limits.Project).ConfigureAwait(false);
        await VerifyFixAllAsync(FixAllScope.Solution, CodeFixTestBehaviors.SkipFixAllInSolutionCheck, NumberOfFixAllIterations ?? limits.Solution).ConfigureAwait(false);

        async Task VerifyFixAllAsync(FixAllScope scope, CodeFixTestBehaviors skip, int iterations)
        {
            if (CodeFixTestBehaviors.HasFlag(skip))
                return;
            await VerifyFixAsync(batchFixedState, iterations, (step, token) => FixAllAsync(scope, step, token), $"Fix all in {scope.ToString().ToLowerInvariant()}").ConfigureAwait(false);
        }

        async Task VerifyFixAsync(SolutionState expectedState, int iterations, Func<FixStep, CancellationToken, Task<FixResult>> fix, string context)
        {
            var contextVerifier = verifier.PushContext(context);
            var project = await CreateProjectAsync(testState, cancellationToken).ConfigureAwait(false);
            var (fixedProject, failure) = await ApplyFixesAsync(project, iterations, fix, contextVerifier, cancellationToken).ConfigureAwait(false);
            await VerifyFilesAsync(expectedState, fixedProject, contextVerifier, cancellationToken).ConfigureAwait(false);

            // A wrong text says more than a wrong number of iterations, so that comes second.
            failure?.Throw();
        }
    }
}
