using Microsoft.CodeAnalysis.Testing;

namespace StandIns.RoslynTesting.Tests;

public class VerifierTests
{
    private readonly DefaultVerifier verifier = new();

    [Fact]
    public void WhatHolds_Passes()
    {
        verifier.True(true);
        verifier.False(false);
        verifier.Equal(1, 1);
        verifier.Empty("none", Array.Empty<int>());
        verifier.NotEmpty("some", [1]);
        verifier.SequenceEqual([1, 2], [1, 2]);
        verifier.LanguageIsSupported("C#");
        verifier.EqualOrDiff("a\nb", "a\nb");
    }

    [Fact]
    public void WhatDoesNotHold_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => verifier.True(false));
        Assert.Throws<InvalidOperationException>(() => verifier.False(true));
        Assert.Throws<InvalidOperationException>(() => verifier.Equal(1, 2));
        Assert.Throws<InvalidOperationException>(() => verifier.Empty("some", [1]));
        Assert.Throws<InvalidOperationException>(() => verifier.NotEmpty("none", Array.Empty<int>()));
        Assert.Throws<InvalidOperationException>(() => verifier.SequenceEqual([1, 2], [2, 1]));
        Assert.Throws<InvalidOperationException>(() => verifier.LanguageIsSupported("F#"));
        Assert.Throws<InvalidOperationException>(() => verifier.EqualOrDiff("a", "b"));
        Assert.Throws<InvalidOperationException>(() => verifier.Fail());
    }

    [Fact]
    public void Context_IsPartOfTheMessage()
    {
        var inner = verifier.PushContext("outer").PushContext("inner");
        string message = Assert.Throws<InvalidOperationException>(() => inner.Fail("failed")).Message;
        Assert.Contains("outer", message);
        Assert.Contains("inner", message);
        Assert.Contains("failed", message);
    }

    [Fact]
    public void Diff_ShowsWhatIsInOneTextOnly()
    {
        string message = Assert.Throws<InvalidOperationException>(() => verifier.EqualOrDiff("a\nb\nc\nd", "a\nx\nc\nd\ne")).Message;
        string[] lines = message.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal([" a", "-b", "+x", " c", " d", "+e"], lines.SkipWhile(line => line != " a").Take(6));
    }
}
