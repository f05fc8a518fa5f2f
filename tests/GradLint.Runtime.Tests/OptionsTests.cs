using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>What is wrong with an option is said at <c>Attach</c>: its name, its value, and what it may be.</summary>
public sealed class OptionsTests
{
    public static TheoryData<GradientMonitorOptions, string> Broken => new()
    {
        { new() { Interval = 0 }, "Interval is 0; it must be at least 1." },
        { new() { IntervalTime = TimeSpan.Zero }, "IntervalTime is 00:00:00; it must be positive." },
        { new() { TargetOverhead = 1.5 }, "TargetOverhead is 1.5; it must be between 0 and 1." },
        { new() { HorizonEvery = -1 }, "HorizonEvery is -1; it must be 0 or more." },
        { new() { Policy = (FindingPolicy)9 }, "Policy is 9; it must be Log, Callback, Throw." },
        { new() { Policy = FindingPolicy.Callback }, "OnFinding is null; it must be set when Policy is Callback." },
        { new() { OutputLayer = "tail" }, "OutputLayer is 'tail'; it must be the path of a layer with a weight matrix: fc0, head." },
        { new() { LogPath = " " }, "LogPath is empty; it must be a path, or null for none." },
        { new() { TensorBoardFolder = "" }, "TensorBoardFolder is empty; it must be a path, or null for none." },
        { new() { Sinks = [null!] }, "Sinks is null, or has a null in it; it must be a list of sinks." },
        { new() { Thresholds = null! }, "Thresholds is null; it must be set." },
        { new() { Thresholds = new() { Patience = 0 } }, "Patience is 0; it must be at least 1." },
        { new() { Thresholds = new() { PatienceSteps = -1 } }, "PatienceSteps is -1; it must be at least 0." },
        { new() { Thresholds = new() { MinGradientRatio = double.NaN } }, "MinGradientRatio is NaN; it must be between 0 and 1." },
        { new() { Thresholds = new() { MaxGradientRatio = 1 } }, "MaxGradientRatio is 1; it must be above 1." },
        { new() { Thresholds = new() { TrendFactor = 1 } }, "TrendFactor is 1; it must be above 1." },
        { new() { Thresholds = new() { MaxDeadUnits = 0 } }, "MaxDeadUnits is 0; it must be above 0 and at most 1." },
        { new() { Thresholds = new() { MaxSaturatedUnits = 2 } }, "MaxSaturatedUnits is 2; it must be above 0 and at most 1." },
        { new() { Thresholds = new() { MinUpdateRatio = 0 } }, "MinUpdateRatio is 0; it must be above 0." },
        { new() { Thresholds = new() { MaxUpdateRatio = 1e-6 } }, "MaxUpdateRatio is 1E-06; it must be above MinUpdateRatio." },
        { new() { Thresholds = new() { PlateauTolerance = 0 } }, "PlateauTolerance is 0; it must be above 0." },
        { new() { Thresholds = new() { DivergenceFactor = 0.5 } }, "DivergenceFactor is 0.5; it must be above 1." },
        { new() { Thresholds = new() { MaxClippedShare = -1 } }, "MaxClippedShare is -1; it must be above 0 and at most 1." },
        { new() { Thresholds = new() { MaxTwinUnits = 0 } }, "MaxTwinUnits is 0; it must be above 0 and at most 1." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void OptionOutOfItsRange_IsNamedWithValueAndRange(GradientMonitorOptions options, string message)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => GradientMonitor.Attach(Models.Stack(1, 4, Tanh), null, options));
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void OutputLayerByName_IsTheUnit()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 4, Tanh, inputs: 4);
        using var monitor = GradientMonitor.Attach(model, null, new() { Console = false, OutputLayer = "fc0" });
        model.call(randn(2, 4)).sum().backward();
        monitor.AfterBackward();
        monitor.AfterStep();

        Assert.Equal("fc0", Assert.Single(monitor.Report().Samples).OutputLayer);
    }
}
