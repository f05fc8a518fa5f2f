using System.CommandLine;
using GradLint.Build.Setup;

namespace GradLint.Build.Verbs;

/// <summary>Makes the NuGet packages.</summary>
internal static class PackVerb
{
    private static readonly string[] Projects = ["GradLint.CodeFixes", "GradLint.Runtime", "GradLint.Tool"];

    public static Command Create(SetupOptions setup)
    {
        var output = new Option<string>("--output") { Description = "The folder to write the packages to.", DefaultValueFactory = _ => Repository.At("artifacts", "packages") };
        var command = new Command("pack", "Packs GradLint, GradLint.Runtime and GradLint.Tool, in Release, into artifacts/packages.") { output };
        command.SetAction(parsed =>
        {
            setup.Prepare(parsed);
            Run(Path.GetFullPath(parsed.GetValue(output)!));
        });
        return command;
    }

    private static void Run(string output)
    {
        Directory.CreateDirectory(output);
        foreach (var old in Directory.EnumerateFiles(output, "GradLint*.nupkg"))
            File.Delete(old);
        foreach (var project in Projects)
            Shell.Compile($"{project} does not pack", "pack", Repository.At("src", project), "--configuration", "Release", "--output", output);
        foreach (var package in Directory.EnumerateFiles(output, "*.nupkg").Order(StringComparer.Ordinal))
            Console.WriteLine($"{Repository.Relative(package)} ({new FileInfo(package).Length / 1024} KB)");
    }
}
