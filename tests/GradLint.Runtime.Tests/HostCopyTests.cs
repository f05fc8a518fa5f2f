using GradLint.Runtime.Measurement;
using GradLint.Runtime.Monitoring;
using TorchSharp;
using TorchSharp.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>A GPU waits for nothing but one copy in a sampled step.</summary>
public sealed class HostCopyTests
{
    private static readonly GradientMonitorOptions EveryThird = new()
    {
        Console = false, Interval = 3, Warmup = false, Histograms = true, HorizonEvery = 1,
    };

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("lstm")]
    public void SampledStep_ReadsTheHostOnce_OtherStepsNever(string kind)
    {
        if (!HostReads.CanCount)
            Assert.Skip("Only the stand-in counts host reads.");

        using var scope = NewDisposeScope();
        var (model, x) = OnCpu(kind);
        var optimizer = optim.SGD(model.parameters(), 0.01);
        using var monitor = GradientMonitor.Attach(model, optimizer, EveryThird);
        for (var step = 0; step < 12; step++)
        {
            optimizer.zero_grad();
            var loss = model.call(x).square().mean();
            loss.backward();
            using var reads = new HostReads();
            monitor.AfterBackward(loss);
            monitor.ClipGradNorm(1);
            monitor.ClipGradValue(1);
            monitor.AfterStep();
            Assert.Equal(step % 3 == 0 ? 1 : 0, reads.Count);
        }

        Assert.Empty(monitor.Report().Failures);
        Assert.Equal(4, monitor.Report().Samples.Count);
    }

    [Fact]
    public void Probe_ReadsTheHostOnce()
    {
        if (!HostReads.CanCount)
            Assert.Skip("Only the stand-in counts host reads.");

        using var scope = NewDisposeScope();
        var model = Models.Stack(3, 8, Tanh, inputs: 8);
        var x = randn(4, 8);
        using var reads = new HostReads();

        GradientProbe.Measure(model, x, output => output.square().mean());

        Assert.Equal(1, reads.Count);
    }

    /// <summary>On the meta device a tensor has a shape and no values: whatever asked for one would throw.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("rnn")]
    public void EveryStatistic_IsComputedWithoutAskingForAValue(string kind)
    {
        using var scope = NewDisposeScope();
        var (model, x, modules) = OnMeta(kind);
        var parameters = LiveParameter.Of(model);
        IReadOnlyList<string> outputs = [];
        using var taps = new OutputTaps(model, keepsInput: _ => true, whenReturned: taps => outputs = OutputLayers.Of(taps, parameters.Select(parameter => parameter.Layer).ToHashSet()));
        Tensor loss;
        try
        {
            loss = model.call(x).square().mean();
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            // Before 2.0 libtorch has no meta kernels for many layers; the stand-in brings its own.
            Assert.SkipWhen(!HostReads.CanCount, $"This libtorch cannot run the model on the meta device: {error.Message.Split('\n')[0]}");
            throw;
        }

        loss.backward();
        var windows = new UnitWindows(5);
        using var weights = new WeightCopies(kept: false);
        var plan = new MeasurementPlan(new(parameters), weights, Histograms: true, Twins: true, Horizons: true, outputs, IsSpread: false, windows);
        using var losses = new LossAccumulator();
        using var clipper = new GradientClipper();

        using (no_grad())
        {
            losses.Add(loss);
            losses.Keep(loss);
        }

        using var measurement = new StepMeasurement(parameters, taps, plan);
        clipper.ClipNorm(parameters.Select(parameter => parameter.Tensor), 1)!.Dispose();
        using var all = measurement.Stack(losses, clipper);

        Assert.Null(taps.Failure);
        Assert.Equal(["head"], outputs);
        Assert.Equal(DeviceType.META, all.device_type);
        // Norm, maximum and weight of each parameter, three numbers of each module.
        Assert.True(all.numel() > (3 * parameters.Count) + (3 * modules));
    }

    private static (Module<Tensor, Tensor> Model, Tensor Input, int Modules) OnMeta(string kind)
    {
        switch (kind)
        {
            case "mlp":
                var perceptron = Sequential(("fc0", Linear(8, 8)), ("relu", ReLU()), ("fc1", Linear(8, 8)), ("norm", LayerNorm(8)), ("tanh", Tanh()), ("head", Linear(8, 3)));
                return ((Module<Tensor, Tensor>)perceptron.to(META), empty([4, 8], device: META), 6);
            case "cnn":
                return ((Module<Tensor, Tensor>)Models.Convolutional().to(META), empty([4, 1, 8, 8], device: META), 9);
            default:
                return ((Module<Tensor, Tensor>)new Models.Recurrent(4, 8, 10, layers: 1).to(META), empty([4, 6, 4], device: META), 2);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Norms_OfOtherPrecisions_AreAccumulatedInSingle(ScalarType type)
    {
        using var scope = NewDisposeScope();
        // Summed in half precision, these squares would overflow.
        var values = full(4096, 300, ScalarType.Float32).to(type);

        Assert.Equal(300 * 64, Norms.L2(values).item<float>(), 100f);
        Assert.Equal(300, Norms.MaxAbs(values).item<float>(), 2f);
        Assert.Equal(ScalarType.Float32, Norms.L2(values).dtype);
    }

    [Fact]
    public void OnAGpu_TheMonitorMeasuresTheSame()
    {
        if (!cuda.is_available())
            Assert.Skip("No CUDA device here.");

        using var scope = NewDisposeScope();
        var model = Models.Stack(3, 8, Tanh, inputs: 8);
        var x = randn(4, 8);
        var onCpu = GradientProbe.Measure(model, x, output => output.square().mean());
        var onGpu = GradientProbe.Measure((Module<Tensor, Tensor>)model.cuda(), x.cuda(), output => output.square().mean());

        Assert.All(onCpu.Layers.Zip(onGpu.Layers), pair => Assert.Equal(pair.First.Norm!.Value, pair.Second.Norm!.Value, 1e-4));
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("lstm")]
    public void OnAGpu_ARunIsWatchedWithoutFailure(string kind)
    {
        if (!cuda.is_available())
            Assert.Skip("No CUDA device here.");

        using var scope = NewDisposeScope();
        var (model, x) = OnCpu(kind);
        (model, x) = ((Module<Tensor, Tensor>)model.cuda(), x.cuda());
        var optimizer = optim.SGD(model.parameters(), 0.01);
        using var monitor = GradientMonitor.Attach(model, optimizer, EveryThird);
        for (var step = 0; step < 12; step++)
        {
            optimizer.zero_grad();
            var loss = model.call(x).square().mean();
            loss.backward();
            monitor.AfterBackward(loss);
            monitor.ClipGradNorm(1);
            optimizer.step();
            monitor.AfterStep();
        }

        Assert.Empty(monitor.Report().Failures);
        Assert.Equal(4, monitor.Report().Samples.Count);
    }

    private static (Module<Tensor, Tensor> Model, Tensor Input) OnCpu(string kind) => kind switch
    {
        "mlp" => (Models.Stack(3, 8, () => ReLU(), inputs: 8), randn(4, 8)),
        "cnn" => (Models.Convolutional(), randn(4, 1, 8, 8)),
        _ => (new Models.Recurrent(4, 8, 10), randn(4, 6, 4)),
    };
}
