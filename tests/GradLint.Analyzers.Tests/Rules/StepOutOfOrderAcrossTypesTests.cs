using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL5002 where the step, its backward and its zero_grad stand in several methods, types and files.</summary>
public class StepOutOfOrderAcrossTypesTests
{
    private const string TrainerBase = """
        abstract class TrainerBase<TBatch>
        {
            protected abstract Tensor ComputeLoss(TBatch batch);
            protected abstract void Update(Tensor loss);

            public float Epoch(IEnumerable<TBatch> batches)
            {
                var total = 0f;
                foreach (var batch in batches)
                {
                    using var loss = ComputeLoss(batch);
                    Update(loss);
                    total += loss.item<float>();
                }
                return total;
            }
        }
        """;

    [Fact]
    public Task OverrideOfATrainerBase_Triggers() => Verify.DiagnosticsAsync(
        "new Regression(Linear(4, 1)).Epoch(new[] { (rand(8, 4), rand(8, 1)) });",
        TrainerBase,
        """
        class Regression : TrainerBase<(Tensor X, Tensor Y)>
        {
            private readonly Linear model;
            private readonly optim.Optimizer optimizer;

            public Regression(Linear model) => (this.model, optimizer) = (model, optim.Adam(model.parameters(), 1e-3));

            protected override Tensor ComputeLoss((Tensor X, Tensor Y) batch) => functional.mse_loss(model.call(batch.X), batch.Y);

            protected override void Update(Tensor loss)
            {
                loss.backward();
                {|GL5002:optimizer.zero_grad()|};
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task ExtensionThatClearsAndSteps_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        foreach (var batch in new[] { rand(8, 4), rand(8, 4) })
        {
            model.call(batch).sum().backward();
            optimizer.Apply();
        }
        """,
        """
        static class OptimizerExtensions
        {
            public static void Apply(this optim.Optimizer optimizer)
            {
                {|GL5002:optimizer.zero_grad()|};
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task EpochHelperWithItsParts_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Sequential(Linear(4, 8), ReLU(), Linear(8, 2));
        var optimizer = optim.Adam(model.parameters());
        for (var epoch = 0; epoch < 3; epoch++)
            Training.TrainEpoch(model, optimizer, Enumerable.Range(0, 4).Select(_ => rand(8, 4)));
        """,
        """
        static class Training
        {
            public static void TrainEpoch(Module<Tensor, Tensor> model, optim.Optimizer optimizer, IEnumerable<Tensor> batches)
            {
                model.train();
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    {|GL5002:optimizer.step()|};
                    Backpropagate(model.call(batch));
                }
            }

            private static void Backpropagate(Tensor output)
            {
                using var loss = output.pow(2).mean();
                loss.backward();
            }
        }
        """);

    [Fact]
    public Task LocalFunctions_Trigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            Learn(rand(8, 4));
            Finish();
        }

        void Learn(Tensor batch) => model.call(batch).sum().backward();

        void Finish()
        {
            {|GL5002:optimizer.zero_grad()|};
            optimizer.step();
        }
        """);

    [Fact]
    public Task PartialTrainer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        partial class Trainer
        {
            private readonly Linear model = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Trainer() => optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Begin();
                    Learn(batch);
                }
            }

            partial void Begin();
        }
        """,
        """
        partial class Trainer
        {
            partial void Begin() => optimizer.zero_grad();

            private void Learn(Tensor batch)
            {
                model.call(batch).sum().backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task CallbackOfTheStep_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var loop = new Loop();
        loop.BatchStarted += () => optimizer.zero_grad();
        loop.BatchEnded += () => optimizer.step();
        loop.Run(model, new[] { rand(8, 4) });
        """,
        """
        class Loop
        {
            public event Action? BatchStarted;
            public event Action? BatchEnded;

            public void Run(Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    BatchStarted?.Invoke();
                    model.call(batch).sum().backward();
                    BatchEnded?.Invoke();
                }
            }
        }
        """);

    [Fact]
    public Task AccumulationOverMicroBatches_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        record TrainerOptions(int AccumulateOver, double LearningRate);

        class Trainer(Linear model, TrainerOptions options)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), options.LearningRate);
            private int micro;

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    (model.call(batch).mean() / options.AccumulateOver).backward();
                    if (++micro % options.AccumulateOver == 0)
                        Update();
                }
            }

            private void Update()
            {
                optimizer.step();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task ClearedByTheNextCall_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class OnlineLearner(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public float Observe(Tensor x, Tensor y)
            {
                Prepare();
                using var loss = functional.mse_loss(model.call(x), y);
                loss.backward();
                optimizer.step();
                return loss.item<float>();
            }

            private void Prepare()
            {
                model.train();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task WrapperOfTheOptimizer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var updates = new Updates(optim.AdamW(model.parameters()));
        foreach (var batch in new[] { rand(8, 4), rand(8, 4) })
            updates.Minimize(model.call(batch).sum());
        """,
        """
        class Updates(optim.Optimizer inner)
        {
            public void Minimize(Tensor loss)
            {
                Clear();
                loss.backward();
                inner.step();
            }

            private void Clear() => inner.zero_grad();
        }
        """);

    [Fact]
    public Task ActorAndCritic_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Agent
        {
            private readonly Linear actor = Linear(4, 2), critic = Linear(6, 1);
            private readonly optim.Optimizer ofActor, ofCritic;

            public Agent()
            {
                ofActor = optim.Adam(actor.parameters());
                ofCritic = optim.Adam(critic.parameters());
            }

            public void Learn(IEnumerable<Tensor> states)
            {
                foreach (var state in states)
                {
                    UpdateActor(state);
                    UpdateCritic(state);
                }
            }

            private void UpdateActor(Tensor state)
            {
                ofActor.zero_grad();
                (-Value(state, actor.call(state))).mean().backward();
                ofCritic.zero_grad();
                ofActor.step();
            }

            private void UpdateCritic(Tensor state)
            {
                ofCritic.zero_grad();
                Value(state, actor.call(state).detach()).pow(2).mean().backward();
                ofCritic.step();
            }

            private Tensor Value(Tensor state, Tensor action) => critic.call(cat(new[] { state, action }, 1));
        }
        """);

    [Fact]
    public Task AsynchronousBatches_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        using System.Threading;
        using System.Threading.Tasks;

        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public async Task FitAsync(IAsyncEnumerable<Tensor> batches, CancellationToken cancellation)
            {
                await foreach (var batch in batches.WithCancellation(cancellation))
                {
                    optimizer.zero_grad();
                    await Task.Run(() => Learn(batch), cancellation);
                    optimizer.step();
                }
            }

            private void Learn(Tensor batch) => model.call(batch).sum().backward();
        }
        """);

    [Fact]
    public Task StepsThatAGeneratorYields_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public IEnumerable<float> Losses(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    yield return Learn(batch);
                    optimizer.step();
                }
            }

            private float Learn(Tensor batch)
            {
                using var loss = model.call(batch).sum();
                loss.backward();
                return loss.item<float>();
            }
        }
        """);

    [Fact]
    public Task OneOfSeveralImplementations_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        interface IUpdateRule
        {
            void Apply(Tensor loss);
        }

        class Plain(optim.Optimizer optimizer) : IUpdateRule
        {
            public void Apply(Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
        }

        class Silent : IUpdateRule
        {
            public void Apply(Tensor loss) { }
        }
        """,
        """
        class Trainer(Linear model, IUpdateRule rule)
        {
            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                    rule.Apply(Loss(batch));
            }

            private Tensor Loss(Tensor batch) => model.call(batch).pow(2).mean();
        }
        """);
}
