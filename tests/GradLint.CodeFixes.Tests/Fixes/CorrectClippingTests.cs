using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.CorrectClipping>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class CorrectClippingTests
{
    [Fact]
    public Task TooEarly_MovesAfterTheBackward() => Verify.BestAsync(
        Loop("""
            {|GL3002:nn.utils.clip_grad_norm_(model.parameters(), 0.5)|}; // Clip.
            loss.backward();
            optimizer.step();
        """),
        Loop("""
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 0.5); // Clip.
            optimizer.step();
        """));

    [Fact]
    public Task TooLate_MovesBeforeTheStep() => Verify.BestAsync(
        Loop("""
            loss.backward();
            optimizer.step();
            {|GL3002:torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)|};
        """),
        Loop("""
            loss.backward();
            torch.nn.utils.clip_grad_value_(model.parameters(), 0.5);
            optimizer.step();
        """));

    [Fact]
    public Task Threshold_BecomesOne() => Verify.BestAsync(
        Loop("""
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), max_norm: {|GL3002:0|});
            optimizer.step();
        """),
        Loop("""
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), max_norm: 1.0);
            optimizer.step();
        """));

    private static string Loop(string body) => $$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
            optimizer.zero_grad();
        {{body}}
        }
        """;
}
