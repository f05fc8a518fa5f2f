using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.KeepInputsApart>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class KeepInputsApartTests
{
    [Fact]
    public Task DefaultInitialisation_BecomesHe() => Verify.BestAsync(
        """
        var net = Sequential(
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), // lower half
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), {|GL1007:Linear(64, 10)|});
        """,
        """
        var net = Sequential(
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), // lower half
            Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
        // He initialization keeps the scale of signal and gradient through ReLU layers.
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "16.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        """);
}
