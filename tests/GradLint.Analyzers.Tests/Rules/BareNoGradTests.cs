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
}
