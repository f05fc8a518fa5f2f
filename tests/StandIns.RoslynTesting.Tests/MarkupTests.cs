using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using StandIns.RoslynTesting.Tests.Samples;

namespace StandIns.RoslynTesting.Tests;

public class MarkupTests
{
    [Theory]
    [InlineData("[|a|]b", "ab", "0-1")]
    [InlineData("a[|b[|c|]d|]e", "abcde", "2-3 1-4")]
    [InlineData("[|new int[|]|]", "new int[|]", null)]
    [InlineData("x[|int[]|]y", "xint[]y", "1-6")]
    [InlineData("a || b", "a || b", "")]
    [InlineData("int[] { 1 }", "int[] { 1 }", "")]
    public void Spans_AreReadAndRemoved(string input, string output, string? spans)
    {
        if (spans is null)
        {
            Assert.ThrowsAny<ArgumentException>(() => TestFileMarkupParser.GetSpans(input, out _, out ImmutableArray<TextSpan> _));
            return;
        }

        TestFileMarkupParser.GetSpans(input, out string actual, out ImmutableArray<TextSpan> actualSpans);
        Assert.Equal(output, actual);
        Assert.Equal(spans.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), actualSpans.Select(span => $"{span.Start}-{span.End}").Order());
    }

    [Fact]
    public void EndOfSpanAfterBracket_EndsTheSpan()
    {
        TestFileMarkupParser.GetSpan("[|x[|]", out string output, out var span);
        Assert.Equal("x[", output);
        Assert.Equal(new TextSpan(0, 2), span);
    }

    [Fact]
    public void NamedSpans_AreGroupedByName()
    {
        TestFileMarkupParser.GetSpans("{|A1:x|} {|B2:y|} {|A1:z|}", out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans);
        Assert.Equal("x y z", output);
        Assert.Equal([new TextSpan(0, 1), new TextSpan(4, 1)], spans["A1"]);
        Assert.Equal([new TextSpan(2, 1)], spans["B2"]);
    }

    [Fact]
    public void SpansEndedByKey_MayOverlap()
    {
        TestFileMarkupParser.GetSpans("{|#0:a{|#1:b|#0}c|#1}", out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans);
        Assert.Equal("abc", output);
        Assert.Equal([new TextSpan(0, 2)], spans["#0"]);
        Assert.Equal([new TextSpan(1, 2)], spans["#1"]);
    }

    [Fact]
    public void Position_IsReadAndRemoved()
    {
        TestFileMarkupParser.GetPosition("ab$$c", out string output, out int position);
        Assert.Equal("abc", output);
        Assert.Equal(2, position);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("$$ab$$c")]
    public void OtherThanOnePosition_IsAnError(string input)
        => Assert.ThrowsAny<Exception>(() => TestFileMarkupParser.GetPosition(input, out _, out _));

    [Fact]
    public void Position_CanBeCode()
    {
        TestFileMarkupParser.GetSpans("$$\"\"\"[|x|]\"\"\"", treatPositionIndicatorsAsCode: true, out string output, out var spans);
        Assert.Equal("$$\"\"\"x\"\"\"", output);
        Assert.Equal([new TextSpan(5, 1)], spans[""]);
    }

    [Theory]
    [InlineData("[|a")]
    [InlineData("a|]")]
    [InlineData("{|#0:a|} {|#0:b|}")]
    public Task BrokenMarkup_IsAnError(string input)
        => Assert.ThrowsAnyAsync<Exception>(() => Run(input));

    [Fact]
    public Task NamedMarkup_ExpectsTheDiagnosticOfThatName() => Run("class {|UNDER1:_A|} { }");

    [Fact]
    public Task NamedMarkupOfTheCompiler_ExpectsItsError() => Run("class A : {|CS0246:Missing|} { }");

    [Fact]
    public Task PositionMarkup_IgnoresLength() => Run("class $$_A { }");

    [Fact]
    public Task WrongPositionMarkup_Fails() => Assert.ThrowsAsync<InvalidOperationException>(() => Run("class _$$A { }"));

    [Fact]
    public Task UnknownMarkupKey_Fails()
    {
        var test = new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> { TestCode = "class {|#0:_A|} { }" };
        test.ExpectedDiagnostics.Add(new DiagnosticResult(UnderscoreAnalyzer.Rule).WithLocation(7));
        return Failure.OfAsync(test);
    }

    [Fact]
    public Task IgnoredMarkup_IsRemovedOnly()
    {
        var test = new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> { TestCode = "class [|A|] { }" };
        test.TestState.MarkupHandling = MarkupMode.Ignore;
        return test.RunAsync();
    }

    [Fact]
    public Task UnnamedMarkup_WithSeveralDescriptors_Fails()
        => Failure.OfAsync(new CSharpAnalyzerTest<TwoRulesAnalyzer, DefaultVerifier> { TestCode = "class [|_A|] { }" });

    [Fact]
    public Task UnnamedMarkup_WithSeveralDescriptors_MayMeanTheFirst()
        => new CSharpAnalyzerTest<TwoRulesAnalyzer, DefaultVerifier> { TestCode = "class [|_A|] { }", MarkupOptions = MarkupOptions.UseFirstDescriptor }.RunAsync();

    private static Task Run(string source) => new CSharpAnalyzerTest<UnderscoreAnalyzer, DefaultVerifier> { TestCode = source }.RunAsync();
}
