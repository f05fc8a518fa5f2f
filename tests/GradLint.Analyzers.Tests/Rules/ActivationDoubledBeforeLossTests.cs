using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ActivationDoubledBeforeLossTests
{
    private const string Classifier = """
        class Classifier : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(8, 16);
            private readonly Linear head = Linear(16, 3);
            private readonly Softmax softmax = Softmax(1);

            public Classifier() : base("classifier") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(hidden.call(x));
                return softmax.call(head.call(x));
            }
        }
        """;

    [Fact]
    public Task SoftmaxAtTheEndOfASequential_Triggers() => Verify.DiagnosticsAsync("""
        var model = Sequential(("head", Linear(8, 3)), ("softmax", Softmax(1)));
        var criterion = CrossEntropyLoss();
        {|GL1003:criterion.call(model.call(rand(4, 8)), zeros(4, int64))|}.backward();
        """);

    [Fact]
    public Task SoftmaxInTheForwardOfAModel_Triggers() => Verify.DiagnosticsAsync(
        Classifier,
        """
        var model = new Classifier();
        var output = model.call(rand(4, 8));
        var loss = {|GL1003:functional.cross_entropy(output, zeros(4, int64))|};
        loss.backward();
        """);

    [Fact]
    public Task ModelInAFieldOfTheTrainer_Triggers() => Verify.DiagnosticsAsync(
        Classifier,
        """
        class Trainer(Module<Tensor, Tensor> model, Loss<Tensor, Tensor, Tensor> criterion)
        {
            public void Step(Tensor x, Tensor y)
            {
                using var scope = NewDisposeScope();
                var output = model.forward(x);
                var loss = {|GL1003:criterion.forward(output, y)|};
                loss.backward();
            }
        }
        """,
        """
        new Trainer(new Classifier().to(CPU), CrossEntropyLoss()).Step(rand(4, 8), zeros(4, int64));
        """);

    [Fact]
    public Task LossInAHelperWithOneKindOfCaller_Triggers() => Verify.DiagnosticsAsync(
        Classifier,
        """
        static class Objective
        {
            public static Tensor Of(Tensor output, Tensor target) => {|GL1003:functional.cross_entropy(output, target)|} * 2;
        }
        """,
        """
        var model = new Classifier();
        for (var i = 0; i < 3; i++)
            Objective.Of(model.call(rand(4, 8)), zeros(4, int64)).backward();
        Objective.Of(model.call(rand(4, 8)), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task SoftmaxAtTheCallSiteOfAFunction_Triggers() => Verify.DiagnosticsAsync("""
        class Trainer
        {
            private readonly Linear model = Linear(8, 3);

            public void Train(Tensor x, Tensor y, bool report)
            {
                var output = model.call(x);
                output = output.softmax(1);
                if (report)
                    Console.WriteLine(output.mean().item<float>());
                {|GL1003:functional.cross_entropy(target: y, input: output)|}.backward();
            }
        }
        """);

    [Fact]
    public Task SigmoidBeforeTheLossWithLogits_Triggers() => Verify.DiagnosticsAsync(
        """
        class Critic : Module<Tensor, Tensor>
        {
            private readonly Sequential layers;

            public Critic() : base("critic")
            {
                layers = Sequential(Linear(8, 8), ReLU(), Linear(8, 1));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => torch.sigmoid(layers.call(x)).squeeze(1);
        }
        """,
        """
        class Training
        {
            private readonly Critic critic = new();
            private readonly BCEWithLogitsLoss loss = BCEWithLogitsLoss();

            public Tensor Judge(Tensor x) => critic.call(x);

            public void Step(Tensor x, Tensor y) => {|GL1003:loss.call(Judge(x).to(float32), y)|}.backward();
        }
        """);

    [Fact]
    public Task OneOfSeveralOutputs_Triggers() => Verify.DiagnosticsAsync(
        """
        class ActorCritic : Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Linear policy = Linear(8, 3);
            private readonly Linear value = Linear(8, 1);

            public ActorCritic() : base("actor_critic") => RegisterComponents();

            public override (Tensor, Tensor) forward(Tensor x) => (functional.softmax(policy.call(x), 1), value.call(x));
        }
        """,
        """
        var model = new ActorCritic();
        var (policy, value) = model.call(rand(4, 8));
        var loss = {|GL1003:functional.cross_entropy(policy, zeros(4, int64))|} + functional.mse_loss(value, zeros(4, 1));
        loss.backward();
        """);

    [Fact]
    public Task BothBranchesOfTheModelEndInASigmoid_Triggers() => Verify.DiagnosticsAsync("""
        class TwoHeads : Module<Tensor, Tensor>
        {
            private readonly Linear left = Linear(8, 2);
            private readonly Linear right = Linear(8, 2);

            public TwoHeads() : base("heads") => RegisterComponents();

            public override Tensor forward(Tensor x) => cat(new[] { left.call(x).sigmoid(), right.call(x).sigmoid() }, 1);

            public Tensor Loss(Tensor x, Tensor y) => {|GL1003:functional.binary_cross_entropy_with_logits(call(x), y)|};
        }
        """);

    [Fact]
    public Task LossKeptAsADelegate_Triggers() => Verify.DiagnosticsAsync("""
        class Trainer
        {
            private readonly Func<Tensor, Tensor, Tensor> criterion = (x, y) => functional.cross_entropy(x, y);
            private readonly Func<Tensor, Tensor, Tensor, Reduction, Tensor> weighted = functional.nll_loss;
            private static readonly Softmax activation = Softmax(dim: -1);

            public void Step(Tensor x, Tensor y)
            {
                Func<Tensor, Tensor, Tensor?, long, Reduction, double, Tensor> loss = functional.cross_entropy;
                var logits = Linear(8, 3).call(x);
                {|GL1003:loss(activation.call(logits), y, null, -100, Reduction.Mean, 0)|}.backward();
            }
        }
        """);

    [Fact]
    public Task SoftmaxOfSoftmax_Triggers() => Verify.DiagnosticsAsync(
        Classifier,
        """
        class Prediction
        {
            private readonly Classifier model = new();

            public Tensor Probabilities(Tensor x)
            {
                var output = model.call(x);
                return {|GL1003:functional.softmax(output, 1)|};
            }

            public Tensor LogProbabilities(Tensor x) => {|GL1003:model.call(x).log_softmax(1)|};
        }
        """);

    [Fact]
    public Task LogSoftmaxBeforeCrossEntropy_TriggersAsAHint() => Verify.DiagnosticsWithConfigAsync(
        "",
        """
        var model = Sequential(Linear(8, 3), LogSoftmax(1));
        {|#0:functional.cross_entropy(model.call(rand(4, 8)), zeros(4, int64))|}.backward();
        """,
        new Microsoft.CodeAnalysis.Testing.DiagnosticResult("GL1003", Microsoft.CodeAnalysis.DiagnosticSeverity.Info)
            .WithLocation(0).WithOptions(Microsoft.CodeAnalysis.Testing.DiagnosticOptions.IgnoreAdditionalLocations)
            .WithMessage("'cross_entropy' applies a log-softmax to what 'LogSoftmax' has already been applied to, and the second one changes nothing: remove 'LogSoftmax'"));

    [Fact]
    public Task Message_NamesBoth() => Verify.MessageAsync(
        """
        var model = Sequential(Linear(8, 3), Softmax(1));
        {|#0:CrossEntropyLoss().call(model.call(rand(4, 8)), zeros(4, int64))|}.backward();
        """,
        "GL1003",
        "'CrossEntropyLoss' applies a softmax to what 'Softmax' has already been applied to, so it works on values within [0, 1] and the gradient that reaches the logits is squashed twice: remove 'Softmax'");

    [Fact]
    public Task Logits_DoNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(8, 8), ReLU(), Linear(8, 3));
        functional.cross_entropy(model.call(rand(4, 8)), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task SoftmaxOnAnotherPath_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(x);

            public Tensor Predict(Tensor x) => forward(x).softmax(1);
        }
        """,
        """
        var model = new Net();
        var logits = model.call(rand(4, 8));
        var probabilities = functional.softmax(logits, 1);
        functional.cross_entropy(logits, zeros(4, int64)).backward();
        Console.WriteLine(model.Predict(rand(4, 8)).max() + probabilities.max());
        """);

    [Fact]
    public Task SoftmaxOnTheTarget_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Distillation(Module<Tensor, Tensor> student)
        {
            private readonly Module<Tensor, Tensor> teacher = Sequential(Linear(8, 3), Softmax(1));

            public Tensor Loss(Tensor x) => functional.cross_entropy(student.call(x), teacher.call(x).detach());
        }
        """);

    [Fact]
    public Task SoftmaxOnlyWhenNotTraining_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear head = Linear(8, 3);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var logits = head.call(x);
                if (!training)
                    return functional.softmax(logits, 1);
                return logits;
            }
        }
        """,
        """
        var model = new Net();
        functional.cross_entropy(model.call(rand(4, 8)), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task PathsThatDiffer_DoNotTrigger() => Verify.DiagnosticsAsync(
        """
        static class Objective
        {
            public static Tensor Of(Tensor output, Tensor target) => functional.cross_entropy(output, target);

            public static Tensor Chosen(Tensor logits, Tensor target, bool soften)
            {
                var output = logits;
                if (soften)
                    output = output.softmax(1);
                return functional.cross_entropy(output, target);
            }
        }
        """,
        """
        var logits = Linear(8, 3).call(rand(4, 8));
        Objective.Of(logits.softmax(1), zeros(4, int64)).backward();
        Objective.Of(logits, zeros(4, int64)).backward();
        Objective.Chosen(logits, zeros(4, int64), args.Length > 0).backward();
        """);

    [Fact]
    public Task OneOfTwoModels_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        Module<Tensor, Tensor> model = args.Length > 0 ? Sequential(Linear(8, 3), Softmax(1)) : Linear(8, 3);
        functional.cross_entropy(model.call(rand(4, 8)), zeros(4, int64)).backward();
        """);

    [Fact]
    public Task ChangedByALoop_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(3, 3);
        var output = rand(4, 3).softmax(1);
        for (var i = 0; i < 3; i++)
        {
            functional.cross_entropy(output, zeros(4, int64)).backward();
            output = model.call(rand(4, 3));
        }
        """);

    [Fact]
    public Task CustomLoss_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Focal : Loss<Tensor, Tensor, Tensor>
        {
            public Focal() : base(Reduction.Mean) { }

            public override Tensor forward(Tensor probabilities, Tensor target) => (-(probabilities.log() * target)).sum();
        }
        """,
        """
        Loss<Tensor, Tensor, Tensor> criterion = new Focal();
        var model = Sequential(Linear(8, 3), Softmax(1));
        criterion.call(model.call(rand(4, 8)), zeros(4, 3)).backward();
        """);

    [Fact]
    public Task UnknownModelOrOneOfManyTypes_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Classifier,
        """
        class Sharp : Classifier
        {
            public override Tensor forward(Tensor x) => base.forward(x).log() * 2;
        }
        """,
        """
        public class Training
        {
            public void Any(Module<Tensor, Tensor> model, Tensor x, Tensor y) => functional.cross_entropy(model.call(x), y).backward();

            internal void Some(Classifier model, Tensor x, Tensor y) => functional.cross_entropy(model.call(x), y).backward();
        }
        """);

    [Fact]
    public Task SoftmaxThatIsWeightedAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Attention : Module<Tensor, Tensor>
        {
            private readonly Linear score = Linear(8, 5);
            private readonly Linear value = Linear(8, 3);

            public Attention() : base("attention") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var weights = functional.softmax(score.call(x), -1);
                return matmul(weights, value.call(x));
            }

            public Tensor Loss(Tensor x, Tensor y) => functional.cross_entropy(call(x).sigmoid() * 4, y);
        }
        """);

    [Fact]
    public Task SoftmaxAlongAnotherDimensionOrOfLogSoftmax_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var scores = rand(4, 5, 6);
        var both = functional.softmax(functional.softmax(scores, 1), 2);
        var back = functional.softmax(functional.log_softmax(scores, 1), 1);
        Console.WriteLine(both.sum() + back.sum());
        """);

    [Fact]
    public Task SigmoidBeforeCrossEntropyOrSoftmaxBeforeBinary_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var logits = Linear(8, 3).call(rand(4, 8));
        functional.cross_entropy(logits.sigmoid(), zeros(4, int64)).backward();
        functional.binary_cross_entropy_with_logits(logits.softmax(1), zeros(4, 3)).backward();
        functional.binary_cross_entropy(logits.sigmoid(), zeros(4, 3)).backward();
        functional.nll_loss(logits.log_softmax(1), zeros(4, int64)).backward();
        """);
}
