using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Evidence;

/// <summary>The evidence files among a project's additional files, each read once.</summary>
internal static class EvidenceFiles
{
    private static readonly ConditionalWeakTable<AdditionalText, StrongBox<RunEvidence?>> Cache = new();

    /// <summary>
    /// The evidence of a model: of the last file that fits it, or else the last that bears its name. Every <c>Sequential</c> that is no part
    /// of a type bears the same, so that of these only one that fits is meant.
    /// </summary>
    public static RunEvidence? Of(ModelGraph graph, ImmutableArray<AdditionalText> files, CancellationToken cancellationToken)
    {
        var runs = files.Where(RunEvidence.IsEvidence).Select(file => Read(file, cancellationToken)).OfType<RunEvidence>().Where(run => run.Model == graph.TypeName).ToArray();
        return runs.LastOrDefault(run => run.Missing(graph) is null) ?? (graph.TypeName == RunEvidence.Nameless ? null : runs.LastOrDefault());
    }

    /// <summary>Null for a file that cannot be read.</summary>
    public static RunEvidence? Read(AdditionalText file, CancellationToken cancellationToken)
    {
        if (Cache.TryGetValue(file, out var known)) return known.Value;
        var read = new StrongBox<RunEvidence?>(file.GetText(cancellationToken) is { } text ? RunEvidence.Parse(text, out _) : null);
        return Cache.GetValue(file, _ => read).Value;
    }
}
