using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The files, references and options of one project under test.</summary>
public class ProjectState
{
    public ProjectState(string name, string language, string defaultPrefix, string defaultExtension)
    {
        Name = name;
        Language = language;
        DefaultPrefix = defaultPrefix;
        DefaultExtension = defaultExtension;
        Sources = new SourceFileList(defaultPrefix, defaultExtension);
    }

    public string Name { get; }

    public string AssemblyName => Name;

    public string Language { get; }

    /// <summary>Null: the test's.</summary>
    public ReferenceAssemblies? ReferenceAssemblies { get; set; }

    /// <summary>Null: a class library.</summary>
    public OutputKind? OutputKind { get; set; }

    /// <summary>Null: <see cref="Microsoft.CodeAnalysis.DocumentationMode.Diagnose"/>.</summary>
    public DocumentationMode? DocumentationMode { get; set; }

    public SourceFileList Sources { get; }

    /// <summary>What the source generators under test must produce.</summary>
    public SourceFileCollection GeneratedSources { get; } = [];

    public SourceFileCollection AdditionalFiles { get; } = [];

    public List<Func<IEnumerable<(string filename, SourceText content)>>> AdditionalFilesFactories { get; } = [];

    /// <summary>.editorconfig and .globalconfig files.</summary>
    public SourceFileCollection AnalyzerConfigFiles { get; } = [];

    /// <summary>Names of projects in <see cref="SolutionState.AdditionalProjects"/>.</summary>
    public List<string> AdditionalProjectReferences { get; } = [];

    public MetadataReferenceCollection AdditionalReferences { get; } = [];

    internal string DefaultPrefix { get; }

    internal string DefaultExtension { get; }

    /// <summary>Files given directly and those that factories make.</summary>
    internal IEnumerable<(string filename, SourceText content)> AllAdditionalFiles
        => AdditionalFiles.Concat(AdditionalFilesFactories.SelectMany(factory => factory()));
}
