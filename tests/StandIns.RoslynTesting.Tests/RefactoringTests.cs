using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using StandIns.RoslynTesting.Tests.Samples;
using VerifyCS = Microsoft.CodeAnalysis.CSharp.Testing.CSharpCodeRefactoringVerifier<
    StandIns.RoslynTesting.Tests.Samples.SealRefactoring, Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace StandIns.RoslynTesting.Tests;

public class RefactoringTests
{
    [Theory]
    [InlineData("class [|A|] { }")]
    [InlineData("class $$A { }")]
    public Task RightResult_Passes(string source) => VerifyCS.VerifyRefactoringAsync(source, "sealed class A { }");

    [Fact]
    public Task WrongResult_Fails() => Failure.OfAsync(Test("class [|A|] { }", "static class A { }"));

    [Fact]
    public Task NotOffered_Expected_Fails() => Failure.OfAsync(Test("sealed class [|A|] { }", "sealed sealed class A { }"));

    [Fact]
    public Task NotOffered_Passes() => VerifyCS.VerifyRefactoringAsync("sealed class [|A|] { }", "sealed class [|A|] { }");

    [Fact]
    public Task Offered_NotExpected_Fails() => Failure.OfAsync(Test("class [|A|] { }", "class [|A|] { }"));

    [Fact]
    public Task OfferedWithoutEffect_Fails() => Failure.OfAsync(Idle(offersEmptyRefactoring: false));

    [Fact]
    public Task OfferedWithoutEffect_Expected_Passes() => Idle(offersEmptyRefactoring: true).RunAsync();

    [Fact]
    public Task NotOffered_ExpectedWithoutEffect_Fails()
    {
        var test = Test("sealed class [|A|] { }", "sealed class [|A|] { }");
        test.OffersEmptyRefactoring = true;
        return Failure.OfAsync(test);
    }

    [Fact]
    public Task NoPlace_Fails() => Failure.OfAsync(Test("class A { }", "sealed class A { }"));

    [Fact]
    public Task TwoPlaces_Fail() => Failure.OfAsync(Test("class [|A|] { } class [|B|] { }", "sealed class A { } class B { }"));

    [Fact]
    public Task NoResultGiven_Fails()
        => Failure.OfAsync(new CSharpCodeRefactoringTest<SealRefactoring, DefaultVerifier> { TestCode = "class [|A|] { }" });

    [Fact]
    public Task CompilerErrorInResult_Fails()
        => Failure.OfAsync(Test("class [|A|] { } class B : A { }", "sealed class A { } class B : A { }"));

    [Fact]
    public Task CompilerErrorInResult_Expected_Passes()
        => VerifyCS.VerifyRefactoringAsync("class [|A|] { } class B : A { }", "sealed class A { } class B : {|CS0509:A|} { }");

    private static CSharpCodeRefactoringTest<SealRefactoring, DefaultVerifier> Test(string source, string fixedSource)
        => new() { TestCode = source, FixedCode = fixedSource };

    private static CSharpCodeRefactoringTest<IdleRefactoring, DefaultVerifier> Idle(bool offersEmptyRefactoring) => new()
    {
        TestCode = "class [|A|] { }",
        FixedCode = "class [|A|] { }",
        OffersEmptyRefactoring = offersEmptyRefactoring,
    };
}
