using System.Globalization;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary>A model's gradient by layer as a table with bars, its memory in time, and what each remedy would do.</summary>
internal sealed class GradientProfile(PredictedModel model)
{
    public const string Legend =
        "signal: RMS of the output; gain: RMS of the gradient at the input over that at the output; gradient: norm of the weight's gradient over the head's.";

    private const int WidestBar = 40, NarrowestBar = 8;

    // Ranges narrower than a factor of two say less than the number itself is worth.
    private static readonly double s_notableWidth = Math.Log10(2);

    private readonly ModelGraph _graph = model.Graph;
    private readonly Prediction _prediction = model.Prediction;

    public void Print(IAnsiConsole console)
    {
        var rows = Rows().ToArray();
        if (rows.Length == 0) return;
        var table = Table(rows, bar: null);
        var room = Math.Min(console.Profile.Width - table.WidthWithoutFirst - rows.Max(row => row.Name.Length) - 4, WidestBar);
        if (room >= NarrowestBar)
            table = Table(rows, Bar(rows.Select(row => row.Log10Gradient), room, console));
        table.Print(console);

        foreach (var horizon in _prediction.MemoryHorizons)
            PrintHorizon(console, horizon);
        if (_prediction.HeadSampleCorrelation is { Value: > 0.99 } correlation)
            console.MarkupLineInterpolated($"  two inputs reach the head with a correlation of {correlation.Value.ToString("0.####", CultureInfo.InvariantCulture)}");
        PrintCounterfactuals(console, rows);
    }

    private TextTable Table(IReadOnlyList<Row> rows, LogBar? bar)
    {
        var table = new TextTable(
            new("layer"), new("kind"), new("signal", IsNumber: true), new("gain", IsNumber: true),
            new("gradient", IsNumber: true), new("range", IsNumber: true), new(bar?.Axis ?? ""), new(""));
        foreach (var row in rows)
        {
            table.Add(
                row.Name, row.Kind, Number(row.Layer?.Log10ForwardScale.Value), row.Kind == nameof(LayerKind.Embedding) ? "" : Number(row.Layer?.Log10Gain.Value),
                new(Number(row.Gradient?.Value), row.Color), Range(row.Gradient),
                new(bar?.Of(row.Log10Gradient) ?? "", row.Color), new(row.Note, row.Color));
        }

        return table;
    }

    /// <summary>Layers and functions that change the gradient, in the order of forward; a layer used twice stands where it is used first.</summary>
    private IEnumerable<Row> Rows()
    {
        const LayerTraits Shown = LayerTraits.Activation | LayerTraits.Normalizing | LayerTraits.Weighted | LayerTraits.Recurrent;
        var layers = _prediction.Layers.ToDictionary(layer => layer.Node);
        var gradients = _prediction.Parameters.ToDictionary(parameter => parameter.Index, parameter => parameter.Log10GradientRatio);
        var seen = new HashSet<string>();
        foreach (var node in _graph.Nodes)
        {
            var layer = layers.GetValueOrDefault(node.Id);
            var weights = node.Parameters.Where(gradients.ContainsKey).ToArray();
            if (weights.Length == 0 && (layer is null || (LayerTable.Describe(node.Kind).Traits & Shown) == 0)) continue;
            if (node.Path is not null && !seen.Add(node.Path)) continue;

            var matrices = weights.Where(index => _graph.Parameters[index].Shape.Count >= 2).ToArray();
            int?[] shown = matrices.Length > 0 ? [.. matrices.Cast<int?>()] : [weights.Length > 0 ? weights[0] : null];
            foreach (var (index, isFirst) in shown.Select((index, i) => (index, i == 0)))
            {
                var name = shown.Length > 1 ? _graph.Parameters[index!.Value].Path : node.Path ?? $"({node.Kind.ToString().ToLowerInvariant()})";
                yield return new(name, isFirst ? node.Kind.ToString() : "", isFirst ? layer : null, index is null ? null : gradients[index.Value])
                {
                    Band = matrices.Length > 0 ? model.Band : null,
                };
            }
        }
    }

    private void PrintHorizon(IAnsiConsole console, MemoryHorizon horizon)
    {
        var name = _graph.Nodes[horizon.Node].Path ?? _graph.Nodes[horizon.Node].Kind.ToString();
        var simulated = horizon.Log10Decay.Count;
        console.MarkupLineInterpolated(
            $"  memory of '{name}': gradient falls to 1/e³ in {Steps(horizon.StepsToE3)}, to 1E-3 in {Steps(horizon.StepsToThousandth)} ({Number(Math.Log10(horizon.FactorPerStep))} a step)");

        string Steps(double steps) => double.IsInfinity(steps) ? $"more than {simulated} steps" : $"{steps.ToString("0", CultureInfo.InvariantCulture)} steps";
    }

    private void PrintCounterfactuals(IAnsiConsole console, IReadOnlyList<Row> rows)
    {
        if (model.Counterfactuals.Count == 0) return;
        var before = model.Counterfactuals[0];
        console.WriteLine();
        console.MarkupLineInterpolated($"  gradient reaching '{before.Parameter}' if changed:");
        var table = new TextTable(new("remedy"), new("gradient", IsNumber: true), new(""));
        var bar = Bar(model.Counterfactuals.Select(c => Math.Log10(c.After)).Append(Math.Log10(before.Before)), Math.Min(WidestBar, Math.Max(console.Profile.Width - 60, NarrowestBar)), console);
        table.Add("as it is", Number(Math.Log10(before.Before)), bar.Of(Math.Log10(before.Before)));
        foreach (var counterfactual in model.Counterfactuals)
            table.Add(counterfactual.Remedy, new(Number(Math.Log10(counterfactual.After)), "green"), new(bar.Of(Math.Log10(counterfactual.After)), "green"));
        table.Print(console);
    }

    /// <summary>From the decade below the least value to the one above the greatest, 1 always among them.</summary>
    private static LogBar Bar(IEnumerable<double> log10, int width, IAnsiConsole console)
    {
        var finite = log10.Where(double.IsFinite).Append(0).ToArray();
        var (low, high) = (Math.Floor(finite.Min() - 0.2), Math.Ceiling(finite.Max() - 0.2));
        return new(low, Math.Max(high, low + 1), width, console.Profile.Capabilities.Unicode);
    }

    private static string Range(Estimate? gradient) =>
        gradient is { } estimate && estimate.Width >= s_notableWidth ? $"{Number(estimate.Low)}–{Number(estimate.High)}" : "";

    /// <summary>Two digits of 10 to the power of <paramref name="log10"/>; nothing for a number that is not there.</summary>
    private static string Number(double? log10)
    {
        if (log10 is not { } exponent || double.IsNaN(exponent)) return "";
        if (double.IsNegativeInfinity(exponent)) return "0";
        var format = exponent switch
        {
            < -2 or >= 4 => "0.0E+0",
            < -1 => "0.000",
            < 1 => "0.00",
            < 2 => "0.0",
            _ => "0",
        };
        return Math.Pow(10, exponent).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <param name="Name">Module path, parameter path, or the function in brackets.</param>
    /// <param name="Layer">What the node does to signal and gradient; null in a second row of the same node.</param>
    /// <param name="Gradient">log10 of the weight's gradient ratio; of the scale's, for a norm.</param>
    private sealed record Row(string Name, string Kind, LayerPrediction? Layer, Estimate? Gradient)
    {
        /// <summary>What the ratio is judged by; null for vectors, which no rule judges.</summary>
        public GradientBand? Band { get; init; }

        public double Log10Gradient => Gradient?.Value ?? double.NaN;

        public string? Color => Gradient is null ? null : Band is null ? "grey" : Verdict is "" ? "green" : "red";

        public string Note => string.Join(", ", new[] { Verdict, Dead }.Where(note => note.Length > 0));

        private string Verdict => Gradient is not { } gradient || Band is not { } band ? ""
            : gradient.Value < Math.Log10(band.Min) ? "vanishing"
            : gradient.Value > Math.Log10(band.Max) ? "exploding" : "";

        private string Dead => Layer?.DeadShare is > 0.1 and var share ? $"{share.ToString("P0", CultureInfo.InvariantCulture)} of units dead" : "";
    }
}
