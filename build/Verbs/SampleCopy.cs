using System.Text.Json;
using System.Text.RegularExpressions;

namespace GradLint.Build.Verbs;

/// <summary>A sample copied under artifacts, where it may be changed and still finds the repository's properties and projects.</summary>
internal sealed partial class SampleCopy
{
    public required string Name { get; init; }

    public required string Folder { get; init; }

    public string Project => Path.Combine(Folder, Name + ".csproj");

    /// <param name="sample">The name of a folder in samples.</param>
    /// <param name="label">What tells this copy from others.</param>
    public static SampleCopy Create(string sample, string label)
    {
        var folder = Repository.EmptyArtifacts("demo", label, sample);
        foreach (var file in Directory.EnumerateFiles(Repository.At("samples", sample)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new() { Name = sample, Folder = folder };
    }

    /// <summary>Builds, showing what the compiler reports.</summary>
    /// <returns>GradLint's findings among it.</returns>
    public string[] Build() =>
        [.. Shell.Compile($"{Repository.Relative(Project)} does not build", "build", Project).Where(line => Finding().IsMatch(line))];

    /// <summary>Lets the .NET CLI apply a rule's first fix wherever the rule reports. The analyzers must have been built.</summary>
    public void Fix(string rule)
    {
        Shell.Compile($"{Repository.Relative(Project)} does not restore", "restore", Project);
        // Quiet, because it warns of whatever it does not need of a project with project references.
        var format = Shell.Capture(Shell.Dotnet, ["format", "analyzers", Project, "--no-restore", "--diagnostics", rule, "--severity", "info"]);
        if (format.ExitCode == 0)
            return;
        Console.WriteLine(format.Output);
        throw new BuildFailure($"the fix of {rule} could not be applied; the messages of dotnet format are above");
    }

    /// <summary>Trains, showing what the sample prints.</summary>
    public TrainingReport Train()
    {
        var report = Path.Combine(Folder, "report.json");
        Shell.RunDotnet($"training of {Repository.Relative(Folder)} failed", "run", "--no-build", "--project", Project, "--", "--report", report);
        return JsonSerializer.Deserialize<TrainingReport>(File.ReadAllText(report), JsonSerializerOptions.Web)
            ?? throw new BuildFailure($"{Repository.Relative(report)} is empty");
    }

    [GeneratedRegex(@": (warning|info) GL\d{4}: ")]
    private static partial Regex Finding();
}

/// <summary>What a sample writes to the file named by its option --report.</summary>
/// <param name="Accuracy">On the test set, 0..1.</param>
/// <param name="Layers">The gradients of the untrained model, from the input to the output.</param>
internal sealed record TrainingReport(double Accuracy, IReadOnlyList<LayerGradient> Layers);

/// <param name="Path">The layer's, as named_modules() has it.</param>
/// <param name="Norm">The L2 norm of the gradient of its weight; null when none reached it.</param>
/// <param name="Ratio">Norm over that of the output layer.</param>
internal sealed record LayerGradient(string Path, double? Norm, double? Ratio);
