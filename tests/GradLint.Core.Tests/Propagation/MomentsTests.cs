using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Tests.Propagation;

public class MomentsTests
{
    [Fact]
    public void MeanOverPairs_IsTheMeanOfTheWholeMatrix()
    {
        var moments = new Moments(4, 3, 2, 1);
        double sum = 0;
        for (var a = 0; a < 6; a++)
        {
            for (var b = 0; b < 6; b++)
                sum += Entry(moments, a, b, positions: 3);
        }

        Assert.Equal(sum / 36, moments.MeanOverPairs(samples: 2, positions: 3), 1e-12);
    }

    [Fact]
    public void Realizable_LeavesMomentsOfRandomElementsAlone()
    {
        var moments = new Moments(1, 0.4, 0.3, 0.2);

        Assert.Equal(moments.CrossPosition, moments.Realizable(8, 5).CrossPosition, 1e-12);
        Assert.Equal(moments.CrossSample, moments.Realizable(8, 5).CrossSample, 1e-12);
    }

    [Fact]
    public void Realizable_MakesEveryProductSumNonNegative()
    {
        // A gradient that differences of nearly equal numbers have taken out of what random elements can have.
        var gradient = new Moments(1, -0.0385, 0.81, -0.0241);
        var signal = new Moments(1, 0.9964, 0.6183, 0.6183);

        Assert.True(WeightedSum.OverPairs(gradient, signal, 32, 4).WithinSamples + WeightedSum.OverPairs(gradient, signal, 32, 4).BetweenSamples < 0);
        var projected = WeightedSum.OverPairs(gradient.Realizable(32, 4), signal, 32, 4);
        Assert.True(projected.WithinSamples + projected.BetweenSamples >= 0);
    }

    private static double Entry(Moments moments, int a, int b, int positions) => (a / positions == b / positions, a % positions == b % positions) switch
    {
        (true, true) => moments.Same,
        (false, true) => moments.CrossSample,
        (true, false) => moments.CrossPosition,
        _ => moments.CrossBoth,
    };
}
