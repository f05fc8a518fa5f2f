using GradLint.Build.Verbs;

namespace GradLint.EndToEnd;

[Collection("Builds in the repository"), Trait("Speed", "slow")]
public sealed class ForgetfulDigitsTests
{
    [Fact]
    public void Faults_AreFoundInModelAndLoop_AndMendedByDotnetFormat()
    {
        var copy = SampleCopy.Create("ForgetfulDigits", "mended");

        var findings = copy.Build();
        Assert.Contains(findings, line => line.Contains("PixelReader.cs") && line.Contains("warning GL3003: Gradient of 'memory'"));
        Assert.Contains(findings, line => line.Contains("Training.cs") && line.Contains("warning GL3001: 'optimizer.step()'"));

        copy.Fix("GL3003");
        copy.Fix("GL3001");

        Assert.Empty(copy.Build());
    }
}
