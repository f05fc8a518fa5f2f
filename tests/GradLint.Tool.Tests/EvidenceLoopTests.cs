using System.Reflection;
using GradLint.Analyzers;
using GradLint.Runtime;
using GradLint.Tool.Predict;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Tool.Tests;

/// <summary>Predict, train with the prediction at hand, and read the code again with what training measured: one model all the way round.</summary>
public sealed class EvidenceLoopTests : IDisposable
{
    private const string Model = """
        using System.Collections.Generic;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public class DeepNet : Module<Tensor, Tensor>
        {
            private readonly Sequential layers;
            private readonly Linear head = Linear(16, 2);

            public DeepNet() : base(nameof(DeepNet))
            {
                var list = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 10; i++)
                {
                    list.Add(Linear(16, 16)); // weights
                    list.Add(Sigmoid());      // activations
                }

                layers = Sequential(list);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(layers.call(x));
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("gradlint-loop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task MeasurementNamesTheStaticFinding_AndTheAnalyzersShowTheMeasurementAtItsLine()
    {
        var (code, prediction, evidence) = (At("DeepNet.cs"), At("prediction.json"), At("gradlint.evidence"));
        File.WriteAllText(code, Model);
        Assert.Equal(0, Predict(code, prediction));

        var source = SourceSet.Load(code, typeof(torch).Assembly.Location, default);
        var report = Train(source.Compilation, new() { Console = false, Interval = 10, Prediction = PredictedFlow.Load(prediction), EvidencePath = evidence });

        var measured = report.Findings.First(finding => finding.RuleId == "GL7001");
        Assert.Equal($"{code}:{Line("weights")}", measured.Source);
        Assert.Contains($"GL1001 ({code}:{Line("activations")})", measured.ConfirmedFindings.Select(finding => finding.ToString()));

        var shown = await Analyze(source.Compilation, evidence);
        var diagnostic = shown.Single(diagnostic =>
            diagnostic.Id == "GL0003" && diagnostic.GetMessage() is var message && message.StartsWith("GL7001", StringComparison.Ordinal)
            && message.Contains($"at '{measured.Path}'", StringComparison.Ordinal));
        Assert.Equal(Line("weights"), diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1);
        Assert.Contains("confirms GL1001", diagnostic.GetMessage());
        Assert.Matches(@"^GL7001 \(\dE-\d+\)", diagnostic.GetMessage());
    }

    [Fact]
    public void HealthyModel_HasNothingToConfirm()
    {
        var (code, prediction) = (At("DeepNet.cs"), At("prediction.json"));
        File.WriteAllText(code, Model.Replace("i < 10", "i < 1").Replace("Sigmoid", "ReLU"));
        Assert.Equal(0, Predict(code, prediction));

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(prediction));
        Assert.Empty(json.RootElement.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public void SettingsThatSwitchARuleOff_HoldHereToo()
    {
        var (code, prediction) = (At("DeepNet.cs"), At("prediction.json"));
        File.WriteAllText(code, Model);
        File.WriteAllText(At(".editorconfig"), "root = true\n[*.cs]\ndotnet_diagnostic.GL1001.severity = none\n");
        Assert.Equal(0, Predict(code, prediction));

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(prediction));
        Assert.DoesNotContain("GL1001", json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static int Line(string comment) => Model[..Model.IndexOf("// " + comment, StringComparison.Ordinal)].Count(character => character == '\n') + 1;

    private static int Predict(string code, string json)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(TextWriter.Null), Ansi = AnsiSupport.No });
        return PredictCommand.Run(new PredictRequest(code) { Json = json, Reference = typeof(torch).Assembly.Location }, console, TextWriter.Null, default);
    }

    private static RunReport Train(Compilation compilation, GradientMonitorOptions options)
    {
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var type = Assembly.Load(image.ToArray()).GetType("DeepNet")!;

        using var scope = NewDisposeScope();
        manual_seed(1);
        var model = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(type)!;
        var optimizer = optim.SGD(model.parameters(), 0.05);
        var (x, y) = (randn(32, 16), randint(0, 2, 32));
        using var monitor = GradientMonitor.Attach(model, optimizer, options);
        for (var step = 0; step < 101; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(x), y);
            loss.backward();
            monitor.AfterBackward(loss);
            optimizer.step();
            monitor.AfterStep();
        }

        return monitor.Report();
    }

    private static async Task<IReadOnlyList<Diagnostic>> Analyze(Compilation compilation, string evidence) =>
        await compilation.WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions([new FileText(evidence)]))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(path));
    }
}
