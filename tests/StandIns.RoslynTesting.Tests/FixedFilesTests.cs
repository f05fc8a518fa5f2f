using System.Text;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class FixedFilesTests
{
    [Fact]
    public Task AddedFile_Expected_Passes() => AddingTest("/0/Moved.cs", "class Moved { }").RunAsync();

    [Fact]
    public async Task AddedFile_NotExpected_Fails()
    {
        string message = await Failure.OfAsync(AddingTest());
        Assert.Contains("1", message);
        Assert.Contains("2", message);
    }

    [Fact]
    public Task AddedFile_OfOtherText_Fails() => Failure.OfAsync(AddingTest("/0/Moved.cs", "class Moved2 { }"));

    [Fact]
    public Task AddedFile_OfOtherName_Fails() => Failure.OfAsync(AddingTest("/0/Elsewhere.cs", "class Moved { }"));

    [Fact]
    public Task AddedFile_InOtherFolder_Fails() => Failure.OfAsync(AddingTest("/0/Folder/Moved.cs", "class Moved { }"));

    [Fact]
    public Task FilesThatAreNotFixed_StayAsTheyAre() => TwoFiles("class B { }").RunAsync();

    [Fact]
    public Task ChangeInAnotherFile_Expected_Fails() => Failure.OfAsync(TwoFiles("class B2 { }"));

    [Fact]
    public Task AdditionalFile_ExpectedToChange_Fails()
    {
        var test = TwoFiles("class B { }");
        test.TestState.AdditionalFiles.Add(("notes.txt", "before"));
        test.FixedState.AdditionalFiles.Add(("notes.txt", "after"));
        return Failure.OfAsync(test);
    }

    [Fact]
    public Task AnalyzerConfigFile_ExpectedToChange_Fails()
    {
        var test = TwoFiles("class B { }");
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true"));
        test.FixedState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = false"));
        return Failure.OfAsync(test);
    }

    [Fact]
    public Task Encoding_IsKept() => EncodingTest(Encoding.UTF8).RunAsync();

    [Fact]
    public Task OtherEncoding_Fails() => Failure.OfAsync(EncodingTest(Encoding.Unicode));

    private static CSharpCodeFixTest<UnderscoreAnalyzer, AddsFileFix, DefaultVerifier> AddingTest(params string[] added)
    {
        var test = new CSharpCodeFixTest<UnderscoreAnalyzer, AddsFileFix, DefaultVerifier> { TestCode = "class [|_A|] { }", FixedCode = "" };
        if (added is [var path, var text])
            test.FixedState.Sources.Add((path, text));
        return test;
    }

    private static CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier> TwoFiles(string secondFixed) => new()
    {
        TestState = { Sources = { "class [|_A|] { }", "class B { }" } },
        FixedState = { Sources = { "class A { }", secondFixed } },
    };

    private static CSharpCodeFixTest<UnderscoreAnalyzer, UnderscoreFix, DefaultVerifier> EncodingTest(Encoding fixedEncoding) => new()
    {
        TestState = { Sources = { SourceText.From("class [|_A|] { }", Encoding.UTF8) } },
        FixedState = { Sources = { SourceText.From("class A { }", fixedEncoding) } },
    };
}
