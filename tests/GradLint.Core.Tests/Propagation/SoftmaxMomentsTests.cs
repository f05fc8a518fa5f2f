using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

public class SoftmaxMomentsTests
{
    [Theory]
    [InlineData(2, 0.1), InlineData(10, 0.3), InlineData(10, 4), InlineData(32, 1)]
    public void SecondMoments_AgreeWithSampling(int classes, double variance)
    {
        var random = new Random(5);
        double second = 0, cross = 0;
        const int Draws = 20_000;
        const double Correlation = 0.6;
        for (var draw = 0; draw < Draws; draw++)
        {
            double[] first = new double[classes], other = new double[classes];
            for (var k = 0; k < classes; k++)
            {
                first[k] = Math.Sqrt(variance) * Normal(random);
                other[k] = (Correlation * first[k]) + (Math.Sqrt((1 - (Correlation * Correlation)) * variance) * Normal(random));
            }

            double[] p = Softmax(first), q = Softmax(other);
            second += p.Sum(x => x * x) / classes / Draws;
            cross += p.Zip(q, (x, y) => x * y).Sum() / classes / Draws;
        }

        var moments = new SoftmaxMoments(classes, variance);
        var uniform = 1.0 / (classes * classes);
        Assert.Equal(1, (moments.Second - uniform) / (second - uniform), 0.12);
        Assert.Equal(1, (moments.Product(Correlation) - uniform) / (cross - uniform), 0.2);
    }

    private static double[] Softmax(double[] logits)
    {
        var exponentials = logits.Select(Math.Exp).ToArray();
        return exponentials.Select(e => e / exponentials.Sum()).ToArray();
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
