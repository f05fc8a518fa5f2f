using System.Globalization;
using System.Text;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime;

/// <summary>One sample as a table with a row for each weight matrix.</summary>
internal sealed class SampleTable
{
    private readonly RunInfo _run;
    private readonly Sample _sample;

    public SampleTable(RunInfo run, Sample sample)
    {
        _run = run;
        _sample = sample;
        var view = new RunView(run, [sample], new(null, null, []), new());
        Rows =
        [
            .. view.Matrices.Select(matrix => new Row(
                run.Parameters[matrix].Path,
                sample.Parameters[matrix].Gradient,
                view.Ratio(sample, matrix),
                sample.Parameters[matrix].UpdateRatio)),
        ];
    }

    public IReadOnlyList<Row> Rows { get; }

    public override string ToString()
    {
        var width = Math.Max(9, Rows.Select(row => row.Path.Length).DefaultIfEmpty().Max());
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"step {_sample.Step}: {"parameter".PadRight(width)}    gradient     ratio   update  (ratio to '{_sample.OutputLayer}' of {_run.Model})");
        foreach (var row in Rows)
            text.AppendLine().Append($"{"".PadRight(7 + _sample.Step.ToString(CultureInfo.InvariantCulture).Length)}{row.Path.PadRight(width)}  {Number(row.Gradient),10}  {Number(row.Ratio),8} {Number(row.Update),8}");
        return text.ToString();
    }

    /// <summary>A number in at most eight characters.</summary>
    public static string Number(double? value) => value switch
    {
        null => "–",
        0 => "0",
        >= 0.01 and < 1000 => value.Value.ToString("0.0###", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };

    internal sealed record Row(string Path, double? Gradient, double? Ratio, double? Update);
}
