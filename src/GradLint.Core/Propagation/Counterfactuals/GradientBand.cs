using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>The ratios that count as healthy, and which of a model's matrices lie outside for certain.</summary>
/// <param name="Min">Below it a gradient vanishes.</param>
/// <param name="Max">Above it a gradient explodes.</param>
public sealed record GradientBand(double Min, double Max)
{
    /// <summary>The matrix nearest the input whose gradient vanishes whatever the code leaves open; null when there is none.</summary>
    public ParameterPrediction? Vanishing(ModelGraph graph, Prediction prediction) => Matrices(graph, prediction)
        .FirstOrDefault(p => p.Log10GradientRatio.High < Math.Log10(Min) && !double.IsNegativeInfinity(p.Log10GradientRatio.Value));

    /// <summary>The matrix whose gradient explodes most.</summary>
    public ParameterPrediction? Exploding(ModelGraph graph, Prediction prediction) => Matrices(graph, prediction)
        .Where(p => p.Log10GradientRatio.Low > Math.Log10(Max)).OrderByDescending(p => p.Log10GradientRatio.Value).FirstOrDefault();

    /// <summary>The first of either.</summary>
    public ParameterPrediction? Outside(ModelGraph graph, Prediction prediction) => Vanishing(graph, prediction) ?? Exploding(graph, prediction);

    /// <summary>The layer whose output overflows: anywhere that of single precision; at the model's output that of half precision, where a loss has long been useless.</summary>
    public LayerPrediction? Overflowing(Prediction prediction) =>
        prediction.Layers.FirstOrDefault(layer => layer.Log10ForwardScale.Low > s_singleRange)
        ?? (prediction.Layers.Count > 0 && prediction.Layers[prediction.Layers.Count - 1] is { } last && last.Log10ForwardScale.Low > s_halfRange ? last : null);

    private static readonly double s_singleRange = Math.Log10(float.MaxValue), s_halfRange = Math.Log10(65504);

    /// <summary>Whether every matrix lies inside, whatever the code leaves open, and no signal overflows.</summary>
    public bool Holds(ModelGraph graph, Prediction prediction) =>
        prediction.IsKnown && prediction.HeadParameter is not null && Overflowing(prediction) is null && Matrices(graph, prediction)
            .All(p => p.Log10GradientRatio.Low >= Math.Log10(Min) && p.Log10GradientRatio.High <= Math.Log10(Max));

    private static IEnumerable<ParameterPrediction> Matrices(ModelGraph graph, Prediction prediction) =>
        prediction.Parameters.Where(p => graph.Parameters[p.Index].Shape.Count >= 2);
}
