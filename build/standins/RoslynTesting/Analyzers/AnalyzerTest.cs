using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Testing.Model;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Runs analyzers over a solution and compares what they report with what is expected.</summary>
public abstract partial class AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    private readonly ConcurrentBag<Workspace> workspaces = [];

    protected AnalyzerTest()
        => TestState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    protected static TVerifier Verify { get; } = new();

    public abstract string Language { get; }

    /// <summary>Adds a source file.</summary>
    public string TestCode
    {
        set
        {
            if (value is not null)
                TestState.Sources.Add(value);
        }
    }

    public SolutionState TestState { get; }

    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;

    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;

    public MarkupOptions MarkupOptions { get; set; }

    public TestBehaviors TestBehaviors { get; set; }

    /// <summary>Ids that the compilation options switch off.</summary>
    public List<string> DisabledDiagnostics { get; } = [];

    public ReferenceAssemblies ReferenceAssemblies { get; set; } = ReferenceAssemblies.Default;

    /// <summary>A check of one's own on every reported diagnostic and its expectation.</summary>
    public Action<Diagnostic, DiagnosticResult, IVerifier>? DiagnosticVerifier { get; set; }

    public List<Func<OptionSet, OptionSet>> OptionsTransforms { get; } = [];

    public List<Func<Solution, ProjectId, Solution>> SolutionTransforms { get; } = [];

    /// <summary>What <c>&lt;include file="…"/&gt;</c> in documentation comments reads: content by file name.</summary>
    public Dictionary<string, string> XmlReferences { get; } = [];

    protected virtual string DefaultFilePathPrefix { get; } = "/0/Test";

    protected virtual string DefaultTestProjectName { get; } = "TestProject";

    protected virtual string DefaultFilePath => $"{DefaultFilePathPrefix}0.{DefaultFileExt}";

    protected abstract string DefaultFileExt { get; }

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await RunImplAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            while (workspaces.TryTake(out var workspace))
                workspace.Dispose();
        }
    }

    protected virtual async Task RunImplAsync(CancellationToken cancellationToken)
    {
        if (TestState.GeneratedSources.Count == 0)
            Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);
        var state = ProcessMarkup(TestState.WithInheritedValuesApplied(null, []), fixableDiagnostics: []);
        await VerifySourceGeneratorAsync(state, Verify, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(state, Verify, cancellationToken).ConfigureAwait(false);
    }

    protected abstract IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers();

    /// <summary>The diagnostic that markup without an id stands for: the only one of the first analyzer.</summary>
    protected internal virtual DiagnosticDescriptor? GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers)
    {
        if (MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor))
            return analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).FirstOrDefault();
        return analyzers is [{ SupportedDiagnostics: [var only] }, ..] ? only : null;
    }

    private protected SolutionState ProcessMarkup(SolutionState state, ImmutableArray<string> fixableDiagnostics)
    {
        var analyzers = GetDiagnosticAnalyzers().ToArray();
        return state.WithProcessedMarkup(
            MarkupOptions,
            GetDefaultDiagnostic(analyzers),
            [.. analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)],
            fixableDiagnostics,
            DefaultFilePath);
    }

    private protected Task VerifyDiagnosticsAsync(SolutionState state, IVerifier verifier, CancellationToken cancellationToken)
        => VerifyDiagnosticsAsync(Evaluate(state), EvaluateAdditionalProjects(state), [.. state.ExpectedDiagnostics], verifier, cancellationToken);

    /// <summary>Checks the diagnostics of a solution, and that generated code and pragmas silence them.</summary>
    protected async Task VerifyDiagnosticsAsync(EvaluatedProjectState primaryProject, ImmutableArray<EvaluatedProjectState> additionalProjects, DiagnosticResult[] expected, IVerifier verifier, CancellationToken cancellationToken)
    {
        var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
        await VerifyAsync(primaryProject, expected, verifier, includeSuppressed: true).ConfigureAwait(false);

        var exclusions = new Exclusions(analyzers, primaryProject, Language);
        if (exclusions.CheckGeneratedCode(TestBehaviors, expected))
        {
            await VerifyAsync(exclusions.MarkedAsGenerated(), exclusions.ExpectedWhenGenerated(expected), verifier.PushContext("The same code, marked <auto-generated>"), includeSuppressed: true)
                .ConfigureAwait(false);
        }

        if (exclusions.CheckSuppression(TestBehaviors, expected))
        {
            await VerifyAsync(exclusions.WithPragma(expected), exclusions.ExpectedWithPragma(expected), verifier.PushContext($"The same code below '{exclusions.Pragma(expected)}'"), includeSuppressed: false)
                .ConfigureAwait(false);
        }

        async Task VerifyAsync(EvaluatedProjectState project, DiagnosticResult[] expectedDiagnostics, IVerifier contextVerifier, bool includeSuppressed)
        {
            contextVerifier.LanguageIsSupported(Language);
            var solution = (await CreateProjectAsync(project, additionalProjects, cancellationToken).ConfigureAwait(false)).Solution;
            var additional = AdditionalDiagnosticsOf(solution, additionalProjects.Insert(0, project));
            var actual = await GetSortedDiagnosticsAsync(solution, analyzers, additional, CompilerDiagnostics, contextVerifier, cancellationToken).ConfigureAwait(false);
            var comparison = new DiagnosticComparison(
                new DiagnosticPrinter(analyzers, DefaultFilePath),
                [.. actual.Select(entry => entry.diagnostic).Where(diagnostic => includeSuppressed || !diagnostic.IsSuppressed)],
                expectedDiagnostics,
                contextVerifier);
            comparison.Verify(DiagnosticVerifier);
        }
    }

    /// <summary>The diagnostics of every project of <paramref name="solution"/>, by file, place, id and arguments.</summary>
    protected async Task<ImmutableArray<(Project project, Diagnostic diagnostic)>> GetSortedDiagnosticsAsync(Solution solution, ImmutableArray<DiagnosticAnalyzer> analyzers, ImmutableArray<(Project project, Diagnostic diagnostic)> additionalDiagnostics, CompilerDiagnostics compilerDiagnostics, IVerifier verifier, CancellationToken cancellationToken)
    {
        var diagnostics = ImmutableArray.CreateBuilder<(Project, Diagnostic)>();
        foreach (var project in solution.Projects)
        {
            var (compilation, generatorDiagnostics) = await GetProjectCompilationAsync(project, verifier, cancellationToken).ConfigureAwait(false);
            var reported = await AnalyzeAsync(project, compilation, analyzers, cancellationToken).ConfigureAwait(false);
            diagnostics.AddRange(reported
                .Where(diagnostic => !IsCompilerDiagnostic(diagnostic) || IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics))
                .Concat(generatorDiagnostics)
                .Select(diagnostic => (project, diagnostic)));
        }

        diagnostics.AddRange(additionalDiagnostics);
        return SortDistinctDiagnostics(FilterDiagnostics(diagnostics.ToImmutable()));
    }

    private async Task<IEnumerable<Diagnostic>> AnalyzeAsync(Project project, Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellationToken)
    {
        var options = GetAnalyzerOptions(project);
        ImmutableArray<DiagnosticAnalyzer> compilerSuppressors = [.. analyzers.Where(SuppressesCompilerDiagnostics)];
        var compilerDiagnostics = compilerSuppressors.IsEmpty
            ? compilation.GetDiagnostics(cancellationToken)
            : await CreateCompilationWithAnalyzers(compilation, compilerSuppressors, options, cancellationToken).GetAllDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
        if (analyzers.IsEmpty)
            return compilerDiagnostics;

        var result = await CreateCompilationWithAnalyzers(compilation, analyzers, options, cancellationToken).GetAnalysisResultAsync(cancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in result.CompilationDiagnostics.Values.SelectMany(reported => reported))
            NonLocalDiagnostics.Add(diagnostic);
        return compilerDiagnostics.Concat(result.GetAllDiagnostics());

        static bool SuppressesCompilerDiagnostics(DiagnosticAnalyzer analyzer)
            => analyzer is DiagnosticSuppressor suppressor
                && suppressor.SupportedSuppressions.Any(suppression => suppression.SuppressedDiagnosticId.StartsWith("CS", StringComparison.Ordinal));
    }

    protected virtual bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics) => compilerDiagnostics switch
    {
        CompilerDiagnostics.Errors => diagnostic.Severity >= DiagnosticSeverity.Error,
        CompilerDiagnostics.Warnings => diagnostic.Severity >= DiagnosticSeverity.Warning,
        CompilerDiagnostics.Suggestions => diagnostic.Severity >= DiagnosticSeverity.Info,
        CompilerDiagnostics.All => true,
        _ => false,
    };

    protected virtual AnalyzerOptions GetAnalyzerOptions(Project project) => project.AnalyzerOptions;

    protected virtual CompilationWithAnalyzers CreateCompilationWithAnalyzers(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions options, CancellationToken cancellationToken)
        => new(compilation, analyzers, new CompilationWithAnalyzersOptions(options, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true));

    /// <summary>Leaves out what sources suppress; what a <see cref="DiagnosticSuppressor"/> suppresses is a result to check.</summary>
    protected virtual ImmutableArray<(Project project, Diagnostic diagnostic)> FilterDiagnostics(ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics)
        => [.. diagnostics.Where(entry => !entry.diagnostic.IsSuppressed || entry.diagnostic.IsSuppressedByAnalyzer())];

    protected virtual ImmutableArray<(Project project, Diagnostic diagnostic)> SortDistinctDiagnostics(ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(entry => entry.diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(entry => entry.diagnostic.Location.SourceSpan.Start)
            .ThenBy(entry => entry.diagnostic.Location.SourceSpan.End)
            .ThenBy(entry => entry.diagnostic.Id, StringComparer.Ordinal)
            .ThenBy(entry => string.Join('\n', entry.diagnostic.GetArguments()), StringComparer.Ordinal),
    ];

    private static bool IsCompilerDiagnostic(Diagnostic diagnostic) => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);

    private static ImmutableArray<(Project, Diagnostic)> AdditionalDiagnosticsOf(Solution solution, IEnumerable<EvaluatedProjectState> states) =>
    [
        .. from state in states
           from diagnostic in state.AdditionalDiagnostics
           select (solution.Projects.Single(project => project.Name == state.Name), diagnostic),
    ];
}
