using GradLint.Runtime.Monitoring;
using GradLint.Runtime.Recording;
using GradLint.Runtime.Tests.Programs;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

public sealed class GradientMonitorTests
{
    private static readonly GradientMonitorOptions EveryTenth = new() { Console = false, Interval = 10 };

    [Theory]
    [InlineData(0.01)]
    [InlineData(1.0)]
    [InlineData(1e6)]
    public void ClipGradNorm_GivesTheBitsOfTheLibrarysOwn(double limit)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (ours, theirs) = (Models.Stack(3, 16, Tanh, inputs: 16), Models.Stack(3, 16, Tanh, inputs: 16));
        ours.load_state_dict(theirs.state_dict());
        var x = randn(8, 16);
        ours.call(x).square().sum().backward();
        theirs.call(x).square().sum().backward();
        using var monitor = GradientMonitor.Attach(ours, null, EveryTenth);

        Assert.True(monitor.ClipGradNorm(limit));
        torch.nn.utils.clip_grad_norm_(theirs.parameters(), limit);

        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.grad!.eq(pair.Second.grad!).all().item<bool>()));
    }

    [Fact]
    public void ClipGradNorm_AskedToSkipNonFiniteSteps_SaysSo()
    {
        using var scope = NewDisposeScope();
        var model = Linear(4, 2);
        using var monitor = GradientMonitor.Attach(model, null, EveryTenth with { SkipNonFiniteSteps = true });
        model.call(ones(1, 4) * float.PositiveInfinity).sum().backward();

        Assert.False(monitor.ClipGradNorm(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ClipGradNorm_RefusesALimitThatDoesNothing(double limit)
    {
        using var scope = NewDisposeScope();
        using var monitor = GradientMonitor.Attach(Linear(2, 2), null, EveryTenth);
        Assert.Contains("must be a positive number", Assert.Throws<ArgumentException>(() => monitor.ClipGradNorm(limit)).Message);
    }

    [Fact]
    public void Sample_HoldsWhatTheTensorsHold()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, () => ReLU(), inputs: 4, outputs: 2);
        var optimizer = optim.SGD(model.parameters(), 0.5);
        using var monitor = GradientMonitor.Attach(model, optimizer, EveryTenth);
        var x = randn(6, 4);
        Tensor hidden = model.call(x);
        var weight = model.parameters().First();
        var before = weight.detach().clone();
        var headWeight = model.parameters().ElementAt(2).detach().clone();

        var loss = model.call(x).square().mean();
        loss.backward();
        monitor.AfterBackward(loss);
        optimizer.step();
        monitor.AfterStep();

        var sample = monitor.Report().Samples.Single();
        var first = sample.Parameters[0];
        Assert.Equal(weight.grad!.norm().item<float>(), first.Gradient!.Value, 1e-6);
        Assert.Equal(weight.grad!.abs().max().item<float>(), first.GradientMax!.Value, 1e-6);
        Assert.Equal(before.norm().item<float>(), first.Weight, 1e-6);
        Assert.Equal((weight.detach() - before).norm().item<float>(), first.Update!.Value, 1e-6);
        Assert.Equal(loss.item<float>(), sample.Loss!.Mean, 1e-6);
        Assert.Equal(["fc0", "act0", "head"], sample.Modules.Select(module => module.Path));
        var outputGradient = hidden * 2 / hidden.numel();
        var activation = sample.Modules.Single(module => module.Path == "act0");
        Assert.Equal(outputGradient.mm(headWeight).norm().item<float>(), activation.Gradient, 1e-5);
        var head = sample.Modules.Single(module => module.Path == "head");
        Assert.Equal(hidden.mean().item<float>(), head.Mean, 1e-5);
        Assert.Equal(hidden.std(unbiased: false).item<float>(), head.Deviation, 1e-5);
        Assert.Equal(outputGradient.norm().item<float>(), head.Gradient, 1e-5);
    }

    [Theory]
    [InlineData(10, "first")]
    [InlineData(0.1, "second")]
    public void TwoHeads_TheOneWithTheLargerGradientIsTheUnit(double scale, string unit)
    {
        using var scope = NewDisposeScope();
        var model = new Models.TwoHeads { FirstScale = scale };
        using var monitor = GradientMonitor.Attach(model, null, EveryTenth with { Interval = 1 });
        var x = randn(8, 8);
        for (var step = 0; step < 3; step++)
        {
            model.zero_grad();
            var loss = model.call(x).square().mean();
            loss.backward();
            monitor.AfterBackward(loss);
            monitor.AfterStep();
        }

        Assert.Empty(monitor.Report().Failures);
        Assert.All(monitor.Report().Samples, sample => Assert.Equal(unit, sample.OutputLayer));
        Assert.Equal(GradientProbe.Measure(model, x, output => output.square().mean()).OutputLayer, unit);
    }

    [Fact]
    public void HeadsReturnedAsAPair_AreBothOutputs()
    {
        using var scope = NewDisposeScope();
        var model = new Models.PairOfHeads();
        using var monitor = GradientMonitor.Attach(model, null, EveryTenth with { Interval = 1 });

        Step(firstWeight: 100, secondWeight: 1);
        Step(firstWeight: 1, secondWeight: 100);

        Assert.Empty(monitor.Report().Failures);
        Assert.Equal(["first", "second"], monitor.Report().Samples.Select(sample => sample.OutputLayer));

        void Step(double firstWeight, double secondWeight)
        {
            model.zero_grad();
            var (first, second) = model.call(randn(4, 8));
            var loss = (first.square().mean() * firstWeight) + (second.square().mean() * secondWeight);
            loss.backward();
            monitor.AfterBackward(loss);
            monitor.AfterStep();
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void LossesBetweenSamples_AreAveraged(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var losses = new LossAccumulator();
        using var mode = no_grad();
        foreach (var value in new[] { 1f, 2f, 6f })
            losses.Add(tensor(value).to(type));
        losses.Keep(tensor(6f).to(type));
        var statistics = new Measurement.DeviceStatistics();
        var interval = losses.Collect(statistics)!(statistics.Read());

        Assert.Equal(new LossInterval(3, 3, Math.Sqrt(14 / 3.0), 6), interval with { Deviation = Math.Round(interval.Deviation, 5) }, (expected, actual) =>
            expected.Steps == actual.Steps && expected.Mean == actual.Mean && Math.Abs(expected.Deviation - actual.Deviation) < 1e-4 && expected.Last == actual.Last);
        losses.Dispose();
    }

    [Fact]
    public void Log_ReplaysToTheSameFindings_AndToOthersWithOtherThresholds()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("run.jsonl");
        manual_seed(1);
        var report = new Training { Options = EveryTenth with { LogPath = path }, Steps = 120 }
            .Sgd(Models.Stack(8, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        var replayed = RunLog.Replay(path);
        var strict = RunLog.Replay(path, new() { MinGradientRatio = 1e-15 });

        Assert.Contains(report.Findings, finding => finding.RuleId == "GL7001");
        Assert.Equal(report.Findings.Select(finding => finding.ToString()), replayed.Findings.Select(finding => finding.ToString()));
        Assert.DoesNotContain(strict.Findings, finding => finding.RuleId == "GL7001");
    }

    [Fact]
    public void LogOfAKilledProcess_IsReadAsFarAsItGoes()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("run.jsonl");
        new Training { Options = EveryTenth with { LogPath = path }, Steps = 30 }
            .Sgd(Models.Stack(1, 8, Tanh), 0.05, Data.DigitBatches(), Data.CrossEntropy);
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text[..(text.TrimEnd().LastIndexOf('\n') + 40)]);

        Assert.NotEmpty(RunLog.Replay(path).Samples);
    }

    [Fact]
    public void LogWithABrokenLine_IsRefusedWithItsNumber()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.jsonl");
        File.WriteAllText(path, "{\"run\"\n{}\n");

        Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => RunLog.Replay(path)).Message);
    }

    [Fact]
    public void PolicyThrow_EndsTheRunWithTheFinding()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<GradientFlowException>(() =>
            new Training { Options = EveryTenth with { Policy = FindingPolicy.Throw } }
                .Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy));

        Assert.Contains(error.Findings, finding => finding.RuleId == "GL7001");
        Assert.Contains("fc0", error.Message);
    }

    [Fact]
    public void PolicyCallback_GetsEachFindingOnce()
    {
        using var scope = NewDisposeScope();
        var found = new List<Finding>();
        new Training { Options = EveryTenth with { Policy = FindingPolicy.Callback, OnFinding = found.Add } }
            .Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        Assert.Single(found, finding => finding.RuleId == "GL7001");
    }

    [Fact]
    public void Finding_NamesTheSourceLineAndTheStaticRules()
    {
        using var scope = NewDisposeScope();
        var report = new Training { Options = EveryTenth with { Sources = new Dictionary<string, string> { ["fc0"] = "Model.cs:12" } } }
            .Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        var finding = report.Findings.First(finding => finding.RuleId == "GL7001");
        Assert.Equal("Model.cs:12", finding.Source);
        Assert.Contains("GL1001", finding.Confirms);
    }

    [Fact]
    public void EndOfRun_WritesReportSarifAndEvidence()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        new Training
        {
            Options = EveryTenth with { HtmlPath = folder.File("report.html"), SarifPath = folder.File("run.sarif"), EvidencePath = folder.File("gradlint.evidence") },
        }.Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        var html = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("<svg", html);
        Assert.Contains("GL7001", html);
        Assert.DoesNotContain("http", html.Replace("http-equiv", ""));
        using var sarif = System.Text.Json.JsonDocument.Parse(File.ReadAllText(folder.File("run.sarif")));
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        Assert.Contains(
            sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(),
            result => result.GetProperty("ruleId").GetString() == "GL7001");
        var evidence = File.ReadAllLines(folder.File("gradlint.evidence"));
        Assert.Equal("gradlint-evidence 1", evidence[0]);
        Assert.Contains(evidence, line => line.StartsWith("ratio\tfc0.weight\t", StringComparison.Ordinal));
        Assert.Contains(evidence, line => line.StartsWith("finding\tGL7001\t", StringComparison.Ordinal));
    }

    [Fact]
    public void Metrics_CarryRatiosAndFindings()
    {
        using var scope = NewDisposeScope();
        var measured = new Dictionary<string, List<double>>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == Sinks.MetricsSink.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Of(instrument.Name).Add(value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Of(instrument.Name).Add(value));
        listener.Start();

        var report = new Training { Options = EveryTenth with { Sinks = [new Sinks.MetricsSink()] } }
            .Sgd(Models.Stack(10, 32, Sigmoid), 0.05, Data.DigitBatches(), Data.CrossEntropy);

        Assert.Equal(report.Samples.Count * 11, Of("gradlint.gradient.ratio").Count);
        Assert.InRange(Of("gradlint.gradient.ratio").Min(), 1e-12, 1e-6);
        Assert.Equal(report.Samples.Count, Of("gradlint.loss").Count);
        Assert.NotEmpty(Of("gradlint.findings"));

        List<double> Of(string instrument) => measured.TryGetValue(instrument, out var values) ? values : measured[instrument] = [];
    }

    [Fact]
    public void ParametersAlone_AreMeasuredWithoutAHook()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(2, 8, () => ReLU(), inputs: 8);
        var x = randn(4, 8);
        using var monitor = GradientMonitor.Attach(model, null, EveryTenth with { ObserveModules = false, ObserveUpdates = false });
        var before = Tensor.TotalCount;
        var output = model.call(x);
        // The output alone: a hook would keep each layer's.
        Assert.Equal(before + 1, Tensor.TotalCount);
        var loss = output.square().mean();
        loss.backward();
        monitor.AfterBackward(loss);
        monitor.AfterStep();

        var sample = monitor.Report().Samples.Single();
        Assert.Empty(sample.Modules);
        Assert.Equal("head", sample.OutputLayer);
        Assert.All(sample.Parameters, parameter => Assert.Null(parameter.Update));
        foreach (var ((_, parameter), measured) in model.named_parameters().Zip(sample.Parameters))
            Assert.Equal(parameter.grad!.norm().item<float>(), measured.Gradient!.Value, 1e-5);
        Assert.Empty(monitor.Report().Failures);
    }

    [Fact]
    public void Histogram_CountsEveryElementOfTheGradient()
    {
        using var scope = NewDisposeScope();
        using var gradient = tensor([0f, 1f, 1.5f, -2f, 0.25f, 1e-30f, 1e30f]);
        using var counts = Measurement.Exponents.Count(gradient);

        var bins = counts.data<float>().ToArray();
        Assert.Equal(gradient.numel(), bins.Sum());
        Assert.Equal(2, bins[0 - ParameterSample.LowestBin]);
        Assert.Equal(1, bins[1 - ParameterSample.LowestBin]);
        Assert.Equal(1, bins[-2 - ParameterSample.LowestBin]);
        Assert.Equal(2, bins[0]);
        Assert.Equal(1, bins[^1]);
    }
}
