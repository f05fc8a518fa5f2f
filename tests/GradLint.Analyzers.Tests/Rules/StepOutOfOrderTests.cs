using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class StepOutOfOrderTests
{
    [Fact]
    public Task ClearedBetweenBackwardAndStep_Triggers() => Verify.MessageAsync(
        Loop("""
            loss.backward();
            {|#0:optimizer.zero_grad()|};
            optimizer.step();
        """),
        "GL5002",
        "'optimizer.zero_grad()' is out of order: it clears the gradients between the backward and 'optimizer.step()', which has nothing left to apply; clear them before the backward");

    [Fact]
    public Task StepBeforeBackward_Triggers() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            {|GL5002:optimizer.step()|};
            loss.backward();
        """));

    [Fact]
    public Task ClearedThroughTheModelInBetween_Triggers() => Verify.DiagnosticsAsync(Loop("""
            loss.backward();
            {|GL5002:model.zero_grad()|};
            optimizer.step();
        """));

    [Fact]
    public Task ClearedByTheHelperThatSteps_Triggers() => Verify.DiagnosticsAsync(
        """
        var model = Linear(4, 2);
        var updater = new Updater(optim.SGD(model.parameters(), 0.1));
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(8, 4)).sum().backward();
            updater.Apply();
        }
        """,
        """
        class Updater
        {
            private readonly optim.Optimizer inner;
            public Updater(optim.Optimizer inner) => this.inner = inner;
            public void Apply()
            {
                {|GL5002:inner.zero_grad()|};
                inner.step();
            }
        }
        """);

    [Fact]
    public Task ClearedWhereTheBranchSteps_Triggers() => Verify.DiagnosticsAsync(Loop("""
            loss.backward();
            if (i % 4 == 3)
            {
                {|GL5002:optimizer.zero_grad()|};
                optimizer.step();
            }
        """));

    [Fact]
    public Task StepInACallerOfTheBackward_Triggers() => Verify.DiagnosticsAsync("""
        class Training(Module<Tensor, Tensor> model)
        {
            private readonly optim.Optimizer optimizer = optim.SGD(model.parameters(), 0.1);

            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    Learn(batch);
                    {|GL5002:optimizer.step()|};
                }
            }

            private void Learn(Tensor batch)
            {
                model.call(batch).sum().backward();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task SchedulerBeforeOptimizer_Triggers() => Verify.DiagnosticsAsync(Loop("""
            {|GL5002:schedule.step()|};
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        """));

    [Fact]
    public Task SchedulerBeforeTheEpochsBatches_Triggers() => Verify.DiagnosticsAsync("""
        class Training
        {
            public void Run(Module<Tensor, Tensor> model, IReadOnlyList<Tensor> batches)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
                var schedule = optim.lr_scheduler.StepLR(optimizer, 10);
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    {|GL5002:schedule.step()|};
                    Epoch(model, optimizer, batches);
                }
            }

            private static void Epoch(Module<Tensor, Tensor> model, optim.Optimizer optimizer, IReadOnlyList<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task NoBackwardAtAll_Triggers() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            {|GL5002:optimizer.step()|};
        """));

    [Fact]
    public Task UsualOrder_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            schedule.step();
        """));

    [Fact]
    public Task ClearedAfterTheStep_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            loss.backward();
            optimizer.step();
            optimizer.zero_grad();
        """));

    [Fact]
    public Task ClearedWhenTheLossIsNotFinite_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            loss.backward();
            if (float.IsNaN(loss.item<float>()))
                optimizer.zero_grad();
            optimizer.step();
            optimizer.zero_grad();
        """));

    [Fact]
    public Task StepOfTheFormerBatchFirst_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            optimizer.step();
            optimizer.zero_grad();
            loss.backward();
        """));

    [Fact]
    public Task OtherOptimizerCleared_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var generator = Linear(4, 4);
        var critic = Linear(4, 1);
        var forGenerator = optim.Adam(generator.parameters());
        var forCritic = optim.Adam(critic.parameters());
        for (var i = 0; i < 10; i++)
        {
            forGenerator.zero_grad();
            critic.call(generator.call(rand(8, 4))).mean().backward();
            forCritic.zero_grad();
            forGenerator.step();
            critic.call(generator.call(rand(8, 4)).detach()).mean().backward();
            forCritic.step();
        }
        """);

    [Fact]
    public Task LbfgsClosure_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.LBFGS(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            optimizer.step(Closure);
        }

        Tensor Closure()
        {
            optimizer.zero_grad();
            var loss = model.call(rand(8, 4)).sum();
            loss.backward();
            return loss;
        }
        """);

    [Fact]
    public Task ScheduleSteppedByTheTrainersEpoch_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Trainer
        {
            private readonly Linear model = Linear(4, 2);
            private readonly optim.Optimizer optimizer;
            private readonly optim.lr_scheduler.LRScheduler schedule;

            public Trainer()
            {
                optimizer = optim.SGD(model.parameters(), 0.1);
                schedule = optim.lr_scheduler.StepLR(optimizer, 2);
            }

            public void Fit(IReadOnlyList<Tensor> batches)
            {
                for (var epoch = 0; epoch < 4; epoch++)
                {
                    foreach (var batch in batches)
                        Learn(batch);
                    schedule.step();
                }
            }

            private void Learn(Tensor batch)
            {
                optimizer.zero_grad();
                model.call(batch).sum().backward();
                optimizer.step();
            }
        }
        """);

    [Fact]
    public Task SchedulerFromTheSecondEpoch_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            if (i > 0)
                schedule.step();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        """));

    [Fact]
    public Task ScheduleByMetric_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            plateau.step(loss.item<float>());
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        """));

    [Fact]
    public Task GradientsGivenByHand_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            foreach (var parameter in model.parameters())
                parameter.grad = randn_like(parameter);
            optimizer.step();
        """));

    [Fact]
    public Task BackwardBehindADelegate_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        public class Training
        {
            public void Run(Module<Tensor, Tensor> model, Action<Tensor> learn, IEnumerable<Tensor> batches)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
                foreach (var batch in batches)
                {
                    optimizer.zero_grad();
                    learn(model.call(batch));
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task EarlyContinueBeforeTheBackward_DoesNotTrigger() => Verify.DiagnosticsAsync(Loop("""
            optimizer.zero_grad();
            if (i == 3)
                continue;
            loss.backward();
            optimizer.step();
        """));

    /// <summary>Cleared in between, no step moves; in order, 5 steps of 0.1 along a gradient of 1 end at −0.5.</summary>
    [Fact]
    public void FaultyLoop_LeavesTheWeights()
    {
        Assert.Equal(0, TrainedWeight("model.call(ones(1, 1)).sum().backward(); optimizer.zero_grad(); optimizer.step();"), 4);
        Assert.Equal(-0.5, TrainedWeight("optimizer.zero_grad(); model.call(ones(1, 1)).sum().backward(); optimizer.step();"), 4);
    }

    private static double TrainedWeight(string step) => RunningProgram.Evaluate($$"""
        public static class Program
        {
            public static double Run()
            {
                var model = Linear(1, 1, hasBias: false);
                init.zeros_(model.weight);
                var optimizer = optim.SGD(model.parameters(), 0.1);
                for (var i = 0; i < 5; i++)
                {
                    {{step}}
                }
                return model.weight.item<float>();
            }
        }
        """);

    private static string Loop(string body) => $$"""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        var schedule = optim.lr_scheduler.StepLR(optimizer, 10);
        var plateau = optim.lr_scheduler.ReduceLROnPlateau(optimizer);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
        {{body}}
        }
        """;
}
