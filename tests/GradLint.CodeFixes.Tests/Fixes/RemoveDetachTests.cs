using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.RemoveDetach>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RemoveDetachTests
{
    [Fact]
    public Task Detach_IsTakenOut() => Verify.BestAsync(
        """
        var model = Linear(4, 2);
        var output = {|GL5003:model.call(rand(8, 4)).detach()|}; // Forward.
        output.sum().backward();
        """,
        """
        var model = Linear(4, 2);
        var output = model.call(rand(8, 4)); // Forward.
        output.sum().backward();
        """);

    [Fact]
    public Task DetachInAHelper_IsTakenOut() => Verify.BestAsync(
        """
        class Training(Linear model)
        {
            public void Run(Tensor x) => Learn(model.call(x).detach().sum());

            private static void Learn(Tensor loss) => {|GL5003:loss.backward()|};
        }
        """,
        """
        class Training(Linear model)
        {
            public void Run(Tensor x) => Learn(model.call(x).sum());

            private static void Learn(Tensor loss) => loss.backward();
        }
        """);

    [Fact]
    public Task TripThroughANumber_IsLeftToThePerson() => Verify.NothingAsync("""
        var loss = Linear(4, 2).call(rand(8, 4)).sum();
        tensor({|GL5003:loss.item<float>()|}).backward();
        """);
}
