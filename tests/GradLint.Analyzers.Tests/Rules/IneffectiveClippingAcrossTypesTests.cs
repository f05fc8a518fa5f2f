using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL3002 where the clip, the backward and the step stand in several methods, types and files.</summary>
public class IneffectiveClippingAcrossTypesTests
{
    [Fact]
    public Task ExtensionCalledTooEarly_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            model.Clip(1.0);
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """,
        """
        static class Clipping
        {
            public static void Clip(this nn.Module model, double norm) => {|GL3002:nn.utils.clip_grad_norm_(model.parameters(), norm)|};
        }
        """);

    [Fact]
    public Task LocalFunctionAfterTheUpdate_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.Adam(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            Update(rand(8, 4));
            Bound();
        }

        void Update(Tensor batch)
        {
            optimizer.zero_grad();
            model.call(batch).sum().backward();
            optimizer.step();
        }

        void Bound()
        {
            {|GL3002:nn.utils.clip_grad_value_(model.parameters(), 0.5)|};
        }
        """);

    [Fact]
    public Task ThresholdOfAConstantElsewhere_Triggers() => Verify.DiagnosticsAsync(
        """
        static class Defaults
        {
            public const double MaximumNorm = 0.0;
        }
        """,
        """
        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    Apply();
                }
            }

            private void Apply()
            {
                nn.utils.clip_grad_norm_(model.parameters(), {|GL3002:Defaults.MaximumNorm|});
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task OverrideOfAHookBeforeTheBackward_Triggers() => Verify.DiagnosticsAsync(
        """
        abstract class Loop(Linear model)
        {
            protected Linear Model { get; } = model;
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);
            protected abstract void BeforeBatch();

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    BeforeBatch();
                    Model.call(batch).sum().backward();
                    optimizer.step();
                }
            }
        }
        """,
        """
        class Clipped(Linear model) : Loop(model)
        {
            protected override void BeforeBatch() => {|GL3002:nn.utils.clip_grad_norm_(Model.parameters(), 1.0)|};
        }
        """,
        """
        static class Program
        {
            public static void Main() => new Clipped(Linear(4, 2)).Run(new[] { rand(8, 4) });
        }
        """);

    [Fact]
    public Task PartialTrainer_Triggers() => Verify.DiagnosticsAsync(
        """
        partial class Trainer
        {
            private readonly GRU model = GRU(4, 8);
            private readonly optim.Optimizer optimizer;

            public Trainer() => optimizer = optim.Adam(model.parameters());

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Step(batch);
                    Finish();
                }
            }

            private void Step(Tensor batch)
            {
                optimizer.zero_grad();
                var (output, _) = model.call(batch);
                output.sum().backward();
                optimizer.step();
            }
        }
        """,
        """
        partial class Trainer
        {
            private void Finish()
            {
                {|GL3002:nn.utils.clip_grad_norm_(model.parameters(), 5)|};
            }
        }
        """);

    [Fact]
    public Task ClippedByTheWrapperOfTheOptimizer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var updates = new ClippedUpdates(model, 1.0);
        foreach (var batch in new[] { rand(8, 4) })
            updates.Minimize(model.call(batch).sum());
        """,
        """
        class ClippedUpdates(nn.Module model, double norm)
        {
            private readonly optim.Optimizer inner = optim.Adam(model.parameters());

            public void Minimize(Tensor loss)
            {
                inner.zero_grad();
                loss.backward();
                Clip();
                inner.step();
            }

            private void Clip() => nn.utils.clip_grad_norm_(model.parameters(), norm);
        }
        """);

    [Fact]
    public Task ClippedOnEveryFourthBatch_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        record Settings(int Accumulate = 4, double Norm = 1.0);

        class Trainer(Linear model, Settings settings)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IReadOnlyList<Tensor> batches)
            {
                for (var i = 0; i < batches.Count; i++)
                {
                    (model.call(batches[i]).mean() / settings.Accumulate).backward();
                    if ((i + 1) % settings.Accumulate == 0)
                        Update();
                }
            }

            private void Update()
            {
                nn.utils.clip_grad_norm_(model.parameters(), settings.Norm);
                optimizer.step();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task CriticClippedBetweenTwoUpdates_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Agent
        {
            private readonly Linear actor = Linear(4, 2), critic = Linear(4, 1);
            private readonly optim.Optimizer ofActor, ofCritic;

            public Agent() => (ofActor, ofCritic) = (optim.Adam(actor.parameters()), optim.Adam(critic.parameters()));

            public void Learn(IEnumerable<Tensor> states)
            {
                foreach (var state in states)
                {
                    Clear();
                    (actor.call(state).logsumexp(1).sum() - critic.call(state).sum()).backward();
                    ofActor.step();
                    Clip(critic);
                    ofCritic.step();
                }
            }

            private void Clear()
            {
                ofActor.zero_grad();
                ofCritic.zero_grad();
            }

            private static void Clip(nn.Module network) => nn.utils.clip_grad_norm_(network.parameters(), 0.5);
        }
        """);

    [Fact]
    public Task NormLoggedByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer(Linear model, List<double> log)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                    log.Add(GradientNorm());
                }
            }

            private double GradientNorm() => nn.utils.clip_grad_norm_(model.parameters(), double.PositiveInfinity);
        }
        """);
}
