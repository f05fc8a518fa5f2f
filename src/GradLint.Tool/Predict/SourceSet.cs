using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.Tool.Predict;

/// <summary>The code to read: a compilation, and what its user should know about it.</summary>
/// <param name="Path">The path that was given.</param>
/// <param name="Compilation">Everything in it, against the assemblies it references.</param>
/// <param name="Notes">What keeps the reading from being complete.</param>
/// <param name="IsComplete">False when parts of the code do not compile.</param>
/// <param name="Settings">GradLint's settings for its files.</param>
internal sealed record SourceSet(string Path, CSharpCompilation Compilation, IReadOnlyList<string> Notes, bool IsComplete, EditorConfig Settings)
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static SourceSet Load(string path, string? reference, CancellationToken cancellationToken)
    {
        if (reference is not null && !File.Exists(reference))
            throw new ToolException($"The reference '{reference}' does not exist; give the path of a TorchSharp.dll.", ExitCode.Usage);

        if (File.Exists(path))
        {
            return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".csproj" => FromProject(path, reference, cancellationToken),
                ".cs" => FromFiles(path, [path], System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, reference, cancellationToken),
                _ => throw new ToolException($"'{path}' is neither a project (.csproj) nor a C# file (.cs).", ExitCode.Usage),
            };
        }

        if (!Directory.Exists(path))
            throw new ToolException($"'{path}' does not exist; give a project (.csproj), a folder or a C# file.", ExitCode.Usage);

        var projects = Directory.GetFiles(path, "*.csproj");
        if (projects.Length == 1 && reference is null)
            return FromProject(projects[0], reference, cancellationToken) with { Path = path };

        var files = Directory.EnumerateFiles(path, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Where(IsSource).Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0)
            throw new ToolException($"There are no C# files in '{path}'.", ExitCode.NothingToDo);
        return FromFiles(path, files, path, reference, cancellationToken);

        bool IsSource(string file) =>
            !System.IO.Path.GetRelativePath(path, file).Split(System.IO.Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
    }

    private static SourceSet FromProject(string project, string? reference, CancellationToken cancellationToken)
    {
        var arguments = CompilerArguments.OfProject(project, cancellationToken);
        var compilation = arguments.ToCompilation(cancellationToken);
        return Check(project, reference is null ? compilation : compilation.AddReferences(MetadataReference.CreateFromFile(reference)), arguments.Settings, cancellationToken);
    }

    private static SourceSet FromFiles(string path, IReadOnlyList<string> files, string folder, string? reference, CancellationToken cancellationToken)
    {
        var torchSharp = reference ?? TorchSharpAssembly.FindNear(folder) ?? throw new ToolException(
            $"No TorchSharp.dll was found for '{path}'; build its project, give the project itself, or name one with --reference.", ExitCode.NothingToDo);

        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(file), System.Text.Encoding.UTF8), options, file, cancellationToken))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options, "ImplicitUsings.cs", cancellationToken: cancellationToken));
        var references = RuntimeAssemblies().Append(torchSharp).Select(file => MetadataReference.CreateFromFile(file));
        var kind = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);
        return Check(path, CSharpCompilation.Create("Models", trees, references, kind), EditorConfig.Around(folder, readsBelow: Directory.Exists(path)), cancellationToken);
    }

    private static SourceSet Check(string path, CSharpCompilation compilation, EditorConfig settings, CancellationToken cancellationToken)
    {
        if (KnownTypes.From(compilation) is null)
        {
            throw new ToolException(
                $"'{path}' does not reference TorchSharp (or its packages are not restored and its references not built): there are no models to read.",
                ExitCode.NothingToDo);
        }

        var errors = compilation.GetDiagnostics(cancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id is not ("CS5001" or "CS8805"))
            .ToArray();
        var notes = errors.Length == 0
            ? Array.Empty<string>()
            : [$"{errors.Length} compiler error{(errors.Length == 1 ? "" : "s")} in '{path}': read as far as it goes. The first: {errors[0]}"];
        return new(path, compilation, notes, errors.Length == 0, settings);
    }

    /// <summary>The base library that this tool itself runs on.</summary>
    private static IEnumerable<string> RuntimeAssemblies() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(file => System.IO.Path.GetDirectoryName(file) == System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location));
}
