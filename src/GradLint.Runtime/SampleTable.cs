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
                sample.Parameters[matrix].UpdateRatio,
                view.Predicted(matrix),
                run.SourceOf(run.Parameters[matrix].Path))),
        ];
    }

    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Whether anything was predicted.</summary>
    public bool HasPredictions => Rows.Any(row => row.Predicted is not null);

    public override string ToString()
    {
        var width = Math.Max(9, Rows.Select(row => row.Path.Length).DefaultIfEmpty().Max());
        var step = string.Create(CultureInfo.InvariantCulture, $"step {_sample.Step}: ");
        var text = new StringBuilder();
        text.Append($"{step}{"parameter".PadRight(width)}    gradient     ratio{Predicted("predicted")}   update  (ratio to '{_sample.OutputLayer}' of {_run.Model})");
        foreach (var row in Rows)
        {
            text.AppendLine().Append($"{"".PadRight(step.Length)}{row.Path.PadRight(width)}  {Number(row.Gradient),10}  {Number(row.Ratio),8}{Predicted(Number(row.Predicted))} {Number(row.Update),8}");
            if (row.Source is not null)
                text.Append($"  {row.Source}");
        }

        return text.ToString();

        string Predicted(string cell) => HasPredictions ? $"{cell,11}" : "";
    }

    /// <summary>A number in at most eight characters.</summary>
    public static string Number(double? value) => value switch
    {
        null => "–",
        0 => "0",
        >= 0.01 and < 1000 => value.Value.ToString("0.0###", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };

    /// <param name="Predicted">What was predicted for the ratio at initialisation.</param>
    /// <param name="Source">Where the layer is constructed.</param>
    internal sealed record Row(string Path, double? Gradient, double? Ratio, double? Update, double? Predicted, string? Source);
}
