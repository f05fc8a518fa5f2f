using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class BareNoGradTests
{
    [Fact]
    public Task Statement_Triggers() => Verify.DiagnosticsAsync("""
        {|GL5004:torch.no_grad();|}
        var x = torch.ones(2);
        """);

    [Fact]
    public Task InALoopOfAMethod_Triggers() => Verify.DiagnosticsAsync("""
        class Evaluation
        {
            public void Run(Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    {|GL5004:no_grad();|}
                    model.call(batch);
                }
            }
        }
        """);

    [Fact]
    public Task InALambda_Triggers() => Verify.DiagnosticsAsync("""
        Action evaluate = () => { {|GL5004:torch.no_grad();|} };
        """);

    [Fact]
    public Task InferenceMode_Triggers() => Verify.DiagnosticsAsync("{|GL5004:torch.inference_mode();|}");

    [Fact]
    public Task Discarded_Triggers() => Verify.DiagnosticsAsync("{|GL5004:_ = torch.no_grad();|}");

    [Fact]
    public Task Alias_Triggers() => Verify.DiagnosticsAsync("""
        using T = TorchSharp.torch;

        {|GL5004:T.no_grad();|}
        """);

    [Fact]
    public Task Using_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        using var _ = torch.no_grad();
        """);

    [Fact]
    public Task UsingBlock_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        using (torch.no_grad())
        {
            var x = torch.ones(2);
        }
        """);

    [Fact]
    public Task KeptAndDisposed_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var guard = torch.no_grad();
        guard.Dispose();
        """);

    [Fact]
    public Task SwitchedAsAWhole_DoesNotTrigger() => Verify.DiagnosticsAsync("torch.set_grad_enabled(false);");

    [Fact]
    public Task InferenceModeOff_DoesNotTrigger() => Verify.DiagnosticsAsync("torch.inference_mode(false);");

    [Fact]
    public Task OwnMethodOfThatName_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Scope
        {
            public static IDisposable no_grad() => null!;
            public static void Run() { no_grad(); }
        }
        """);

    /// <summary>An evaluation before training: with the bare statement the weight stays where it was, and backward has nothing to run through.</summary>
    [Theory]
    [InlineData("no_grad();", 0)]
    [InlineData("using var _ = no_grad();", -0.5)]
    public void EvaluationBeforeTraining_DecidesWhetherTheWeightMoves(string noGrad, double weight) => Assert.Equal(weight, RunningProgram.Evaluate($$"""
        public static class Program
        {
            public static double Run()
            {
                using var _ = enable_grad();
                var model = Linear(1, 1, hasBias: false);
                init.zeros_(model.weight);
                var optimizer = optim.SGD(model.parameters(), 0.1);
                Evaluate(model);
                for (var i = 0; i < 5; i++)
                {
                    optimizer.zero_grad();
                    var loss = model.call(ones(1, 1)).sum();
                    if (loss.requires_grad)
                        loss.backward();
                    optimizer.step();
                }

                return model.weight.item<float>();
            }

            private static void Evaluate(Linear model)
            {
                {{noGrad}}
                model.call(ones(1, 1));
            }
        }
        """), 4);
}
