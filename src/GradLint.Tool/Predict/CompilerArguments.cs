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
        "-restore", "-t:Compile", "-nologo", "-v:quiet",
        "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
        // An output that is never there: what is up to date would name no arguments.
        "-p:NonExistentFile=__NonExistentSubDir__/__NonExistentFile__",
        "-getItem:CscCommandLineArgs",
    ];

    public static CompilerArguments OfProject(string project, CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(project))!;
        var output = RunMSBuild(project, directory, cancellationToken);
        var arguments = Parse(output).ToArray();
        if (arguments.Length == 0)
            throw new ToolException($"MSBuild names no compiler arguments for '{project}'; is it a C# project with one target framework?", ExitCode.NothingToDo);
        return new(CSharpCommandLineParser.Default.Parse(arguments, directory, sdkDirectory: null), directory);
    }

    public EditorConfig Settings => EditorConfig.OfFiles(arguments.AnalyzerConfigPaths.Select(file => Path.GetFullPath(file, directory)));

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

    private static string RunMSBuild(string project, string directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.ArgumentList.Add("msbuild");
        start.ArgumentList.Add(Path.GetFullPath(project));
        foreach (var argument in DesignTimeBuild)
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
