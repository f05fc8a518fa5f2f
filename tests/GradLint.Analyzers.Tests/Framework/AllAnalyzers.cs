using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Tests.Framework;

/// <summary>Every analyzer of GradLint, and a compilation under all of them.</summary>
internal static class AllAnalyzers
{
    public static readonly ImmutableArray<DiagnosticAnalyzer> Instances = [.. ShippedAssemblies.Analyzers.GetTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
        .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    public static IEnumerable<DiagnosticDescriptor> Descriptors => Instances.SelectMany(analyzer => analyzer.SupportedDiagnostics);

    /// <summary>What all analyzers report on a program; an analyzer that throws is reported as AD0001.</summary>
    public static Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(
        IEnumerable<SyntaxTree> program, bool referencesTorchSharp = true, string editorConfig = "", CancellationToken cancellationToken = default) =>
        Compile(program, referencesTorchSharp)
            .WithAnalyzers(Instances, new AnalyzerOptions(ImmutableArray<AdditionalText>.Empty, new SameConfigForAll(editorConfig)))
            .GetAnalyzerDiagnosticsAsync(cancellationToken);

    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> program, bool referencesTorchSharp = true)
    {
        var trees = program.ToArray();
        return CSharpCompilation.Create(
            "Program",
            trees,
            referencesTorchSharp ? [.. TorchSharpProgram.RunningFramework, TorchSharpProgram.TorchSharp] : TorchSharpProgram.RunningFramework,
            TorchSharpProgram.CompilationOptions.WithOutputKind(TorchSharpProgram.OutputKindOf(trees.Select(tree => tree.ToString()))));
    }

    public static SyntaxTree Parse(string code, string path = "Program.cs") => CSharpSyntaxTree.ParseText(code, TorchSharpProgram.ParseOptions, path);
}
