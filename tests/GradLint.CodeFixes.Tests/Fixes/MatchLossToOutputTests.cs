using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.TrainingLoopAnalyzer, GradLint.CodeFixes.Fixes.MatchLossToOutput>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class MatchLossToOutputTests
{
    [Fact]
    public Task BinaryFunction_TakesLogits() => Verify.BestAsync(
        """
        var model = Linear(8, 1);
        {|GL1004:functional.binary_cross_entropy(model.call(rand(4, 8)), zeros(4, 1))|}.backward(); // Real or not.
        """,
        """
        var model = Linear(8, 1);
        functional.binary_cross_entropy_with_logits(model.call(rand(4, 8)), zeros(4, 1)).backward(); // Real or not.
        """);

    [Fact]
    public Task NegativeLogLikelihood_BecomesCrossEntropy() => Verify.BestWithOwnUsingsAsync(
        """
        using TorchSharp;
        using static TorchSharp.torch.nn.functional;

        var model = torch.nn.Linear(8, 3);
        {|GL1004:nll_loss(model.call(torch.rand(4, 8)), torch.zeros(4, torch.int64), torch.ones(3), torch.nn.Reduction.Sum)|}.backward();
        """,
        """
        using TorchSharp;
        using static TorchSharp.torch.nn.functional;

        var model = torch.nn.Linear(8, 3);
        cross_entropy(model.call(torch.rand(4, 8)), torch.zeros(4, torch.int64), torch.ones(3), reduction: torch.nn.Reduction.Sum).backward();
        """);

    [Fact]
    public Task LossInAField_IsExchangedWithItsType() => Verify.BestAsync(
        """
        class Trainer(Linear model)
        {
            private readonly NLLLoss criterion = NLLLoss(null, Reduction.Sum);

            public void Step(Tensor x, Tensor y)
            {
                {|GL1004:criterion.call(model.call(x), y)|}.backward();
            }
        }
        """,
        """
        class Trainer(Linear model)
        {
            private readonly CrossEntropyLoss criterion = CrossEntropyLoss(null, reduction: Reduction.Sum);

            public void Step(Tensor x, Tensor y)
            {
                criterion.call(model.call(x), y).backward();
            }
        }
        """);

    [Fact]
    public Task LossHeldByItsBaseTypeOrInALocal_IsExchanged() => Verify.BestAsync(
        """
        var model = Linear(8, 1);
        var one = torch.nn.BCELoss();
        Loss<Tensor, Tensor, Tensor> other = BCELoss(reduction: Reduction.Sum);
        ({|GL1004:one.call(model.call(rand(4, 8)), zeros(4, 1))|} + {|GL1004:other.call(model.call(rand(4, 8)), zeros(4, 1))|}).backward();
        """,
        """
        var model = Linear(8, 1);
        var one = torch.nn.BCEWithLogitsLoss();
        Loss<Tensor, Tensor, Tensor> other = BCEWithLogitsLoss(reduction: Reduction.Sum);
        (one.call(model.call(rand(4, 8)), zeros(4, 1)) + other.call(model.call(rand(4, 8)), zeros(4, 1))).backward();
        """);

    [Fact]
    public Task LossThatTakesProbabilitiesElsewhere_GetsASigmoidHere() => Verify.BestAsync(
        """
        class Trainer(Linear one, Linear other)
        {
            private readonly BCELoss criterion = BCELoss();

            public Tensor Right(Tensor x, Tensor y) => criterion.call(one.call(x).sigmoid(), y);

            public Tensor Wrong(Tensor x, Tensor y) => {|GL1004:criterion.call(other.call(x), y)|};
        }
        """,
        """
        class Trainer(Linear one, Linear other)
        {
            private readonly BCELoss criterion = BCELoss();

            public Tensor Right(Tensor x, Tensor y) => criterion.call(one.call(x).sigmoid(), y);

            public Tensor Wrong(Tensor x, Tensor y) => criterion.call(other.call(x).sigmoid(), y);
        }
        """);

    [Fact]
    public Task LogSoftmax_IsTheSecondChoice() => Verify.RemedyAsync(
        "GL1004.log_softmax",
        """
        var output = Linear(8, 3).call(rand(4, 8));
        {|GL1004:functional.nll_loss(output, zeros(4, int64))|}.backward();
        """,
        """
        var output = Linear(8, 3).call(rand(4, 8));
        functional.nll_loss(output.log_softmax(1), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task SoftmaxBeforeTheNegativeLogLikelihood_BecomesLogSoftmax() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);
            private readonly Softmax last = Softmax(1);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => last.call(head.call(x));

            public Tensor Loss(Tensor x, Tensor y) => {|GL1004:functional.nll_loss(call(x), y)|};

            public Tensor Other(Tensor x, Tensor y) => {|GL1004:functional.nll_loss(functional.softmax(head.call(x), 1), y)|};
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);
            private readonly LogSoftmax last = LogSoftmax(1);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => last.call(head.call(x));

            public Tensor Loss(Tensor x, Tensor y) => functional.nll_loss(call(x), y);

            public Tensor Other(Tensor x, Tensor y) => functional.nll_loss(functional.log_softmax(head.call(x), 1), y);
        }
        """);

    [Fact]
    public Task SoftmaxOfTorchItself_GetsALogarithm() => Verify.BestAsync(
        """
        var output = torch.softmax(Linear(8, 3).call(rand(4, 8)), 1);
        {|GL1004:functional.nll_loss(output, zeros(4, int64))|}.backward();
        """,
        """
        var output = torch.softmax(Linear(8, 3).call(rand(4, 8)), 1);
        functional.nll_loss(output.log(), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task LogProbabilitiesForBinaryCrossEntropy_GetAnExponential() => Verify.BestAsync(
        """
        var output = Linear(8, 3).call(rand(4, 8)).log_softmax(1);
        {|GL1004:functional.binary_cross_entropy(output, zeros(4, 3))|}.backward();
        """,
        """
        var output = Linear(8, 3).call(rand(4, 8)).log_softmax(1);
        functional.binary_cross_entropy(output.exp(), zeros(4, 3)).backward();
        """);
}
