using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.DisposeGradMode>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class DisposeGradModeTests
{
    [Fact]
    public Task Statement_BecomesAUsing() => Verify.BestAsync(
        """
        // Evaluation.
        {|GL5004:torch.no_grad();|} // off
        var x = torch.ones(2);
        """,
        """
        // Evaluation.
        using var _ = torch.no_grad(); // off
        var x = torch.ones(2);
        """);

    [Fact]
    public Task NameInUse_GetsAnother() => Verify.BestAsync(
        """
        class Evaluation
        {
            public void Run()
            {
                using var _ = torch.NewDisposeScope();
                {|GL5004:_ = torch.no_grad();|}
            }
        }
        """.Replace("{|GL5004:_ = torch.no_grad();|}", "{|GL5004:torch.no_grad();|}"),
        """
        class Evaluation
        {
            public void Run()
            {
                using var _ = torch.NewDisposeScope();
                using var gradMode = torch.no_grad();
            }
        }
        """);

    [Fact]
    public Task Discard_BecomesAUsing() => Verify.BestAsync(
        """
        {|GL5004:_ = torch.inference_mode();|}
        """,
        """
        using var _ = torch.inference_mode();
        """);

    [Fact]
    public Task EmbeddedStatement_IsLeftAlone() => Verify.NothingAsync("""
        class Evaluation
        {
            public void Run(bool evaluate)
            {
                if (evaluate)
                    {|GL5004:torch.no_grad();|}
            }
        }
        """);
}
