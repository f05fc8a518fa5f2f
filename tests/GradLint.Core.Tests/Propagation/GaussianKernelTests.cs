using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

public class GaussianKernelTests
{
    private static ActivationFunction Function(LayerKind kind) =>
        ActivationFunction.For(new(0, kind, null, TestModel.Arguments(("inplace", true)), [], [], Origin.None, Origin.None))!;

    [Theory]
    [InlineData(-0.5), InlineData(0), InlineData(0.3), InlineData(0.9), InlineData(0.999), InlineData(1)]
    public void ReLU_IsTheArcCosineKernel(double c)
    {
        const double Variance = 1.7;
        var (value, slope) = GaussianKernel.Of(Function(LayerKind.ReLU), 0, Math.Sqrt(Variance));

        Assert.Equal(Variance * (Math.Sqrt(1 - (c * c)) + (c * (Math.PI - Math.Acos(c)))) / (2 * Math.PI), value.At(c), 2e-4);
        Assert.Equal((Math.PI - Math.Acos(c)) / (2 * Math.PI), slope.At(c), 2e-3);
    }

    [Theory]
    [InlineData(0.9, 0.99)]
    [InlineData(0.999, 0.9999)]
    public void ReLU_LosesItsCorrelationAtTheRightRate(double near, double nearer)
    {
        var (value, _) = GaussianKernel.Of(Function(LayerKind.ReLU), 0, 1);

        Assert.Equal(Exact(nearer) - Exact(near), value.At(nearer) - value.At(near), 3e-2 * (nearer - near));

        static double Exact(double c) => (Math.Sqrt(1 - (c * c)) + (c * (Math.PI - Math.Acos(c)))) / (2 * Math.PI);
    }

    [Theory]
    [InlineData(0.1), InlineData(1), InlineData(3), InlineData(10)]
    public void SineAndItsSlope_AreClosedForms(double deviation)
    {
        var (value, slope) = GaussianKernel.Of(Function(LayerKind.Sine), 0, Math.Min(deviation, 3));
        var variance = Math.Min(deviation, 3) * Math.Min(deviation, 3);

        Assert.Equal((1 - Math.Exp(-2 * variance)) / 2, value.Second, 1e-6);
        Assert.Equal((1 + Math.Exp(-2 * variance)) / 2, slope.Second, 1e-6);
    }

    [Theory]
    [InlineData(LayerKind.Tanh), InlineData(LayerKind.Sigmoid), InlineData(LayerKind.GELU), InlineData(LayerKind.SiLU), InlineData(LayerKind.Mish)]
    [InlineData(LayerKind.Softplus), InlineData(LayerKind.ELU), InlineData(LayerKind.SELU), InlineData(LayerKind.CELU), InlineData(LayerKind.Softsign)]
    [InlineData(LayerKind.Hardtanh), InlineData(LayerKind.Hardswish), InlineData(LayerKind.Hardsigmoid), InlineData(LayerKind.ReLU6)]
    [InlineData(LayerKind.LogSigmoid), InlineData(LayerKind.Tanhshrink), InlineData(LayerKind.Softshrink), InlineData(LayerKind.LeakyReLU)]
    public void Expectations_AgreeWithAFineSum(LayerKind kind)
    {
        var activation = Function(kind);
        foreach (var deviation in new[] { 0.05, 1, 6 })
        {
            foreach (var mean in new[] { 0, -1.3 })
            {
                var (value, slope) = GaussianKernel.Of(activation, mean, deviation);
                Assert.Equal(FineSum(u => activation.Value(mean + (deviation * u))), value.Mean, 1e-5 * (1 + deviation));
                Assert.Equal(FineSum(u => Square(activation.Value(mean + (deviation * u)))), value.Second, 1e-4 * (1 + (deviation * deviation)));
                Assert.Equal(FineSum(u => Square(activation.Slope(mean + (deviation * u)))), slope.Second, 1e-3);
            }
        }

        static double Square(double x) => x * x;

        static double FineSum(Func<double, double> f)
        {
            const double Step = 1e-4;
            double sum = 0;
            for (var u = -9 + (Step / 2); u < 9; u += Step)
                sum += f(u) * Math.Exp(-u * u / 2);
            return sum * Step / Math.Sqrt(2 * Math.PI);
        }
    }

    [Theory]
    [InlineData(LayerKind.Tanh), InlineData(LayerKind.Sigmoid), InlineData(LayerKind.GELU), InlineData(LayerKind.SELU), InlineData(LayerKind.Hardtanh)]
    public void Slopes_AreTheDerivatives(LayerKind kind)
    {
        var activation = Function(kind);
        for (var z = -4.05; z < 4; z += 0.1)
            Assert.Equal((activation.Value(z + 1e-6) - activation.Value(z - 1e-6)) / 2e-6, activation.Slope(z), 1e-6);
    }

    [Theory]
    [InlineData(0.1, 0.8875370839817152), InlineData(1.5, 0.033894853524689274), InlineData(2.5, 4.069520174449589e-4), InlineData(5, 1.5374597944280349e-12)]
    public void ComplementaryErrorFunction_HasItsTabulatedValues(double x, double expected)
    {
        Assert.Equal(1, NormalDistribution.ComplementaryError(x) / expected, 1e-9);
        Assert.Equal(2, NormalDistribution.ComplementaryError(x) + NormalDistribution.ComplementaryError(-x), 1e-12);
    }
}
