using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class FixAllTests
{
    [Fact]
    public async Task FixAllThatDoesNothing_Fails()
    {
        string message = await Failure.OfAsync(Test<UselessFixAllFix>("class [|_A|] { }", "class A { }"));
        Assert.Contains("in document", message);
    }

    [Fact]
    public Task FixAllThatDoesNothing_SkippedByBehavior_Passes()
        => Test<UselessFixAllFix>("class [|_A|] { }", "class A { }", CodeFixTestBehaviors.SkipFixAllCheck).RunAsync();

    [Theory]
    [InlineData(CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck, "in document")]
    [InlineData(CodeFixTestBehaviors.SkipFixAllInDocumentCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck, "in project")]
    [InlineData(CodeFixTestBehaviors.SkipFixAllInDocumentCheck | CodeFixTestBehaviors.SkipFixAllInProjectCheck, "in solution")]
    public async Task EachScope_IsChecked(CodeFixTestBehaviors behaviors, string scope)
        => Assert.Contains(scope, await Failure.OfAsync(Test<UselessFixAllFix>("class [|_A|] { }", "class A { }", behaviors)));

    [Fact]
    public Task FixWithoutFixAll_IsCheckedOneByOneOnly() => Test<WithoutFixAllFix>("class [|_A|] { }", "class A { }").RunAsync();

    [Fact]
    public Task OtherBatchResult_IsComparedWithTheBatchState()
    {
        var test = Test<OtherWayFixAllFix>("class [|_A|] { }", "class A { }");
        test.BatchFixedCode = "class BatchA { }";
        return test.RunAsync();
    }

    [Fact]
    public Task OtherBatchResult_WithoutBatchState_Fails() => Failure.OfAsync(Test<OtherWayFixAllFix>("class [|_A|] { }", "class A { }"));

    [Fact]
    public async Task WrongDiagnosticsOfTheBatchState_Fail()
    {
        var test = Test<OtherWayFixAllFix>("class [|_A|] { }", "class A { }");
        test.BatchFixedState.Sources.Add("class BatchA { }");
        test.BatchFixedState.ExpectedDiagnostics.Add(new DiagnosticResult(UnderscoreAnalyzer.Rule).WithMessage(null).WithSpan(1, 7, 1, 13));
        Assert.Contains("batch", await Failure.OfAsync(test));
    }

    [Fact]
    public Task AllScopes_CoverAllTheirFilesAndProjects() => TwoProjects("class D { }").RunAsync();

    [Fact]
    public Task WrongTextInAnAdditionalProject_Fails() => Failure.OfAsync(TwoProjects("class D2 { }"));

    private static CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier> TwoProjects(string fixedLibrary)
    {
        var test = new CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier>
        {
            TestState = { Sources = { "class [|_A|] { } class [|_B|] { }", "class [|_C|] { }" } },
            FixedState = { Sources = { "class A { } class B { }", "class C { }" } },
        };
        test.TestState.AdditionalProjects["Library"].Sources.Add("class [|_D|] { }");
        test.FixedState.AdditionalProjects["Library"].Sources.Add(fixedLibrary);
        return test;
    }

    private static CSharpCodeFixTest<UnderscoreAnalyzer, TFix, DefaultVerifier> Test<TFix>(string source, string fixedSource, CodeFixTestBehaviors behaviors = CodeFixTestBehaviors.None)
        where TFix : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource, CodeFixTestBehaviors = behaviors };
}
