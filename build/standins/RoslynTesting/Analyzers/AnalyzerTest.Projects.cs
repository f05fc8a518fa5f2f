using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Testing.Model;

namespace Microsoft.CodeAnalysis.Testing;

public abstract partial class AnalyzerTest<TVerifier>
{
    protected abstract CompilationOptions CreateCompilationOptions();

    protected abstract ParseOptions CreateParseOptions();

    public async Task<Workspace> CreateWorkspaceAsync()
    {
        var workspace = await CreateWorkspaceImplAsync().ConfigureAwait(false);
        workspaces.Add(workspace);
        return workspace;
    }

    protected virtual Task<Workspace> CreateWorkspaceImplAsync() => Task.FromResult<Workspace>(new AdhocWorkspace(MefHostServices.DefaultHost));

    private protected EvaluatedProjectState Evaluate(ProjectState state) => new(state, ReferenceAssemblies);

    private protected ImmutableArray<EvaluatedProjectState> EvaluateAdditionalProjects(SolutionState state)
        => [.. state.AdditionalProjects.Values.Select(Evaluate)];

    private protected Task<Project> CreateProjectAsync(SolutionState state, CancellationToken cancellationToken)
        => CreateProjectAsync(Evaluate(state), EvaluateAdditionalProjects(state), cancellationToken);

    /// <summary>The primary project, in a solution with the additional ones.</summary>
    protected async Task<Project> CreateProjectAsync(EvaluatedProjectState primaryProject, ImmutableArray<EvaluatedProjectState> additionalProjects, CancellationToken cancellationToken)
        => ApplyCompilationOptions(await CreateProjectImplAsync(primaryProject, additionalProjects, cancellationToken).ConfigureAwait(false));

    protected virtual async Task<Project> CreateProjectImplAsync(EvaluatedProjectState primaryProject, ImmutableArray<EvaluatedProjectState> additionalProjects, CancellationToken cancellationToken)
    {
        var primaryId = ProjectId.CreateNewId(primaryProject.Name);
        var solution = await CreateSolutionAsync(primaryId, primaryProject, cancellationToken).ConfigureAwait(false);
        solution = AddFilesAndReferences(solution, primaryId, primaryProject);
        var projectIds = new Dictionary<string, ProjectId> { [primaryProject.Name] = primaryId };

        foreach (var project in additionalProjects)
        {
            var id = ProjectId.CreateNewId(project.Name);
            projectIds.Add(project.Name, id);
            solution = solution.AddProject(id, project.Name, project.AssemblyName, project.Language);
            var added = solution.GetProject(id)!;
            solution = solution
                .WithProjectCompilationOptions(id, WithOptionsOf(project, added.CompilationOptions!))
                .WithProjectParseOptions(id, added.ParseOptions!.WithDocumentationMode(project.DocumentationMode))
                .AddMetadataReferences(id, await project.ReferenceAssemblies.ResolveAsync(project.Language, cancellationToken).ConfigureAwait(false));
            solution = AddFilesAndReferences(solution, id, project);
        }

        foreach (var project in additionalProjects.Insert(0, primaryProject))
            solution = solution.AddProjectReferences(projectIds[project.Name], project.AdditionalProjectReferences.Select(name => new ProjectReference(ProjectNamed(name))));
        foreach (var transform in SolutionTransforms)
            solution = transform(solution, primaryId);
        return solution.GetProject(primaryId)!;

        ProjectId ProjectNamed(string name) => projectIds.TryGetValue(name, out var id)
            ? id
            : throw new InvalidOperationException($"Project '{name}' is referenced, but is not in {nameof(SolutionState.AdditionalProjects)}.");
    }

    /// <summary>A solution with the primary project, still without files.</summary>
    protected virtual async Task<Solution> CreateSolutionAsync(ProjectId projectId, EvaluatedProjectState projectState, CancellationToken cancellationToken)
    {
        var workspace = await CreateWorkspaceAsync().ConfigureAwait(false);
        if (OptionsTransforms.Count > 0)
        {
            var options = OptionsTransforms.Aggregate(workspace.CurrentSolution.Options, (current, transform) => transform(current));
            if (!workspace.TryApplyChanges(workspace.CurrentSolution.WithOptions(options)))
                throw new InvalidOperationException($"The workspace refused {nameof(OptionsTransforms)}.");
        }

        return workspace.CurrentSolution
            .AddProject(projectId, projectState.Name, projectState.AssemblyName, projectState.Language)
            .WithProjectCompilationOptions(projectId, WithOptionsOf(projectState, CreateCompilationOptions()))
            .WithProjectParseOptions(projectId, CreateParseOptions().WithDocumentationMode(projectState.DocumentationMode))
            .AddMetadataReferences(projectId, await projectState.ReferenceAssemblies.ResolveAsync(projectState.Language, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Switches the analyzers' diagnostics and AD0001 on, then <see cref="DisabledDiagnostics"/> off; what the options already say stays.</summary>
    protected virtual Project ApplyCompilationOptions(Project project)
    {
        var severities = new Dictionary<string, ReportDiagnostic> { ["AD0001"] = ReportDiagnostic.Error };
        foreach (var descriptor in GetDiagnosticAnalyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics))
            severities[descriptor.Id] = descriptor.IsEnabledByDefault ? ReportDiagnostic.Default : SeverityOf(descriptor);
        foreach (string id in DisabledDiagnostics)
            severities[id] = ReportDiagnostic.Suppress;

        var options = project.CompilationOptions!;
        var merged = severities.ToImmutableDictionary().SetItems(options.SpecificDiagnosticOptions);
        return project.WithCompilationOptions(options.WithSpecificDiagnosticOptions(merged));
    }

    protected (string fileName, IEnumerable<string> folders) GetNameAndFoldersFromPath(string projectPathPrefix, string path)
    {
        string root = projectPathPrefix[..(projectPathPrefix.LastIndexOf('/') + 1)];
        bool isInProject = root.StartsWith('/') && path.StartsWith(root, StringComparison.Ordinal);
        if (!isInProject)
            return (Path.IsPathRooted(path) && root.StartsWith('/') ? path : Path.GetFileName(path), []);
        string[] parts = path[root.Length..].Split('/');
        return (parts[^1], parts[..^1]);
    }

    private Solution AddFilesAndReferences(Solution solution, ProjectId id, EvaluatedProjectState project)
    {
        solution = solution.AddMetadataReferences(id, project.AdditionalReferences);
        foreach (var (path, text) in project.Sources)
        {
            var (name, folders) = GetNameAndFoldersFromPath(project.DefaultPrefix, path);
            solution = solution.AddDocument(DocumentId.CreateNewId(id, path), name, text, folders, path);
        }

        foreach (var (path, text) in project.AdditionalFiles)
        {
            var (name, folders) = GetNameAndFoldersFromPath(project.DefaultPrefix, path);
            solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id, path), name, text, folders, path);
        }

        foreach (var (path, text) in project.AnalyzerConfigFiles)
        {
            var (name, folders) = GetNameAndFoldersFromPath(project.DefaultPrefix, path);
            solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(id, path), name, text, folders, path);
        }

        return solution;
    }

    private CompilationOptions WithOptionsOf(EvaluatedProjectState project, CompilationOptions options) => options
        .WithOutputKind(project.OutputKind)
        .WithXmlReferenceResolver(new InMemoryXmlReferenceResolver(XmlReferences))
        .WithAssemblyIdentityComparer(project.ReferenceAssemblies.AssemblyIdentityComparer);

    private static ReportDiagnostic SeverityOf(DiagnosticDescriptor descriptor) => descriptor.DefaultSeverity switch
    {
        DiagnosticSeverity.Hidden => ReportDiagnostic.Hidden,
        DiagnosticSeverity.Info => ReportDiagnostic.Info,
        DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
        _ => ReportDiagnostic.Error,
    };
}
