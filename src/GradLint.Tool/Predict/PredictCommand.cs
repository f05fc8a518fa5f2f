using System.CommandLine;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Microsoft.CodeAnalysis;
using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary><c>gradlint predict</c>: reads the models of a project from its code and predicts their gradient flow.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A project (.csproj), a folder or a C# file." };
        var parameters = new Option<bool>("--parameters") { Description = "Also list every parameter with its shape and initializer." };
        var graph = new Option<bool>("--graph") { Description = "Also list every operation with the layers it takes its input from." };
        var json = new Option<string?>("--json") { Description = "Write the models as JSON to this file (- for standard output)." };
        var type = new Option<string?>("--type") { Description = "Only the model type of this name." };
        var reference = new Option<string?>("--reference") { Description = "The TorchSharp.dll to read against, for a folder or file without a project." };
        var batch = Size("--batch-size", "Samples in a batch, where known.");
        var steps = Size("--sequence-length", "Time steps or tokens of a sample, where known.");
        var image = Size("--image-size", "Height and width of an image, where known.");

        var command = new Command("predict", "Reads the models in C# code and predicts the gradient at every layer.") { path, parameters, graph, json, type, reference, batch, steps, image };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            new(parsed.GetValue(path)!)
            {
                ShowParameters = parsed.GetValue(parameters),
                ShowGraph = parsed.GetValue(graph),
                Json = parsed.GetValue(json),
                Type = parsed.GetValue(type),
                Reference = parsed.GetValue(reference),
                Known = new() { BatchSize = parsed.GetValue(batch), SequenceLength = parsed.GetValue(steps), SpatialSize = parsed.GetValue(image) },
            },
            Terminal(parsed.GetValue(json) == "-"),
            Console.Error,
            cancellationToken)));
        return command;
    }

    /// <summary>Runs the command; messages for the user go to <paramref name="errors"/>.</summary>
    public static int Run(PredictRequest request, IAnsiConsole console, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            var source = SourceSet.Load(request.Path, request.Reference, cancellationToken);
            foreach (var note in source.Notes)
                errors.WriteLine($"gradlint: {note}");

            var models = ModelDiscovery.Find(source, request.Type, request.Known, cancellationToken);
            if (models.Count == 0)
            {
                throw new ToolException(
                    request.Type is null ? $"There is no TorchSharp model in '{request.Path}'." : $"There is no model type '{request.Type}' in '{request.Path}'.",
                    ExitCode.NothingToDo);
            }

            if (request.Json is { } file)
                ModelJson.Write(file, source, models, StaticFindings.Of(source, cancellationToken));
            if (request.Json != "-")
                new ModelReport(console, request.ShowParameters, request.ShowGraph).Print(models);

            return source.IsComplete && models.All(model => model.Graph.Status == GraphStatus.Known) ? ExitCode.Success : ExitCode.Incomplete;
        }
        catch (ToolException exception)
        {
            errors.WriteLine($"gradlint: {exception.Message}");
            return exception.ExitCode;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"gradlint: {exception.Message} Look at whether the file is there and yours to read or write.");
            return ExitCode.Usage;
        }
    }

    private static Option<int?> Size(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any()) return;
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError($"{name} must be at least 1.");
        });
        return option;
    }

    private static IAnsiConsole Terminal(bool isSilent)
    {
        var isRedirected = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(isSilent ? TextWriter.Null : Console.Out),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });

        // A pipe or file has no width to fit into.
        if (isRedirected)
            console.Profile.Width = 400;
        return console;
    }
}

/// <summary>What <c>gradlint predict</c> is asked for.</summary>
/// <param name="Path">A project, a folder or a file.</param>
internal sealed record PredictRequest(string Path)
{
    public bool ShowParameters { get; init; }

    public bool ShowGraph { get; init; }

    /// <summary>The file to write; <c>-</c> for standard output.</summary>
    public string? Json { get; init; }

    /// <summary>Only the model type of that name.</summary>
    public string? Type { get; init; }

    /// <summary>The TorchSharp.dll to read against.</summary>
    public string? Reference { get; init; }

    /// <summary>Sizes that the code does not tell.</summary>
    public PredictionOptions Known { get; init; } = PredictionOptions.Default;
}
