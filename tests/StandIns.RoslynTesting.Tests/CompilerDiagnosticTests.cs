using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class CompilerDiagnosticTests
{
    private const string UnusedField = "class A { int {|#0:unused|}; }";

    [Fact]
    public async Task CompilerError_Fails()
    {
        string message = await Failure.OfAsync(Test("class A { Missing field; }"));
        Assert.Contains("DiagnosticResult.CompilerError(\"CS0246\")", message);
    }

    [Fact]
    public Task ExpectedCompilerError_Passes()
        => Test("class A { {|#0:Missing|} field; }", DiagnosticResult.CompilerError("CS0246").WithLocation(0).WithArguments("Missing")).RunAsync();

    [Fact]
    public Task CompilerWarning_IsIgnoredByDefault() => Test("class A { int unused; }").RunAsync();

    [Fact]
    public Task CompilerWarning_Fails_WhenAskedFor()
    {
        var test = Test(UnusedField);
        test.CompilerDiagnostics = CompilerDiagnostics.Warnings;
        return Failure.OfAsync(test);
    }

    [Fact]
    public Task ExpectedCompilerWarning_Passes()
    {
        var test = Test(UnusedField, DiagnosticResult.CompilerWarning("CS0169").WithLocation(0).WithArguments("A.unused"));
        test.CompilerDiagnostics = CompilerDiagnostics.Warnings;
        return test.RunAsync();
    }

    [Fact]
    public Task NoCompilerDiagnostics_AcceptsBrokenCode()
    {
        var test = Test("class [|_A|] { Missing field; }");
        test.CompilerDiagnostics = CompilerDiagnostics.None;
        return test.RunAsync();
    }

    private static CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> Test(string source, params DiagnosticResult[] expected)
    {
        var test = new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test;
    }
}
