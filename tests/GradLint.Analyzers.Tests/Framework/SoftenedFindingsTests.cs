using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using GradLint.Tests.Framework;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>A hint that a rule gives in place of a warning never becomes one by a severity that is set for the rule.</summary>
public class SoftenedFindingsTests
{
    private static string TrainedBy(string optimizer) => $$"""
        var model = Sequential(Enumerable.Range(0, 5).SelectMany(i => new Module<Tensor, Tensor>[] { Linear(64, 64), {|#0:Sigmoid()|} }).Append(Linear(64, 10)));
        var optimizer = optim.{{optimizer}};
        """;

    [Theory]
    [InlineData("warning")]
    [InlineData("error")]
    public Task SoftenedFinding_WhereTheRuleIsRaised_IsLeftOut(string severity) => RunAsync(TrainedBy("Adam(model.parameters())"), severity, null);

    [Theory]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    [InlineData("default", DiagnosticSeverity.Info)]
    public Task SoftenedFinding_WhereTheRuleIsNotRaised_IsAHint(string set, DiagnosticSeverity severity) =>
        RunAsync(TrainedBy("Adam(model.parameters())"), set, severity);

    [Theory]
    [InlineData("warning", DiagnosticSeverity.Warning)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    public Task OtherFinding_HasTheSeverityThatIsSet(string set, DiagnosticSeverity severity) =>
        RunAsync(TrainedBy("SGD(model.parameters(), 0.1)"), set, severity);

    private static Task RunAsync(string program, string set, DiagnosticSeverity? expected)
    {
        var test = new ProgramTest<ModelAnalyzer>(expected is null ? program.Replace("{|#0:", "").Replace("|}", "") : program);
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n[*.cs]\ndotnet_diagnostic.GL1001.severity = {set}"));
        if (expected is { } severity)
            test.ExpectedDiagnostics.Add(new DiagnosticResult("GL1001", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync();
    }
}
