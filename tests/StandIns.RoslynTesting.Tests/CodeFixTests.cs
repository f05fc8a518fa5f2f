using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;
using VerifyCS = Microsoft.CodeAnalysis.CSharp.Testing.CSharpCodeFixVerifier<
    StandIns.RoslynTesting.Tests.Samples.UnderscoreAnalyzer, StandIns.RoslynTesting.Tests.Samples.UnderscoreFix, Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace StandIns.RoslynTesting.Tests;

public class CodeFixTests
{
    [Fact]
    public Task RightFix_Passes() => VerifyCS.VerifyCodeFixAsync("class [|_A|] { }", "class A { }");

    [Fact]
    public async Task WrongFix_Fails()
    {
        string message = await Failure.OfAsync(Test<UnderscoreFix>("class [|_A|]\n{\n}", "class B\n{\n}"));
        Assert.Contains("-class B", message);
        Assert.Contains("+class A", message);
        Assert.Contains(" {", message);
    }

    [Fact]
    public async Task OtherLineEndings_Fail_AndAreShown()
    {
        string message = await Failure.OfAsync(Test<UnderscoreFix>("class [|_A|]\n{\n}\n", "class A\r\n{\r\n}\r\n"));
        Assert.Contains("<CR><LF>", message);
    }

    [Fact]
    public Task OtherIndentation_Fails() => Failure.OfAsync(Test<UnderscoreFix>("class [|_A|]  { }", "class A { }"));

    [Fact]
    public Task SeveralDiagnostics_AreAllFixed()
        => VerifyCS.VerifyCodeFixAsync("class [|_A|] { } class [|_B|] { }", "class A { } class B { }");

    [Fact]
    public Task ExpectationInInput_IsChecked() => Failure.OfAsync(Test<UnderscoreFix>("[|class|] _A { }", "class A { }"));

    [Fact]
    public async Task FixThatBreaksTheCode_Fails()
    {
        string message = await Failure.OfAsync(Test<InventsTypeFix>("class [|_A|] { }", "class A : Missing { }", CodeActionValidationMode.None));
        Assert.Contains("CS0246", message);
    }

    [Fact]
    public Task FixThatBreaksTheCode_Expected_Passes()
        => Test<InventsTypeFix>("class [|_A|] { }", "class A : {|CS0246:Missing|} { }", CodeActionValidationMode.None).RunAsync();

    [Fact]
    public Task TreeThatItsTextDoesNotParseTo_Fails()
        => Failure.OfAsync(Test<InventsTypeFix>("class [|_A|] { }", "class A : {|CS0246:Missing|} { }"));

    [Fact]
    public Task TriviaThatItsTextDoesNotParseTo_Passes_ByDefault()
        => Test<MisplacesTriviaFix>("class [|_A|] { }", "class A  { }").RunAsync();

    [Fact]
    public Task TriviaThatItsTextDoesNotParseTo_Fails_WhenTriviaCount()
        => Failure.OfAsync(Test<MisplacesTriviaFix>("class [|_A|] { }", "class A  { }", CodeActionValidationMode.Full));

    [Fact]
    public Task DiagnosticThatRemains_MustBeExpected()
        => Failure.OfAsync(Test<OnlyFirstFix>("class [|_A|] { } class [|_B|] { }", "class A { } class _B { }"));

    [Fact]
    public Task DiagnosticThatRemains_MarkedInTheFixedState_Passes()
    {
        var test = Test<OnlyFirstFix>("class [|_A|] { } class [|_B|] { }", "class A { } class [|_B|] { }");
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        return test.RunAsync();
    }

    [Fact]
    public Task NoFixExpected_NoneOffered_Passes() => Test<NothingOfferedFix>("class [|_A|] { }", "class [|_A|] { }").RunAsync();

    [Fact]
    public Task NoFixExpected_OneOffered_Fails() => Failure.OfAsync(Test<UnderscoreFix>("class [|_A|] { }", "class [|_A|] { }"));

    [Fact]
    public Task FixExpected_NoneOffered_Fails() => Failure.OfAsync(Test<NothingOfferedFix>("class [|_A|] { }", "class A { }"));

    [Fact]
    public Task FixNotAskedFor_IsNotChecked()
        => new CSharpCodeFixTest<UnderscoreAnalyzer, InventsTypeFix, DefaultVerifier> { TestCode = "class [|_A|] { }" }.RunAsync();

    [Fact]
    public Task FixForOtherIds_IsNotAsked() => Test<FixForOtherId>("class [|_A|] { }", "class [|_A|] { }").RunAsync();

    [Fact]
    public Task OfSeveralFixes_ThoseForOtherIdsAreNotAsked()
        => new TwoFixesTest { TestCode = "class [|_A|] { }", FixedCode = "class A { }" }.RunAsync();

    [Fact]
    public Task FixForACompilerDiagnostic_Passes()
        => new CSharpCodeFixTest<EmptyDiagnosticAnalyzer, UnusedFieldFix, DefaultVerifier>
        {
            TestCode = "class A { int {|#0:unused|}; }",
            FixedCode = "class A { }",
            ExpectedDiagnostics = { DiagnosticResult.CompilerWarning("CS0169").WithLocation(0) },
        }.RunAsync();

    [Fact]
    public Task DiagnosticAtCompilationEnd_CannotBeFixed() => Failure.OfAsync(AtEnd(CodeFixTestBehaviors.None));

    [Fact]
    public Task DiagnosticAtCompilationEnd_CanBeFixed_SkippingTheCheck() => AtEnd(CodeFixTestBehaviors.SkipLocalDiagnosticCheck).RunAsync();

    [Fact]
    public Task DiagnosticAtCompilationEnd_WithoutFix_Passes()
        => new CSharpCodeFixTest<UnderscoreAtEndAnalyzer, FixForOtherId, DefaultVerifier> { TestCode = "class [|_A|] { }", FixedCode = "class [|_A|] { }" }.RunAsync();

    [Fact]
    public Task FixOne_FixesOneDiagnosticOnly()
    {
        var test = Test<UnderscoreFix>("class [|_A|] { } class [|_B|] { }", "class A { } class [|_B|] { }");
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck;
        test.NumberOfIncrementalIterations = 1;
        return test.RunAsync();
    }

    private static CSharpCodeFixTest<UnderscoreAtEndAnalyzer, UnderscoreFix, DefaultVerifier> AtEnd(CodeFixTestBehaviors behaviors) => new()
    {
        TestCode = "class [|_A|] { }",
        FixedCode = "class A { }",
        CodeFixTestBehaviors = behaviors,
    };

    private static CSharpCodeFixTest<UnderscoreAnalyzer, TFix, DefaultVerifier> Test<TFix>(string source, string fixedSource, CodeActionValidationMode mode = CodeActionValidationMode.SemanticStructure)
        where TFix : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource, CodeActionValidationMode = mode };

    private sealed class TwoFixesTest : CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier>
    {
        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [new FixForOtherId(), new UnderscoreFix()];
    }
}
