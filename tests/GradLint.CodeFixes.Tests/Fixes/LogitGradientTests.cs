using System.Reflection;
using GradLint.Analyzers;
using GradLint.CodeFixes.Fixes;
using GradLint.Tests.Framework;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>
/// What the fixes of the rules about losses do to the gradient at the logits of the running program. The logits are the
/// bias of a layer with zero weights, so the bias's gradient is theirs; it is compared with the closed forms.
/// </summary>
public class LogitGradientTests
{
    private static readonly double[] Logits = [4, 0, -3];
    private const int Target = 1;

    public static TheoryData<string, string> SoftmaxForms => new()
    {
        { """Sequential(("head", head), ("softmax", Softmax(1))).call(x)""", """Sequential(("head", head)).call(x)""" },
        { "functional.softmax(head.call(x), 1)", "head.call(x)" },
        { "head.call(x).softmax(-1)", "head.call(x)" },
        { "Softmax(1).call(head.call(x))", "head.call(x)" },
    };

    [Theory]
    [MemberData(nameof(SoftmaxForms))]
    public async Task SoftmaxBeforeCrossEntropy_IsSquashedBeforeTheFix(string faultyOutput, string mendedOutput)
    {
        var faulty = Program($"{{|GL1003:functional.cross_entropy({faultyOutput}, tensor(new long[] {{ {Target} }}))|}}");
        var mended = Program($"functional.cross_entropy({mendedOutput}, tensor(new long[] {{ {Target} }}))");
        await VerifyFix<TrainingLoopAnalyzer, RemoveDoubledActivation>.BestAsync(faulty, mended);

        var probabilities = Softmax(Logits);
        var outer = Softmax(probabilities).Select((q, i) => q - OneHot(i)).ToArray();
        var mean = probabilities.Zip(outer, (p, g) => p * g).Sum();
        var squashed = probabilities.Zip(outer, (p, g) => p * (g - mean)).ToArray();
        var gradient = probabilities.Select((p, i) => p - OneHot(i)).ToArray();
        AssertClose(squashed, Gradient(faulty));
        AssertClose(gradient, Gradient(mended));
        Assert.True(Norm(squashed) < 0.1 * Norm(gradient), "the model is sure and wrong, and hardly told so");
    }

    [Fact]
    public async Task SigmoidBeforeTheLossWithLogits_IsSquashedBeforeTheFix()
    {
        const string Targets = "tensor(new[] { 0f, 1f, 0f }, 1, 3)";
        var faulty = Program($"{{|GL1003:BCEWithLogitsLoss(reduction: Reduction.Sum).call(torch.sigmoid(head.call(x)), {Targets})|}}");
        var mended = Program($"BCEWithLogitsLoss(reduction: Reduction.Sum).call(head.call(x), {Targets})");
        await VerifyFix<TrainingLoopAnalyzer, RemoveDoubledActivation>.BestAsync(faulty, mended);

        AssertClose(Logits.Select((z, i) => (Sigmoid(Sigmoid(z)) - OneHot(i)) * Sigmoid(z) * (1 - Sigmoid(z))), Gradient(faulty));
        AssertClose(Logits.Select((z, i) => Sigmoid(z) - OneHot(i)), Gradient(mended));
    }

    [Theory]
    [InlineData("GL1004.best", "functional.cross_entropy(head.call(x), tensor(new long[] { 1 }))")]
    [InlineData("GL1004.log_softmax", "functional.nll_loss(head.call(x).log_softmax(1), tensor(new long[] { 1 }))")]
    public async Task NegativeLogLikelihoodOfLogits_IgnoresThemBeforeTheFix(string remedy, string loss)
    {
        var faulty = Program("{|GL1004:functional.nll_loss(head.call(x), tensor(new long[] { 1 }))|}");
        var mended = Program(loss);
        await VerifyFix<TrainingLoopAnalyzer, MatchLossToOutput>.RemedyAsync(remedy, faulty, mended);

        AssertClose(Logits.Select((_, i) => -OneHot(i)), Gradient(faulty));
        AssertClose(Softmax(Logits).Select((p, i) => p - OneHot(i)), Gradient(mended));
    }

    [Theory]
    [InlineData("GL1004.best", "functional.nll_loss(functional.log_softmax(head.call(x), 1), tensor(new long[] { 1 }))")]
    [InlineData("GL1004.log", "functional.nll_loss(functional.softmax(head.call(x), 1).log(), tensor(new long[] { 1 }))")]
    public async Task NegativeLogLikelihoodOfProbabilities_IsSquashedBeforeTheFix(string remedy, string loss)
    {
        var faulty = Program("{|GL1004:functional.nll_loss(functional.softmax(head.call(x), 1), tensor(new long[] { 1 }))|}");
        var mended = Program(loss);
        await VerifyFix<TrainingLoopAnalyzer, MatchLossToOutput>.RemedyAsync(remedy, faulty, mended);

        var probabilities = Softmax(Logits);
        AssertClose(probabilities.Select((p, i) => probabilities[Target] * (p - OneHot(i))), Gradient(faulty));
        AssertClose(probabilities.Select((p, i) => p - OneHot(i)), Gradient(mended));
    }

    [Theory]
    [InlineData("GL1004.best", "functional.binary_cross_entropy_with_logits(head.call(x), tensor(new[] { 0f, 1f, 0f }, 1, 3), null, Reduction.Sum)")]
    [InlineData("GL1004.sigmoid", "functional.binary_cross_entropy(head.call(x).sigmoid(), tensor(new[] { 0f, 1f, 0f }, 1, 3), null, Reduction.Sum)")]
    public async Task BinaryCrossEntropyOfLogits_ThrowsBeforeTheFix(string remedy, string loss)
    {
        var faulty = Program("{|GL1004:functional.binary_cross_entropy(head.call(x), tensor(new[] { 0f, 1f, 0f }, 1, 3), null, Reduction.Sum)|}");
        var mended = Program(loss);
        await VerifyFix<TrainingLoopAnalyzer, MatchLossToOutput>.RemedyAsync(remedy, faulty, mended);

        Assert.Throws<TargetInvocationException>(() => Gradient(faulty));
        AssertClose(Logits.Select((z, i) => Sigmoid(z) - OneHot(i)), Gradient(mended));
    }

    private static string Program(string loss) => $$"""
        public static class Program
        {
            public static double[] Run()
            {
                var head = Linear(2, 3);
                using (no_grad())
                {
                    head.weight.zero_();
                    head.bias!.copy_(tensor(new[] { {{string.Join(", ", Logits.Select(logit => $"{logit}f"))}} }));
                }

                var x = ones(1, 2);
                {{loss}}.backward();
                return head.bias!.grad!.to(float64).data<double>().ToArray();
            }
        }
        """;

    private static double[] Gradient(string program) =>
        RunningProgram.Evaluate<double[]>(program.Replace("{|GL1003:", "").Replace("{|GL1004:", "").Replace("|}", ""));

    private static double OneHot(int i) => i == Target ? 1 : 0;

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double[] Softmax(double[] z) => z.Select(item => Math.Exp(item) / z.Sum(Math.Exp)).ToArray();

    private static double Norm(IEnumerable<double> vector) => Math.Sqrt(vector.Sum(item => item * item));

    private static void AssertClose(IEnumerable<double> expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
