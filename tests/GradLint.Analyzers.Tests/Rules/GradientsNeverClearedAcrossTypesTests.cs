using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL5001 where the loop, the step and what clears the gradients stand in several methods, types and files.</summary>
public class GradientsNeverClearedAcrossTypesTests
{
    [Fact]
    public Task StepInAHelper_Triggers() => Verify.DiagnosticsAsync("""
        class Training
        {
            private readonly Linear model = Linear(4, 2);
            private readonly optim.Optimizer optimizer;

            public Training() => optimizer = optim.Adam(model.parameters());

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                    Update(model.call(batch).mean());
            }

            private void Update(Tensor loss)
            {
                loss.backward();
                {|GL5001:optimizer.step()|};
            }
        }
        """);

    [Fact]
    public Task LoopInAnotherFile_Triggers() => Verify.DiagnosticsAsync(
        """
        var trainer = new Trainer(Linear(4, 2));
        for (var i = 0; i < 10; i++)
            trainer.TrainStep(rand(8, 4));
        """,
        """
        class Trainer
        {
            private readonly Linear model;
            private readonly optim.Optimizer optimizer;

            public Trainer(Linear model)
            {
                this.model = model;
                optimizer = optim.SGD(model.parameters(), 0.1);
            }

            public void TrainStep(Tensor x)
            {
                var loss = model.call(x).sum();
                loss.backward();
                {|GL5001:optimizer.step()|};
            }
        }
        """);

    [Fact]
    public Task StepInABaseClass_Triggers() => Verify.DiagnosticsAsync("""
        abstract class TrainerBase(optim.Optimizer optimizer)
        {
            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Loss(batch).backward();
                    {|GL5001:optimizer.step()|};
                }
            }

            protected abstract Tensor Loss(Tensor batch);
        }

        class Regression(Linear model) : TrainerBase(optim.SGD(model.parameters(), 0.1))
        {
            protected override Tensor Loss(Tensor batch) => model.call(batch).sum();
        }
        """);

    [Fact]
    public Task LambdaGivenToAHelper_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        Repeat(10, () =>
        {
            model.call(rand(8, 4)).sum().backward();
            {|GL5001:optimizer.step()|};
        });

        static void Repeat(int count, Action action)
        {
            for (var i = 0; i < count; i++)
                action();
        }
        """);

    [Fact]
    public Task ClearedInTheCaller_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(optim.Optimizer optimizer, Module<Tensor, Tensor> model)
        {
            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    Update(batch);
                }
            }

            private void Update(Tensor batch)
            {
                model.call(batch).sum().backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task ClearedInABaseClass_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Regression : TrainerBase
        {
            public Regression(Module<Tensor, Tensor> model) : base(model) { }

            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Begin();
                    Model.call(batch).sum().backward();
                    Optimizer.step();
                }
            }
        }
        """,
        """
        abstract class TrainerBase
        {
            protected Module<Tensor, Tensor> Model { get; }
            protected optim.Optimizer Optimizer { get; }

            protected TrainerBase(Module<Tensor, Tensor> model)
            {
                Model = model;
                Optimizer = optim.SGD(model.parameters(), 0.1);
            }

            protected void Begin() => Optimizer.zero_grad();
        }
        """);

    [Fact]
    public Task ClearedInAWrapperOfTheOptimizer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var updater = new Updater(optim.SGD(model.parameters(), 0.1));
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(8, 4)).sum().backward();
            updater.Apply();
        }

        class Updater
        {
            private readonly optim.Optimizer inner;
            public Updater(optim.Optimizer inner) => this.inner = inner;
            public void Apply()
            {
                inner.step();
                inner.zero_grad();
            }
        }
        """);

    [Theory]
    [InlineData(99, 3)]
    [InlineData(100, 4)]
    public Task ModuleZeroGradWhereItDoesNothing_Triggers(byte minor, byte build) =>
        new ProgramTest<TrainingLoopAnalyzer>(ClearedByTheModule("{|GL5001:optimizer.step()|};"), Trainer).WithTorchSharp(minor, build).RunAsync();

    [Theory]
    [InlineData(100, 5)]
    [InlineData(107, 0)]
    public Task ModuleZeroGradWhereItWorks_DoesNotTrigger(byte minor, byte build) =>
        new ProgramTest<TrainingLoopAnalyzer>(ClearedByTheModule("optimizer.step();"), Trainer).WithTorchSharp(minor, build).RunAsync();

    private const string Trainer = """
        class Trainer(Module<Tensor, Tensor> model)
        {
            public void Clear() => model.zero_grad();
        }
        """;

    private static string ClearedByTheModule(string step) => $$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var trainer = new Trainer(model);
        for (var i = 0; i < 10; i++)
        {
            trainer.Clear();
            model.call(rand(8, 4)).sum().backward();
            {{step}}
        }
        """;

    /// <summary>A variable captured by two local functions is one optimizer.</summary>
    [Fact]
    public Task ClearedAndSteppedByLocalFunctions_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.Adam(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            Clear();
            model.call(rand(8, 4)).sum().backward();
            Update();
        }

        void Clear() => optimizer.zero_grad();
        void Update() => optimizer.step();
        """);

    [Fact]
    public Task ClearedByAnExtension_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.Adam(model.parameters());
        foreach (var batch in new[] { rand(8, 4) })
        {
            optimizer.Backpropagate(model.call(batch).sum());
            optimizer.step();
        }
        """,
        """
        static class OptimizerExtensions
        {
            public static void Backpropagate(this optim.Optimizer optimizer, Tensor loss)
            {
                optimizer.zero_grad();
                loss.backward();
            }
        }
        """);

    [Fact]
    public Task ClearedWhereAStepScopeBegins_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            using var step = new StepScope(optimizer);
            step.Minimize(model.call(rand(8, 4)).sum());
        }
        """,
        """
        sealed class StepScope : IDisposable
        {
            private readonly optim.Optimizer optimizer;

            public StepScope(optim.Optimizer optimizer)
            {
                this.optimizer = optimizer;
                optimizer.zero_grad();
            }

            public void Minimize(Tensor loss)
            {
                loss.backward();
                optimizer.step();
            }

            public void Dispose() { }
        }
        """);

    [Fact]
    public Task ClearedByTheOneImplementation_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        interface IUpdater
        {
            void Apply();
        }

        class AdamUpdater(nn.Module model) : IUpdater
        {
            private readonly optim.Optimizer adam = optim.Adam(model.parameters());

            public void Apply()
            {
                adam.step();
                adam.zero_grad();
            }
        }
        """,
        """
        class Trainer(Linear model, IUpdater updater)
        {
            public void Fit(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    model.call(batch).sum().backward();
                    updater.Apply();
                }
            }
        }
        """);

    [Fact]
    public Task ClearedBeforeEachAwaitedStep_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        using System.Threading.Tasks;

        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public async Task FitAsync(IAsyncEnumerable<Tensor> batches)
            {
                await foreach (var batch in batches)
                    await StepAsync(batch);
            }

            private async Task StepAsync(Tensor batch)
            {
                optimizer.zero_grad();
                await Task.Yield();
                model.call(batch).sum().backward();
                optimizer.step();
            }
        }
        """);

    [Theory]
    [InlineData("foreach (var loss in Losses(batches))")]
    [InlineData("var losses = Losses(batches).Where(loss => !loss.isnan().any().item<bool>()); foreach (var loss in losses)")]
    public Task GeneratorOfLossesThatClears_DoesNotTrigger(string loop) => Verify.DiagnosticsAsync($$"""
        class Trainer(Linear model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Fit(IEnumerable<Tensor> batches)
            {
                {{loop}}
                {
                    loss.backward();
                    optimizer.step();
                }
            }

            private IEnumerable<Tensor> Losses(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    yield return model.call(batch).sum();
                }
            }
        }
        """);

    [Fact]
    public Task OptimizerOfAConfiguration_Triggers() => Verify.DiagnosticsAsync(
        """
        record TrainingConfig(int Epochs, double LearningRate)
        {
            public optim.Optimizer OptimizerFor(nn.Module model) => optim.AdamW(model.parameters(), LearningRate);
        }
        """,
        """
        static class Training
        {
            public static void Run(Linear model, TrainingConfig config, IReadOnlyList<Tensor> batches)
            {
                var optimizer = config.OptimizerFor(model);
                for (var epoch = 0; epoch < config.Epochs; epoch++)
                    TrainEpoch(model, optimizer, batches);
            }

            private static void TrainEpoch(Linear model, optim.Optimizer optimizer, IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    model.call(batch).sum().backward();
                    {|GL5001:optimizer.step()|};
                }
            }
        }
        """);
}
