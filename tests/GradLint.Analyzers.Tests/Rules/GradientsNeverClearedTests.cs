using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.TrainingLoopAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class GradientsNeverClearedTests
{
    [Fact]
    public Task PlainLoop_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            var loss = model.call(rand(8, 4)).sum();
            loss.backward();
            {|GL5001:optimizer.step()|};
        }
        """);

    [Fact]
    public Task ClearedOncePerEpochOnly_Triggers() => Verify.DiagnosticsAsync("""
        class Training
        {
            public void Run(Module<Tensor, Tensor> model, IReadOnlyList<Tensor> batches)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
                for (var epoch = 0; epoch < 5; epoch++)
                {
                    optimizer.zero_grad();
                    foreach (var batch in batches)
                    {
                        model.call(batch).sum().backward();
                        {|GL5001:optimizer.step()|};
                    }
                }
            }
        }
        """);

    [Fact]
    public Task LocalFunction_Triggers() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        while (true)
        {
            Train(rand(8, 4));
        }

        void Train(Tensor x)
        {
            model.call(x).sum().backward();
            {|GL5001:optimizer.step()|};
        }
        """);

    [Fact]
    public Task OtherOptimizerClearedOnly_Triggers() => Verify.DiagnosticsAsync("""
        var generator = Linear(4, 4);
        var critic = Linear(4, 1);
        var forGenerator = optim.Adam(generator.parameters());
        var forCritic = optim.Adam(critic.parameters());
        for (var i = 0; i < 10; i++)
        {
            forCritic.zero_grad();
            critic.call(generator.call(rand(8, 4)).detach()).mean().backward();
            forCritic.step();
            critic.call(generator.call(rand(8, 4))).mean().backward();
            {|GL5001:forGenerator.step()|};
        }
        """);

    [Fact]
    public Task ClearedInTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            optimizer.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ClearedThroughTheModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            model.zero_grad();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task ClearedByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            foreach (var parameter in model.parameters())
                parameter.grad?.zero_();
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task SetToNullByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 10; i++)
        {
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
            foreach (var parameter in model.parameters())
                parameter.grad = null;
        }
        """);

    [Fact]
    public Task AccumulatedOverSeveralBatches_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        for (var i = 0; i < 100; i++)
        {
            (model.call(rand(8, 4)).sum() / 4).backward();
            if ((i + 1) % 4 == 0)
            {
                optimizer.step();
                optimizer.zero_grad();
            }
        }
        """);

    [Fact]
    public Task ClearedByACallback_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        public class Training
        {
            public Action? BeforeBatch { get; set; }

            public void Run(Module<Tensor, Tensor> model, optim.Optimizer optimizer, IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    BeforeBatch?.Invoke();
                    model.call(batch).sum().backward();
                    optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task NewOptimizerInEveryTurn_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        foreach (var rate in new[] { 0.1, 0.01 })
        {
            var model = Linear(4, 2);
            var optimizer = optim.SGD(model.parameters(), rate);
            model.call(rand(8, 4)).sum().backward();
            optimizer.step();
        }
        """);

    [Fact]
    public Task LbfgsClosure_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.LBFGS(model.parameters());
        for (var i = 0; i < 10; i++)
        {
            optimizer.step(() =>
            {
                optimizer.zero_grad();
                var loss = model.call(rand(8, 4)).sum();
                loss.backward();
                return loss;
            });
        }
        """);

    [Fact]
    public Task LoopOverOptimizers_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Training(List<optim.Optimizer> optimizers, Module<Tensor, Tensor> model)
        {
            public void Run(IEnumerable<Tensor> batches)
            {
                foreach (var batch in batches)
                {
                    optimizers.ForEach(optimizer => optimizer.zero_grad());
                    model.call(batch).sum().backward();
                    foreach (var optimizer in optimizers)
                        optimizer.step();
                }
            }
        }
        """);

    [Fact]
    public Task OneStepWithoutALoop_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Linear(4, 2);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        model.call(rand(8, 4)).sum().backward();
        optimizer.step();
        """);

    /// <summary>The loss is linear in the weight, so that its gradient is 1 always: 5 steps of 0.1 end at −0.5, or at −0.1·(1+2+3+4+5).</summary>
    [Fact]
    public void FaultyLoop_EndsWithOtherWeights()
    {
        Assert.Equal(-1.5, TrainedWeight.Of(""), 4);
        Assert.Equal(-0.5, TrainedWeight.Of("optimizer.zero_grad();"), 4);
    }

    private static class TrainedWeight
    {
        public static double Of(string clear) => RunningProgram.Evaluate($$"""
            public static class Program
            {
                public static double Run()
                {
                    var model = Linear(1, 1, hasBias: false);
                    init.zeros_(model.weight);
                    var optimizer = optim.SGD(model.parameters(), 0.1);
                    for (var i = 0; i < 5; i++)
                    {
                        {{clear}}
                        model.call(ones(1, 1)).sum().backward();
                        optimizer.step();
                    }
                    return model.weight.item<float>();
                }
            }
            """);
    }
}
