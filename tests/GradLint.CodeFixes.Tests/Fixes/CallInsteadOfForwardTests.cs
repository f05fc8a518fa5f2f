using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.CallInsteadOfForward>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class CallInsteadOfForwardTests
{
    [Fact]
    public Task Forward_BecomesCall() => Verify.BestAsync(
        """
        var model = Sequential(Linear(4, 2), ReLU());
        model.register_forward_hook((module, input, output) => output);
        var y = {|GL5008:model /* all of it */ .forward(rand(8, 4))|}.sum();
        {|GL5008:model.forward(y)|};
        """,
        """
        var model = Sequential(Linear(4, 2), ReLU());
        model.register_forward_hook((module, input, output) => output);
        var y = model /* all of it */ .call(rand(8, 4)).sum();
        model.call(y);
        """);
}
