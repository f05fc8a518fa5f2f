using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class GeneratorTests
{
    [Fact]
    public Task GeneratedCode_IsCompiledWithTheSources() => Test("class Generated { }").RunAsync();

    [Fact]
    public Task OtherGeneratedCode_Fails() => Failure.OfAsync(Test("class Generated2 { }"));

    [Fact]
    public Task GeneratedFile_NotExpected_Fails() => Failure.OfAsync(Test(null));

    [Fact]
    public Task GeneratedFile_NotExpected_SkippedByBehavior_Passes()
    {
        var test = Test(null);
        test.TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck;
        return test.RunAsync();
    }

    private static GeneratorTest Test(string? generated)
    {
        var test = new GeneratorTest { TestCode = "class A : Generated { }" };
        if (generated is not null)
            test.TestState.GeneratedSources.Add((typeof(SampleGenerator), "Generated.cs", generated));
        return test;
    }

    private sealed class GeneratorTest : CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier>
    {
        protected override IEnumerable<Type> GetSourceGenerators() => [typeof(SampleGenerator)];
    }
}

[Generator]
public sealed class SampleGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
        => context.RegisterPostInitializationOutput(output => output.AddSource("Generated.cs", SourceText.From("class Generated { }", Encoding.UTF8)));
}
