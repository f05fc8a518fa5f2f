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
}
