using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

/// <summary>Each function against System.Math, its gradient against the central difference of the same.</summary>
public class ElementwiseTests
{
    private static readonly double[] Points = [-2.3, -0.7, -0.2, 0.3, 0.6, 1.9];

    public static readonly Dictionary<string, (Func<Tensor, Tensor> Own, Func<double, double> Exact, bool PositiveOnly)> Functions = new()
    {
        ["abs"] = (x => x.abs(), Math.Abs, false),
        ["negative"] = (x => -x, x => -x, false),
        ["square"] = (x => x.square(), x => x * x, false),
        ["sqrt"] = (x => x.sqrt(), Math.Sqrt, true),
        ["rsqrt"] = (x => x.rsqrt(), x => 1 / Math.Sqrt(x), true),
        ["reciprocal"] = (x => x.reciprocal(), x => 1 / x, false),
        ["exp"] = (x => x.exp(), Math.Exp, false),
        ["expm1"] = (x => x.expm1(), x => Math.Exp(x) - 1, false),
        ["log"] = (x => x.log(), Math.Log, true),
        ["log1p"] = (x => x.log1p(), x => Math.Log(1 + x), true),
        ["log2"] = (x => x.log2(), Math.Log2, true),
        ["log10"] = (x => x.log10(), Math.Log10, true),
        ["sin"] = (x => x.sin(), Math.Sin, false),
        ["cos"] = (x => x.cos(), Math.Cos, false),
        ["tan"] = (x => x.tan(), Math.Tan, false),
        ["atan"] = (x => x.atan(), Math.Atan, false),
        ["sinh"] = (x => x.sinh(), Math.Sinh, false),
        ["cosh"] = (x => x.cosh(), Math.Cosh, false),
        ["asinh"] = (x => x.asinh(), Math.Asinh, false),
        ["tanh"] = (x => x.tanh(), Math.Tanh, false),
        ["sigmoid"] = (x => x.sigmoid(), Sigmoid, false),
        ["relu"] = (x => x.relu(), x => Math.Max(x, 0), false),
        ["relu6"] = (x => x.relu6(), x => Math.Clamp(x, 0, 6), false),
        ["leaky_relu"] = (x => x.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x, false),
        ["elu"] = (x => x.elu(0.5), x => x > 0 ? x : 0.5 * (Math.Exp(x) - 1), false),
        ["celu"] = (x => x.celu(0.5), x => x > 0 ? x : 0.5 * (Math.Exp(x / 0.5) - 1), false),
        ["selu"] = (x => x.selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)), false),
        ["silu"] = (x => x.silu(), x => x * Sigmoid(x), false),
        ["softplus"] = (x => x.softplus(2), x => Math.Log(1 + Math.Exp(2 * x)) / 2, false),
        ["log_sigmoid"] = (x => x.log_sigmoid(), x => Math.Log(Sigmoid(x)), false),
        ["hardtanh_"] = (x => x.clone().hardtanh_(-0.5, 0.5), x => Math.Clamp(x, -0.5, 0.5), false),
        ["hardsigmoid"] = (x => x.hardsigmoid(), x => Math.Clamp(x + 3, 0, 6) / 6, false),
        ["hardswish"] = (x => x.hardswish(), x => x * Math.Clamp(x + 3, 0, 6) / 6, false),
        ["threshold"] = (x => x.threshold(0.5, 20), x => x > 0.5 ? x : 20, false),
        ["clamp"] = (x => x.clamp(-1, 1), x => Math.Clamp(x, -1, 1), false),
        ["pow"] = (x => x.pow(3), x => x * x * x, false),
        ["2 - x"] = (x => 2 - x, x => 2 - x, false),
        ["3 / x"] = (x => 3.0 / x, x => 3 / x, false),
        ["x * x + x / 2"] = (x => x * x + x / 2, x => x * x + x / 2, false),
        ["lerp"] = (x => x.lerp(x.square(), full_like(x, 0.25)), x => x + 0.25 * (x * x - x), false),
        ["atan2"] = (x => x.atan2(ones_like(x)), Math.Atan, false),
        ["addcmul"] = (x => x.addcmul(x, x, 0.5), x => x + 0.5 * x * x, false),
        ["addcdiv"] = (x => x.addcdiv(ones_like(x), x, 2), x => x + 2 / x, false),
        ["maximum"] = (x => x.maximum(zeros_like(x)), x => Math.Max(x, 0), false),
        ["where"] = (x => where(x > 0.1, x * 2, x * 3), x => x > 0.1 ? 2 * x : 3 * x, false),
    };

    public static TheoryData<string> Names => new(Functions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_AgreesWithSystemMath(string name)
    {
        var (own, exact, positive) = Functions[name];
        double[] points = Domain(positive);
        using var scope = NewDisposeScope();
        Numbers.AssertClose([.. points.Select(exact)], own(tensor(points)), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_AgreesWithCentralDifferences(string name)
    {
        const double Step = 1e-6;
        var (own, exact, positive) = Functions[name];
        double[] points = Domain(positive);
        using var scope = NewDisposeScope();
        var x = tensor(points, requires_grad: true);
        own(x).sum().backward();
        Numbers.AssertClose([.. points.Select(p => (exact(p + Step) - exact(p - Step)) / (2 * Step))], x.grad!, 1e-7);
    }

    [Fact]
    public void Gelu_IsXTimesTheNormalDistribution()
    {
        // Φ(1) and Φ(-0.5), from tables of the normal distribution.
        using var y = tensor(new[] { 1.0, -0.5 }).gelu();
        Numbers.AssertClose([0.8413447460685429, -0.5 * 0.3085375387259869], y, 1e-12);
    }

    [Fact]
    public void Comparisons_GiveBooleans()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1, 2, 3 });
        Assert.Equal([false, true, true], (x >= 2).data<bool>().ToArray());
        Assert.Equal([true, false, false], (2 > x).data<bool>().ToArray());
        Assert.Equal([false, true, false], (x == 2).data<bool>().ToArray());
        Assert.Equal([true, false, true], x.ne(2).data<bool>().ToArray());
    }

    [Fact]
    public void InPlace_ReturnsTheSameObject()
    {
        using var x = ones(3);
        Assert.Same(x, x.add_(1).mul_(3).relu_());
        Assert.Equal([6f, 6f, 6f], x.data<float>().ToArray());
    }

    [Fact]
    public void Division_RoundsAsAsked()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -7.0, 7.0 });
        Assert.Equal([-3.5, 3.5], x.div(2).Values());
        Assert.Equal([-3.0, 3.0], x.div(2, RoundingMode.trunc).Values());
        Assert.Equal([-4.0, 3.0], x.div(2, RoundingMode.floor).Values());
        Assert.Equal([1.0, 1.0], (x % 2).Values());
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Domain(bool positive) => positive ? [.. Points.Select(Math.Abs)] : Points;
}
