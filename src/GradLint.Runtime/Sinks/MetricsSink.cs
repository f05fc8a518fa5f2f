using System.Diagnostics.Metrics;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>
/// Publishes samples and findings through <see cref="Meter"/> <c>GradLint.Runtime</c>, so that OpenTelemetry or dotnet-counters
/// carries them wherever a team looks.
/// </summary>
/// <remarks>
/// Instruments: <c>gradlint.gradient.norm</c> and <c>gradlint.gradient.ratio</c> (tag parameter), <c>gradlint.update.ratio</c> (tag
/// parameter), <c>gradlint.loss</c>, <c>gradlint.findings</c> (tags rule, severity). All carry the tag model.
/// </remarks>
public sealed class MetricsSink : IMonitorSink, IDisposable
{
    /// <summary>The meter's name, for <c>AddMeter</c>.</summary>
    public const string MeterName = "GradLint.Runtime";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _norms;
    private readonly Histogram<double> _ratios;
    private readonly Histogram<double> _updates;
    private readonly Histogram<double> _losses;
    private readonly Counter<long> _findings;
    private RunInfo? _run;

    public MetricsSink()
    {
        _norms = _meter.CreateHistogram<double>("gradlint.gradient.norm");
        _ratios = _meter.CreateHistogram<double>("gradlint.gradient.ratio");
        _updates = _meter.CreateHistogram<double>("gradlint.update.ratio");
        _losses = _meter.CreateHistogram<double>("gradlint.loss");
        _findings = _meter.CreateCounter<long>("gradlint.findings");
    }

    public void Begin(RunInfo run) => _run = run;

    public void Write(Sample sample)
    {
        if (sample.Loss is { } loss)
            _losses.Record(loss.Mean, Tag("model", _run!.Model));
        foreach (var row in new SampleTable(_run!, sample).Rows)
        {
            Record(_norms, row.Gradient, row.Path);
            Record(_ratios, row.Ratio, row.Path);
            Record(_updates, row.Update, row.Path);
        }
    }

    public void Write(Finding finding) =>
        _findings.Add(1, Tag("model", _run!.Model), Tag("rule", finding.RuleId), Tag("severity", finding.Severity.ToString()));

    public void End(RunReport report)
    {
    }

    public void Dispose() => _meter.Dispose();

    private void Record(Histogram<double> instrument, double? value, string parameter)
    {
        if (value is { } measured)
            instrument.Record(measured, Tag("model", _run!.Model), Tag("parameter", parameter));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
