using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>
/// Checks what a fix makes of a program: one by one, and all findings of the document, project and solution at once.
/// Both programs must compile, and the fixed one has no finding left that the fix would take on.
/// </summary>
internal static class VerifyFix<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>The first remedy offered.</summary>
    public static Task BestAsync(string program, string fixedProgram) => new FixTest<TAnalyzer, TFix>([program], [fixedProgram]).RunAsync();

    /// <summary>The first remedy, in a program of several files.</summary>
    public static Task BestAsync(string[] files, string[] fixedFiles) => new FixTest<TAnalyzer, TFix>(files, fixedFiles).RunAsync();

    /// <summary>The first remedy, in a program that brings its own usings.</summary>
    public static Task BestWithOwnUsingsAsync(string program, string fixedProgram) =>
        new FixTest<TAnalyzer, TFix>([program], [fixedProgram], globalUsings: false).RunAsync();

    /// <summary>The remedy of that equivalence key.</summary>
    public static Task RemedyAsync(string key, string program, string fixedProgram) =>
        new FixTest<TAnalyzer, TFix>([program], [fixedProgram]) { CodeActionEquivalenceKey = key }.RunAsync();

    /// <summary>The first remedy, under an <c>.editorconfig</c>.</summary>
    public static Task BestWithConfigAsync(string editorConfig, string program, string fixedProgram) =>
        WithConfig(new([program], [fixedProgram]), editorConfig).RunAsync();

    public static Task RemedyWithConfigAsync(string editorConfig, string key, string program, string fixedProgram) =>
        WithConfig(new([program], [fixedProgram]) { CodeActionEquivalenceKey = key }, editorConfig).RunAsync();

    public static Task NothingWithConfigAsync(string editorConfig, params string[] files) => WithConfig(Unchanged(files), editorConfig).RunAsync();

    /// <summary>The first remedy, where mending one finding after the other leaves less to do than mending all at once.</summary>
    public static Task BestAsync(string program, string oneByOne, string atOnce)
    {
        var test = new FixTest<TAnalyzer, TFix>([program], [oneByOne]);
        test.BatchFixedState.Sources.Add(atOnce);
        test.BatchFixedState.Sources.Add(("Usings.cs", TorchSharpProgram.Usings));
        test.BatchFixedState.AdditionalReferences.Add(TorchSharpProgram.TorchSharp);
        return test.RunAsync();
    }

    /// <summary>The remedy of that equivalence key, in a program of several files.</summary>
    public static Task RemedyAsync(string key, string[] files, string[] fixedFiles) =>
        new FixTest<TAnalyzer, TFix>(files, fixedFiles) { CodeActionEquivalenceKey = key }.RunAsync();

    /// <summary>The remedy of that equivalence key, in a program that brings its own usings.</summary>
    public static Task RemedyWithOwnUsingsAsync(string key, string program, string fixedProgram) =>
        new FixTest<TAnalyzer, TFix>([program], [fixedProgram], globalUsings: false) { CodeActionEquivalenceKey = key }.RunAsync();

    /// <summary>The same in a program that references GradLint.Runtime.</summary>
    public static Task RemedyWithRuntimeAsync(string key, string program, string fixedProgram) =>
        new FixTest<TAnalyzer, TFix>([program], [fixedProgram], globalUsings: false) { CodeActionEquivalenceKey = key }.WithRuntime().RunAsync();

    /// <summary>No remedy is offered.</summary>
    public static Task NothingAsync(params string[] files) => Unchanged(files).RunAsync();

    private static FixTest<TAnalyzer, TFix> WithConfig(FixTest<TAnalyzer, TFix> test, string editorConfig)
    {
        foreach (var state in new[] { test.TestState, test.FixedState })
            state.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + editorConfig));
        return test;
    }

    private static FixTest<TAnalyzer, TFix> Unchanged(string[] files) => new(files, files)
    {
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        FixedState = { MarkupHandling = MarkupMode.Allow },
    };

    /// <summary>Remedies are offered, but not the one of that equivalence key.</summary>
    public static Task NotOfferedAsync(string key, string program) => new FixTest<TAnalyzer, TFix>([program], [program])
    {
        CodeActionEquivalenceKey = key,
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        FixedState = { MarkupHandling = MarkupMode.Allow },
    }.RunAsync();
}
