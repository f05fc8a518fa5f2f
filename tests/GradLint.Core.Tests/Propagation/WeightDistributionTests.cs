using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

public class WeightDistributionTests
{
    private static readonly double[] s_matrix = [50, 200];
    private static readonly double[] s_kernel = [50, 20, 3, 3];

    public static TheoryData<Initialization, double[], double, double> Variances => new()
    {
        { Initialization.Default(InitializerKind.DefaultFanIn), s_matrix, 0, 1.0 / (3 * 200) },
        { Initialization.Default(InitializerKind.DefaultFanIn), s_kernel, 0, 1.0 / (3 * 180) },
        { TestModel.Init(InitializerKind.XavierUniform), s_matrix, 0, 2.0 / 250 },
        { TestModel.Init(InitializerKind.XavierNormal, ("gain", 2.0)), s_kernel, 0, 4 * 2.0 / (180 + 450) },
        { TestModel.Init(InitializerKind.KaimingNormal), s_matrix, 0, 2.0 / 200 },
        { TestModel.Init(InitializerKind.KaimingNormal, ("mode", "FanOut"), ("nonlinearity", "Tanh")), s_matrix, 0, 25.0 / 9 / 50 },
        { TestModel.Init(InitializerKind.KaimingUniform, ("a", Math.Sqrt(5))), s_matrix, 0, 1.0 / (3 * 200) },
        { TestModel.Init(InitializerKind.Orthogonal, ("gain", 1.5)), s_matrix, 0, 2.25 / 200 },
        { TestModel.Init(InitializerKind.Uniform, ("low", -0.1), ("high", 0.3)), s_matrix, 0.1, 0.16 / 12 },
        { TestModel.Init(InitializerKind.Normal, ("mean", 0.0), ("std", 0.02)), s_matrix, 0, 4e-4 },
        { TestModel.Init(InitializerKind.Constant, ("val", 0.7)), s_matrix, 0.7, 0 },
        // ∫₁^e ln u du = 1 and ∫₁^e ln² u du = e − 2, over e − 1.
        { TestModel.Init(InitializerKind.LogUniform, ("low", 1.0), ("high", Math.E)), [64], 1 / (Math.E - 1), ((Math.E - 2) / (Math.E - 1)) - (1 / ((Math.E - 1) * (Math.E - 1))) },
        // A quarter of the rows is 2, the others are 0.
        { TestModel.Init(InitializerKind.Zeros).WithRows(new(0.25, 0.5), TestModel.Init(InitializerKind.Constant, ("val", 2.0)))!, [64], 0.5, 0.75 },
    };

    [Theory]
    [MemberData(nameof(Variances))]
    public void Distribution_IsThatOfTorchSharp(Initialization initialization, double[] shape, double mean, double variance)
    {
        var distribution = WeightDistribution.Of(initialization, shape, fanIn: 200)!.Value;

        Assert.Equal(mean, distribution.Mean, 1e-12);
        Assert.Equal(variance, distribution.Variance, 1e-12);
    }

    [Fact]
    public void UnreadableArgument_IsUnknown() =>
        Assert.Null(WeightDistribution.Of(TestModel.Init(InitializerKind.Normal, ("std", LayerArguments.Unknown)), s_matrix, 200));
}
