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
        string message = await Failure.OfAsync(Test<UnderscoreFix>("class [|_A|] { }", "class B { }"));
        Assert.Contains("-class B { }", message);
        Assert.Contains("+class A { }", message);
    }

    [Fact]
    public Task SeveralDiagnostics_AreAllFixed()
        => VerifyCS.VerifyCodeFixAsync("class [|_A|] { } class [|_B|] { }", "class A { } class B { }");

    [Fact]
    public async Task OtherWhitespace_Fails()
    {
        string message = await Failure.OfAsync(Test<UnderscoreFix>("class [|_A|]\n{\n}\n", "class A\r\n{\r\n}\r\n"));
        Assert.Contains("<CR><LF>", message);
    }

    [Fact]
    public Task FixThatBreaksTheCode_Fails() => Failure.OfAsync(Test<BreakingFix>("class [|_A|] { }", "class int { }"));

    [Fact]
    public Task NoFixExpected_NoneOffered_Passes() => Test<NothingOfferedFix>("class [|_A|] { }", "class [|_A|] { }").RunAsync();

    [Fact]
    public Task NoFixExpected_OneOffered_Fails() => Failure.OfAsync(Test<UnderscoreFix>("class [|_A|] { }", "class [|_A|] { }"));

    [Fact]
    public Task FixExpected_NoneOffered_Fails() => Failure.OfAsync(Test<NothingOfferedFix>("class [|_A|] { }", "class A { }"));


    private static CSharpCodeFixTest<UnderscoreAnalyzer, TFix, DefaultVerifier> Test<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource };
}
