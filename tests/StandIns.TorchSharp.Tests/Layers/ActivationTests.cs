using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Layers;

/// <summary>Each activation against its formula in plain C#, and its gradient against the formula's difference.</summary>
public class ActivationTests
{
    private static readonly double[] Points = [-3.7, -2.2, -1.1, -0.61, -0.33, -0.07, 0.04, 0.21, 0.45, 0.83, 1.4, 2.9, 4.3];

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static double Erf(double x)
    {
        // Maclaurin's series; 60 terms are plenty up to 4.
        double sum = 0, term = x;
        for (var n = 0; n < 120; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static readonly Dictionary<string, (Func<bool, Module<Tensor, Tensor>> make, Func<double, double> formula, bool canBeInPlace)> Activations = new()
    {
        ["CELU"] = (inPlace => CELU(0.7, inPlace), x => x > 0 ? x : 0.7 * (Math.Exp(x / 0.7) - 1), true),
        ["ELU"] = (inPlace => ELU(0.7, inPlace), x => x > 0 ? x : 0.7 * (Math.Exp(x) - 1), false),
        ["GELU"] = (inPlace => GELU(inPlace), x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))), true),
        ["Hardshrink"] = (_ => Hardshrink(0.3), x => Math.Abs(x) > 0.3 ? x : 0, false),
        ["Hardsigmoid"] = (inPlace => Hardsigmoid(inPlace), x => Math.Clamp(x / 6 + 0.5, 0, 1), true),
        ["Hardswish"] = (inPlace => Hardswish(inPlace), x => x * Math.Clamp(x / 6 + 0.5, 0, 1), true),
        ["Identity"] = (_ => Identity(), x => x, false),
        ["LeakyReLU"] = (inPlace => LeakyReLU(0.2, inPlace), x => x > 0 ? x : 0.2 * x, true),
        ["LogSigmoid"] = (_ => LogSigmoid(), x => Math.Log(Sigma(x)), false),
        ["Mish"] = (_ => Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))), false),
        ["RReLU in the middle of its range"] = (inPlace => RReLU(0.1, 0.3, inPlace), x => x > 0 ? x : 0.2 * x, true),
        ["ReLU"] = (inPlace => ReLU(inPlace), x => Math.Max(x, 0), true),
        ["ReLU6"] = (inPlace => ReLU6(inPlace), x => Math.Clamp(x, 0, 6), true),
        ["SELU"] = (inPlace => SELU(inPlace), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)), true),
        ["SiLU"] = (inPlace => SiLU(inPlace), x => x * Sigma(x), true),
        ["Sigmoid"] = (inPlace => Sigmoid(inPlace), Sigma, true),
        ["Softplus"] = (_ => Softplus(2), x => Math.Log(1 + Math.Exp(2 * x)) / 2, false),
        ["Softshrink"] = (_ => Softshrink(0.3), x => Math.Abs(x) > 0.3 ? x - 0.3 * Math.Sign(x) : 0, false),
        ["Softsign"] = (_ => Softsign(), x => x / (1 + Math.Abs(x)), false),
        ["Tanh"] = (inPlace => Tanh(inPlace), Math.Tanh, true),
        ["Tanhshrink"] = (_ => Tanhshrink(), x => x - Math.Tanh(x), false),
        ["Threshold"] = (inPlace => Threshold(0.25, -3, inPlace), x => x > 0.25 ? x : -3, true),
    };

    public static TheoryData<string> Names => new(Activations.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Activation_IsItsFormula_AndItsGradientTheFormulas(string name)
    {
        var (make, formula, _) = Activations[name];
        var input = torch.tensor(Points, requires_grad: true);
        var output = make(false).call(input);
        Numbers.AssertClose([.. Points.Select(formula)], output, 1e-9);
        output.sum().backward();
        Numbers.AssertClose([.. Points.Select(x => (formula(x + 1e-6) - formula(x - 1e-6)) / 2e-6)], input.grad!, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InPlaceActivation_ChangesItsInput_AndReturnsAnotherObject(string name)
    {
        var (make, formula, canBeInPlace) = Activations[name];
        if (!canBeInPlace) return;
        var input = torch.tensor(Points);
        using var output = make(true).call(input);
        Assert.NotSame(input, output);
        Numbers.AssertClose([.. Points.Select(formula)], input, 1e-9);
        output.Dispose();
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void GELU_InSinglePrecisionToo() => Numbers.AssertClose([0.8413447], GELU().call(ones(1)), 1e-6);

    [Fact]
    public void Hardtanh_DoesNothingUnlessInPlace()
    {
        var input = torch.tensor(Points);
        Assert.Same(input, Hardtanh().call(input));
        Numbers.AssertClose(Points, functional.hardtanh(input, -1, 1));
        using var output = Hardtanh(-0.5, 2, inplace: true).call(input);
        Numbers.AssertClose([.. Points.Select(x => Math.Clamp(x, -0.5, 2))], output);
    }

    [Fact]
    public void Hardtanh_InASequential_HasItsOutputDisposed()
    {
        var model = Sequential(Linear(2, 2), Hardtanh(), Linear(2, 1));
        Assert.Throws<InvalidOperationException>(() => model.call(ones(1, 2)));
    }

    [Fact]
    public void ELU_IsNeverInPlace()
    {
        var input = torch.tensor(Points);
        Numbers.AssertClose([.. Points.Select(x => x > 0 ? x : Math.Exp(x) - 1)], ELU(inplace: true).call(input), 1e-9);
        Numbers.AssertClose(Points, input);
    }

    [Fact]
    public void PReLU_LearnsOneSlopeAChannel()
    {
        var layer = PReLU(2);
        Assert.Equal([0.25, 0.25], layer.weight.Values());
        using (no_grad()) layer.weight.copy_(torch.tensor(new[] { 0.1f, 0.5f }));
        Numbers.AssertClose([-0.1, -0.5, 3, 2], layer.call(torch.tensor(new float[] { -1, -1, 3, 2 }).reshape(2, 2)));
    }

    [Fact]
    public void SoftmaxFamily_AgainstTheFormula()
    {
        double[] x = [0.3, -1.2, 2.1];
        var (sum, inverse) = (x.Sum(Math.Exp), x.Sum(v => Math.Exp(-v)));
        var input = torch.tensor(x).unsqueeze(0);
        Numbers.AssertClose([.. x.Select(v => Math.Exp(v) / sum)], Softmax(1).call(input), 1e-9);
        Numbers.AssertClose([.. x.Select(v => Math.Exp(-v) / inverse)], Softmin(1).call(input), 1e-9);
        Numbers.AssertClose([.. x.Select(v => v - Math.Log(sum))], LogSoftmax(1).call(input), 1e-9);
        Numbers.AssertClose([.. x.Select(v => Math.Exp(v) / sum)], Softmax2d().call(input.reshape(1, 3, 1, 1)), 1e-9);
    }

    [Fact]
    public void GLU_GatesTheFirstHalfByTheSecond() =>
        Numbers.AssertClose([2 * Sigma(0.5), -1 * Sigma(-2)], GLU(0).call(torch.tensor(new[] { 2, -1, 0.5, -2 })), 1e-9);
}
