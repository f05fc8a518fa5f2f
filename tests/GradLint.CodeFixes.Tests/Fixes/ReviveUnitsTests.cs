using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.ReviveUnits>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class ReviveUnitsTests
{
    [Fact]
    public Task ConstantBias_BecomesZero() => Verify.BestAsync(
        """
        var fc = Linear(64, 64);
        init.constant_(fc.bias!, -3); // too low
        var net = Sequential(("fc", fc), ("act", {|GL1008:ReLU()|}), ("head", Linear(64, 10)));
        """,
        """
        var fc = Linear(64, 64);
        init.zeros_(fc.bias!); // too low
        var net = Sequential(("fc", fc), ("act", ReLU()), ("head", Linear(64, 10)));
        """);

    [Fact]
    public Task Relu_BecomesLeaky() => Verify.RemedyAsync( "GL1008.leaky_relu",
        """
        var fc = Linear(64, 64);
        init.constant_(fc.bias!, -3);
        var net = Sequential(("fc", fc), ("act", {|GL1008:ReLU()|}), ("head", Linear(64, 10)));
        """,
        """
        var fc = Linear(64, 64);
        init.constant_(fc.bias!, -3);
        var net = Sequential(("fc", fc), ("act", LeakyReLU()), ("head", Linear(64, 10)));
        """);
}
