using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class AdjacentLinearLayersTests
{
    [Fact]
    public Task NothingBetween_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), {|GL1006:Linear(128, 64)|}, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task OnlyDropoutBetween_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), Dropout(0.5), {|GL1006:Linear(128, 64)|}, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task ActivationBetween_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 128), ReLU(), Linear(128, 10));
        """);

    [Fact]
    public Task FactoredMatrix_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 8), Linear(8, 64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task SeparableConvolution_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(16, 16, 3, groups: 16), Conv2d(16, 32, 1), ReLU());
        """);
}
