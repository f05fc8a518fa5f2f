using System.Globalization;
using System.Text;
using GradLint.Core.Rules;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>
/// Keeps the frames of the last samples and writes them out as text as soon as GL7003 finds a NaN or infinity: the losses of the
/// steps up to it, what every module put out and every parameter was and got, up to the place that broke.
/// </summary>
internal sealed class PostMortemSink(string path) : IMonitorSink
{
    private const int Frames = 8;
    private const int LossesPerLine = 8;

    private readonly Queue<Sample> _samples = new();
    private RunInfo? _run;

    public void Begin(RunInfo run)
    {
        _run = run;
        _samples.Clear();
    }

    public void Write(Sample sample)
    {
        _samples.Enqueue(sample);
        if (_samples.Count > Frames)
            _samples.Dequeue();
    }

    public void Write(Finding finding)
    {
        if (finding.RuleId == RuntimeRuleIds.NonFiniteValue)
            WholeFile.Write(path, Text(_run!, finding));
    }

    public void End(RunReport report)
    {
    }

    private string Text(RunInfo run, Finding finding)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{run.Model}, started {run.Started:yyyy-MM-dd HH:mm:ss}: NaN or infinity at step {finding.Step}");
        text.AppendLine(finding.Source is null ? finding.Message : $"{finding.Source}: {finding.Message}");
        text.AppendLine(finding.Remedy);
        AppendLosses(text, _samples.Last().RecentLosses);
        text.AppendLine().AppendLine($"The last {_samples.Count} samples, oldest first; modules in the order of computation, norms are L2.");
        foreach (var sample in _samples)
            AppendFrame(text, run, sample);
        return text.ToString();
    }

    private static void AppendLosses(StringBuilder text, IReadOnlyList<StepLoss> losses)
    {
        if (losses.Count == 0)
            return;
        var first = losses.FirstOrDefault(loss => !double.IsFinite(loss.Loss));
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Losses of the steps {losses[0].Step} to {losses[^1].Step}; {(first is null ? "all are finite" : string.Create(CultureInfo.InvariantCulture, $"the first that is not finite is that of step {first.Step}"))}.");
        foreach (var line in losses.Chunk(LossesPerLine))
            text.AppendLine(CultureInfo.InvariantCulture, $"  from {line[0].Step,7}: {string.Join(' ', line.Select(loss => $"{SampleTable.Number(loss.Loss),8}"))}");
    }

    private static void AppendFrame(StringBuilder text, RunInfo run, Sample sample)
    {
        var loss = sample.Loss is { } interval ? $", loss {SampleTable.Number(interval.Last)}, mean of {interval.Steps} steps {SampleTable.Number(interval.Mean)}" : "";
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"step {sample.Step}{loss}");
        var width = run.Parameters.Select(parameter => parameter.Path.Length).Concat(sample.Modules.Select(module => module.Path.Length)).DefaultIfEmpty().Max();
        if (sample.Modules.Count > 0)
            text.AppendLine($"  {"module".PadRight(width)}       mean  deviation   gradient");
        foreach (var module in sample.Modules)
            AppendLine(text, run, width, module.Path, module.Type, module.Mean, module.Deviation, module.Gradient);
        text.AppendLine($"  {"parameter".PadRight(width)}     weight   gradient     update");
        foreach (var (parameter, measured) in run.Parameters.Zip(sample.Parameters))
            AppendLine(text, run, width, parameter.Path, parameter.LayerType, measured.Weight, measured.Gradient, measured.Update);
    }

    private static void AppendLine(StringBuilder text, RunInfo run, int width, string path, string type, params double?[] values)
    {
        var mark = values.Any(value => value is { } number && !double.IsFinite(number)) ? "  <- not finite" : "";
        text.AppendLine($"  {path.PadRight(width)} {string.Join(' ', values.Select(value => $"{SampleTable.Number(value),10}"))}  {type} {run.SourceOf(path)}".TrimEnd() + mark);
    }
}
