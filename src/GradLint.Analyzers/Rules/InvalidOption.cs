using GradLint.Analyzers.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Rules;

/// <summary>GL0001: a <c>gradlint.*</c> setting has a value it does not take. A setting has no place in code, so it is reported once per build.</summary>
internal static class InvalidOption
{
    public static readonly DiagnosticDescriptor Rule = new(
        RuleIds.InvalidOption,
        "Invalid GradLint option",
        "'{0} = {1}' is not valid and the default is used: set it to {2}",
        RuleCategory.Configuration,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.InvalidOption),
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static void Check(CompilationAnalysisContext context)
    {
        var reported = new HashSet<(string Key, string Value)>();
        foreach (var tree in context.Compilation.SyntaxTrees)
        {
            var options = context.Options.AnalyzerConfigOptionsProvider.GetOptions(tree);
            foreach (var option in GradLintOptions.All)
            {
                if (!option.IsValid(options, out var value) && reported.Add((option.Key, value)))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Location.None, option.Key, value, option.Range));
            }
        }
    }
}
