using GradLint.Build.Verbs;

namespace GradLint.EndToEnd;

public sealed class LineDiffTests
{
    [Fact]
    public void ChangedLine_IsShownWithTwoLinesAroundIt() =>
        Assert.Equal([" b", " c", "-d", "+D", " e", " f"], LineDiff.Of("a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nD\ne\nf\ng\n"));

    [Fact]
    public void ChangesFarApart_AreSeparated() =>
        Assert.Equal(["-a", " b", " c", "  ...", " f", " g", "+h"], LineDiff.Of("a\nb\nc\nd\ne\nf\ng", "b\nc\nd\ne\nf\ng\nh"));

    [Fact]
    public void EqualTexts_HaveNoDifference() =>
        Assert.Empty(LineDiff.Of("a\nb\n", "a\r\nb"));
}
