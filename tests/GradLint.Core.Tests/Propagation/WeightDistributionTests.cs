using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

public class WeightDistributionTests
{
    private static WeightDistribution? Truncated(double mean, double std, double a = -2, double b = 2) =>
        WeightDistribution.Of(TestModel.Init(InitializerKind.TruncatedNormal, ("mean", mean), ("std", std), ("a", a), ("b", b)), [64, 64], 64);

    /// <summary>Measured with TorchSharp 0.107: every element of <c>init.trunc_normal_(w, std: 0.02)</c> is 0.02.</summary>
    [Fact]
    public void TruncNormalWithoutAMean_IsConstant() =>
        Assert.Equal(new WeightDistribution(0.02, 0, WeightStructure.Constant), Truncated(0, 0.02));

    /// <summary>Mean and variance of two million elements, measured with TorchSharp 0.107.</summary>
    [Theory]
    [InlineData(0.2, 0.5, -2, 2, 0.49988, 0.019917)]
    [InlineData(0.1, 0.02, -2, 2, 0.01998, 0.0049911)]
    [InlineData(-0.3, 0.5, -1, 1, 0.4685, 0.031892)]
    [InlineData(0.5, 1, -0.5, 2, 1.0512, 0.051869)]
    public void TruncNormalWithAMean_IsWhatTorchSharpMakesOfIt(double mean, double std, double a, double b, double measuredMean, double measuredVariance)
    {
        var distribution = Truncated(mean, std, a, b)!.Value;
        Assert.Equal(measuredMean, distribution.Mean, 2e-3);
        Assert.Equal(1, distribution.Variance / measuredVariance, 2e-2);
    }

    [Fact]
    public void TruncNormalThatIsCutOnceMore_IsUnknown() => Assert.Null(Truncated(2, 1));
}
