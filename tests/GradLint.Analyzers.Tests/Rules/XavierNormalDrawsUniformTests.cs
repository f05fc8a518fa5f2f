using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class XavierNormalDrawsUniformTests
{
    [Fact]
    public Task XavierNormal_Triggers() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        {|GL2005:init.xavier_normal_(fc.weight)|};
        var net = Sequential(fc);
        """);

    [Fact]
    public Task XavierUniform_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var fc = Linear(64, 10);
        init.xavier_uniform_(fc.weight);
        var net = Sequential(fc);
        """);
}
