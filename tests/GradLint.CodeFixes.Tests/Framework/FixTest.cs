using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>A faulty TorchSharp program and what the fix makes of it.</summary>
internal sealed class FixTest<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    public FixTest(string[] files, string[] fixedFiles, bool globalUsings = true)
    {
        ReferenceAssemblies = TorchSharpProgram.Framework;
        TestState.OutputKind = FixedState.OutputKind = TorchSharpProgram.OutputKindOf(files);
        foreach (var state in new[] { TestState, FixedState })
            state.AdditionalReferences.Add(TorchSharpProgram.TorchSharp);
        Add(TestState, files, globalUsings);
        Add(FixedState, fixedFiles, globalUsings);
    }

    /// <summary>Has the programs reference GradLint.Runtime.</summary>
    public FixTest<TAnalyzer, TFix> WithRuntime()
    {
        foreach (var state in new[] { TestState, FixedState })
            state.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(Runtime.GradientProbe).Assembly.Location));
        return this;
    }

    protected override ParseOptions CreateParseOptions() => TorchSharpProgram.ParseOptions;

    protected override CompilationOptions CreateCompilationOptions() => TorchSharpProgram.CompilationOptions;

    private static void Add(SolutionState state, string[] files, bool globalUsings)
    {
        foreach (var file in files)
            state.Sources.Add(file);
        if (globalUsings)
            state.Sources.Add(("Usings.cs", TorchSharpProgram.Usings));
    }
}
