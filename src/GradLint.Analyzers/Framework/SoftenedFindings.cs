using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

/// <summary>
/// Findings that a rule itself makes less of than its default severity, because something speaks against them: an optimizer
/// that makes up for a small gradient, a run that measured otherwise. The compiler gives every finding of a rule the severity
/// that is set for the rule, and would thus fail a build over what is only a hint.
/// </summary>
internal static class SoftenedFindings
{
    /// <summary>Leaves out what is softened where the rule's severity is set to warning or error.</summary>
    public static Action<Diagnostic> LeaveOutRaised(Action<Diagnostic> report, Compilation compilation, CancellationToken cancellationToken) => diagnostic =>
    {
        if (diagnostic.Severity >= diagnostic.DefaultSeverity || SeverityThatIsSet(diagnostic, compilation, cancellationToken) is not (ReportDiagnostic.Warn or ReportDiagnostic.Error))
            report(diagnostic);
    };

    private static ReportDiagnostic SeverityThatIsSet(Diagnostic diagnostic, Compilation compilation, CancellationToken cancellationToken)
    {
        var options = compilation.Options;
        if (options.SyntaxTreeOptionsProvider is { } files
            && ((diagnostic.Location.SourceTree is { } tree && files.TryGetDiagnosticValue(tree, diagnostic.Id, cancellationToken, out var severity))
                || files.TryGetGlobalDiagnosticValue(diagnostic.Id, cancellationToken, out severity)))
        {
            return severity;
        }

        return options.SpecificDiagnosticOptions.TryGetValue(diagnostic.Id, out severity) ? severity : ReportDiagnostic.Default;
    }
}
