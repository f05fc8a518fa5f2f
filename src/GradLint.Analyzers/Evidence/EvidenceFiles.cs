using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Evidence;

/// <summary>The evidence files among a project's additional files, each read once.</summary>
internal static class EvidenceFiles
{
    private static readonly ConditionalWeakTable<AdditionalText, StrongBox<RunEvidence?>> Cache = new();

    /// <summary>The evidence of a model; of several runs, that of the last file.</summary>
    public static RunEvidence? Of(string model, ImmutableArray<AdditionalText> files, CancellationToken cancellationToken) =>
        files.Where(RunEvidence.IsEvidence).Select(file => Read(file, cancellationToken)).LastOrDefault(run => run?.Model == model);

    /// <summary>Null for a file that cannot be read.</summary>
    public static RunEvidence? Read(AdditionalText file, CancellationToken cancellationToken)
    {
        if (Cache.TryGetValue(file, out var known)) return known.Value;
        var read = new StrongBox<RunEvidence?>(file.GetText(cancellationToken) is { } text ? RunEvidence.Parse(text, out _) : null);
        return Cache.GetValue(file, _ => read).Value;
    }
}
