using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GradLint.Tool.Predict;
using Spectre.Console;

namespace GradLint.Tool.Tests.Predict;

/// <summary>What <c>gradlint predict</c> says of the gradient, as its user reads it.</summary>
public sealed class GradientProfileTests : IDisposable
{
    private const string Usings = """
        using System.Collections.Generic;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        """;

    /// <summary>Twelve sigmoid layers: measured, each lets 0.144 of the gradient through.</summary>
    private const string Vanishing = Usings + """
        public class Deep : Module<Tensor, Tensor>
        {
            private readonly Sequential net;
            public Deep() : base("Deep")
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 12; i++) { layers.Add(Linear(64, 64)); layers.Add(Sigmoid()); }
                layers.Add(Linear(64, 10));
                net = Sequential(layers);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private const string Recurrent = Usings + """
        public class Reader : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(16, 64, batchFirst: true);
            private readonly Linear head = Linear(64, 4);
            public Reader() : base("Reader") => RegisterComponents();
            public override Tensor forward(Tensor x) { var (y, _, _) = lstm.call(x); return head.call(y.select(1, -1)); }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("gradlint-profile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryLayerHasItsNumbersAndABar()
    {
        var lines = Lines(Vanishing, width: 120);

        var first = Assert.Single(lines, line => line.StartsWith("  net.0 ", StringComparison.Ordinal));
        Assert.Matches(@"^  net\.0 +Linear +0\.58 +0\.58 +\d\.\dE-10  █+.? +vanishing$", first);
        Assert.Matches(@"^  net\.24 +Linear +\d\.\d\d +0\.\d\d +1\.00  █+$", Assert.Single(lines, line => line.StartsWith("  net.24 ", StringComparison.Ordinal)));
        Assert.Equal(25, lines.Count(line => line.StartsWith("  net.", StringComparison.Ordinal)));
    }

    [Fact]
    public void BarsGrowWithTheLogarithm()
    {
        var bars = Lines(Vanishing, width: 120).Where(line => line.Contains("Linear", StringComparison.Ordinal))
            .Select(line => line.Count(c => c == '█')).ToArray();

        var steps = bars.Zip(bars.Skip(1), (a, b) => b - a).ToArray();
        Assert.All(steps, step => Assert.InRange(step, 1, 5));
        Assert.Equal(40, bars[^1]);
    }

    [Theory]
    [InlineData(120), InlineData(80), InlineData(60)]
    public void ColumnsStayAlignedAndLinesFit(int width)
    {
        var rows = Lines(Vanishing, width).SkipWhile(line => !line.StartsWith("  layer", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).ToArray();

        Assert.All(rows, row => Assert.InRange(row.Length, 1, width));
        var end = rows[0].IndexOf("gradient", StringComparison.Ordinal) + "gradient".Length;
        Assert.All(rows.Where(row => row.Contains("Linear", StringComparison.Ordinal)), row => Assert.Matches(@"\d$", row[..end]));
    }

    [Fact]
    public void WithoutUnicode_BarsAreAscii()
    {
        var lines = Lines(Vanishing, width: 120, isUnicode: false);
        Assert.Contains(lines, line => line.Contains("####", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('█'));
    }

    [Fact]
    public void RemediesStandWithWhatTheyWouldDo()
    {
        var lines = Lines(Vanishing, width: 120);

        Assert.Contains(lines, line => line.Contains("gradient reaching 'net.0.weight' if changed:", StringComparison.Ordinal));
        Assert.Matches(@"as it is +\d\.\dE-10", Assert.Single(lines, line => line.Contains("as it is", StringComparison.Ordinal)));
        Assert.Matches(@"ReLU \+ He initialization +0\.\d+  █+", lines.First(line => line.Contains("  ReLU + He", StringComparison.Ordinal)));
    }

    [Fact]
    public void HealthyModel_HasNoRemedies() =>
        Assert.DoesNotContain(Lines(Recurrent, width: 120), line => line.Contains("if changed", StringComparison.Ordinal));

    /// <summary>Measured with TorchSharp 0.107, 64 units: the gradient falls to 1e-3 in 14 steps.</summary>
    [Fact]
    public void RecurrentLayer_HasItsMemoryHorizon()
    {
        var line = Assert.Single(Lines(Recurrent, width: 120), line => line.Contains("memory of 'lstm'", StringComparison.Ordinal));
        var steps = Regex.Match(line, @"to 1E-3 in (\d+) steps");
        Assert.InRange(int.Parse(steps.Groups[1].Value, CultureInfo.InvariantCulture), 10, 18);
    }

    [Fact]
    public void KnownSizes_NarrowTheRange()
    {
        double Width(PredictRequest request) => Json(request).GetProperty("parameters")[0] is var first
            ? first.GetProperty("high").GetDouble() - first.GetProperty("low").GetDouble() : 0;
        var path = Write(Recurrent);

        Assert.True(Width(new(path)) > 0);
        Assert.Equal(0, Width(new(path) { Known = new() { BatchSize = 32, SequenceLength = 20 } }), 1e-9);
    }

    [Fact]
    public void Json_HoldsProfileHorizonAndRemedies()
    {
        var model = Json(new(Write(Vanishing)));

        var sigmoid = model.GetProperty("layers").EnumerateArray().First(layer => layer.GetProperty("kind").GetString() == "Sigmoid");
        // RMS of σ′ of N(0, 1/3 + 1/192) is 0.235, of σ itself 0.518.
        Assert.Equal(0.235, sigmoid.GetProperty("gain").GetDouble(), 0.005);
        Assert.Equal(0.518, sigmoid.GetProperty("forwardScale").GetDouble(), 0.005);
        Assert.Equal("net.24.weight", model.GetProperty("head").GetString());
        Assert.True(model.GetProperty("headSampleCorrelation").GetProperty("value").GetDouble() > 0.999);
        var remedy = model.GetProperty("counterfactuals")[0];
        Assert.Equal(("ReLU + He initialization", "net.0.weight"), (remedy.GetProperty("remedy").GetString(), remedy.GetProperty("parameter").GetString()));
        Assert.InRange(remedy.GetProperty("before").GetDouble(), 1e-11, 1e-9);
        Assert.InRange(remedy.GetProperty("after").GetDouble(), 0.1, 10);
        Assert.Empty(model.GetProperty("memoryHorizon").EnumerateArray());

        var horizon = Json(new(Write(Recurrent))).GetProperty("memoryHorizon")[0];
        Assert.Equal(1, horizon.GetProperty("layer").GetInt32());
        Assert.InRange(horizon.GetProperty("stepsToThousandth").GetDouble(), 10, 18);
        Assert.InRange(horizon.GetProperty("factorPerStep").GetDouble(), 0.4, 0.9);
    }

    [Fact]
    public void EditorConfig_SetsBandAndPreferredActivation()
    {
        File.WriteAllText(Path.Combine(_folder, ".editorconfig"), """
            root = true
            [*.cs]
            gradlint.preferred_activation = gelu
            """);
        Assert.Equal("GELU + He initialization", Json(new(Write(Vanishing))).GetProperty("counterfactuals")[0].GetProperty("remedy").GetString());

        File.WriteAllText(Path.Combine(_folder, ".editorconfig"), """
            root = true
            [*.cs]
            gradlint.min_gradient_ratio = 1e-12
            """);
        Assert.Empty(Json(new(Write(Vanishing))).GetProperty("counterfactuals").EnumerateArray());
    }

    private string[] Lines(string source, int width, bool isUnicode = true)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        (console.Profile.Width, console.Profile.Capabilities.Unicode) = (width, isUnicode);
        Assert.Equal(0, PredictCommand.Run(new(Write(source)) { Reference = typeof(TorchSharp.torch).Assembly.Location }, console, errors, default));
        Assert.Empty(errors.ToString());
        return output.ToString().ReplaceLineEndings("\n").Split('\n');
    }

    private JsonElement Json(PredictRequest request)
    {
        var file = Path.Combine(_folder, "out.json");
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(TextWriter.Null), Ansi = AnsiSupport.No });
        Assert.Equal(0, PredictCommand.Run(request with { Json = file, Reference = typeof(TorchSharp.torch).Assembly.Location }, console, errors, default));
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.GetProperty("models")[0].Clone();
    }

    private string Write(string source)
    {
        var path = Path.Combine(_folder, "Model.cs");
        File.WriteAllText(path, source);
        return path;
    }
}
