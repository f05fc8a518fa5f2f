using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A solution under test: its primary project, further projects and the diagnostics expected in them.</summary>
public class SolutionState : ProjectState
{
    public SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
        : base(name, language, defaultPrefix, defaultExtension)
        => AdditionalProjects = new ProjectCollection(language, defaultExtension);

    /// <summary>Null: inherit what is left out; fixable diagnostics only where no content changed.</summary>
    public StateInheritanceMode? InheritanceMode { get; set; }

    /// <summary>Null: markup expects diagnostics, in a state with changed content only those that are not fixable.</summary>
    public MarkupMode? MarkupHandling { get; set; }

    public ProjectCollection AdditionalProjects { get; }

    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    /// <summary>This state with what it leaves out taken from <paramref name="baseState"/>, itself already evaluated.</summary>
    public SolutionState WithInheritedValuesApplied(SolutionState? baseState, ImmutableArray<string> fixableDiagnostics)
    {
        if (baseState is { AdditionalFilesFactories.Count: > 0 })
            throw new InvalidOperationException("The state to inherit from has not been evaluated itself.");

        var (inheritance, markup) = EffectiveModes(baseState);
        var heir = inheritance == StateInheritanceMode.Explicit ? null : baseState;
        var result = new SolutionState(Name, Language, DefaultPrefix, DefaultExtension)
        {
            InheritanceMode = StateInheritanceMode.Explicit,
            MarkupHandling = markup,
            ReferenceAssemblies = ReferenceAssemblies ?? heir?.ReferenceAssemblies,
            OutputKind = OutputKind ?? heir?.OutputKind,
            DocumentationMode = DocumentationMode ?? heir?.DocumentationMode,
        };

        Inherit(state => state.Sources);
        Inherit(state => state.GeneratedSources);
        Inherit(state => state.AdditionalFiles);
        Inherit(state => state.AnalyzerConfigFiles);
        Inherit(state => state.AdditionalProjectReferences);
        Inherit(state => state.AdditionalReferences);
        foreach (var (name, project) in AdditionalProjects.Count == 0 && heir is not null ? heir.AdditionalProjects : AdditionalProjects)
            result.AdditionalProjects.Add(name, project);

        if (ExpectedDiagnostics.Count == 0 && heir is not null)
        {
            result.ExpectedDiagnostics.AddRange(heir.ExpectedDiagnostics.Where(diagnostic =>
                inheritance == StateInheritanceMode.AutoInheritAll || !fixableDiagnostics.Contains(diagnostic.Id)));
        }

        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics);
        result.AdditionalFiles.AddRange(AdditionalFilesFactories.SelectMany(factory => factory()));
        return result;

        void Inherit<T>(Func<SolutionState, List<T>> select)
        {
            var own = select(this);
            select(result).AddRange(own.Count == 0 && heir is not null ? select(heir) : own);
        }
    }

    /// <summary>This state with markup taken out of its files and turned into expected diagnostics.</summary>
    public SolutionState WithProcessedMarkup(MarkupOptions markupOptions, DiagnosticDescriptor? defaultDiagnostic, ImmutableArray<DiagnosticDescriptor> supportedDiagnostics, ImmutableArray<string> fixableDiagnostics, string defaultPath)
    {
        if (InheritanceMode != StateInheritanceMode.Explicit || MarkupHandling is not { } markupMode)
            throw new InvalidOperationException("Markup is processed after inheritance.");

        var reader = new MarkupReader(markupMode, markupOptions, defaultDiagnostic, supportedDiagnostics, fixableDiagnostics);
        var result = new SolutionState(Name, Language, DefaultPrefix, DefaultExtension)
        {
            InheritanceMode = StateInheritanceMode.Explicit,
            MarkupHandling = MarkupMode.None,
        };
        CopyProject(this, result, reader);
        foreach (var (name, project) in AdditionalProjects)
        {
            var copy = new ProjectState(project.Name, project.Language, project.DefaultPrefix, project.DefaultExtension);
            CopyProject(project, copy, reader);
            result.AdditionalProjects.Add(name, copy);
        }

        foreach (var diagnostic in ExpectedDiagnostics.Select(diagnostic => diagnostic.WithDefaultPath(defaultPath)).Concat(reader.Diagnostics))
            result.ExpectedDiagnostics.Add(diagnostic.WithMarkupKeysResolved(reader.SpansByKey));
        return result;
    }

    private static void CopyProject(ProjectState from, ProjectState to, MarkupReader reader)
    {
        to.ReferenceAssemblies = from.ReferenceAssemblies;
        to.OutputKind = from.OutputKind;
        to.DocumentationMode = from.DocumentationMode;
        to.AdditionalProjectReferences.AddRange(from.AdditionalProjectReferences);
        to.AdditionalReferences.AddRange(from.AdditionalReferences);
        to.Sources.AddRange(from.Sources.Select(reader.Read));
        to.GeneratedSources.AddRange(from.GeneratedSources.Select(reader.Read));
        to.AdditionalFiles.AddRange(from.AllAdditionalFiles.Select(reader.Read));
        to.AnalyzerConfigFiles.AddRange(from.AnalyzerConfigFiles.Select(reader.Read));
    }

    private (StateInheritanceMode Inheritance, MarkupMode Markup) EffectiveModes(SolutionState? baseState)
    {
        if (baseState is null)
            return (InheritanceMode ?? StateInheritanceMode.Explicit, MarkupHandling ?? MarkupMode.Allow);
        return ChangesContentOf(baseState)
            ? (InheritanceMode ?? StateInheritanceMode.AutoInherit, MarkupHandling ?? MarkupMode.IgnoreFixable)
            : (InheritanceMode ?? StateInheritanceMode.AutoInheritAll, MarkupHandling ?? baseState.MarkupHandling ?? MarkupMode.Allow);
    }

    private bool ChangesContentOf(SolutionState baseState)
    {
        bool inherits = InheritanceMode != StateInheritanceMode.Explicit;
        return FilesDiffer(Sources, baseState.Sources)
            || FilesDiffer(GeneratedSources, baseState.GeneratedSources)
            || FilesDiffer(AdditionalFiles, baseState.AdditionalFiles)
            || FilesDiffer(AnalyzerConfigFiles, baseState.AnalyzerConfigFiles)
            || (!(inherits && AdditionalReferences.Count == 0) && !AdditionalReferences.SequenceEqual(baseState.AdditionalReferences));

        bool FilesDiffer(SourceFileCollection own, SourceFileCollection other)
            => !(inherits && own.Count == 0)
                && !own.SequenceEqual(other, SourceFileComparer.IgnoringChecksumAlgorithm);
    }
}

internal sealed class SourceFileComparer(bool compareChecksumAlgorithm) : IEqualityComparer<(string filename, SourceText content)>
{
    public static SourceFileComparer Default { get; } = new(compareChecksumAlgorithm: true);

    public static SourceFileComparer IgnoringChecksumAlgorithm { get; } = new(compareChecksumAlgorithm: false);

    public bool Equals((string filename, SourceText content) x, (string filename, SourceText content) y)
        => x.filename == y.filename
            && Equals(x.content.Encoding, y.content.Encoding)
            && (!compareChecksumAlgorithm || x.content.ChecksumAlgorithm == y.content.ChecksumAlgorithm)
            && x.content.ContentEquals(y.content);

    public int GetHashCode((string filename, SourceText content) file) => file.filename.GetHashCode(StringComparison.Ordinal);
}
