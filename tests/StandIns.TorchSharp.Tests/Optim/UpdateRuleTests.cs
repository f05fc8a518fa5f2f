using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Optim;

/// <summary>Each optimizer beside its published rule, written out for one number in plain C#.</summary>
public class UpdateRuleTests
{
    private const double Start = 0.7;
    private const int Steps = 12;

    private static double Gradient(int step, double p) => p * p - 0.3 * step + Math.Sin(step);

    /// <summary>Steps both; the rule is given the step's number from 1, the parameter and its gradient, and returns the new parameter.</summary>
    private static void AssertFollows(Func<IEnumerable<Parameter>, optim.Optimizer> create, Func<int, double, double, double> rule)
    {
        var parameter = new Parameter(tensor(new[] { Start }));
        using var optimizer = create([parameter]);
        var expected = Start;
        for (var t = 1; t <= Steps; t++)
        {
            parameter.grad = tensor(new[] { Gradient(t, parameter.item<double>()) });
            optimizer.step();
            expected = rule(t, expected, Gradient(t, expected));
            Assert.Equal(expected, parameter.item<double>(), 12);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, false, false)]
    [InlineData(0.9, 0, 0, false, false)]
    [InlineData(0.9, 0.3, 0.05, false, false)]
    [InlineData(0.9, 0, 0, true, false)]
    [InlineData(0.5, 0, 0, false, true)]
    public void SGD(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        var buffer = 0.0;
        AssertFollows(p => optim.SGD(p, 0.1, momentum, dampening, decay, nesterov, maximize), (t, p, g) =>
        {
            g += decay * p;
            buffer = t == 1 ? g : momentum * buffer + (1 - dampening) * g;
            var direction = momentum == 0 ? g : nesterov ? g + momentum * buffer : buffer;
            return maximize ? p + 0.1 * direction : p - 0.1 * direction;
        });
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0, true, false)]
    [InlineData(0, false, true)]
    public void Adam(double decay, bool amsgrad, bool maximize)
    {
        double m = 0, v = 0, top = 0;
        AssertFollows(p => optim.Adam(p, 0.05, 0.8, 0.95, 1e-6, decay, amsgrad, maximize), (t, p, g) =>
        {
            g = (maximize ? -g : g) + decay * p;
            (m, v) = (0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g);
            top = Math.Max(top, v);
            return p - 0.05 * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(amsgrad ? top : v) / Math.Sqrt(1 - Math.Pow(0.95, t)) + 1e-6);
        });
    }

    [Fact]
    public void AdamW_DecaysTheParameterNotTheGradient()
    {
        double m = 0, v = 0;
        AssertFollows(p => optim.AdamW(p, 0.05, weight_decay: 0.1), (t, p, g) =>
        {
            (m, v) = (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g);
            return p * (1 - 0.05 * 0.1) - 0.05 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        });
    }

    [Fact]
    public void Adamax()
    {
        double m = 0, u = 0;
        AssertFollows(p => optim.Adamax(p, 0.05, weight_decay: 0.1), (t, p, g) =>
        {
            g += 0.1 * p;
            (m, u) = (0.9 * m + 0.1 * g, Math.Max(0.999 * u, Math.Abs(g) + 1e-8));
            return p - 0.05 / (1 - Math.Pow(0.9, t)) * m / u;
        });
    }

    [Fact]
    public void NAdam()
    {
        double m = 0, v = 0, product = 1;
        AssertFollows(p => optim.NAdam(p, 0.05), (t, p, g) =>
        {
            double Mu(int step) => 0.9 * (1 - 0.5 * Math.Pow(0.96, step * 0.004));
            product *= Mu(t);
            (m, v) = (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g);
            var corrected = Mu(t + 1) * m / (1 - product * Mu(t + 1)) + (1 - Mu(t)) * g / (1 - product);
            return p - 0.05 * corrected / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        });
    }

    [Fact]
    public void RAdam_MultipliesByTheLearningRateTwiceOnceItRectifies()
    {
        double m = 0, v = 0;
        AssertFollows(p => optim.RAdam(p, 0.05, beta2: 0.9), (t, p, g) =>
        {
            (m, v) = (0.9 * m + 0.1 * g, 0.9 * v + 0.1 * g * g);
            var mean = m / (1 - Math.Pow(0.9, t));
            var longest = 2 / (1 - 0.9) - 1;
            var length = longest - 2 * t * Math.Pow(0.9, t) / (1 - Math.Pow(0.9, t));
            if (length <= 5) return p - 0.05 * mean;
            var r = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            return p - 0.05 * 0.05 * mean * r * Math.Sqrt(1 - Math.Pow(0.9, t)) / (Math.Sqrt(v) + 1e-8);
        });
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void RMSProp(double momentum, bool centered)
    {
        double v = 0, mean = 0, buffer = 0;
        AssertFollows(p => optim.RMSProp(p, 0.05, 0.9, 1e-6, 0.1, momentum, centered), (t, p, g) =>
        {
            g += 0.1 * p;
            (v, mean) = (0.9 * v + 0.1 * g * g, 0.9 * mean + 0.1 * g);
            var scaled = g / (Math.Sqrt(centered ? v - mean * mean : v) + 1e-6);
            buffer = momentum * buffer + scaled;
            return p - 0.05 * (momentum > 0 ? buffer : scaled);
        });
    }

    [Fact]
    public void Adagrad()
    {
        var sum = 0.5;
        AssertFollows(p => optim.Adagrad(p, 0.05, 0.1, 0.2, 0.5), (t, p, g) =>
        {
            g += 0.2 * p;
            sum += g * g;
            return p - 0.05 / (1 + (t - 1) * 0.1) * g / (Math.Sqrt(sum) + 1e-10);
        });
    }

    [Fact]
    public void Adadelta()
    {
        double v = 0, d = 0;
        AssertFollows(p => optim.Adadelta(p, 0.7), (t, p, g) =>
        {
            v = 0.9 * v + 0.1 * g * g;
            var delta = Math.Sqrt(d + 1e-6) / Math.Sqrt(v + 1e-6) * g;
            d = 0.9 * d + 0.1 * delta * delta;
            return p - 0.7 * delta;
        });
    }

    [Fact]
    public void Rprop()
    {
        double previous = 0, size = 0.01;
        AssertFollows(p => optim.Rprop(p), (t, p, g) =>
        {
            var agreement = Math.Sign(g * previous);
            size = Math.Clamp(size * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1), 1e-6, 50);
            if (agreement < 0) g = 0;
            previous = g;
            return p - Math.Sign(g) * size;
        });
    }

    [Fact]
    public void ASGD_StepsWithAFallingRate_AndAveragesFromT0()
    {
        double eta = 0.05, mu = 1, average = 0;
        var parameter = new Parameter(tensor(new[] { Start }));
        var optimizer = optim.ASGD([parameter], 0.05, lambd: 0.01, t0: 4);
        var expected = Start;
        for (var t = 1; t <= Steps; t++)
        {
            parameter.grad = tensor(new[] { Gradient(t, expected) });
            optimizer.step();
            expected = expected * (1 - 0.01 * eta) - eta * Gradient(t, expected);
            average = mu == 1 ? expected : average + mu * (expected - average);
            eta = 0.05 / Math.Pow(1 + 0.01 * 0.05 * t, 0.75);
            mu = 1 / Math.Max(1, t - 4.0);
            Assert.Equal(expected, parameter.item<double>(), 12);
            Assert.Equal(average, ((ASGD.State)optimizer.state_dict().State[0]).ax.item<double>(), 12);
        }
    }

    [Fact]
    public void LBFGS_MinimizesAQuadraticInAFewSteps()
    {
        var parameter = new Parameter(tensor(new[] { 4.0, -3.0 }));
        using var optimizer = optim.LBFGS([parameter], lr: 1);
        var scale = tensor(new[] { 1.0, 25.0 });
        Tensor Loss()
        {
            optimizer.zero_grad();
            var loss = (scale * (parameter - 1).square()).sum();
            loss.backward();
            return loss;
        }
        var first = optimizer.step(Loss)!.item<double>();
        optimizer.step(Loss);
        Assert.Equal(9.0 + 25 * 16, first, 9);
        Assert.True((parameter - 1).abs().max().item<double>() < 1e-6);
    }

    [Fact]
    public void LBFGS_FreesWhatItRemembers()
    {
        var before = Numbers.LiveTensors();
        using (var parameter = new Parameter(tensor(new[] { 4.0, -3.0 })))
        using (var optimizer = optim.LBFGS([parameter], history_size: 3))
            for (var i = 0; i < 5; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.step(() =>
                {
                    optimizer.zero_grad();
                    var loss = parameter.pow(4).sum();
                    loss.backward();
                    return loss;
                });
            }
        Assert.Equal(before, Numbers.LiveTensors());
    }

    [Fact]
    public void LBFGS_NeedsAClosure() => Assert.Throws<ArgumentNullException>(() => optim.LBFGS([new Parameter(zeros(1))]).step(null!));

    [Fact]
    public void Step_RunsTheClosureWithGradients_AndReturnsItsLoss()
    {
        var parameter = new Parameter(tensor(new[] { 2.0 }));
        using var optimizer = optim.SGD([parameter], 0.1);
        using var _ = no_grad();
        var loss = optimizer.step(() =>
        {
            var value = parameter.square().sum();
            value.backward();
            return value;
        });
        Assert.Equal(4.0, loss!.item<double>());
        Assert.Equal(2.0 - 0.1 * 4.0, parameter.item<double>(), 12);
    }
}
