using GradLint.Runtime.Recording;
using Microsoft.Extensions.Logging;

namespace GradLint.Runtime.Sinks;

/// <summary>Passes samples (Debug), findings (Information or Warning) and the end of the run (Information) to a logger.</summary>
public sealed partial class LoggerSink(ILogger logger) : IMonitorSink
{
    private readonly ILogger _logger = logger ?? throw new ArgumentNullException(nameof(logger));

    public void Begin(RunInfo run) => Watching(run.Model, run.Parameters.Count, run.Optimizer ?? "no optimizer");

    public void Write(Sample sample)
    {
        if (sample.Loss is { } loss)
            Sampled(sample.Step, loss.Mean);
    }

    public void Write(Finding finding) => Found(
        finding.Severity == FindingSeverity.Warning ? LogLevel.Warning : LogLevel.Information,
        finding.RuleId, finding.Step, finding.Source is null ? finding.Path : $"{finding.Path} ({finding.Source})", finding.Message, finding.Remedy);

    public void End(RunReport report)
    {
        Ended(report.Run.Model, report.Steps, report.Loss.Initial, report.Loss.Current, report.Findings.Count);
        foreach (var failure in report.Failures)
            Failed(failure);
    }

    [LoggerMessage(1, LogLevel.Information, "Watching {Model}: {Parameters} parameters, {Optimizer}")]
    private partial void Watching(string model, int parameters, string optimizer);

    [LoggerMessage(2, LogLevel.Debug, "Step {Step}: loss {Loss}")]
    private partial void Sampled(long step, double loss);

    [LoggerMessage(EventId = 3, Message = "{Rule} at step {Step}, {Path}: {Finding} {Remedy}")]
    private partial void Found(LogLevel level, string rule, long step, string path, string finding, string remedy);

    [LoggerMessage(4, LogLevel.Information, "{Model} after {Steps} steps: loss {InitialLoss} to {Loss}, {Findings} findings")]
    private partial void Ended(string model, long steps, double? initialLoss, double? loss, int findings);

    [LoggerMessage(5, LogLevel.Warning, "Monitor: {Failure}")]
    private partial void Failed(string failure);
}
