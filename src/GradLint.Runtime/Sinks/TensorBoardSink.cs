using System.Globalization;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime.Sinks;

/// <summary>
/// Writes samples as they come into an event file for TensorBoard: <c>loss</c>, <c>gradient_ratio/…</c>, <c>gradient/…</c>,
/// <c>update_ratio/…</c>, <c>horizon/…</c>, and where gradients are counted <c>log2_gradient/…</c>.
/// </summary>
internal sealed class TensorBoardSink : IMonitorSink, IDisposable
{
    private readonly TensorBoardFile _file;
    private RunInfo? _run;

    public TensorBoardSink(string folder)
    {
        Directory.CreateDirectory(folder);
        // TensorBoard takes files by the middle of their name, and shows the newest by its number.
        var number = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        _file = new(Path.Combine(folder, $"events.out.tfevents.{number[..^3]}.{Environment.MachineName}.{Environment.ProcessId}.{number[^3..]}"));
    }

    public void Begin(RunInfo run) => _run = run;

    public void Write(Sample sample)
    {
        var run = _run!;
        var values = new List<TensorBoardValue>();
        Add("loss", sample.Loss?.Mean);
        foreach (var row in new SampleTable(run, sample).Rows)
        {
            Add($"gradient_ratio/{row.Path}", row.Ratio);
            Add($"gradient/{row.Path}", row.Gradient);
            Add($"update_ratio/{row.Path}", row.Update);
        }

        foreach (var horizon in sample.Horizons)
            Add($"horizon/{horizon.Path}", horizon.StepsToThousandth);
        foreach (var (parameter, measured) in run.Parameters.Zip(sample.Parameters))
        {
            if (measured.Histogram is { } counts)
                values.Add(new($"log2_gradient/{parameter.Path}", null, counts));
        }

        _file.Append(run.Started.AddSeconds(sample.Seconds), sample.Step, values);

        void Add(string tag, double? value)
        {
            if (value is { } scalar)
                values.Add(new(tag, scalar));
        }
    }

    public void Write(Finding finding)
    {
    }

    public void End(RunReport report)
    {
    }

    public void Dispose() => _file.Dispose();
}
