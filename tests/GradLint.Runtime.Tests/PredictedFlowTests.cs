using GradLint.Runtime.Recording;
using GradLint.Runtime.Tests.Programs;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>Predicted beside measured, from a file as <c>gradlint predict --json</c> writes it.</summary>
public sealed class PredictedFlowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Probe_ShowsBothAndTheLine()
    {
        using var scope = NewDisposeScope();

        var measured = GradientProbe.Measure(Models.Stack(10, 32, Sigmoid), randn(16, 64), output => output.square().mean(), Prediction());

        var first = measured.Layers[0];
        Assert.Equal(1e-8, first.Predicted!.Value, 1e-14);
        Assert.Equal("/src/Model.cs:16", first.Source);
        Assert.Null(measured.Layers[1].Predicted);
        Assert.Contains("predicted", measured.ToString());
        Assert.Contains("1.0e-8", measured.ToString());
    }

    [Fact]
    public void ProbeWithoutPrediction_HasNoSuchColumn()
    {
        using var scope = NewDisposeScope();
        Assert.DoesNotContain("predicted", GradientProbe.Measure(Models.Stack(2, 8, Tanh), randn(4, 64), output => output.sum()).ToString());
    }

    [Fact]
    public void Finding_SaysWhatWasPredictedAndWhere()
    {
        using var scope = NewDisposeScope();
        var html = _folder.File("report.html");
        var report = Train(new() { Console = false, Interval = 10, Prediction = Prediction(), HtmlPath = html, LogPath = _folder.File("run.jsonl") });

        var finding = report.Findings.First(finding => finding.RuleId == "GL7001");
        Assert.Equal("/src/Model.cs:16", finding.Source);
        Assert.Equal(1e-8, finding.Predicted!.Value, 1e-14);
        Assert.Contains("(limit 1e-3, predicted 1.0e-8)", finding.Message);
        Assert.Contains("predicted", report.ToString());
        Assert.Contains("<th>predicted ratio</th>", File.ReadAllText(html));
        Assert.Contains("/src/Model.cs:16</a>", File.ReadAllText(html));
        Assert.Equal(finding.ToString(), RunLog.Replay(_folder.File("run.jsonl")).Findings.First(again => again.RuleId == "GL7001").ToString());
    }

    [Fact]
    public void Finding_NamesTheStaticFindingsAtItsModule()
    {
        using var scope = NewDisposeScope();
        var sarif = _folder.File("run.sarif");
        var report = Train(new() { Console = false, Interval = 10, Prediction = Prediction(), SarifPath = sarif, LogPath = _folder.File("run.jsonl") });

        var finding = report.Findings.First(finding => finding.RuleId == "GL7001");
        // GL6004 is no sibling, and the other GL1001 is of another model.
        Assert.Equal("GL1001 (/src/Model.cs:18)", Assert.Single(finding.ConfirmedFindings).ToString());
        Assert.EndsWith(" It confirms GL1001 (/src/Model.cs:18).", finding.ToString());
        Assert.Contains("GL1001 (/src/Model.cs:18)", File.ReadAllText(sarif));
        Assert.Equal(finding.ToString(), RunLog.Replay(_folder.File("run.jsonl")).Findings.First(again => again.RuleId == "GL7001").ToString());
    }

    [Fact]
    public void SourcesOfTheOptions_GoFirst()
    {
        using var scope = NewDisposeScope();
        var report = Train(new() { Console = false, Interval = 10, Prediction = Prediction(), Sources = new Dictionary<string, string> { ["fc0"] = "Mine.cs:1" } });

        Assert.Equal("Mine.cs:1", report.Run.SourceOf("fc0.weight"));
        Assert.Equal("/src/Model.cs:9", report.Run.SourceOf("fc3.weight"));
    }

    [Fact]
    public void PredictionOfOtherModels_IsRefusedWithTheirNames()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => GradientMonitor.Attach(Linear(2, 2), null, new() { Prediction = Prediction() }));
        Assert.Contains("a prediction of Linear with its parameters; there are Other, Sequential", error.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{ "schema": 7, "models": [] }""")]
    public void FileThatIsNoPrediction_IsRefusedWithItsPath(string text)
    {
        var path = _folder.File("broken.json");
        File.WriteAllText(path, text);
        Assert.Contains("broken.json", Assert.Throws<InvalidDataException>(() => PredictedFlow.Load(path)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static RunReport Train(GradientMonitorOptions options) =>
        new Training { Options = options }.Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

    /// <summary>Two models of one name, of which only the second has the sizes of the live one.</summary>
    private PredictedFlow Prediction()
    {
        var path = _folder.File("prediction.json");
        File.WriteAllText(path, $$"""
            { "schema": 1, "source": "/src", "compiles": true, "models": [
              { "type": "Other", "file": "/src/Other.cs", "line": 1, "layers": [], "parameters": [] },
              { "type": "Sequential", "file": "/src/Model.cs", "line": 3, "layers": [], "parameters": [{{Parameter("fc0.weight", 5, -3)}}] },
              { "type": "Sequential", "file": "/src/Model.cs", "line": 9,
                "layers": [{ "id": 1, "kind": "Linear", "path": "fc0", "file": "/src/Model.cs", "line": 16 }, { "id": 2, "kind": "Add", "path": null, "file": null, "line": null }],
                "parameters": [{{Parameter("fc0.weight", 32, -8)}}, { "path": "fc1.weight", "shape": [32, null], "file": null, "line": null, "log10GradientRatio": null, "low": null, "high": null }] } ],
              "findings": [
                {{Finding("GL1001", "/src/Model.cs", 18, "/src/Model.cs", 16)}}, {{Finding("GL1001", "/src/Other.cs", 5, "/src/Other.cs", 7)}},
                {{Finding("GL6004", "/src/Model.cs", 16, "/src/Model.cs", 9)}} ] }
            """);
        return PredictedFlow.Load(path);
    }

    private static string Finding(string rule, string file, int line, string otherFile, int otherLine) =>
        $$"""{ "rule": "{{rule}}", "severity": "warning", "message": "says so", "file": "{{file}}", "line": {{line}}, "also": [{ "file": "{{otherFile}}", "line": {{otherLine}} }] }""";

    private static string Parameter(string path, int size, int exponent) =>
        $$"""{ "path": "{{path}}", "shape": [{{size}}, 64], "file": "/src/Model.cs", "line": 16, "log10GradientRatio": {{exponent}}, "low": {{exponent - 1}}, "high": {{exponent + 1}} }""";
}
