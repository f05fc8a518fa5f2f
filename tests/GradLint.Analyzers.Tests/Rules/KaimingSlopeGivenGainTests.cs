using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class KaimingSlopeGivenGainTests
{
    [Fact]
    public Task RootTwo_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        {|GL2006:init.kaiming_normal_(fc.weight, Math.Sqrt(2))|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task LeakySlope_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.kaiming_normal_(fc.weight, 0.01);
        var net = Sequential(fc);
        """);

    [Fact]
    public Task RootFiveAsInPyTorchsDefaults_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.kaiming_uniform_(fc.weight, Math.Sqrt(5));
        var net = Sequential(fc);
        """);

    [Fact]
    public Task NamedNonlinearity_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.kaiming_normal_(fc.weight, nonlinearity: init.NonlinearityType.ReLU);
        var net = Sequential(fc);
        """);

    [Theory]
    [InlineData("init.kaiming_uniform_(fc.weight, 1)"), InlineData("init.kaiming_uniform_(fc.weight, 2)"), InlineData("init.kaiming_normal_(fc.weight, a: 1.4142)"), InlineData("init.kaiming_uniform_(fc.weight, a: 5.0 / 3)")]
    public Task Gains_Trigger(string call) => Verify.DiagnosticsAsync($$"""
        var fc = Linear(64, 10);
        {|GL2006:{{call}}|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task GainByItsFunction_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        {|GL2006:init.kaiming_normal_(fc.weight, Math.Sqrt(2.0))|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task LoopInAType_Triggers() => Verify.DiagnosticsAsync(
        new DeepStack(2, "Linear(64, 64)", "ReLU()") { Initializer = "{|GL2006:init.kaiming_normal_(parameter, Math.Sqrt(2))|}" }.AsType);

    /// <summary>What is called a gain on its way, and left at 1, is a slope in the end.</summary>
    [Fact]
    public Task GainOfAHelper_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Layers.Create(64, 10);
        var net = Sequential(fc);

        static class Layers
        {
            public static Linear Create(int inputs, int outputs, double gain = 1)
            {
                var linear = Linear(inputs, outputs);
                {|GL2006:init.kaiming_normal_(linear.weight, gain, init.FanInOut.FanIn)|};
                return linear;
            }
        }
        """);

    [Fact]
    public Task ConstantOfAnotherType_Triggers() => Verify.DiagnosticsAsync(
        "static class Settings { public const double Gain = 1.414; }",
        new DeepStack(2, "Linear(64, 64)", "ReLU()") { Initializer = "{|GL2006:init.kaiming_uniform_(parameter, Settings.Gain)|}" }.AsType);

    [Theory]
    [InlineData("init.kaiming_uniform_(fc.weight, a: 1)"), InlineData("init.kaiming_normal_(fc.weight)"), InlineData("init.kaiming_normal_(fc.weight, 0)"), InlineData("init.kaiming_uniform_(fc.weight, a: 0.2)")]
    [InlineData("init.kaiming_normal_(fc.weight, mode: init.FanInOut.FanOut)")]
    public Task Slopes_DoNotTrigger(string call) => Verify.DiagnosticsAsync($$"""
        var fc = Linear(64, 10);
        {{call}};
        var net = Sequential(fc);
        """);
}
