using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>A training run to judge the monitor by.</summary>
/// <param name="Name">What it trains.</param>
/// <param name="Fault">The planted fault; null for a healthy run.</param>
/// <param name="RuleIds">The rules that name this fault, any of them, the one it is planted for first; none for a healthy run.</param>
/// <param name="Layers">The layers at which it may be said to be, any of them; null for a fault of the whole run.</param>
/// <param name="Run">Runs it with a seed.</param>
public sealed record TrainingProgram(
    string Name, string? Fault, IReadOnlyList<string> RuleIds, IReadOnlyList<string>? Layers, Func<int, Training, RunReport> Run)
{
    public bool IsIdentifiedBy(RunReport report) =>
        report.Findings.Any(finding => finding.Severity == FindingSeverity.Warning && RuleIds.Contains(finding.RuleId));

    public bool IsLocalisedBy(RunReport report) =>
        Layers is null
            ? IsIdentifiedBy(report)
            : report.Findings.Any(finding => finding.Severity == FindingSeverity.Warning && RuleIds.Contains(finding.RuleId)
                && Layers.Any(layer => finding.Path == layer || finding.Path.StartsWith(layer + ".", StringComparison.Ordinal)));
}

/// <summary>The training loop of all programs.</summary>
public sealed class Training
{
    /// <summary>How the monitor is set; sampling every 10 steps, so that a few hundred steps are enough to judge.</summary>
    public GradientMonitorOptions Options { get; init; } = new() { Console = false, Interval = 10 };

    public int Steps { get; init; } = 200;

    public double? ClipNorm { get; init; }

    public bool ClearsGradients { get; init; } = true;

    /// <summary>Whether the monitor may report failures of its own.</summary>
    public bool MayFail { get; init; }

    /// <summary>How the model is applied; <c>call</c> where not given.</summary>
    public Func<Tensor, Tensor>? Apply { get; init; }

    public RunReport Run(
        Module<Tensor, Tensor> model, optim.Optimizer optimizer, Func<(Tensor Input, Tensor Target)> batch, Func<Tensor, Tensor, Tensor> loss)
    {
        using var monitor = GradientMonitor.Attach(model, optimizer, Options);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var (input, target) = batch();
            if (ClearsGradients)
                optimizer.zero_grad();
            var value = loss(Apply?.Invoke(input) ?? model.call(input), target);
            value.backward();
            monitor.AfterBackward(value);
            if (ClipNorm is { } limit)
                monitor.ClipGradNorm(limit);
            optimizer.step();
            monitor.AfterStep();
        }

        var report = monitor.Report();
        if (report.Failures.Count > 0 && !MayFail)
            throw new InvalidOperationException(string.Join("; ", report.Failures));
        return report;
    }

    public RunReport Sgd(Module<Tensor, Tensor> model, double rate, Func<(Tensor, Tensor)> batch, Func<Tensor, Tensor, Tensor> loss) =>
        Run(model, optim.SGD(model.parameters(), rate, momentum: 0.9), batch, loss);

    public RunReport Adam(Module<Tensor, Tensor> model, double rate, Func<(Tensor, Tensor)> batch, Func<Tensor, Tensor, Tensor> loss) =>
        Run(model, optim.Adam(model.parameters(), rate), batch, loss);
}
