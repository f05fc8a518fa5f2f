using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class ProjectTests
{
    [Fact]
    public Task Sources_AreCompiledTogether() => new UnderscoreTest
    {
        TestState = { Sources = { "class [|_A|] : B { }", ("Folder/Second.cs", "class B { }"), "class [|_C|] : B { }" } },
    }.RunAsync();

    [Fact]
    public async Task DiagnosticInAnotherFile_Fails()
    {
        string message = await Failure.OfAsync(new UnderscoreTest { TestState = { Sources = { "class A { }", "class _B { }" } } });
        Assert.Contains("\"/0/Test1.cs\"", message);
    }

    [Fact]
    public Task AnalyzerConfigFile_IsSeenByTheAnalyzer() => ConfiguredTest("hello", "sample.message = hello", "text").RunAsync();

    [Fact]
    public Task OtherAnalyzerConfigFile_Fails() => Failure.OfAsync(ConfiguredTest("hello", "sample.message = goodbye", "text"));

    [Fact]
    public Task OtherAdditionalFile_Fails() => Failure.OfAsync(ConfiguredTest("hello", "sample.message = hello", "other text"));

    [Fact]
    public Task AdditionalReference_IsCompiledAgainst() => new UnderscoreTest
    {
        TestCode = "class A { Xunit.FactAttribute f; }",
        ReferenceAssemblies = ReferenceAssemblies.Net.Net80,
        TestState = { AdditionalReferences = { typeof(FactAttribute).Assembly } },
    }.RunAsync();

    [Fact]
    public Task WithoutTheReference_Fails() => Failure.OfAsync(new UnderscoreTest { TestCode = "class A { Xunit.FactAttribute f; }" });

    [Fact]
    public Task AdditionalProject_IsReferencedAndAnalysed() => TwoProjects("Library").RunAsync();

    [Fact]
    public Task AdditionalProject_NotReferenced_Fails() => Failure.OfAsync(TwoProjects());

    [Fact]
    public Task UnknownProjectReference_Fails() => Assert.ThrowsAnyAsync<Exception>(() => TwoProjects("Library", "Nowhere").RunAsync());

    [Fact]
    public Task Program_NeedsAConsoleApplication() => new UnderscoreTest
    {
        TestCode = "System.Console.WriteLine();",
        TestState = { OutputKind = OutputKind.ConsoleApplication },
    }.RunAsync();

    [Fact]
    public Task Program_InALibrary_Fails() => Failure.OfAsync(new UnderscoreTest { TestCode = "System.Console.WriteLine();" });

    [Fact]
    public Task SolutionTransform_IsApplied() => new UnderscoreTest
    {
        TestCode = "class A { string? s; }",
        SolutionTransforms =
        {
            (solution, id) => solution.WithProjectCompilationOptions(
                id,
                ((CSharpCompilationOptions)solution.GetProject(id)!.CompilationOptions!)
                    .WithNullableContextOptions(NullableContextOptions.Enable)
                    .WithGeneralDiagnosticOption(ReportDiagnostic.Error)
                    .WithSpecificDiagnosticOptions([new("CS0169", ReportDiagnostic.Suppress)])),
        },
    }.RunAsync();

    [Theory]
    [InlineData("netstandard2.0", true)]
    [InlineData("net8.0", false)]
    public async Task ReferenceAssemblies_AreTheNamedOnes(string framework, bool isNetStandard)
    {
        var assemblies = isNetStandard ? ReferenceAssemblies.NetStandard.NetStandard20 : ReferenceAssemblies.Net.Net80;
        Assert.Equal(framework, assemblies.TargetFramework);
        var test = new UnderscoreTest { TestCode = "class A { System.DateOnly d; }", ReferenceAssemblies = assemblies };
        if (isNetStandard)
            await Failure.OfAsync(test);
        else
            await test.RunAsync();
    }

    [Fact]
    public async Task References_AreSharedBetweenTests()
    {
        var first = await ReferenceAssemblies.Net.Net80.ResolveAsync(LanguageNames.CSharp, CancellationToken.None);
        var second = await ReferenceAssemblies.Net.Net80.ResolveAsync(LanguageNames.CSharp, CancellationToken.None);
        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    private static CSharpAnalyzerTest<ConfiguredAnalyzer, DefaultVerifier> ConfiguredTest(string expected, string config, string text) => new()
    {
        TestCode = "class {|#0:A|} { }",
        TestState =
        {
            AnalyzerConfigFiles = { ("/.editorconfig", $"root = true\n[*.cs]\n{config}\n") },
            AdditionalFiles = { ("notes.txt", text) },
        },
        ExpectedDiagnostics = { new DiagnosticResult(ConfiguredAnalyzer.Rule).WithLocation(0).WithArguments(expected, "text") },
    };

    private static UnderscoreTest TwoProjects(params string[] references)
    {
        var test = new UnderscoreTest { TestCode = "class A : Base { }" };
        test.TestState.AdditionalProjects["Library"].Sources.Add("public class Base { } class [|_B|] { }");
        test.TestState.AdditionalProjectReferences.AddRange(references);
        return test;
    }

    private sealed class UnderscoreTest : CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier>;
}
