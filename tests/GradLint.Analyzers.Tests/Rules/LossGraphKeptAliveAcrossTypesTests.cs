using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL5005 where the loss, its backward and what holds it stand in several methods, types and files.</summary>
public class LossGraphKeptAliveAcrossTypesTests
{
    [Fact]
    public Task TrainEpochHelper_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.Adam(model.parameters());
        for (var epoch = 0; epoch < 3; epoch++)
            Console.WriteLine(Training.TrainEpoch(model, optimizer, new[] { rand(8, 4) }));
        """,
        """
        static class Training
        {
            public static float TrainEpoch(Linear model, optim.Optimizer optimizer, IReadOnlyList<Tensor> batches)
            {
                var total = tensor(0f);
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).pow(2).mean();
                    Minimize(optimizer, loss);
                    {|GL5005:total += loss|};
                }
                return (total / batches.Count).item<float>();
            }

            private static void Minimize(optim.Optimizer optimizer, Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task LossesOfATrainerBase_Trigger() => Verify.DiagnosticsAsync(
        """
        abstract class TrainerBase<TBatch>
        {
            protected abstract Tensor ComputeLoss(TBatch batch);

            public float Epoch(IEnumerable<TBatch> batches)
            {
                var losses = new List<Tensor>();
                foreach (var batch in batches)
                {
                    var loss = ComputeLoss(batch);
                    loss.backward();
                    {|GL5005:losses.Add(loss)|};
                }
                return losses.Average(loss => loss.item<float>());
            }
        }
        """,
        """
        class Regression(Linear model) : TrainerBase<(Tensor X, Tensor Y)>
        {
            protected override Tensor ComputeLoss((Tensor X, Tensor Y) batch) => functional.mse_loss(model.call(batch.X), batch.Y);
        }
        """);

    [Fact]
    public Task LocalFunctionThatLearns_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var sum = zeros(1);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
            Learn(loss);
            {|GL5005:sum = sum + loss|};
        }
        Console.WriteLine(sum.item<float>());

        void Learn(Tensor loss)
        {
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task WrapperOfTheOptimizer_Triggers() => Verify.DiagnosticsAsync(
        """
        class Trainer(Linear model)
        {
            private readonly Updates updates = new(optim.Adam(model.parameters()));
            private Tensor running = zeros(1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    updates.Minimize(loss);
                    {|GL5005:running += loss|};
                }
                Console.WriteLine($"loss {running.item<float>()}");
            }
        }
        """,
        """
        class Updates(optim.Optimizer optimizer)
        {
            public void Minimize(Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task NumberOfAStepMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public double Epoch(IEnumerable<Tensor> batches) => batches.Sum(batch => Step(batch));

            private float Step(Tensor batch)
            {
                optimizer.zero_grad();
                var loss = model.call(batch).sum();
                loss.backward();
                optimizer.step();
                return loss.item<float>();
            }
        }
        """);

    [Fact]
    public Task DetachedByAMeter_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Trainer(Linear model, Meter meter)
        {
            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    loss.backward();
                    meter.Add(loss);
                }
            }
        }
        """,
        """
        class Meter
        {
            private readonly List<Tensor> values = new();
            public void Add(Tensor value) => values.Add(value.detach());
        }
        """);

    [Fact]
    public Task LossesOfSeveralTasks_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class MultiTask(Linear trunk, IReadOnlyList<Linear> heads)
        {
            public void Step(Tensor x)
            {
                var total = zeros(1);
                foreach (var head in heads)
                {
                    var loss = Loss(head, x);
                    total += loss;
                }
                Minimize(total);
            }

            private Tensor Loss(Linear head, Tensor x) => head.call(trunk.call(x)).pow(2).mean();

            private static void Minimize(Tensor loss) => loss.backward();
        }
        """);

    [Fact]
    public Task SumOfAMethodWithoutGradients_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            public void Fit(IReadOnlyList<Tensor> batches)
            {
                foreach (var batch in batches)
                    model.call(batch).sum().backward();
                Console.WriteLine(Validate(batches));
            }

            private float Validate(IEnumerable<Tensor> batches)
            {
                using var _ = no_grad();
                var total = zeros(1);
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    total += loss;
                }
                return total.item<float>();
            }
        }
        """);

    [Fact]
    public Task EpisodeOfAPolicyGradient_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Reinforce(Linear policy)
        {
            private readonly optim.Optimizer optimizer = optim.Adam(policy.parameters());

            public void Learn(IEnumerable<(Tensor State, long Action, float Return)> episode)
            {
                var loss = zeros(1);
                foreach (var (state, action, value) in episode)
                {
                    var term = -LogProbability(state, action) * value;
                    loss += term;
                }
                Update(loss);
            }

            private Tensor LogProbability(Tensor state, long action) => functional.log_softmax(policy.call(state), -1)[action];

            private void Update(Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task YieldedToTheCaller_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model)
        {
            public IEnumerable<float> Losses(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                    yield return Step(batch);
            }

            private float Step(Tensor batch)
            {
                var loss = model.call(batch).sum();
                loss.backward();
                return loss.item<float>();
            }
        }
        """);

    [Fact]
    public Task HistoryOfNumbersOnAnEvent_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Trainer(Linear model)
        {
            public event Action<Tensor>? Trained;

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    var loss = model.call(batch).sum();
                    loss.backward();
                    Trained?.Invoke(loss);
                }
            }
        }
        """,
        """
        class History
        {
            private readonly List<float> losses = new();
            public History(Trainer trainer) => trainer.Trained += loss => losses.Add(loss.item<float>());
        }
        """);
}
