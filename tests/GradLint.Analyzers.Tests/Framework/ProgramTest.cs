using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>A TorchSharp program, with markup, under one of the analyzers.</summary>
internal sealed class ProgramTest<TAnalyzer> : CSharpAnalyzerTest<TAnalyzer, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    private readonly string[] _files;

    public ProgramTest(params string[] files)
    {
        _files = files;
        ReferenceAssemblies = TorchSharpProgram.Framework;
        TestState.AdditionalReferences.Add(TorchSharpProgram.TorchSharp);
        foreach (var file in files)
            TestState.Sources.Add(file);
        TestState.Sources.Add(("Usings.cs", TorchSharpProgram.Usings));
        TestState.OutputKind = TorchSharpProgram.OutputKindOf(files);
    }

    /// <summary>The same program against TorchSharp 0.<paramref name="minor"/>, or a certain build of it.</summary>
    public ProgramTest<TAnalyzer> WithTorchSharp(byte minor, byte? build = null)
    {
        TestState.AdditionalReferences.Clear();
        TestState.AdditionalReferences.Add(TorchSharpProgram.TorchSharpOfVersion(minor, build));
        return this;
    }

    protected override Task RunImplAsync(CancellationToken cancellationToken)
    {
        if (!RecordedPrograms.IsRecording)
            return base.RunImplAsync(cancellationToken);
        RecordedPrograms.Add(_files);
        return Task.CompletedTask;
    }

    protected override ParseOptions CreateParseOptions() => TorchSharpProgram.ParseOptions;

    protected override CompilationOptions CreateCompilationOptions() => TorchSharpProgram.CompilationOptions;
}
