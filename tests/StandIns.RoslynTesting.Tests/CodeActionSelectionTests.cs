using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class CodeActionSelectionTests
{
    [Theory]
    [InlineData(null, null, "class A { }")]
    [InlineData(0, null, "class A { }")]
    [InlineData(1, null, "class XA { }")]
    [InlineData(null, "remove", "class A { }")]
    [InlineData(null, "replace", "class XA { }")]
    [InlineData(1, "replace", "class XA { }")]
    public Task ChosenAction_IsApplied(int? index, string? key, string fixedSource) => Test<TwoWaysFix>(index, key, fixedSource).RunAsync();

    [Theory]
    [InlineData(1, "class XA { }")]
    [InlineData(2, "class YA { }")]
    public Task NestedActions_CountInPlaceOfTheirGroup(int index, string fixedSource) => Test<NestedFix>(index, null, fixedSource).RunAsync();

    [Theory]
    [InlineData(0, "replace")]
    [InlineData(2, "replace")]
    [InlineData(null, "no such key")]
    [InlineData(2, null)]
    public Task ActionThatIsNotOffered_Fails(int? index, string? key) => Failure.OfAsync(Test<TwoWaysFix>(index, key, "class XA { }"));

    [Fact]
    public async Task CodeActionVerifier_SeesTheChosenAction()
    {
        var titles = new List<string>();
        var test = Test<TwoWaysFix>(1, null, "class XA { }");
        test.CodeActionVerifier = (action, _) => titles.Add(action.Title);
        await test.RunAsync();
        Assert.Equal(["Replace the underscore by X"], titles.Distinct());
    }

    [Fact]
    public async Task CodeActionVerifier_CanFailTheTest()
    {
        var test = Test<TwoWaysFix>(1, null, "class XA { }");
        test.CodeActionVerifier = (action, verifier) => verifier.Equal("Another title", action.Title);
        Assert.Contains("Replace the underscore by X", await Failure.OfAsync(test));
    }

    private static CSharpCodeFixTest<UnderscoreAnalyzer, TFix, DefaultVerifier> Test<TFix>(int? index, string? key, string fixedSource)
        where TFix : CodeFixProvider, new()
        => new()
        {
            TestCode = "class [|_A|] { }",
            FixedCode = fixedSource,
            CodeActionIndex = index,
            CodeActionEquivalenceKey = key,
        };
}
