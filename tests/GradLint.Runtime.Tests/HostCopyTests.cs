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
        // It keeps every loss, too.
        PostMortemPath = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt"),
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

    private static readonly Dictionary<string, Func<Tensor>> Computations = new()
    {
        { "activity of a ReLU", () => Activity(ReLU()) },
        { "activity of a ReLU6", () => Activity(ReLU6()) },
        { "saturation of a sigmoid", () => Activity(Sigmoid()) },
        { "saturation of a tanh", () => Activity(Tanh()) },
        { "saturation of a softsign", () => Activity(Softsign()) },
        { "saturation of a hardtanh", () => Activity(Hardtanh()) },
        { "saturation of a hardsigmoid", () => Activity(Hardsigmoid()) },
        { "twins", () => UnitRows.TwinShare(TensorStack.Of([OnMeta(8, 4), OnMeta(8, 4)])) },
        { "twins among filters", () => UnitRows.TwinShare(TensorStack.Of([OnMeta(8, 4, 3, 3)])) },
        { "histogram", () => Exponents.Count(OnMeta(8, 4)) },
        { "norm in half precision", () => Norms.L2(OnMeta(8, 4).to(ScalarType.Float16)) },
        { "norms together in half precision", () => TensorStack.Of([OnMeta(8, 4).to(ScalarType.Float16), OnMeta(8, 4).to(ScalarType.Float16)]).L2() },
        { "maximum", () => Norms.MaxAbs(OnMeta(8, 4)) },
        { "maximum of one", () => MaxAbs(OnMeta(8, 4)) },
        { "maxima together", () => MaxAbs(OnMeta(8, 4), OnMeta(8, 4)) },
        { "rows of filters", () => Rows(OnMeta(8, 4, 3, 3), OnMeta(8, 4, 3, 3)) },
        { "losses of the last steps", Losses },
        { "spectral radius", () => RecurrentMatrices.SpectralRadius(OnMeta(8, 8)) },
        { "horizon of an RNN", () => Horizon(RNN(4, 8, batchFirst: true)) },
        { "horizon of a GRU", () => Horizon(GRU(4, 8, batchFirst: true)) },
        { "horizon of an LSTM", () => Horizon(LSTM(4, 8)) },
        { "clipping by norm", () => Clip(clip: parameters => new GradientClipper().ClipNorm(parameters, 1)!) },
        { "clipping by value", () => Clip(clip: parameters =>
            {
                GradientClipper.ClipValue(parameters, 1);
                return parameters[0].grad!;
            }) },
        { "updates, twice", Updates },
    };

    public static TheoryData<string> Parts => [.. Computations.Keys];

    /// <summary>Each by itself, in more kinds than one model has.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void EveryPart_IsComputedWithoutAskingForAValue(string part)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        Tensor result;
        try
        {
            result = Computations[part]();
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            Assert.SkipWhen(!HostReads.CanCount, $"This libtorch cannot compute the {part} on the meta device: {error.Message.Split('\n')[0]}");
            throw;
        }

        Assert.Equal(DeviceType.META, result.device_type);
    }

    private static Tensor OnMeta(params long[] shape) => empty(shape, device: META);

    private static Tensor Activity(Module<Tensor, Tensor> module) =>
        UnitActivity.Of(module, unitsSecond: true).Observe(TensorStack.Of([OnMeta(2, 3, 4, 4), OnMeta(2, 3, 4, 4)]));

    private static Tensor MaxAbs(params Tensor[] tensors)
    {
        var statistics = new DeviceStatistics();
        TensorStack.Of(tensors).AddMaxAbs(statistics);
        return statistics.Stack();
    }

    private static Tensor Rows(params Tensor[] gradients)
    {
        var statistics = new DeviceStatistics();
        UnitRows.AddLargest(TensorStack.Of(gradients), statistics);
        return statistics.Stack();
    }

    private static Tensor Losses()
    {
        using var losses = new RecentLosses();
        losses.Add(0, OnMeta());
        losses.Add(1, OnMeta(1));
        var statistics = new DeviceStatistics();
        losses.Collect(statistics);
        return statistics.Stack();
    }

    private static Tensor Horizon(Module module)
    {
        var statistics = new DeviceStatistics();
        Assert.NotNull(HorizonMeasurement.Measure(module.to(META), "rnn", OnMeta(5, 6, 4), OnMeta(5, 6, 8), statistics));
        return statistics.Stack();
    }

    private static Tensor Clip(Func<TorchSharp.Modules.Parameter[], Tensor> clip)
    {
        var parameters = Linear(4, 4).to(META).parameters().ToArray();
        foreach (var parameter in parameters)
            parameter.grad = zeros_like(parameter).detach();
        return clip(parameters);
    }

    private static Tensor Updates()
    {
        using var copies = new WeightCopies(kept: true);
        var statistics = new DeviceStatistics();
        Tensor[] small = [OnMeta(4, 4), OnMeta(4, 4)];
        Tensor[] large = [OnMeta(400, 400)];
        for (var sample = 0; sample < 2; sample++)
        {
            copies.Take(small, TensorStack.Of(small));
            copies.Take(large, TensorStack.Of(large));
            copies.Collect(statistics);
            copies.EndStep();
        }

        return statistics.Stack();
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
