using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Tests.Propagation;

public class ConvolutionGeometryTests
{
    [Theory]
    [InlineData(8, 3, 1, 1, 1), InlineData(9, 5, 2, 2, 1), InlineData(12, 3, 1, 2, 2), InlineData(7, 3, 3, 0, 1)]
    public void Taps_AreThoseThatReadTheInput(int input, int kernel, int stride, int padding, int dilation)
    {
        var output = ((input + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
        var served = Enumerable.Range(0, kernel)
            .Select(tap => Enumerable.Range(0, output).Count(o => (o * stride) - padding + (tap * dilation) is var at && at >= 0 && at < input))
            .ToArray();

        var geometry = ConvolutionGeometry.Of([input], [output], [kernel], [stride], [padding], [dilation]);

        Assert.Equal(served.Sum() / (double)output, geometry.TapsPerOutput, 1e-12);
        Assert.Equal(served.Sum() / (double)input, geometry.TapsPerInput, 1e-12);
        Assert.Equal(served.Sum(v => v * (v - 1)) / (double)(output * (output - 1)), geometry.CommonTapsPerOutput, 1e-12);
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void BorderPattern_IsMadeOfTheSumsOverTheMissingTaps(int dimensions)
    {
        const int Size = 8;
        var line = Enumerable.Range(-1, 3).Select(offset => Enumerable.Range(0, Size).Select(o => o + offset is >= 0 and < Size ? 1.0 : 0).ToArray()).ToArray();
        var reads = dimensions == 1 ? line : [.. line.SelectMany(row => line.Select(column => row.SelectMany(r => column.Select(c => r * c)).ToArray()))];
        double[][] centred = [.. reads.Select(r => r.Select(x => x - r.Average()).ToArray())];
        double trace = 0, squared = 0;
        foreach (var a in centred)
        {
            trace += a.Sum(x => x * x) / a.Length;
            squared += centred.Sum(b => Math.Pow(a.Zip(b, (x, y) => x * y).Sum() / a.Length, 2));
        }

        var geometry = ConvolutionGeometry.Of(All(Size), All(Size), All(3), All(1), All(1), All(1));

        Assert.Equal(trace * trace / squared, geometry.BorderDegrees, 1e-9);

        double[] All(double value) => [.. Enumerable.Repeat(value, dimensions)];
    }

    [Fact]
    public void KernelThatNeverMeetsTheBorder_LeavesOnePattern() =>
        Assert.Equal(1, ConvolutionGeometry.Of([9, 7], [7, 5], [3, 3], [1, 1], [0, 0], [1, 1]).BorderDegrees);

    /// <summary>Some of its taps stand for all: on the same scale, the kernel four times as long tells the same.</summary>
    [Fact]
    public void LongKernel_IsSampled()
    {
        var (shorter, longer) = (SamePadded(101), SamePadded(401));

        Assert.Equal(shorter.BorderDegrees, longer.BorderDegrees, 0.02 * shorter.BorderDegrees);
        Assert.Equal(shorter.TapsPerOutput / 101, longer.TapsPerOutput / 401, 0.01);
        Assert.InRange(SamePadded(2_000_001).TapsPerOutput / 2_000_001, 0.7, 0.8);

        static ConvolutionGeometry SamePadded(int taps) => ConvolutionGeometry.Of([taps], [taps], [taps], [1], [taps / 2], [1]);
    }
}
