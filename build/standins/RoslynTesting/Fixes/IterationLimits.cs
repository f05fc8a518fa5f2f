using System.Collections.Immutable;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How many fix iterations a test allows when it does not say: negative numbers are upper bounds.</summary>
internal sealed class IterationLimits(SolutionState testState, SolutionState fixedState, SolutionState batchFixedState, ImmutableArray<string> fixableIds)
{
    /// <summary>One a fixable diagnostic.</summary>
    public int Incremental => Changes(testState, fixedState, recursive: true) ? -Fixable.Count() : 0;

    /// <summary>One a document with fixable diagnostics.</summary>
    public int Document => Changes(testState, batchFixedState, recursive: false)
        ? -Fixable.Select(diagnostic => diagnostic.Spans.FirstOrDefault().Span.Path).Distinct().Count()
        : 0;

    /// <summary>One a project that changes.</summary>
    public int Project => -(Changes(testState, batchFixedState, recursive: false) ? 1 : 0)
        - testState.AdditionalProjects.Count(project => !batchFixedState.AdditionalProjects.TryGetValue(project.Key, out var updated) || Changes(project.Value, updated, recursive: true));

    /// <summary>One a language: Fix All does not cross languages.</summary>
    public int Solution => Changes(testState, batchFixedState, recursive: true)
        ? -testState.AdditionalProjects.Values.Select(project => project.Language).Append(testState.Language).Distinct().Count()
        : 0;

    private IEnumerable<DiagnosticResult> Fixable => testState.ExpectedDiagnostics.Where(diagnostic => fixableIds.Contains(diagnostic.Id));

    private static bool Changes(ProjectState before, ProjectState after, bool recursive) => StateComparison.HasAnyChange(before, after, recursive);
}
