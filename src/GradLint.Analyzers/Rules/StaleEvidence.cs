using System.Collections.Immutable;
using GradLint.Analyzers.Evidence;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.Analyzers.Rules;

/// <summary>GL0002: what a training run measured does not belong to the code as it is now.</summary>
public sealed class StaleEvidence : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.StaleEvidence,
        "Evidence of a training run is stale",
        "Evidence of '{0}' {1}; train with the monitor again, or remove the file",
        RuleCategory.Configuration,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.StaleEvidence));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        if (context.Evidence is { } run && run.Missing(context.Graph) is { } missing)
            context.Report(Rule, [], ImmutableDictionary<string, string?>.Empty, run.Model, $"measured '{missing}', which the model does not have");
    }

    /// <summary>A file that cannot be read, or is about a model that the code does not have.</summary>
    public static void CheckFile(AdditionalFileAnalysisContext context)
    {
        if (!RunEvidence.IsEvidence(context.AdditionalFile) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text)
            return;
        var run = RunEvidence.Parse(text, out var fault);
        if (run is not null && (run.Model == RunEvidence.Nameless || context.Compilation.GetSymbolsWithName(run.Model, SymbolFilter.Type, context.CancellationToken).Any()))
            return;
        var span = text.Lines[run is null ? fault.Line : 0].Span;
        context.ReportDiagnostic(Diagnostic.Create(
            Rule, Location.Create(context.AdditionalFile.Path, span, text.Lines.GetLinePositionSpan(span)),
            run?.Model ?? Path.GetFileName(context.AdditionalFile.Path), run is null ? fault.Reason : "is of a model that the code does not have"));
    }
}
