namespace Microsoft.CodeAnalysis.Testing;

internal static class StateComparison
{
    /// <param name="recursive">Whether additional projects count too.</param>
    public static bool HasAnyChange(ProjectState before, ProjectState after, bool recursive)
    {
        if (Differ(before.Sources, after.Sources)
            || Differ(before.GeneratedSources, after.GeneratedSources)
            || Differ(before.AdditionalFiles, after.AdditionalFiles)
            || Differ(before.AnalyzerConfigFiles, after.AnalyzerConfigFiles))
        {
            return true;
        }

        if (!recursive || before is not SolutionState { AdditionalProjects: var projectsBefore } || after is not SolutionState { AdditionalProjects: var projectsAfter })
            return false;
        return projectsBefore.Count != projectsAfter.Count
            || projectsBefore.Any(project => !projectsAfter.TryGetValue(project.Key, out var updated) || HasAnyChange(project.Value, updated, recursive: true));
    }

    private static bool Differ(SourceFileCollection x, SourceFileCollection y) => !x.SequenceEqual(y, SourceFileComparer.Default);
}
