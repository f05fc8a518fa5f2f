using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>One-line analyzer tests.</summary>
public class AnalyzerVerifier<TAnalyzer, TTest, TVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TTest : AnalyzerTest<TVerifier>, new()
    where TVerifier : IVerifier, new()
{
    /// <summary>The analyzer's only diagnostic.</summary>
    public static DiagnosticResult Diagnostic()
        => new TAnalyzer().SupportedDiagnostics is [var only]
            ? Diagnostic(only)
            : throw new InvalidOperationException($"{typeof(TAnalyzer).Name} does not have exactly one diagnostic: say which is expected.");

    /// <summary>The analyzer's only diagnostic with this id.</summary>
    public static DiagnosticResult Diagnostic(string diagnosticId)
        => new TAnalyzer().SupportedDiagnostics.Where(descriptor => descriptor.Id == diagnosticId).ToArray() is [var only]
            ? Diagnostic(only)
            : throw new InvalidOperationException($"{typeof(TAnalyzer).Name} does not have exactly one diagnostic {diagnosticId}: give its descriptor.");

    public static DiagnosticResult Diagnostic(DiagnosticDescriptor descriptor) => new(descriptor);

    /// <param name="expected">In addition to what markup in <paramref name="source"/> expects.</param>
    public static Task VerifyAnalyzerAsync(string source, params DiagnosticResult[] expected)
    {
        var test = new TTest { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(CancellationToken.None);
    }
}
