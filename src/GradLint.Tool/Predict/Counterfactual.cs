using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.Tool.Predict;

/// <summary>What a remedy is predicted to do to the gradient ratio that is out of the band.</summary>
/// <param name="Remedy">For a person: <c>ReLU + He initialization</c>.</param>
/// <param name="Parameter">Path of the parameter whose ratio is out of the band.</param>
/// <param name="Before">Its gradient ratio as the code is.</param>
/// <param name="After">The same with the remedy.</param>
internal sealed record Counterfactual(string Remedy, string Parameter, double Before, double After)
{
    /// <summary>Every remedy predicted to bring all matrices into the band, best first; empty where none is out of it.</summary>
    public static IReadOnlyList<Counterfactual> For(ModelGraph graph, Prediction prediction, GradientBand band, LayerKind preferred, PredictionOptions options)
    {
        if (!prediction.IsKnown || band.Outside(graph, prediction) is not { } outside) return [];
        var before = Math.Pow(10, outside.Log10GradientRatio.Value);
        return Counterfactuals.For(graph, outside.Index, band, options, preferred)
            .Select(remedy => new Counterfactual($"{remedy}", outside.Path, before, remedy.GradientRatio))
            .ToArray();
    }
}
