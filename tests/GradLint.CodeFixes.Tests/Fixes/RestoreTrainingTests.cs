using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.RestoreTraining>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class RestoreTrainingTests
{
    [Fact]
    public Task Loop_TrainsFromItsStart() => Verify.BestAsync(
        Loop("""
            // Learn.
            optimizer.zero_grad();
        """, "{|GL5006:model.eval()|}"),
        Loop("""
            model.train();
            // Learn.
            optimizer.zero_grad();
        """, "model.eval()"));

    [Fact]
    public Task EvalInAnotherType_IsLeftToThePerson() => Verify.NothingAsync(
        Loop("    optimizer.zero_grad();", "Evaluation.Of(model)"),
        """
        static class Evaluation
        {
            public static void Of(Module<Tensor, Tensor> network) => {|GL5006:network.eval()|};
        }
        """);

    private static string Loop(string start, string evaluation) => $$"""
        var model = Sequential(Linear(4, 8), Dropout(0.5), Linear(8, 1));
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var epoch = 0; epoch < 10; epoch++)
        {
        {{start}}
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
            {{evaluation}};
        }
        """;
}
