using System.Text.Json;

namespace GradLint.Build.Verbs;

/// <summary>What the command gradlint predicts of a sample.</summary>
internal static class GradientPrediction
{
    private const string WeightSuffix = ".weight";

    private static readonly Lazy<string> Gradlint = new(() =>
    {
        Shell.Compile("the command gradlint does not build", "build", Repository.At("src", "GradLint.Tool"));
        return Repository.At("src", "GradLint.Tool", "bin", "Debug", "net8.0", "gradlint.dll");
    });

    /// <returns>The predicted gradient of each layer's weight over that of the output layer's, by the layer's path.</returns>
    public static IReadOnlyDictionary<string, double> Of(SampleCopy sample)
    {
        var file = Path.Combine(sample.Folder, "prediction.json");
        var predict = Shell.Capture(Shell.Dotnet, ["exec", Gradlint.Value, "predict", sample.Project, "--json", file]);
        if (predict.ExitCode != 0)
        {
            Console.WriteLine(predict.Output);
            throw new BuildFailure($"gradlint predict failed on {Repository.Relative(sample.Project)}; its messages are above");
        }

        var ratios = new Dictionary<string, double>();
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var model in json.RootElement.GetProperty("models").EnumerateArray())
            foreach (var parameter in model.GetProperty("parameters").EnumerateArray())
                if (parameter.GetProperty("path").GetString() is { } path && path.EndsWith(WeightSuffix, StringComparison.Ordinal)
                    && parameter.TryGetProperty("log10GradientRatio", out var ratio) && ratio.ValueKind == JsonValueKind.Number)
                    ratios.TryAdd(path[..^WeightSuffix.Length], Math.Pow(10, ratio.GetDouble()));
        return ratios;
    }
}
