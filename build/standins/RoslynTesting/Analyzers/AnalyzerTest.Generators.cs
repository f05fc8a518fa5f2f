using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public abstract partial class AnalyzerTest<TVerifier>
{
    /// <summary>Types of the source generators to run over every project.</summary>
    protected virtual IEnumerable<Type> GetSourceGenerators() => [];

    /// <summary>The compilation with what source generators add, and their diagnostics.</summary>
    protected virtual async Task<(Compilation compilation, ImmutableArray<Diagnostic> generatorDiagnostics)> GetProjectCompilationAsync(Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        var (generated, diagnostics) = await RunGeneratorsAsync(project, cancellationToken).ConfigureAwait(false);
        foreach (var (path, text) in generated)
            project = project.AddDocument(Path.GetFileName(path), text, filePath: path).Project;
        var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        verifier.True(compilation is not null, $"Project '{project.Name}' has no compilation.");
        return (compilation, diagnostics);
    }

    /// <summary>Checks that the source generators make <see cref="ProjectState.GeneratedSources"/> of the primary project, in any order.</summary>
    protected async Task<ImmutableArray<Diagnostic>> VerifySourceGeneratorAsync(SolutionState testState, IVerifier verifier, CancellationToken cancellationToken)
    {
        if (!GetSourceGenerators().Any())
            return [];
        var project = await CreateProjectAsync(testState, cancellationToken).ConfigureAwait(false);
        var (generated, diagnostics) = await RunGeneratorsAsync(project, cancellationToken).ConfigureAwait(false);
        if (TestBehaviors.HasFlag(TestBehaviors.SkipGeneratedSourcesCheck))
            return diagnostics;

        verifier = verifier.PushContext("Source generator application");
        var expected = testState.GeneratedSources.OrderBy(file => file.filename, StringComparer.Ordinal).ToList();
        verifier.EqualOrDiff(
            string.Join('\n', expected.Select(file => file.filename)),
            string.Join('\n', generated.Select(file => file.Path)),
            "The generated files are not as expected. Diff from expected (-) to actual (+):");
        for (int i = 0; i < generated.Count; i++)
        {
            verifier.EqualOrDiff(expected[i].content.ToString(), generated[i].Text.ToString(), $"The text of generated '{generated[i].Path}' is not as expected. Diff from expected (-) to actual (+):");
            verifier.Equal(expected[i].content.Encoding, generated[i].Text.Encoding, $"The encoding of generated '{generated[i].Path}' is '{generated[i].Text.Encoding?.WebName}'.");
        }

        return diagnostics;
    }

    private async Task<(List<(string Path, SourceText Text)> Generated, ImmutableArray<Diagnostic> Diagnostics)> RunGeneratorsAsync(Project project, CancellationToken cancellationToken)
    {
        ImmutableArray<ISourceGenerator> generators = [.. GetSourceGenerators().Select(CreateGenerator)];
        if (generators.IsEmpty)
            return ([], []);
        var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        var result = CSharpGeneratorDriver
            .Create(generators, project.AnalyzerOptions.AdditionalFiles, (CSharpParseOptions)project.ParseOptions!, project.AnalyzerOptions.AnalyzerConfigOptionsProvider)
            .RunGenerators(compilation!, cancellationToken)
            .GetRunResult();
        var files = new List<(string Path, SourceText Text)>();
        foreach (var tree in result.GeneratedTrees.OrderBy(tree => tree.FilePath, StringComparer.Ordinal))
            files.Add((tree.FilePath, await tree.GetTextAsync(cancellationToken).ConfigureAwait(false)));
        return (files, result.Diagnostics);
    }

    private static ISourceGenerator CreateGenerator(Type type) => Activator.CreateInstance(type) switch
    {
        ISourceGenerator generator => generator,
        IIncrementalGenerator generator => generator.AsSourceGenerator(),
        _ => throw new InvalidOperationException($"{type} is not a source generator."),
    };
}
