using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Accuracy;

/// <summary>A model's prediction against its measurement.</summary>
/// <param name="Source">The model.</param>
/// <param name="Error">Largest |predicted − measured| of log10 ratio over its weights; infinite when unknown.</param>
/// <param name="Worst">Which weight, or why unknown.</param>
/// <param name="TimeError">The like over time steps above 1e-3 of the last; null where time is not measured.</param>
/// <param name="HorizonHolds">Whether the memory horizon is right; null where it is not measured.</param>
internal sealed record Comparison(ModelSource Source, double Error, string Worst, double? TimeError, bool? HorizonHolds)
{
    /// <summary>Half a decade.</summary>
    public const double Tolerance = 0.5;

    /// <summary>An interval wider than this is no prediction.</summary>
    private const double WidestInterval = 1;

    private const double HorizonLevel = -3;

    public bool Holds => Error <= Tolerance && !(TimeError > Tolerance) && HorizonHolds != false;

    public static Comparison Of(ModelSource source, ModelBatch batch, int seeds, long firstSeed)
    {
        var graph = batch.Extract(source.TypeName);
        var prediction = Predictor.Predict(graph, new()
        {
            BatchSize = Measurement.BatchSize,
            SequenceLength = source.SequenceLength,
            SpatialSize = source.SpatialSize,
        });
        var measured = Measurement.Of(source, batch, seeds, firstSeed);
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head)
            return new(source, double.PositiveInfinity, prediction.Unknown.FirstOrDefault()?.Text ?? "no head", null, null);

        var (error, worst) = WorstWeight(graph, prediction, measured, graph.Parameters[head].Path);
        var (timeError, horizonHolds) = InTime(prediction, measured);
        return new(source, error, worst, timeError, horizonHolds);
    }

    private static (double Error, string Worst) WorstWeight(ModelGraph graph, Prediction prediction, Measurement measured, string head)
    {
        var (error, worst) = (0.0, "");
        var predicted = prediction.Parameters.ToDictionary(p => p.Path, p => p.Log10GradientRatio);
        foreach (var (name, norm) in measured.Log10Norms.Where(pair => pair.Key.Contains("weight") && pair.Value > Measurement.Floor))
        {
            var ratio = norm - measured.Log10Norms[head];
            if (!predicted.TryGetValue(name, out var estimate) || !(estimate.Width <= WidestInterval))
                return (double.PositiveInfinity, $"{name} is not predicted");
            if (Math.Abs(estimate.Value - ratio) <= error) continue;
            (error, worst) = (Math.Abs(estimate.Value - ratio), FormattableString.Invariant($"{name}: predicted {estimate.Value:F2}, measured {ratio:F2}"));
        }

        return (error, worst);
    }

    private static (double? Error, bool? HorizonHolds) InTime(Prediction prediction, Measurement measured)
    {
        if (measured.Log10ByStep.Count == 0) return (null, null);
        var horizon = prediction.MemoryHorizons[0];
        var decay = measured.Log10ByStep.Select(log => log - measured.Log10ByStep[0]).ToArray();
        var error = 0.0;
        for (var back = 0; back < decay.Length && decay[back] > HorizonLevel; back++)
            error = Math.Max(error, Math.Abs(decay[back] - horizon.Log10Decay[back]));
        var steps = Array.FindIndex(decay, d => d < HorizonLevel);
        if (steps < 0) return (error, horizon.StepsToThousandth >= decay.Length - 1 - Math.Max(1, 0.25 * decay.Length));
        return (error, Math.Abs(horizon.StepsToThousandth - steps) <= Math.Max(1, 0.25 * steps));
    }
}
