using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;
using VerifyCS = Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerVerifier<
    StandIns.RoslynTesting.Tests.Samples.UnderscoreAnalyzer, Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace StandIns.RoslynTesting.Tests;

public class DiagnosticTests
{
    [Fact]
    public Task CleanCode_WithoutExpectations_Passes() => VerifyCS.VerifyAnalyzerAsync("class A { }");

    [Fact]
    public Task ExpectedDiagnostic_Passes() => VerifyCS.VerifyAnalyzerAsync("class [|_A|] { }");

    [Fact]
    public async Task UnexpectedDiagnostic_Fails()
    {
        string message = await Failure.OfAsync(Test("class _A { }"));
        Assert.Contains("VerifyCS.Diagnostic()", message);
        Assert.Contains(".WithSpan(1, 7, 1, 9)", message);
        Assert.Contains(".WithArguments(\"_A\", \"an underscore\")", message);
    }

    [Fact]
    public async Task MissingDiagnostic_Fails()
    {
        string message = await Failure.OfAsync(Test("class [|A|] { }"));
        Assert.Contains("1", message);
        Assert.Contains("0", message);
    }

    [Fact]
    public Task DiagnosticElsewhere_Fails() => Failure.OfAsync(Test("[|class|] _A { }"));

    [Fact]
    public Task DiagnosticOfOtherLength_Fails() => Failure.OfAsync(Test("class [|_A |]{ }"));

    [Fact]
    public Task StartAlone_IgnoresLength()
        => VerifyCS.VerifyAnalyzerAsync("class _A { }", VerifyCS.Diagnostic().WithLocation(1, 7).WithArguments("_A", "an underscore"));

    [Fact]
    public Task WrongStart_Fails()
        => Failure.OfAsync(Test("class _A { }", VerifyCS.Diagnostic().WithLocation(1, 8).WithArguments("_A", "an underscore")));

    [Fact]
    public Task WrongId_Fails() => Failure.OfAsync(Test("class {|OTHER1:_A|} { }"));

    [Fact]
    public Task RightArguments_Pass()
        => VerifyCS.VerifyAnalyzerAsync("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithLocation(0).WithArguments("_A", "an underscore"));

    [Fact]
    public async Task WrongArguments_Fail()
    {
        string message = await Failure.OfAsync(Test("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithLocation(0).WithArguments("_B", "an underscore")));
        Assert.Contains("Class '_B' starts with an underscore", message);
        Assert.Contains("Class '_A' starts with an underscore", message);
    }

    [Fact]
    public Task ArgumentsOfAnyMessage_AreStillChecked()
        => Failure.OfAsync(Test("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithMessage(null).WithLocation(0).WithArguments("_B", "an underscore")));

    [Fact]
    public Task RightMessage_Passes()
        => VerifyCS.VerifyAnalyzerAsync("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithLocation(0).WithMessage("Class '_A' starts with an underscore"));

    [Fact]
    public Task WrongMessage_Fails()
        => Failure.OfAsync(Test("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithLocation(0).WithMessage("Class '_A' starts badly")));

    [Fact]
    public Task AnyMessage_Passes()
        => VerifyCS.VerifyAnalyzerAsync("class {|#0:_A|} { }", VerifyCS.Diagnostic().WithLocation(0).WithMessage(null));

    [Fact]
    public Task WrongSeverity_Fails()
        => Failure.OfAsync(Test("class {|#0:_A|} { }", AnyUnderscore.WithLocation(0).WithSeverity(DiagnosticSeverity.Error)));

    [Fact]
    public Task WrongSeverity_IgnoredByOption_Passes()
        => VerifyCS.VerifyAnalyzerAsync(
            "class {|#0:_A|} { }",
            AnyUnderscore.WithLocation(0).WithSeverity(DiagnosticSeverity.Error).WithOptions(DiagnosticOptions.IgnoreSeverity));

    [Fact]
    public Task RightAdditionalLocations_Pass()
        => VerifyCS.VerifyAnalyzerAsync("class B { } class {|#0:_A|} : {|#1:B|} { }", AnyUnderscore.WithLocation(0).WithLocation(1));

    [Fact]
    public Task MissingAdditionalLocation_Fails()
        => Failure.OfAsync(Test("class B { } class {|#0:_A|} : {|#1:B|} { }", AnyUnderscore.WithLocation(0)));

    [Fact]
    public Task WrongAdditionalLocation_Fails()
        => Failure.OfAsync(Test("class {|#1:B|} { } class {|#0:_A|} : B { }", AnyUnderscore.WithLocation(0).WithLocation(1)));

    [Fact]
    public Task AdditionalLocations_IgnoredByOption_Pass()
        => VerifyCS.VerifyAnalyzerAsync(
            "class B { } class {|#0:_A|} : B { }",
            AnyUnderscore.WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Fact]
    public Task ExpectedWithoutLocation_Fails() => Failure.OfAsync(Test("class _A { }", AnyUnderscore));

    [Fact]
    public Task SameDiagnosticTwiceExpected_Fails()
        => Failure.OfAsync(Test("class {|#0:_A|} { }", AnyUnderscore.WithLocation(0), AnyUnderscore.WithLocation(0)));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public Task LooseExpectation_LeavesTheDiagnosticThatAStricterOneNeeds(string argument)
        => new CSharpAnalyzerTest<TwiceAnalyzer, DefaultVerifier>
        {
            TestCode = "class {|#0:A|} { }",
            ExpectedDiagnostics =
            {
                AnyUnderscore.WithLocation(0),
                VerifyCS.Diagnostic().WithLocation(0).WithArguments("A", argument),
            },
        }.RunAsync();

    [Fact]
    public Task TwoStrictExpectations_OfOneOfTwoDiagnostics_Fail()
        => Failure.OfAsync(new CSharpAnalyzerTest<TwiceAnalyzer, DefaultVerifier>
        {
            TestCode = "class {|#0:A|} { }",
            ExpectedDiagnostics =
            {
                VerifyCS.Diagnostic().WithLocation(0).WithArguments("A", "1"),
                VerifyCS.Diagnostic().WithLocation(0).WithArguments("A", "1"),
            },
        });

    [Fact]
    public async Task DiagnosticVerifier_SeesEveryDiagnostic()
    {
        var seen = new List<string>();
        var test = Test("class [|_A|] { } class [|_B|] { }");
        test.TestBehaviors = TestBehaviors.SkipSuppressionCheck;
        test.DiagnosticVerifier = (diagnostic, expected, _) => seen.Add($"{diagnostic.GetMessage()} {expected.Id}");
        await test.RunAsync();
        Assert.Equal(["Class '_A' starts with an underscore UNDER1", "Class '_B' starts with an underscore UNDER1"], seen.Order());
    }

    [Fact]
    public async Task DiagnosticVerifier_CanFailTheTest()
    {
        var test = Test("class [|_A|] { }");
        test.DiagnosticVerifier = (_, _, verifier) => verifier.Fail("own check");
        Assert.Contains("own check", await Failure.OfAsync(test));
    }

    [Fact]
    public async Task AnalyzerException_Fails()
    {
        string message = await Failure.OfAsync(new CSharpAnalyzerTest<ThrowingAnalyzer, DefaultVerifier> { TestCode = "class A { }" });
        Assert.Contains("AD0001", message);
        Assert.Contains("sample crash", message);
    }

    [Fact]
    public async Task NoSource_Fails() => await Failure.OfAsync(new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier>());

    [Fact]
    public Task DisabledDiagnostic_IsNotReported()
    {
        var test = Test("class _A { }");
        test.DisabledDiagnostics.Add(UnderscoreAnalyzer.Id);
        return test.RunAsync();
    }

    private static DiagnosticResult AnyUnderscore => VerifyCS.Diagnostic(UnderscoreAnalyzer.Id).WithMessage(null);

    private static CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> Test(string source, params DiagnosticResult[] expected)
    {
        var test = new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test;
    }
}
