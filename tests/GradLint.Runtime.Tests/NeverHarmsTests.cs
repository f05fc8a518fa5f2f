using GradLint.Runtime.Recording;
using GradLint.Runtime.Sinks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>With the monitor and without it, training is the same.</summary>
public sealed class NeverHarmsTests
{
    private static readonly GradientMonitorOptions Quiet = new() { Console = false, Interval = 7, HorizonEvery = 2, Histograms = true };

    public static TheoryData<string, string> Programs => new()
    {
        { "mlp", "sgd" }, { "mlp", "adam" }, { "cnn", "sgd" }, { "cnn", "adam" }, { "lstm", "sgd" }, { "lstm", "adam" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void ParametersAfter500Steps_AreTheSameBits(string model, string optimizer)
    {
        using var scope = NewDisposeScope();
        var without = Train(model, optimizer, 500, monitored: false);
        var with = Train(model, optimizer, 500, monitored: true);

        Assert.All(without.Zip(with), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void TensorCount_StaysFlat()
    {
        using var model = Models.Convolutional();
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        using var x = randn(4, 1, 8, 8);
        using var y = randint(0, 10, 4);
        using var criterion = CrossEntropyLoss();
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet);
        Steps(30);
        var before = LiveTensors();

        Steps(300);

        Assert.Equal(before, LiveTensors());
        Assert.Empty(monitor.Report().Failures);

        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = criterion.call(model.call(x), y);
                loss.backward();
                monitor.AfterBackward(loss);
                monitor.ClipGradNorm(1.0);
                optimizer.step();
                monitor.AfterStep();
            }
        }
    }

    [Fact]
    public void DisposedMonitor_LeavesNoTensorAndNoHookBehind()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(2, 8, Tanh, inputs: 8);
        var x = randn(4, 8);
        model.call(x).sum().backward();
        var before = Tensor.TotalCount;

        var monitor = GradientMonitor.Attach(model, null, Quiet);
        // The user's forward or loss throws: there is no backward, and the monitor goes with its scope.
        using (NewDisposeScope())
            model.call(x);
        monitor.Dispose();
        monitor.Dispose();

        Assert.Equal(before, Tensor.TotalCount);
        using (NewDisposeScope())
            model.call(x);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void FailingSink_IsReportedOnceAndTrainingGoesOn()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, Tanh, inputs: 4);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1, Sinks = [new FullDisk()] });
        var before = model.parameters().First().clone();

        for (var i = 0; i < 5; i++)
            Train(model, optimizer, monitor, randn(2, 4));

        Assert.Equal("FullDisk failed: No space left on device", Assert.Single(monitor.Report().Failures));
        Assert.False(before.eq(model.parameters().First()).all().item<bool>());
        Assert.Equal(5, monitor.Report().Samples.Count);
    }

    [Fact]
    public void ExceptionInsideTheMonitor_IsCountedAndTrainingGoesOn()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, Tanh, inputs: 4);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1 });
        using var disposed = randn(1);
        disposed.Dispose();

        for (var i = 0; i < 3; i++)
        {
            optimizer.zero_grad();
            model.call(randn(2, 4)).square().mean().backward();
            // A loss that cannot be read.
            monitor.AfterBackward(disposed);
            optimizer.step();
            monitor.AfterStep();
        }

        Assert.EndsWith("(3 times)", Assert.Single(monitor.Report().Failures));
        Assert.Equal(3, monitor.Step);
    }

    [Fact]
    public void LogOnAnImpossiblePath_IsReported()
    {
        using var scope = NewDisposeScope();
        using var monitor = GradientMonitor.Attach(Linear(2, 2), null, Quiet with { LogPath = "/dev/null/run.jsonl" });

        Assert.Contains("log failed", Assert.Single(monitor.Report().Failures));
    }

    [Fact]
    public void EvaluationBetweenSteps_IsNotTakenForTheStep()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, () => ReLU(), inputs: 4);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1 });

        // One evaluation with gradients on, and one without, as public code has both.
        model.call(full(2, 4, 1e6));
        using (no_grad())
            model.call(full(2, 4, 1e6));
        Train(model, optimizer, monitor, ones(2, 4));

        var modules = monitor.Report().Samples[0].Modules;
        Assert.Equal(["fc0", "act0", "head"], modules.Select(module => module.Path));
        Assert.All(modules, module => Assert.InRange(Math.Abs(module.Mean), 0, 10));
    }

    [Fact]
    public void SeveralForwardsAStep_AreAllSeen()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, Tanh, inputs: 4);
        using var monitor = GradientMonitor.Attach(model, null, Quiet with { Interval = 1 });

        var loss = (model.call(randn(2, 4)) - model.call(randn(2, 4))).square().mean();
        loss.backward();
        monitor.AfterBackward(loss);
        monitor.AfterStep();

        Assert.Equal(2, monitor.Report().Samples[0].Modules.Count(module => module.Path == "head"));
    }

    [Fact]
    public void MicroBatches_AreMeasuredAccumulated()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, Tanh, inputs: 4);
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1 });
        monitor.BeginStep();
        for (var i = 0; i < 4; i++)
        {
            var loss = model.call(randn(2, 4)).square().mean();
            loss.backward();
            monitor.AfterBackward(loss);
        }

        using var accumulated = model.parameters().First().grad!.norm();
        monitor.AfterStep();

        var sample = monitor.Report().Samples.Single();
        Assert.Equal(accumulated.item<float>(), sample.Parameters[0].Gradient!.Value, 1e-6);
        Assert.Equal(4, sample.Loss!.Steps);
    }

    [Fact]
    public void ModelThatChangesWhileItTrains_IsFollowed()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(2, 4, Tanh, inputs: 4);
        // TorchSharp's optimizers enumerate what they are given again in each step: a list, so that the addition is not stepped.
        var optimizer = optim.SGD(model.parameters().ToList(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1 });
        Train(model, optimizer, monitor, randn(2, 4));

        model.named_parameters().First().parameter.requires_grad = false;
        Train(model, optimizer, monitor, randn(2, 4));
        model.append("tail", Linear(10, 3));
        Train(model, optimizer, monitor, randn(2, 4));

        var report = monitor.Report();
        Assert.Empty(report.Failures);
        Assert.False(report.Run.Parameters[0].IsTrainable);
        Assert.Contains(report.Run.Parameters, parameter => parameter.Path == "tail.weight");
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public void ModelThatChangesItsPrecision_IsMeasuredOn(int interval)
    {
        using var scope = NewDisposeScope();
        // One weight that is measured with others of its shape and one too large for it.
        var model = Sequential(("a", Linear(4, 4)), ("b", Linear(4, 4)), ("c", Linear(4, 4)), ("wide", Linear(4, 5000)), ("head", Linear(5000, 2)));
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = interval });
        Train(model, optimizer, monitor, randn(2, 4));

        model.to(ScalarType.Float64);
        var again = optim.SGD(model.parameters(), 0.1);
        var before = model.parameters().Select(parameter => parameter.detach().clone()).ToArray();
        Train(model, again, monitor, randn(2, 4, ScalarType.Float64));

        Assert.Empty(monitor.Report().Failures);
        foreach (var ((now, then), measured) in model.parameters().Zip(before).Zip(monitor.Report().Samples[^1].Parameters))
        {
            if (measured.Update is { } update)
                Assert.Equal(1, (now - then).norm().item<double>() / update, 1e-5);
        }
    }

    [Fact]
    public void SeveralMonitors_DoNotSeeEachOthersModels()
    {
        using var scope = NewDisposeScope();
        var (generator, discriminator) = (Models.Stack(1, 8, Tanh, inputs: 4, outputs: 6), Models.Stack(2, 8, Tanh, inputs: 6, outputs: 1));
        var (first, second) = (optim.SGD(generator.parameters(), 0.1), optim.SGD(discriminator.parameters(), 0.1));
        using var ofGenerator = GradientMonitor.Attach(generator, first, Quiet with { Interval = 1 });
        using var ofDiscriminator = GradientMonitor.Attach(discriminator, second, Quiet with { Interval = 2, Warmup = false });
        for (var i = 0; i < 6; i++)
        {
            // The generator learns through the discriminator, whose step is another.
            first.zero_grad();
            var loss = discriminator.call(generator.call(randn(3, 4))).square().mean();
            loss.backward();
            ofGenerator.AfterBackward(loss);
            first.step();
            ofGenerator.AfterStep();
            Train(discriminator, second, ofDiscriminator, randn(3, 6));
        }

        Assert.Empty(ofGenerator.Report().Failures.Concat(ofDiscriminator.Report().Failures));
        Assert.Equal((6, 3), (ofGenerator.Report().Samples.Count, ofDiscriminator.Report().Samples.Count));
        Assert.Equal(["fc0", "act0", "head"], ofGenerator.Report().Samples[^1].Modules.Select(module => module.Path));
        Assert.All(ofGenerator.Report().Run.Parameters, parameter => Assert.DoesNotContain("fc1", parameter.Path));
    }

    [Fact]
    public void MonitorsOnTheirOwnThreads_MeasureWhatTheyWouldAlone()
    {
        var alone = Gradients(seed: 3);
        var together = new double[2][];
        var threads = Enumerable.Range(0, together.Length).Select(i => new Thread(() => together[i] = Gradients(seed: 3))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(together, gradients => Assert.Equal(alone, gradients));

        static double[] Gradients(int seed)
        {
            using var scope = NewDisposeScope();
            var model = Models.Stack(3, 8, Tanh, inputs: 8);
            using (no_grad())
            {
                foreach (var parameter in model.parameters())
                    parameter.copy_(arange(parameter.numel(), ScalarType.Float32).add(seed).sin().reshape(parameter.shape));
            }

            var optimizer = optim.SGD(model.parameters(), 0.01);
            using var monitor = GradientMonitor.Attach(model, optimizer, Quiet with { Interval = 1 });
            for (var i = 0; i < 30; i++)
                Train(model, optimizer, monitor, ones(4, 8));
            Assert.Empty(monitor.Report().Failures);
            return [.. monitor.Report().Samples.SelectMany(sample => sample.Parameters).Select(parameter => parameter.Gradient!.Value)];
        }
    }

    [Fact]
    public void ForwardThatThrowsAndIsTriedAgain_LeavesNoHookAndIsNotMeasured()
    {
        using var scope = NewDisposeScope();
        var fails = true;
        var model = Sequential(("fc", Linear(4, 4)), ("fragile", new Fragile(() => fails)), ("head", Linear(4, 2)));
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using (var monitor = GradientMonitor.Attach(model, optimizer, Quiet))
        {
            for (var i = 0; i < 10; i++)
                Assert.Throws<InvalidDataException>(() => model.call(randn(2, 4)));
            fails = false;
            Train(model, optimizer, monitor, randn(2, 4));

            Assert.Empty(monitor.Report().Failures);
            Assert.Equal(["fc", "fragile", "head"], monitor.Report().Samples.Single().Modules.Select(module => module.Path));
            fails = true;
            Assert.Throws<InvalidDataException>(() => model.call(randn(2, 4)));
        }

        fails = false;
        var before = Tensor.TotalCount;
        model.call(randn(2, 4));
        // Input and output: a hook would keep an alias of each layer's output.
        Assert.Equal(before + 2, Tensor.TotalCount);
    }

    private sealed class Fragile(Func<bool> fails) : Module<Tensor, Tensor>(nameof(Fragile))
    {
        public override Tensor forward(Tensor x) => fails() ? throw new InvalidDataException("broken batch") : x * 1;
    }

    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private static void Train(Module<Tensor, Tensor> model, optim.Optimizer optimizer, GradientMonitor monitor, Tensor x)
    {
        optimizer.zero_grad();
        var loss = model.call(x).square().mean();
        loss.backward();
        monitor.AfterBackward(loss);
        optimizer.step();
        monitor.AfterStep();
    }

    private static Tensor[] Train(string kind, string optimizerKind, int steps, bool monitored)
    {
        manual_seed(11);
        Module<Tensor, Tensor> model = kind switch
        {
            "mlp" => Sequential(("fc0", Linear(16, 16)), ("act", ReLU(inplace: true)), ("drop", Dropout(0.3)), ("head", Linear(16, 10))),
            "cnn" => Models.Convolutional(),
            _ => new Models.Recurrent(4, 8, 10),
        };
        var optimizer = optimizerKind == "sgd" ? (optim.Optimizer)optim.SGD(model.parameters(), 0.05, momentum: 0.9) : optim.Adam(model.parameters(), 0.01);
        using var monitor = monitored ? GradientMonitor.Attach(model, optimizer, Quiet) : null;
        var criterion = CrossEntropyLoss();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            var x = kind switch { "mlp" => randn(8, 16), "cnn" => randn(4, 1, 8, 8), _ => randn(4, 6, 4) };
            var y = randint(0, 10, x.shape[0]);
            optimizer.zero_grad();
            var loss = criterion.call(model.call(x), y);
            loss.backward();
            monitor?.AfterBackward(loss);
            if (monitor is null)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5);
            else
                monitor.ClipGradNorm(0.5);
            optimizer.step();
            monitor?.AfterStep();
        }

        if (monitor is not null)
        {
            Assert.Empty(monitor.Report().Failures);
            Assert.True(monitor.Report().Samples.Count > 60);
        }

        return [.. model.parameters().Select(parameter => parameter.detach().clone())];
    }

    private sealed class FullDisk : IMonitorSink
    {
        public void Begin(RunInfo run)
        {
        }

        public void Write(Sample sample) => throw new IOException("No space left on device");

        public void Write(Finding finding)
        {
        }

        public void End(RunReport report)
        {
        }
    }
}
