using GradLint.Runtime.Initialization;
using GradLint.Runtime.Measurement;
using GradLint.Runtime.Monitoring;
using GradLint.Runtime.Recording;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>Every kind of measurement on each device, against the same computed on the host in double precision.</summary>
public sealed class DeviceTests
{
    private const double Tolerance = 1e-4;

    private static readonly GradientMonitorOptions EveryStep = new() { Console = false, Interval = 1, Histograms = true, HorizonEvery = 1 };

    public static TheoryData<string> Devices => ["cpu", "cuda"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Parameters_AreMeasuredOneByOne(string name)
    {
        using var scope = NewDisposeScope();
        var model = Mixed(On(name));
        var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, optimizer, EveryStep);
        var loss = model.call(Batch(name)).square().mean();
        loss.backward();
        var before = model.named_parameters().Select(entry => (Weight: OnHost(entry.parameter), Gradient: OnHost(entry.parameter.grad!))).ToArray();
        monitor.AfterBackward(loss);
        optimizer.step();
        monitor.AfterStep();

        Assert.Empty(monitor.Report().Failures);
        var sample = monitor.Report().Samples.Single();
        var after = model.named_parameters().Select(entry => OnHost(entry.parameter)).ToArray();
        for (var i = 0; i < before.Length; i++)
        {
            var (weight, gradient, measured) = (before[i].Weight, before[i].Gradient, sample.Parameters[i]);
            Close(gradient.norm(), measured.Gradient!.Value);
            Close(gradient.abs().max(), measured.GradientMax!.Value);
            Close(weight.norm(), measured.Weight);
            if (gradient.ndim < 2)
                continue;
            Close((after[i] - weight).norm(), measured.Update!.Value);
            Close(gradient.abs().amax(1L).eq(0).to(ScalarType.Float64).mean(), measured.IdleUnits!.Value);
            Assert.Equal(gradient.numel(), measured.Histogram!.Sum());
            // Of 1,200 rows two may have equal sums by chance, in single precision.
            Assert.InRange(measured.TwinUnits!.Value, 0, 0.005);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Outputs_AreMeasuredWithTheGradientThereAndTheirUnits(string name)
    {
        using var scope = NewDisposeScope();
        var model = Mixed(On(name));
        var x = Batch(name);
        var outputs = new List<Tensor>();
        foreach (var layer in model.children().Cast<Module<Tensor, Tensor>>())
        {
            outputs.Add(layer.call(outputs.Count == 0 ? x : outputs[^1]));
            outputs[^1].retain_grad();
        }

        outputs[^1].square().mean().backward();
        model.zero_grad();
        using var monitor = GradientMonitor.Attach(model, null, EveryStep);
        var loss = model.call(x).square().mean();
        loss.backward();
        monitor.AfterBackward(loss);
        monitor.AfterStep();

        Assert.Empty(monitor.Report().Failures);
        var modules = monitor.Report().Samples.Single().Modules;
        Assert.Equal(model.named_children().Select(child => child.name), modules.Select(module => module.Path));
        foreach (var (output, module) in outputs.Zip(modules))
        {
            var values = OnHost(output);
            Close(values.mean(), module.Mean);
            Close(values.std(false), module.Deviation);
            Close(OnHost(output.grad!).norm(), module.Gradient);
            if (module.Type == "ReLU")
                Close(values.amax(0L).le(0).to(ScalarType.Float64).mean(), module.DeadUnits!.Value);
            if (module.Type == "Tanh")
                Close((1 - values.square()).lt(0.05).to(ScalarType.Float64).mean([0L]).gt(0.9).to(ScalarType.Float64).mean(), module.SaturatedUnits!.Value);
        }

        Assert.Contains(modules, module => module.DeadUnits > 0);
        Assert.Contains(modules, module => module.SaturatedUnits > 0);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Windows_RememberUnitsFromSampleToSample(string name)
    {
        using var scope = NewDisposeScope();
        var device = On(name);
        var model = Sequential(("fc", Linear(2, 2, hasBias: false)), ("act", ReLU()), ("head", Linear(2, 2))).to(device);
        using (no_grad())
            ((TorchSharp.Modules.Linear)model.named_children().First().module).weight!.copy_(eye(2));
        using var monitor = GradientMonitor.Attach(model, null, EveryStep);
        foreach (var unit in (int[])[0, 0, 1])
        {
            var loss = model.call(eye(2).narrow(0, unit, 1).to(device)).sum();
            model.zero_grad();
            loss.backward();
            monitor.AfterBackward(loss);
            monitor.AfterStep();
        }

        var samples = monitor.Report().Samples;
        Assert.Equal([0.5, 0.5, 0], samples.Select(sample => sample.Modules[1].DeadUnits!.Value));
        Assert.Equal([0.5, 0.5, 0], samples.Select(sample => sample.Parameters[0].IdleUnits!.Value));
        Assert.Equal([1, 2, 3], samples.Select(sample => sample.Modules[1].Window));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Clipping_GivesTheBitsOfTheLibrarysOwn(string name)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Mixed(On(name)), Mixed(On(name)));
        theirs.load_state_dict(ours.state_dict());
        var x = Batch(name);
        ours.call(x).square().sum().backward();
        theirs.call(x).square().sum().backward();
        using var monitor = GradientMonitor.Attach(ours, null, EveryStep);

        monitor.ClipGradNorm(0.5);
        nn.utils.clip_grad_norm_(theirs.parameters(), 0.5);
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.grad!.eq(pair.Second.grad!).all().item<bool>()));

        monitor.ClipGradValue(0.01);
        nn.utils.clip_grad_value_(theirs.parameters(), 0.01);
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.grad!.eq(pair.Second.grad!).all().item<bool>()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Horizon_IsTheGradientByTimeStep(string name)
    {
        using var scope = NewDisposeScope();
        var model = new Models.Recurrent(4, 8, 10, layers: 1).to(On(name));
        var x = randn(4, 6, 4, device: On(name));
        var onHost = new Models.Recurrent(4, 8, 10, layers: 1);
        onHost.load_state_dict(model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.cpu()));

        var here = GradientProbe.Measure(model, x, output => output.square().mean()).Horizons.Single();
        var there = GradientProbe.Measure(onHost, x.cpu(), output => output.square().mean()).Horizons.Single();

        Assert.Equal(6, here.Length);
        Assert.All(here.Norms.Zip(there.Norms), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
    }

    /// <remarks>The meta device stands for every one that is not the CPU.</remarks>
    [Theory]
    [InlineData("cpu", 2, false)]
    [InlineData("meta", 1, false)]
    [InlineData("meta", 2, true)]
    public void Horizon_OfAStackOffTheCpu_IsSaidToBeUnmeasured(string name, int layers, bool unmeasured)
    {
        using var scope = NewDisposeScope();
        var model = new Models.Recurrent(4, 8, 10, layers);
        model.to(device(name));
        using var monitor = GradientMonitor.Attach(model, null, new() { Console = false });

        Assert.Equal(unmeasured ? ["lstm"] : [], monitor.Report().Run.UnmeasuredHorizons);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void SpectralRadius_OfAScaledRotation_IsTheScale(string name)
    {
        using var scope = NewDisposeScope();
        var (sine, cosine) = ((float)Math.Sin(1), (float)Math.Cos(1));
        var matrix = tensor(new float[,] { { 0.7f * cosine, -0.7f * sine }, { 0.7f * sine, 0.7f * cosine } }).to(On(name));

        Assert.Equal(0.7, RecurrentMatrices.SpectralRadius(matrix).cpu().item<float>(), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Lsuv_BringsEveryLayerToUnitVariance(string name)
    {
        using var scope = NewDisposeScope();
        var model = Mixed(On(name));

        Assert.Equal(7, Initialize.Lsuv_(model, Batch(name), tolerance: 0.01));

        using var off = no_grad();
        var x = Batch(name);
        foreach (var layer in model.children().Cast<Module<Tensor, Tensor>>())
        {
            x = layer.call(x);
            if (layer is TorchSharp.Modules.Linear)
                Assert.Equal(1, OnHost(x).std(false).item<double>(), 0.05);
        }
    }

    [Theory]
    [InlineData("cpu", ScalarType.Float16)]
    [InlineData("cpu", ScalarType.BFloat16)]
    [InlineData("cuda", ScalarType.Float16)]
    [InlineData("cuda", ScalarType.BFloat16)]
    public void OtherPrecisions_AreAccumulatedInSingle(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var device = On(name);
        // Small ones that are measured together, and a large one. In half precision the sums of squares would overflow.
        var model = Sequential(("a", Linear(64, 64)), ("b", Linear(64, 64)), ("c", Linear(64, 64)), ("large", Linear(256, 256)));
        using (no_grad())
        {
            foreach (var parameter in model.parameters())
                parameter.fill_(2);
        }

        model.to(device, type);
        using var monitor = GradientMonitor.Attach(model, null, EveryStep);
        // Not by a forward pass: the CPU has none in half precision.
        foreach (var parameter in model.parameters())
            parameter.grad = full_like(parameter, 300).detach();
        monitor.AfterBackward();
        using (no_grad())
        {
            foreach (var parameter in model.parameters())
                parameter.add_(1);
        }

        monitor.AfterStep();

        Assert.Empty(monitor.Report().Failures);
        var sample = monitor.Report().Samples.Single();
        Assert.All(sample.Parameters.Zip(monitor.Report().Run.Parameters), pair =>
        {
            var root = Math.Sqrt(pair.Second.Shape.Aggregate(1L, (product, size) => product * size));
            Assert.Equal(300 * root, pair.First.Gradient!.Value, root);
            Assert.Equal(300, pair.First.GradientMax!.Value, 1.0);
            Assert.Equal(2 * root, pair.First.Weight, Tolerance * root);
            if (pair.Second.IsMatrix)
                Assert.Equal(root, pair.First.Update!.Value, Tolerance * root);
        });
    }

    private static Device On(string name)
    {
        Assert.SkipWhen(name == "cuda" && !cuda.is_available(), "No CUDA device here.");
        return device(name);
    }

    private static Tensor Batch(string name) => randn(8, 16, generator: new Generator(3)).to(On(name));

    /// <summary>Layers of one shape, which are measured together, one of another, and one too large to be; with dead and saturated units.</summary>
    private static Module<Tensor, Tensor> Mixed(Device device)
    {
        var model = Sequential(
            ("fc0", Linear(16, 16)), ("act0", ReLU()), ("fc1", Linear(16, 16)), ("act1", Tanh()), ("fc2", Linear(16, 16)), ("act2", ReLU()),
            ("fc3", Linear(16, 16)), ("act3", Tanh()), ("wide", Linear(16, 1200)), ("act4", ReLU()), ("narrow", Linear(1200, 16)), ("head", Linear(16, 4)));
        using (no_grad())
        {
            foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.name.EndsWith("bias", StringComparison.Ordinal)))
                parameter.narrow(0, 0, 2).fill_(name.StartsWith("fc1", StringComparison.Ordinal) || name.StartsWith("fc3", StringComparison.Ordinal) ? 9 : -9);
        }

        return model.to(device);
    }

    private static Tensor OnHost(Tensor tensor) => tensor.detach().cpu().to(ScalarType.Float64).clone();

    private static void Close(Tensor expected, double measured) => Assert.Equal(expected.item<double>(), measured, Tolerance * (1 + Math.Abs(measured)));
}
