using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.AddLossAsNumber>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class AddLossAsNumberTests
{
    [Fact]
    public Task Losses_AreAddedAsNumbers() => Verify.BestAsync(
        Loop("""
            {|GL5005:total += loss|}; // Sum.
            {|GL5005:mean += loss / 10|};
        """),
        Loop("""
            total += loss.item<float>(); // Sum.
            mean += (loss / 10).item<float>();
        """));

    [Fact]
    public Task SumsAndLists_GetNumbersAndDetachedTensors() => Verify.BestAsync(
        Loop("""
            {|GL5005:total = loss + total|};
            {|GL5005:mean = mean + loss / 10|};
            {|GL5005:losses.Add(loss)|}; // Each.
        """),
        Loop("""
            total = loss.item<float>() + total;
            mean = mean + (loss / 10).item<float>();
            losses.Add(loss.detach()); // Each.
        """));

    private static string Loop(string body) => $$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var total = zeros(1);
        var mean = zeros(1);
        var losses = new List<Tensor>();
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            var loss = model.call(rand(8, 4)).sum();
            loss.backward();
            optimizer.step();
        {{body}}
        }
        Console.WriteLine(total.item<float>());
        Console.WriteLine(mean.item<float>());
        """;
}
