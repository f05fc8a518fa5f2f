using GradLint.Analyzers;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Tool.Predict;

/// <summary>What the analyzers find in the code, so that a monitor can name what a measurement confirms.</summary>
internal static class StaticFindings
{
    /// <summary>In the order of the files and their text; rules that the settings switch off find nothing.</summary>
    public static IReadOnlyList<Diagnostic> Of(SourceSet source, CancellationToken cancellationToken)
    {
        var order = source.Compilation.SyntaxTrees.Select((tree, index) => (tree, index)).ToDictionary(entry => entry.tree, entry => entry.index);
        var compilation = source.Compilation.WithOptions(source.Compilation.Options.WithSyntaxTreeOptionsProvider(source.Settings.Severities));
        var analysis = compilation.WithAnalyzers(
            [new ModelAnalyzer(), new TrainingLoopAnalyzer(), new ModuleWiringAnalyzer()],
            new AnalyzerOptions([], source.Settings.Options));
        return
        [
            .. analysis.GetAnalyzerDiagnosticsAsync(cancellationToken).GetAwaiter().GetResult()
                .Where(diagnostic => diagnostic is { IsSuppressed: false, Location.IsInSource: true } && IsOfTheCode(diagnostic.Id))
                .OrderBy(diagnostic => order.GetValueOrDefault(diagnostic.Location.SourceTree!)).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal),
        ];
    }

    // Not AD0001, and not what GL0xxx says of settings and evidence files.
    private static bool IsOfTheCode(string id) =>
        id.StartsWith("GL", StringComparison.Ordinal) && id is not (RuleIds.InvalidOption or RuleIds.StaleEvidence or RuleIds.MeasuredFinding);
}
