using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class NormalizationAfterSaturationTests
{
    [Fact]
    public Task BatchNormAfterTanh_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), Tanh(), {|GL4002:BatchNorm1d(64)|}, Linear(64, 10));
        """);

    [Fact]
    public Task BatchNormBeforeTanh_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), BatchNorm1d(64), Tanh(), Linear(64, 10));
        """);

    [Fact]
    public Task BatchNormAfterReLU_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), ReLU(), BatchNorm1d(64), Linear(64, 10));
        """);
}
