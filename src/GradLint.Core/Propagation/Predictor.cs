using GradLint.Core.Model;
using GradLint.Core.Propagation.Patterns;

namespace GradLint.Core.Propagation;

/// <summary>Predicts the gradient at every layer of a model at initialisation, by mean-field signal propagation.</summary>
public static class Predictor
{
    /// <summary>Predicts; throws on no graph that keeps the contract of <see cref="ModelGraph"/>, unless it is cancelled.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">What to assume where the code is silent.</param>
    public static Prediction Predict(ModelGraph graph, PredictionOptions options)
    {
        if (graph.Status == GraphStatus.Unknown || graph.Outputs.Count == 0)
            return Prediction.Failed(graph.Reasons.FirstOrDefault() ?? new("the model's forward could not be read", graph.Origin));

        var profiles = new List<ScenarioProfile>();
        var seen = graph.WithAttentionFused().WithRootMeanSquareFused().WithCellsFused();
        foreach (var scenario in Scenario.For(seen, options))
        {
            var run = ModelPropagation.Run(seen.Unrolled(scenario.RepeatCount).WithPointwiseFused(), scenario, options, out var unknown);
            if (run is null) return Prediction.Failed(graph.Reasons.Count > 0 ? graph.Reasons[0] : unknown!);
            profiles.Add(ScenarioProfile.Of(graph, run));
        }

        return Combine(graph, profiles);
    }

    /// <summary>The first profile's values, with the range over all.</summary>
    private static Prediction Combine(ModelGraph graph, IReadOnlyList<ScenarioProfile> profiles)
    {
        var usual = profiles[0];
        var parameters = new List<ParameterPrediction>();
        for (var i = 0; i < graph.Parameters.Count; i++)
        {
            if (usual.Log10Ratio(i) is not null)
                parameters.Add(new(i, graph.Parameters[i].Path, Over(p => p.Log10Ratio(i) ?? double.NaN)));
        }

        var layers = usual.Layers.Select((layer, i) => new LayerPrediction(
            layer.Node,
            Over(p => p.Layers[i].Log10Gain),
            Over(p => p.Layers[i].Log10ForwardScale),
            Over(p => p.Layers[i].Log10OutputGradientRatio),
            Over(p => p.Layers[i].SampleCorrelation),
            layer.DeadShare)).ToArray();
        var correlation = usual.HeadCorrelation is null ? (Estimate?)null : Over(p => p.HeadCorrelation ?? double.NaN);
        return new(parameters, layers, usual.Head, correlation, usual.MemoryHorizons, []);

        Estimate Over(Func<ScenarioProfile, double> select)
        {
            var values = profiles.Select(select).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).ToArray();
            return new(select(usual), values.Min(), values.Max());
        }
    }
}
