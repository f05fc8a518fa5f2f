using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Applies a refactoring at the place that the source marks with <c>[|…|]</c> or <c>$$</c>, and expects <see cref="FixedState"/>.</summary>
public abstract class CodeRefactoringTest<TVerifier> : CodeActionTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected CodeRefactoringTest()
        => FixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    /// <summary>What markup without an id means here: the place where the refactoring is asked for.</summary>
    public static DiagnosticDescriptor TriggerSpanDescriptor { get; } = new(
        "Refactoring",
        "Refactoring",
        messageFormat: "",
        "Refactoring",
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        customTags: [WellKnownDiagnosticTags.NotConfigurable]);

    public string FixedCode
    {
        set
        {
            if (value is not null)
                FixedState.Sources.Add(value);
        }
    }

    public SolutionState FixedState { get; }

    /// <summary>Expects a refactoring that changes nothing to be offered all the same.</summary>
    public bool OffersEmptyRefactoring { get; set; }

    protected abstract IEnumerable<CodeRefactoringProvider> GetCodeRefactoringProviders();

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new EmptyDiagnosticAnalyzer()];

    protected virtual CodeRefactoringContext CreateCodeRefactoringContext(Document document, TextSpan span, Action<CodeAction> registerRefactoring, CancellationToken cancellationToken)
        => new(document, span, registerRefactoring, cancellationToken);

    protected internal override DiagnosticDescriptor? GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers)
        => base.GetDefaultDiagnostic(analyzers) ?? TriggerSpanDescriptor;

    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);
        Verify.True(CodeActionExpected(FixedState), $"Say in {nameof(FixedState)} or {nameof(FixedCode)} what the refactoring makes.");
        var rawTestState = TestState.WithInheritedValuesApplied(null, []);
        var testState = ProcessMarkup(rawTestState, fixableDiagnostics: []);
        var fixedState = ProcessMarkup(FixedState.WithInheritedValuesApplied(rawTestState, []), fixableDiagnostics: []);

        var triggers = testState.ExpectedDiagnostics.Where(IsTrigger).ToArray();
        Verify.Equal(1, triggers.Length, $"Mark with [|…|] or $$ the one place where the refactoring is asked for; {triggers.Length} are marked.");
        testState.ExpectedDiagnostics.RemoveAll(IsTrigger);
        fixedState.ExpectedDiagnostics.RemoveAll(IsTrigger);

        await VerifyDiagnosticsAsync(testState, Verify.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        await VerifyRefactoringAsync(testState, fixedState, triggers[0], Verify, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(fixedState, Verify.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);

        static bool IsTrigger(DiagnosticResult diagnostic) => diagnostic.Id == TriggerSpanDescriptor.Id;
    }

    protected async Task VerifyRefactoringAsync(SolutionState testState, SolutionState fixedState, DiagnosticResult triggerSpan, IVerifier verifier, CancellationToken cancellationToken)
    {
        verifier = verifier.PushContext("Code refactoring application");
        var project = await CreateProjectAsync(testState, cancellationToken).ConfigureAwait(false);
        var trigger = triggerSpan.Spans[0].Span;
        var document = project.Solution.GetDocument(project.Solution.GetDocumentIdsWithFilePath(trigger.Path).Single())!;
        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);

        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        foreach (var provider in GetCodeRefactoringProviders())
        {
            var context = CreateCodeRefactoringContext(document, text.Lines.GetTextSpan(trigger.Span), actions.Add, cancellationToken);
            await provider.ComputeRefactoringsAsync(context).ConfigureAwait(false);
        }

        var action = TryGetCodeActionToApply(iteration: 0, FilterCodeActions(actions.ToImmutable()), CodeActionIndex, CodeActionEquivalenceKey, CodeActionVerifier, verifier);
        var (changed, validationError) = action is null
            ? (project, null)
            : await ApplyCodeActionAsync(document.Project, action, verifier, cancellationToken).ConfigureAwait(false);
        await VerifyFilesAsync(fixedState, changed.Solution.GetProject(project.Id)!, verifier, cancellationToken).ConfigureAwait(false);

        validationError?.Throw();
        bool isExpected = OffersEmptyRefactoring || HasAnyChange(testState, fixedState, recursive: true);
        verifier.True(isExpected == action is not null, isExpected ? "No refactoring is offered." : $"No refactoring was expected, but '{action?.Title}' is offered.");
    }
}
