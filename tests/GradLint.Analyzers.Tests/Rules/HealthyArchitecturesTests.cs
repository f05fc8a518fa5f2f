using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Tests.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>Published architectures that train well: no warning, and no hint but the ones named here.</summary>
public partial class HealthyArchitecturesTests
{
    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task HealthyArchitecture_HasOnlyTheExpectedHints(string name, string program, string[] hints)
    {
        SyntaxTree[] trees = [AllAnalyzers.Parse(program, name + ".cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")];
        Assert.Empty(AllAnalyzers.Compile(trees).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        var findings = await AllAnalyzers.DiagnosticsAsync(trees);

        Assert.DoesNotContain(findings, finding => finding.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal(hints, findings.Select(finding => finding.Id).Distinct());
    }

    /// <summary>Silence is worth something only where the model is known: nothing of a whole model may stay unpredicted.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void HealthyArchitecture_IsPredicted(string name, string program)
    {
        var compilation = AllAnalyzers.Compile([AllAnalyzers.Parse(program, name + ".cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);
        var types = KnownTypes.From(compilation)!;
        var extractor = new ModelExtractor(compilation, types);
        var wholes = compilation.Assembly.GlobalNamespace.GetTypeMembers().Where(types.IsModule).Select(type => extractor.FromType(type, default))
            .Where(graph => graph.Status == GraphStatus.Known && graph.Parameters.Count > 0).ToArray();

        Assert.NotEmpty(wholes);
        Assert.All(wholes, graph => Assert.Empty(Predictor.Predict(graph, PredictionOptions.Default).Unknown));
    }
}
