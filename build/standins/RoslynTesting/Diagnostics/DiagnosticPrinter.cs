using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Writes diagnostics as the test code that expects them.</summary>
internal sealed class DiagnosticPrinter(ImmutableArray<DiagnosticAnalyzer> analyzers, string defaultFilePath)
{
    public string Print(Diagnostic diagnostic)
    {
        var location = diagnostic.Location;
        var code = new StringBuilder(Constructor(diagnostic.Id, diagnostic.Severity, location.IsInSource));
        if (location != Location.None)
        {
            foreach (var span in diagnostic.AdditionalLocations.Prepend(location).Select(place => place.GetLineSpan()))
                code.Append($".WithSpan({PathArgument(span)}{Start(span)}, {End(span)})");
        }

        AppendArguments(code, diagnostic.GetArguments());
        if (diagnostic.IsSuppressed)
            code.Append(".WithIsSuppressed(true)");
        return $"{code}, // {diagnostic}";
    }

    public string Print(DiagnosticResult expected)
    {
        var code = new StringBuilder(Constructor(expected.Id, expected.Severity, expected.HasLocation));
        foreach (var location in expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations) ? expected.Spans.Take(1) : expected.Spans)
        {
            code.Append(location.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength)
                ? $".WithLocation({PathArgument(location.Span)}{Start(location.Span)})"
                : $".WithSpan({PathArgument(location.Span)}{Start(location.Span)}, {End(location.Span)})");
        }

        AppendArguments(code, expected.MessageArguments ?? []);
        if (expected.IsSuppressed is { } isSuppressed)
            code.Append(isSuppressed ? ".WithIsSuppressed(true)" : ".WithIsSuppressed(false)");
        return $"{code}, // {expected}";
    }

    private string Constructor(string id, DiagnosticSeverity severity, bool hasLocation)
    {
        var analyzer = analyzers.FirstOrDefault(candidate => candidate.SupportedDiagnostics.Any(descriptor => descriptor.Id == id));
        if (analyzer is not null)
        {
            if (!hasLocation)
                return $"new DiagnosticResult({analyzer.GetType().Name}.{id})";
            return analyzer.SupportedDiagnostics.Length == 1 ? "VerifyCS.Diagnostic()" : $"VerifyCS.Diagnostic(\"{id}\")";
        }

        return severity switch
        {
            DiagnosticSeverity.Error => $"DiagnosticResult.CompilerError(\"{id}\")",
            DiagnosticSeverity.Warning => $"DiagnosticResult.CompilerWarning(\"{id}\")",
            _ => $"new DiagnosticResult(\"{id}\", DiagnosticSeverity.{severity})",
        };
    }

    private string PathArgument(FileLinePositionSpan span) => span.Path == defaultFilePath ? "" : $"\"{span.Path}\", ";

    private static string Start(FileLinePositionSpan span) => $"{span.StartLinePosition.Line + 1}, {span.StartLinePosition.Character + 1}";

    private static string End(FileLinePositionSpan span) => $"{span.EndLinePosition.Line + 1}, {span.EndLinePosition.Character + 1}";

    private static void AppendArguments(StringBuilder code, IReadOnlyList<object?> arguments)
    {
        if (arguments.Count > 0)
            code.Append($".WithArguments({string.Join(", ", arguments.Select(argument => $"\"{argument}\""))})");
    }
}
