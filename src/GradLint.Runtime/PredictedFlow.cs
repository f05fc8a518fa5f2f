using System.Text.Json;
using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using static TorchSharp.torch;

namespace GradLint.Runtime;

/// <summary>
/// What <c>gradlint predict --json</c> wrote of the models in some code: the gradient predicted for each parameter at
/// initialisation, the lines that construct the layers, and what the analyzers found there. Given to a monitor or probe, both stand beside what is measured.
/// </summary>
public sealed class PredictedFlow
{
    private const int Schema = 1;

    private readonly string _path;
    private readonly IReadOnlyList<Model> _models;

    private PredictedFlow(string path, IReadOnlyList<Model> models) => (_path, _models) = (path, models);

    /// <summary>Reads such a file.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says why.</exception>
    public static PredictedFlow Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var schema = json.RootElement.GetProperty("schema").GetInt32();
            if (schema != Schema)
                throw new InvalidDataException($"{path} has schema {schema}; this version reads {Schema}.");
            // Files of earlier versions have none.
            StaticFinding[] findings = json.RootElement.TryGetProperty("findings", out var found) ? [.. found.EnumerateArray().Select(ReadFinding)] : [];
            return new(path, [.. json.RootElement.GetProperty("models").EnumerateArray().Select(model => Model.Read(model, findings))]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is not what 'gradlint predict --json' writes: {exception.Message}", exception);
        }
    }

    private static StaticFinding ReadFinding(JsonElement json) => new(
        json.GetProperty("rule").GetString()!, json.GetProperty("message").GetString()!,
        [.. json.GetProperty("also").EnumerateArray().Prepend(json).Select(Model.Place).OfType<string>()]);

    /// <summary>The one of the models that a live one is: of its type's name, and with the most of its parameters.</summary>
    /// <exception cref="ArgumentException">None is.</exception>
    internal Model Of(nn.Module model)
    {
        var shapes = LiveParameter.Of(model).ToDictionary(parameter => parameter.Path, parameter => parameter.Shape);
        var name = model.GetType().Name;
        var best = _models
            .Where(candidate => candidate.Type[(candidate.Type.LastIndexOfAny(['.', '+']) + 1)..] == name)
            .MaxBy(candidate => candidate.CountOf(shapes));
        Option.Require(
            best is not null && best.CountOf(shapes) > 0, "Prediction", _path,
            $"a prediction of {name} with its parameters; there {(_models.Count == 1 ? "is" : "are")} {string.Join(", ", _models.Select(candidate => candidate.Type).Distinct())}");
        return best!;
    }

    internal sealed record Model(
        string Type, IReadOnlyDictionary<string, PredictedGradient> Gradients, IReadOnlyDictionary<string, string> Sources, IReadOnlyDictionary<string, long?[]> Shapes,
        IReadOnlyList<StaticFinding> Findings)
    {
        /// <param name="findings">In all of the code.</param>
        public static Model Read(JsonElement json, IReadOnlyList<StaticFinding> findings)
        {
            var gradients = new Dictionary<string, PredictedGradient>();
            var sources = new Dictionary<string, string>();
            var shapes = new Dictionary<string, long?[]>();
            if (Place(json) is { } origin)
                sources[""] = origin;
            foreach (var layer in json.GetProperty("layers").EnumerateArray())
            {
                if (layer.GetProperty("path").GetString() is { } path && Place(layer) is { } source)
                    sources.TryAdd(path, source);
            }

            foreach (var parameter in json.GetProperty("parameters").EnumerateArray())
            {
                var path = parameter.GetProperty("path").GetString()!;
                shapes[path] = [.. parameter.GetProperty("shape").EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Number ? size.GetInt64() : (long?)null)];
                if (Ratio(parameter, "log10GradientRatio") is { } ratio)
                    gradients[path] = new(ratio, Ratio(parameter, "low") ?? ratio, Ratio(parameter, "high") ?? ratio);
                // A parameter of a layer is where that is; one that the model itself holds has a line of its own.
                if (Place(parameter) is { } source && !(path.LastIndexOf('.') is > 0 and var dot && sources.ContainsKey(path[..dot])))
                    sources[path] = source;
            }

            var lines = sources.Values.ToHashSet();
            return new(json.GetProperty("type").GetString()!, gradients, sources, shapes, [.. findings.Where(finding => finding.Places.Any(lines.Contains))]);
        }

        /// <summary>How many of a live model's parameters it has, with their sizes as far as the code tells them.</summary>
        public int CountOf(IReadOnlyDictionary<string, IReadOnlyList<long>> live) =>
            live.Count(parameter => Shapes.TryGetValue(parameter.Key, out var shape) && shape.Length == parameter.Value.Count
                && shape.Zip(parameter.Value).All(pair => pair.First is null || pair.First == pair.Second));

        public static string? Place(JsonElement json) =>
            json.GetProperty("file").GetString() is { } file && json.GetProperty("line") is { ValueKind: JsonValueKind.Number } line
                ? $"{file}:{line.GetInt32()}"
                : null;

        // A gradient of exactly 0 is "-Infinity".
        private static double? Ratio(JsonElement json, string name) => json.GetProperty(name) switch
        {
            { ValueKind: JsonValueKind.Number } exponent => Math.Pow(10, exponent.GetDouble()),
            { ValueKind: JsonValueKind.String } => 0,
            _ => null,
        };
    }
}
