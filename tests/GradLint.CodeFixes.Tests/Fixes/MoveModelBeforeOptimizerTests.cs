using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.MoveModelBeforeOptimizer>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MoveModelBeforeOptimizerTests
{
    [Fact]
    public Task Move_ComesFirst() => Verify.BestAsync(
        Program("""
        var optimizer = optim.SGD(model.parameters(), 0.1);
        {|GL5007:model.to(CUDA)|}; // To the GPU.
        """),
        Program("""
        model.to(CUDA); // To the GPU.
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """));

    [Fact]
    public Task DeviceDeclaredInBetween_IsLeftToThePerson() => Verify.NothingAsync(Program("""
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var device = cuda.is_available() ? CUDA : CPU;
        {|GL5007:model.to(device)|};
        """));

    private static string Program(string setUp) => $$"""
        var model = Linear(4, 2);
        {{setUp}}
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """;
}
