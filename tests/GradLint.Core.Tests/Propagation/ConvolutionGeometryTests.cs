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

    [Fact]
    public void BorderPattern_IsMadeOfTheSumsOverTheMissingTaps()
    {
        const int Size = 8;
        var reads = Enumerable.Range(-1, 3).Select(offset => Enumerable.Range(0, Size).Select(o => o + offset is >= 0 and < Size ? 1.0 : 0).ToArray()).ToArray();
        double[][] centred = [.. reads.Select(r => r.Select(x => x - r.Average()).ToArray())];
        double trace = 0, squared = 0;
        foreach (var a in centred)
        {
            trace += a.Sum(x => x * x) / Size;
            squared += centred.Sum(b => Math.Pow(a.Zip(b, (x, y) => x * y).Sum() / Size, 2));
        }

        var geometry = ConvolutionGeometry.Of([Size], [Size], [3], [1], [1], [1]);

        Assert.Equal(trace * trace / squared, geometry.BorderDegrees, 1e-9);
    }
}
