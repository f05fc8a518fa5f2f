using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

/// <summary>"__A" takes two fixes, one an underscore.</summary>
public class IterationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(-3)]
    public Task RightNumberOfIterations_Passes(int number) => Test(number, number).RunAsync();

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(null)]
    public Task WrongNumberOfSingleFixes_Fails(int? number) => Failure.OfAsync(Test(number, 2));

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(null)]
    public Task WrongNumberOfFixAlls_Fails(int? number) => Failure.OfAsync(Test(2, number));

    [Fact]
    public Task NumberForDocumentAndProject_GoBeforeTheCommonOne()
    {
        var test = Test(2, 7);
        test.NumberOfFixAllInDocumentIterations = 2;
        test.NumberOfFixAllInProjectIterations = 2;
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInSolutionCheck;
        return test.RunAsync();
    }

    [Fact]
    public Task FixThatChangesNothing_Ends()
        => Failure.OfAsync(new CSharpCodeFixTest<UnderscoreAnalyzer, ChangesNothingFix, DefaultVerifier> { TestCode = "class [|_A|] { }", FixedCode = "class A { }" });

    [Fact]
    public Task FixThatChangesNothing_Expected_Passes()
        => new CSharpCodeFixTest<UnderscoreAnalyzer, ChangesNothingFix, DefaultVerifier>
        {
            TestCode = "class [|_A|] { }",
            FixedCode = "class [|_A|] { }",
            NumberOfIncrementalIterations = 1,
            NumberOfFixAllIterations = 1,
        }.RunAsync();

    [Fact]
    public async Task FixThatNeverEnds_Fails()
        => await Failure.OfAsync(new CSharpCodeFixTest<UnderscoreAnalyzer, GrowingFix, DefaultVerifier> { TestCode = "class [|_A|] { }", FixedCode = "class A { }" });

    private static CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier> Test(int? single, int? all) => new()
    {
        TestCode = "class [|__A|] { }",
        FixedCode = "class A { }",
        NumberOfIncrementalIterations = single,
        NumberOfFixAllIterations = all,
    };
}
