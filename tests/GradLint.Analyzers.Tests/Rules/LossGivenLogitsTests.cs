using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class LossGivenLogitsTests
{
    private const string Critic = """
        class Critic : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(8, 8);
            private readonly Linear head = Linear(8, 1);

            public Critic() : base("critic") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = functional.leaky_relu(hidden.call(x), 0.2);
                return head.call(x).squeeze(1);
            }
        }
        """;

    [Fact]
    public Task BinaryCrossEntropyOfALinearLayer_Triggers() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(8, 8), ReLU(), Linear(8, 1));
        {|GL1004:functional.binary_cross_entropy(model.call(rand(4, 8)), zeros(4, 1))|}.backward();
        """);

    [Fact]
    public Task LossModuleInATrainer_Triggers() => Verify.DiagnosticsAsync(
        Critic,
        """
        class Trainer
        {
            private readonly Critic critic = new();
            private readonly BCELoss criterion = BCELoss();

            public void Step(Tensor real, Tensor fake)
            {
                var loss = {|GL1004:criterion.call(critic.call(real), ones(4))|} + {|GL1004:criterion.call(critic.call(fake.detach()), zeros(4))|};
                loss.backward();
            }
        }
        """);

    [Fact]
    public Task NegativeLogLikelihoodOfALinearLayer_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> layers = Sequential(("conv", Conv2d(1, 4, 3)), ("flat", Flatten()), ("head", Linear(4 * 36, 10)));

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => layers.call(x);
        }

        class Program
        {
            static void Main()
            {
                var model = new Net();
                var loss = NLLLoss();
                Train(model, loss);
            }

            private static void Train(Net net, Loss<Tensor, Tensor, Tensor> loss)
            {
                foreach (var (x, y) in new[] { (rand(2, 1, 8, 8), zeros(2, int64)) })
                {
                    using var prediction = net.call(x);
                    using var output = {|GL1004:loss.call(prediction, y)|};
                    output.backward();
                }
            }
        }
        """);

    [Fact]
    public Task NegativeLogLikelihoodOfASoftmax_Triggers() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(8, 3), Softmax(1));
        {|GL1004:functional.nll_loss(model.call(rand(4, 8)), zeros(4, int64))|}.backward();
        """);

    [Fact]
    public Task SoftmaxInAHelper_Triggers() => Verify.DiagnosticsAsync("""
        class Policy
        {
            private readonly Linear layer = Linear(8, 3);

            private Tensor Probabilities(Tensor x) => functional.softmax(layer.call(x), -1);

            public Tensor Loss(Tensor x, Tensor action)
            {
                var probabilities = Probabilities(x);
                return {|GL1004:functional.nll_loss(probabilities, action)|};
            }
        }
        """);

    [Fact]
    public Task DropoutAndViewsBetween_Trigger() => Verify.DiagnosticsAsync("""
        class Tagger : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 5);
            private readonly Dropout dropout = Dropout(0.1);

            public Tagger() : base("tagger") => RegisterComponents();

            public override Tensor forward(Tensor x) => dropout.call(head.call(x)).view(-1, 5);

            public Tensor Loss(Tensor x, Tensor tags) => {|GL1004:functional.nll_loss(this.call(x).to(float32), tags.flatten())|};
        }
        """);

    [Fact]
    public Task LogSoftmaxGivenToBinaryCrossEntropy_Triggers() => Verify.DiagnosticsAsync("""
        var output = Linear(8, 3).call(rand(4, 8)).log_softmax(1);
        {|GL1004:BCELoss().call(output, zeros(4, 3))|}.backward();
        """);

    [Fact]
    public Task Message_SaysWhatAndWhatToUse() => Verify.MessageAsync(
        """
        var model = Linear(8, 1);
        {|#0:functional.binary_cross_entropy(model.call(rand(4, 8)), zeros(4, 1))|}.backward();
        """,
        "GL1004",
        "'binary_cross_entropy' takes probabilities and is given the logits of 'Linear', of which it fails to take the logarithm: use 'binary_cross_entropy_with_logits'");

    [Fact]
    public Task ProbabilitiesAndLogProbabilities_DoNotTrigger() => Verify.DiagnosticsAsync("""
        var binary = Sequential(Linear(8, 1), Sigmoid());
        functional.binary_cross_entropy(binary.call(rand(4, 8)), zeros(4, 1)).backward();
        var classes = Sequential(Linear(8, 3), LogSoftmax(1));
        NLLLoss().call(classes.call(rand(4, 8)), zeros(4, int64)).backward();
        functional.binary_cross_entropy(Linear(8, 3).call(rand(4, 8)).softmax(1), zeros(4, 3)).backward();
        """);

    [Fact]
    public Task SigmoidInPlace_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Critic,
        """
        var critic = new Critic();
        var output = critic.call(rand(4, 8));
        output.sigmoid_();
        functional.binary_cross_entropy(output, zeros(4)).backward();
        """);

    [Fact]
    public Task LogarithmTakenByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net
        {
            private readonly Linear head = Linear(8, 3);

            public Tensor Mixed(Tensor x, Tensor y) => functional.nll_loss(log(head.call(x).softmax(1) + 1e-8), y);

            public Tensor Shifted(Tensor x, Tensor y)
            {
                var logits = head.call(x);
                return functional.nll_loss(logits - logits.logsumexp(1, true), y);
            }
        }
        """);

    [Fact]
    public Task ActivationInTheCaller_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Critic,
        """
        static class Objective
        {
            public static Tensor Of(Tensor output, Tensor target) => functional.binary_cross_entropy(output, target);
        }
        """,
        """
        var critic = new Critic();
        Objective.Of(torch.sigmoid(critic.call(rand(4, 8))), zeros(4)).backward();
        """);

    [Fact]
    public Task OutputChosenByAFlag_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Net(bool probabilities) : Module<Tensor, Tensor>("net")
        {
            private readonly Linear head = Linear(8, 1);

            public override Tensor forward(Tensor x)
            {
                var logits = head.call(x);
                return probabilities ? logits.sigmoid() : logits;
            }
        }
        """,
        """
        class Trainer(Net net)
        {
            public Tensor Loss(Tensor x, Tensor y) => functional.binary_cross_entropy(net.call(x), y);
        }
        """);

    [Fact]
    public Task UnknownTensors_DoNotTrigger() => Verify.DiagnosticsAsync("""
        public class Losses
        {
            public Tensor Output { get; set; } = zeros(1);

            public Tensor Of(Tensor output, Tensor y) => functional.nll_loss(output, y);

            public Tensor OfAll(IEnumerable<Tensor> outputs, Tensor y) => functional.binary_cross_entropy(stack(outputs.ToArray()), y);

            public Tensor OfProperty(Tensor y) => functional.binary_cross_entropy(Output, y);
        }
        """);

    [Fact]
    public Task TransformedByAnUnknownMethod_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Critic,
        """
        class Squash
        {
            public virtual Tensor Apply(Tensor x) => x;
        }

        class Training(Squash squash)
        {
            private readonly Critic critic = new();

            public Tensor Loss(Tensor x, Tensor y) => functional.binary_cross_entropy(squash.Apply(critic.call(x)), y);

            public Tensor Bounded(Tensor x, Tensor y) => functional.binary_cross_entropy(critic.call(x).clamp(0, 1), y);
        }
        """);

    [Fact]
    public Task RegressionLossesOfALinearLayer_DoNotTrigger() => Verify.DiagnosticsAsync(
        Critic,
        """
        var critic = new Critic();
        (functional.mse_loss(critic.call(rand(4, 8)), zeros(4)) + PoissonNLLLoss().call(critic.call(rand(4, 8)), ones(4))).backward();
        """);
}
