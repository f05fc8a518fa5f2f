using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class IdenticalUnitsTests
{
    [Fact]
    public Task ConstantLayersInARow_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        var head = Linear(64, 10);
        {|GL2003:init.constant_(fc.weight, 0.1)|};
        init.zeros_(fc.bias);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(fc, ReLU(), head);
        """);

    [Fact]
    public Task OneConstantLayer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 64);
        init.constant_(fc.weight, 0.1);
        init.zeros_(fc.bias);
        var net = Sequential(fc, ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task ZeroedHead_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var head = Linear(64, 10);
        init.zeros_(head.weight);
        init.zeros_(head.bias);
        var net = Sequential(Linear(64, 64), ReLU(), head);
        """);

    [Fact]
    public Task NormScales_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(64, 64), LayerNorm(64), ReLU(), LayerNorm(64), Linear(64, 10));
        """);
}
