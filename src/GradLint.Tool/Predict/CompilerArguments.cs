using System.Diagnostics;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.Tool.Predict;

/// <summary>The arguments with which a project's build calls the compiler, asked of MSBuild without compiling.</summary>
internal sealed class CompilerArguments(CSharpCommandLineArguments arguments, string directory)
{
    private static readonly string[] DesignTimeBuild =
    [
        "-restore", "-t:Compile",
        "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
        // An output that is never there: what is up to date would name no arguments.
        "-p:NonExistentFile=__NonExistentSubDir__/__NonExistentFile__",
        "-getItem:CscCommandLineArgs",
    ];

    /// <summary>The arguments for a project; of several target frameworks, for the first.</summary>
    public static CompilerArguments OfProject(string project, CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(project))!;
        string[] framework = FirstOfSeveralFrameworks(project, directory, cancellationToken) is { } first ? [$"-p:TargetFramework={first}"] : [];
        var output = RunMSBuild(project, directory, [.. DesignTimeBuild, .. framework], cancellationToken);
        var arguments = Parse(output).ToArray();
        if (arguments.Length == 0)
            throw new ToolException($"MSBuild names no compiler arguments for '{project}'; is it a C# project?", ExitCode.NothingToDo);
        return new(CSharpCommandLineParser.Default.Parse(arguments, directory, sdkDirectory: null), directory);
    }

    public EditorConfig Settings => EditorConfig.OfFiles(arguments.AnalyzerConfigPaths.Select(file => Path.GetFullPath(file, directory)));

    private static string? FirstOfSeveralFrameworks(string project, string directory, CancellationToken cancellationToken) =>
        RunMSBuild(project, directory, ["-getProperty:TargetFrameworks"], cancellationToken)
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    public CSharpCompilation ToCompilation(CancellationToken cancellationToken)
    {
        var parseOptions = arguments.ParseOptions.WithDocumentationMode(DocumentationMode.None);
        var trees = arguments.SourceFiles.Where(file => File.Exists(file.Path)).Select(file =>
        {
            using var stream = File.OpenRead(file.Path);
            return CSharpSyntaxTree.ParseText(SourceText.From(stream), parseOptions, file.Path, cancellationToken);
        });
        var references = arguments.MetadataReferences
            .Select(reference => Path.Combine(directory, reference.Reference))
            .Where(File.Exists)
            .Select(file => MetadataReference.CreateFromFile(file));
        return CSharpCompilation.Create(arguments.CompilationName ?? "Models", trees, references, arguments.CompilationOptions);
    }

    private static string RunMSBuild(string project, string directory, IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.ArgumentList.Add("msbuild");
        start.ArgumentList.Add(Path.GetFullPath(project));
        foreach (var argument in options.Concat(["-nologo", "-v:quiet"]))
            start.ArgumentList.Add(argument);

        using var process = Start(start);
        using var registration = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0 && !output.TrimStart().StartsWith('{'))
        {
            var message = (output + errors.Result).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.Contains("error")) ?? "MSBuild failed";
            throw new ToolException($"'{project}' cannot be loaded: {message}", ExitCode.NothingToDo);
        }
        return output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ToolException("'dotnet' cannot be started; install the .NET SDK, or read a folder or file with --reference.", ExitCode.NothingToDo);
        }
    }

    private static IEnumerable<string> Parse(string output)
    {
        var begin = output.IndexOf('{');
        if (begin < 0)
            yield break;
        using var document = JsonDocument.Parse(output.AsMemory(begin), new() { AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("Items", out var items) || !items.TryGetProperty("CscCommandLineArgs", out var arguments))
            yield break;
        foreach (var argument in arguments.EnumerateArray())
            yield return argument.GetProperty("Identity").GetString()!;
    }
}
