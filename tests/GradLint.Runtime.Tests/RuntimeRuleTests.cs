using GradLint.Runtime.Recording;
using GradLint.Runtime.Rules;

namespace GradLint.Runtime.Tests;

/// <summary>The rules on recorded statistics, without a tensor: where each fires and where it must not.</summary>
public sealed class RuntimeRuleTests
{
    private const int Samples = 8;

    [Fact]
    public void EveryRule_HasAnIdOfItsOwn() =>
        Assert.Equal(Enumerable.Range(7001, 15).Select(number => $"GL{number}"), RuntimeRules.All.Select(rule => rule.Description.Id));

    [Fact]
    public void RatioBelowTheLimit_IsVanishing() => Assert.Contains("GL7001", Warnings(Run(first: 1e-5)));

    [Fact]
    public void RatioBelowTheLimitOnce_IsNot() => Assert.DoesNotContain("GL7001", Found(Run(sample => sample == 7 ? 1e-5 : 1)));

    [Fact]
    public void RatioThatHalvesEachSample_IsVanishing() => Assert.Contains("GL7001", Warnings(Run(sample => 0.3 * Math.Pow(0.4, sample))));

    [Fact]
    public void SmallWeightGradientBehindANorm_IsNotVanishing() =>
        Assert.DoesNotContain("GL7001", Found(Run(_ => 1e-5, sample => sample with
        {
            Modules = [new() { Path = "fc", Type = "Linear", Gradient = 0.9 }, new() { Path = "head", Type = "Linear", Gradient = 1 }],
        })));

    [Fact]
    public void VanishingInARunThatLearns_IsInfo()
    {
        var findings = Judge(Run(_ => 1e-5, sample => sample with { Loss = new(10, 2.3 - (0.2 * sample.Step / 20), 0.01, 1) }));
        Assert.Equal(FindingSeverity.Info, findings.Single(finding => finding.RuleId == "GL7001").Severity);
    }

    [Fact]
    public void RatioAboveTheLimit_IsExploding() => Assert.Contains("GL7002", Warnings(Run(first: 1e5)));

    [Fact]
    public void GradientThatDoublesEachSample_IsExploding() => Assert.Contains("GL7002", Warnings(Run(sample => Math.Pow(3, sample), head: sample => Math.Pow(3, sample))));

    [Fact]
    public void RecurrentWeightsFarAboveTheHead_AreExplodingWhateverTheGradientAtTheirLastOutput()
    {
        Func<Sample, Sample> seen = sample => sample with
        {
            Modules = [new() { Path = "fc", Type = "RNN", Gradient = 0.1 }, new() { Path = "head", Type = "Linear", Gradient = 1 }],
        };
        Assert.Contains("GL7002", Warnings(Run(_ => 1e5, seen, layerType: "RNN")));
        Assert.DoesNotContain("GL7002", Found(Run(_ => 1e5, seen)));
    }

    [Fact]
    public void UpdatesThatBreakTheRunAtOnce_AreNamedBesideTheNaN()
    {
        var findings = Judge(Run(
            sample => sample < 2 ? 1 : double.NaN, sample => sample with { Loss = new(1, sample.Step < 40 ? 2 : double.NaN, 0, sample.Step < 40 ? 2 : double.NaN) }, update: 5, samples: 3));

        Assert.Contains(findings, finding => finding.RuleId == "GL7003");
        Assert.Contains("and then the run became NaN", findings.Single(finding => finding.RuleId == "GL7007").Message);
    }

    [Fact]
    public void HorizonThatCannotBeMeasured_IsABlindSpot()
    {
        var finding = Judge(Run(_ => 1, unmeasuredHorizon: "lstm")).Single(finding => finding.RuleId == "GL7015" && finding.Path == "lstm");
        Assert.Contains("on a GPU a stack of recurrent layers would draw random numbers", finding.Message);
    }

    [Fact]
    public void NaNThatStays_IsFoundOnce() =>
        Assert.Single(Judge(Run(_ => double.NaN, sample => sample.Step == 0 ? sample with { Clipping = new(1, 0, 1, 1, 1) } : sample)), finding => finding.RuleId == "GL7003");

    [Fact]
    public void NonFiniteOutput_IsFoundAtOnceAtTheFirstModule()
    {
        var finding = Judge(Run(_ => double.NaN, sample => sample with
        {
            Modules = [new() { Path = "fc", Type = "Linear", Mean = 1 }, new() { Path = "log", Type = "Log", Mean = double.NaN }, new() { Path = "head", Type = "Linear", Mean = double.NaN }],
        }, samples: 1)).Single(finding => finding.RuleId == "GL7003");
        Assert.Equal("log", finding.Path);
    }

    [Theory]
    [InlineData(0.9, 5, true)]
    [InlineData(0.9, 3, false)]
    [InlineData(0.4, 5, false)]
    public void DeadUnits_AreFoundWhenTheWindowIsFull(double share, int window, bool found) =>
        Assert.Equal(found, Warnings(Run(_ => 1, sample => sample with
        {
            Modules = [new() { Path = "act", Type = "ReLU", DeadUnits = share, Window = window, Units = 10 }],
        })).Contains("GL7004"));

    [Fact]
    public void SaturatedOutputActivation_IsNoFinding() =>
        Assert.DoesNotContain("GL7005", Found(Run(_ => 1, sample => sample with
        {
            Modules = [new() { Path = "head", Type = "Linear" }, new() { Path = "probability", Type = "Sigmoid", SaturatedUnits = 1, Window = 5, Units = 10 }],
        })));

    [Fact]
    public void SaturatedHiddenActivation_IsFound() =>
        Assert.Contains("GL7005", Warnings(Run(_ => 1, sample => sample with
        {
            Modules = [new() { Path = "act", Type = "Tanh", SaturatedUnits = 0.8, Window = 5, Units = 10 }, new() { Path = "head", Type = "Linear" }],
        })));

    [Theory]
    [InlineData(1e-7, "GL7006")]
    [InlineData(0.5, "GL7007")]
    public void UpdateOutsideTheHealthyBand_IsFound(double update, string rule) => Assert.Contains(rule, Warnings(Run(_ => 1, update: update)));

    [Fact]
    public void UpdateOfAThousandth_IsHealthy() => Assert.Empty(Warnings(Run(_ => 1, update: 1e-3)));

    [Fact]
    public void ClippingThatAlwaysEngagesALittle_IsInfo()
    {
        var findings = Judge(Run(_ => 1, sample => sample with { Clipping = new(10, 10, 0, 1, 2) }));
        Assert.Equal(FindingSeverity.Info, findings.Single(finding => finding.RuleId == "GL7013").Severity);
    }

    [Fact]
    public void ClippingFarBelowTheNorms_IsAWarning() =>
        Assert.Contains("GL7013", Warnings(Run(_ => 1, sample => sample with { Clipping = new(10, 10, 0, 0.001, 2) })));

    [Fact]
    public void FlatLossWithAStarvedLayer_IsAPlateau() =>
        Assert.Contains("GL7010", Warnings(Run(_ => 5e-3, sample => sample with { Loss = new(10, 2.3, 0.01, 2.3) })));

    [Fact]
    public void LossAboveTwiceItsBest_Diverges() =>
        Assert.Contains("GL7011", Warnings(Run(_ => 1, sample => sample with { Loss = new(10, sample.Step < 40 ? 1 : 5, 0.1, 5) })));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void ShortHorizon_CountsWhereOnlyTheLastStepIsUsed(bool onlyLast, bool found) =>
        Assert.Equal(found, Warnings(Run(_ => 1, sample => sample with
        {
            Horizons = [new("lstm", 4, [1e-9, 1e-6, 0.1, 1], onlyLast)],
        })).Contains("GL7012"));

    [Fact]
    public void Horizon_IsTheNumberOfStepsAboveAFraction()
    {
        var horizon = new HorizonSample("lstm", 5, [1e-9, 1e-4, 0.01, 0.1, 1], true);
        Assert.Equal(2, horizon.StepsToE3);
        Assert.Equal(3, horizon.StepsToThousandth);
    }

    private static List<string> Found(RuleEngine engine) => [.. engine.Findings.Select(finding => finding.RuleId)];

    private static List<string> Warnings(RuleEngine engine) =>
        [.. engine.Findings.Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.RuleId)];

    private static IReadOnlyList<Finding> Judge(RuleEngine engine) => engine.Findings;

    private static RuleEngine Run(double first) => Run(_ => first);

    /// <summary>A run of a two-layer model, 20 steps a sample, whose first layer has the gradients given and whose head has 1.</summary>
    private static RuleEngine Run(
        Func<int, double> first, Func<Sample, Sample>? change = null, double update = 1e-3, int samples = Samples, Func<int, double>? head = null,
        string layerType = "Linear", string? unmeasuredHorizon = null)
    {
        var engine = new RuleEngine(new()
        {
            Model = "Test",
            Started = default,
            UnmeasuredHorizons = unmeasuredHorizon is null ? [] : [unmeasuredHorizon],
            Parameters =
            [
                new("fc.weight", "fc", layerType, [4, 4], IsMatrix: true, IsTrainable: true),
                new("head.weight", "head", "Linear", [2, 4], IsMatrix: true, IsTrainable: true),
            ],
        });
        for (var i = 0; i < samples; i++)
        {
            var sample = new Sample
            {
                Step = 20 * i,
                OutputLayer = "head",
                Loss = new(20, 2.3 - (0.001 * (i % 2)) - (0.06 * (i % 3)), 0.01, 2.3),
                Parameters =
                [
                    new() { Gradient = first(i), GradientMax = first(i), Weight = 1, Update = update },
                    new() { Gradient = head?.Invoke(i) ?? 1, GradientMax = 1, Weight = 1, Update = update },
                ],
            };
            engine.Add(change?.Invoke(sample) ?? sample);
        }

        return engine;
    }
}
