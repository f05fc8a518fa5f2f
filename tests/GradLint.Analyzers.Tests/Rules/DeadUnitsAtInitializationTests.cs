using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class DeadUnitsAtInitializationTests
{
    [Fact]
    public Task NegativeBias_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -3);
        var net = Sequential(fc, {|GL1008:ReLU()|}, Linear(64, 10));
        """);

    [Fact]
    public Task DefaultBias_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task NegativeBiasBeforeLeakyReLU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.bias, -3);
        var net = Sequential(fc, LeakyReLU(), Linear(64, 10));
        """);
}
