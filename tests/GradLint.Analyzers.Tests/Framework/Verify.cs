using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>
/// Checks what an analyzer reports on a program. The markup says where: <c>{|GL6001:Net|}</c>; a program without markup
/// must stay silent. Every program must compile.
/// </summary>
internal static class Verify<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    public static Task DiagnosticsAsync(params string[] files) => new ProgramTest<TAnalyzer>(files).RunAsync();

    /// <summary>Checks the whole message of the one diagnostic at <c>{|#0:…|}</c>.</summary>
    public static Task MessageAsync(string program, string ruleId, string message)
    {
        var rule = new TAnalyzer().SupportedDiagnostics.Single(descriptor => descriptor.Id == ruleId);
        var test = new ProgramTest<TAnalyzer>(program);
        test.ExpectedDiagnostics.Add(new DiagnosticResult(rule)
            .WithLocation(0)
            .WithMessage(message)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync();
    }

    /// <summary>As <see cref="DiagnosticsAsync"/>, under an <c>.editorconfig</c>.</summary>
    public static Task DiagnosticsWithConfigAsync(string editorConfig, string program, params DiagnosticResult[] expected)
    {
        var test = new ProgramTest<TAnalyzer>(program);
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + editorConfig));
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }
}
