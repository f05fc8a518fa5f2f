using System.Globalization;
using System.Text.Json;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Microsoft.CodeAnalysis;

namespace GradLint.Tool.Predict;

/// <summary>Writes models as the JSON that docs/predict.md describes.</summary>
internal static class ModelJson
{
    /// <summary>Raised when a field changes its meaning or goes; new fields do not raise it.</summary>
    private const int SchemaVersion = 1;

    public static void Write(string file, SourceSet source, IReadOnlyList<PredictedModel> models, IReadOnlyList<Diagnostic> findings)
    {
        if (file == "-")
        {
            using var standardOutput = Console.OpenStandardOutput();
            Write(standardOutput, source, models, findings);
            return;
        }

        // Complete or not at all: whoever reads the file never meets half of one.
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var draft = Path.Combine(directory, $".{Path.GetFileName(file)}.{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(directory);
            using (var stream = File.Create(draft))
                Write(stream, source, models, findings);
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"'{file}' cannot be written: {exception.Message}", ExitCode.Usage);
        }
        finally
        {
            if (File.Exists(draft))
                File.Delete(draft);
        }
    }

    public static void Write(Stream stream, SourceSet source, IReadOnlyList<PredictedModel> models, IReadOnlyList<Diagnostic> findings)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", SchemaVersion);
        json.WriteString("source", source.Path);
        json.WriteBoolean("compiles", source.IsComplete);
        json.WriteStartArray("models");
        foreach (var model in models)
            WriteModel(json, model);
        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in findings)
            WriteFinding(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFinding(Utf8JsonWriter json, Diagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Id);
        json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
        json.WriteString("message", finding.GetMessage(CultureInfo.InvariantCulture));
        WritePlace(json, finding.Location);
        json.WriteStartArray("also");
        foreach (var place in finding.AdditionalLocations.Where(place => place.IsInSource))
        {
            json.WriteStartObject();
            WritePlace(json, place);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, PredictedModel model)
    {
        var graph = model.Graph;
        json.WriteStartObject();
        json.WriteString("type", graph.TypeName);
        WritePlace(json, graph.Origin);
        json.WriteString("status", graph.Status.ToString().ToLowerInvariant());
        WriteReasons(json, "reasons", graph.Reasons);

        json.WriteStartArray("layers");
        var predicted = model.Prediction.Layers.ToDictionary(layer => layer.Node);
        foreach (var node in graph.Nodes)
            WriteLayer(json, node, predicted.GetValueOrDefault(node.Id));
        json.WriteEndArray();

        json.WriteStartArray("edges");
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
            {
                json.WriteStartObject();
                json.WriteNumber("from", input.Node);
                json.WriteNumber("output", input.Index);
                json.WriteNumber("to", node.Id);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();

        json.WriteStartArray("outputs");
        foreach (var output in graph.Outputs)
            json.WriteNumberValue(output.Node);
        json.WriteEndArray();

        json.WriteStartArray("repeats");
        foreach (var repeat in graph.Repeats)
        {
            json.WriteStartObject();
            json.WriteNumber("first", repeat.First);
            json.WriteNumber("last", repeat.Last);
            WriteNumber(json, "count", repeat.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("parameters");
        for (var index = 0; index < graph.Parameters.Count; index++)
            WriteParameter(json, graph.Parameters[index], model.Prediction.Parameters.FirstOrDefault(predicted => predicted.Index == index));
        json.WriteEndArray();
        json.WriteString("head", model.Prediction.HeadParameter is { } head ? graph.Parameters[head].Path : null);
        WriteEstimate(json, "headSampleCorrelation", model.Prediction.HeadSampleCorrelation);
        WriteHorizons(json, model.Prediction.MemoryHorizons);
        WriteCounterfactuals(json, model.Counterfactuals);
        WriteReasons(json, "notPredicted", model.Prediction.Unknown);
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, GraphNode node, LayerPrediction? prediction)
    {
        json.WriteStartObject();
        json.WriteNumber("id", node.Id);
        json.WriteString("kind", node.Kind.ToString());
        json.WriteString("path", node.Path);
        WriteArguments(json, node.Arguments);
        json.WriteStartArray("parameters");
        foreach (var index in node.Parameters)
            json.WriteNumberValue(index);
        json.WriteEndArray();
        WritePlace(json, node.Construction);
        WriteNumber(json, "useLine", node.Use.Line == 0 ? null : node.Use.Line);
        WritePowerOfTen(json, "gain", prediction?.Log10Gain.Value);
        WritePowerOfTen(json, "forwardScale", prediction?.Log10ForwardScale.Value);
        WriteLogarithm(json, "log10OutputGradientRatio", prediction?.Log10OutputGradientRatio.Value);
        WriteValue(json, "sampleCorrelation", prediction?.SampleCorrelation.Value);
        WriteValue(json, "deadShare", prediction?.DeadShare);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, ModelParameter parameter, ParameterPrediction? prediction)
    {
        json.WriteStartObject();
        json.WriteString("path", parameter.Path);
        json.WriteStartArray("shape");
        foreach (var size in parameter.Shape)
            WriteValue(json, size);
        json.WriteEndArray();
        json.WriteStartObject("initializer");
        json.WriteString("kind", parameter.Initialization.Kind.ToString());
        json.WriteBoolean("explicit", parameter.Initialization.IsExplicit);
        WriteArguments(json, parameter.Initialization.Arguments);
        json.WriteEndObject();
        json.WriteBoolean("requiresGrad", parameter.RequiresGrad);
        WritePlace(json, parameter.Origin);
        WriteLogarithm(json, "log10GradientRatio", prediction?.Log10GradientRatio.Value);
        WriteLogarithm(json, "low", prediction?.Log10GradientRatio.Low);
        WriteLogarithm(json, "high", prediction?.Log10GradientRatio.High);
        json.WriteEndObject();
    }

    private static void WriteHorizons(Utf8JsonWriter json, IReadOnlyList<MemoryHorizon> horizons)
    {
        json.WriteStartArray("memoryHorizon");
        foreach (var horizon in horizons)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", horizon.Node);
            WriteValue(json, "factorPerStep", horizon.FactorPerStep);
            WriteValue(json, "stepsToE3", Steps(horizon.StepsToE3));
            WriteValue(json, "stepsToThousandth", Steps(horizon.StepsToThousandth));
            json.WriteEndObject();
        }
        json.WriteEndArray();

        static object? Steps(double steps) => double.IsInfinity(steps) ? null : steps;
    }

    private static void WriteCounterfactuals(Utf8JsonWriter json, IReadOnlyList<Counterfactual> counterfactuals)
    {
        json.WriteStartArray("counterfactuals");
        foreach (var counterfactual in counterfactuals)
        {
            json.WriteStartObject();
            json.WriteString("remedy", counterfactual.Remedy);
            json.WriteString("parameter", counterfactual.Parameter);
            WriteValue(json, "before", counterfactual.Before);
            WriteValue(json, "after", counterfactual.After);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        if (estimate is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        WriteValue(json, "value", known.Value);
        WriteValue(json, "low", known.Low);
        WriteValue(json, "high", known.High);
        json.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter json, LayerArguments arguments)
    {
        json.WriteStartObject("arguments");
        foreach (var name in arguments.Names)
        {
            json.WritePropertyName(name);
            if (arguments.IsUnknown(name))
                json.WriteStringValue("?");
            else
                WriteValue(json, arguments[name]);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        WriteValue(json, value);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case IReadOnlyList<long?> sizes:
                json.WriteStartArray();
                foreach (var size in sizes)
                    WriteValue(json, size);
                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteReasons(Utf8JsonWriter json, string name, IReadOnlyList<UnknownReason> reasons)
    {
        json.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("text", reason.Text);
            WritePlace(json, reason.Origin);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, Origin origin)
    {
        json.WriteString("file", origin.File.Length == 0 ? null : origin.File);
        WriteNumber(json, "line", origin.Line == 0 ? null : origin.Line);
    }

    private static void WritePlace(Utf8JsonWriter json, Location location)
    {
        var place = location.GetLineSpan();
        json.WriteString("file", place.Path);
        json.WriteNumber("line", place.StartLinePosition.Line + 1);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    /// <summary>Null where nothing is predicted; a gradient of exactly zero has the logarithm -Infinity, which JSON writes as a string.</summary>
    private static void WriteLogarithm(Utf8JsonWriter json, string name, double? value) => WriteValue(json, name, value is double.NaN ? null : value);

    private static void WritePowerOfTen(Utf8JsonWriter json, string name, double? log10) =>
        WriteLogarithm(json, name, log10 is { } exponent ? Math.Pow(10, exponent) : null);
}
