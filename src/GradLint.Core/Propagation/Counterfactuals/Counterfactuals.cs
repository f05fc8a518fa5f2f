using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Finds what would mend a gradient that is out of the band, by predicting the model again with each change made.</summary>
public static class Counterfactuals
{
    /// <summary>Within this many decades of 1 a ratio is as good as any other.</summary>
    private const double Close = 1;

    /// <summary>Decades that the signal may grow. Of residual stacks that let it grow more, measured ratios are more than half a decade off what is predicted.</summary>
    private const double LargestGrowth = 1.5;

    /// <summary>Each remedy tried is one more prediction of all operations: of the largest models only the first few are.</summary>
    private const int MostPredictedNodes = 30_000;

    private static readonly LayerKind[] Activations =
        [LayerKind.ReLU, LayerKind.LeakyReLU, LayerKind.PReLU, LayerKind.ELU, LayerKind.GELU, LayerKind.SiLU, LayerKind.SELU];

    private static readonly Normalization[] Norms = [Normalization.Layer, Normalization.Batch];

    private static readonly RemedyRecipe[] Single =
    [
        .. Activations.Select(activation => new RemedyRecipe(activation, Initializes: true)),
        new(Initializes: true),
        .. Norms.Select(norm => new RemedyRecipe(Normalization: norm)),
        new(Shortcut: Shortcut.Residual),
        new(Shortcut: Shortcut.ScaledResidual),
    ];

    /// <summary>What does more to the code than <see cref="Shortcut.Residual"/>, for where that is not enough.</summary>
    private static readonly RemedyRecipe[] Wrappers = [new(Shortcut: Shortcut.ReZero), new(Shortcut: Shortcut.StochasticDepth), new(Shortcut: Shortcut.Highway)];

    /// <summary>
    /// The remedies predicted to bring every matrix into the band, the signal being bounded, best first: those whose ratio is about 1, and of these
    /// the ones that change the least (values before norms before shortcuts), the preferred activation ahead. Combined
    /// ones are tried only where no single one serves, ReZero, stochastic depth and highways only where plain residual connections do not.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="parameter">Index of the parameter whose gradient is out of the band.</param>
    /// <param name="band">Where every matrix has to end up.</param>
    /// <param name="options">What the prediction assumes where the code is silent.</param>
    /// <param name="preferred">The activation to prefer.</param>
    /// <param name="weights">Indices of the weights that may be drawn anew; null for all that feed an activation.</param>
    /// <param name="maxHeadCorrelation">What the correlation of two samples at the output layer must stay below as well.</param>
    public static IReadOnlyList<PredictedRemedy> For(
        ModelGraph graph, int parameter, GradientBand band, PredictionOptions options,
        LayerKind preferred = LayerKind.ReLU, IReadOnlyList<int>? weights = null, double maxHeadCorrelation = double.PositiveInfinity)
    {
        var most = Math.Max(1, MostPredictedNodes / graph.Nodes.Count);
        var scope = RemedyScope.Of(graph, parameter, weights);
        var remedies = Predicted(Single);
        if (remedies.Count == 0)
            remedies = Predicted(Combined(preferred));
        if (!remedies.Any(remedy => remedy.Recipe is { Shortcut: Shortcut.Residual, IsCombined: false }))
            remedies = [.. remedies, .. Predicted(Wrappers)];
        return remedies
            .OrderBy(remedy => Distance(remedy) > Close)
            .ThenBy(remedy => Intrusion(remedy.Recipe))
            .ThenByDescending(remedy => remedy.Recipe.Activation == preferred)
            .ThenBy(Distance)
            .ToArray();

        IReadOnlyList<PredictedRemedy> Predicted(IEnumerable<RemedyRecipe> recipes) => recipes.Take(most)
            .Select(recipe => Predict(recipe, graph, scope, parameter, options, (edited, prediction) =>
                band.Holds(edited, prediction) && IsBounded(prediction, options) && !(prediction.HeadSampleCorrelation?.High >= maxHeadCorrelation)))
            .OfType<PredictedRemedy>()
            .ToArray();
    }

    /// <summary>Whether the signal stays within sight of the input's scale: beyond, the first step's loss is beyond measure, and so is what the ratio means.</summary>
    private static bool IsBounded(Prediction prediction, PredictionOptions options) =>
        prediction.Layers.All(layer => !(layer.Log10ForwardScale.Value > (Math.Log10(options.InputSecondMoment) / 2) + LargestGrowth));

    private static PredictedRemedy? Predict(
        RemedyRecipe recipe, ModelGraph graph, RemedyScope scope, int parameter, PredictionOptions options, Func<ModelGraph, Prediction, bool> isMended)
    {
        if (ModelEdit.Of(recipe, graph, scope) is not { } edit) return null;
        var edited = edit.Begun(graph);
        var prediction = Predictor.Predict(edited, options);
        if (!isMended(edited, prediction) || prediction.Parameters.FirstOrDefault(p => p.Index == parameter) is not { } mended) return null;
        return new(recipe, edit, Math.Pow(10, mended.Log10GradientRatio.Value), prediction.HeadSampleCorrelation?.Value);
    }

    private static IEnumerable<RemedyRecipe> Combined(LayerKind preferred) =>
    [
        .. Norms.Select(norm => new RemedyRecipe(Initializes: true, Normalization: norm)),
        .. Norms.Select(norm => new RemedyRecipe(preferred, Initializes: true, Normalization: norm)),
        new(Initializes: true, Shortcut: Shortcut.Residual),
        new(Initializes: true, Shortcut: Shortcut.ScaledResidual),
        new(preferred, Initializes: true, Shortcut: Shortcut.Residual),
        .. Norms.Select(norm => new RemedyRecipe(Normalization: norm, Shortcut: Shortcut.Residual)),
        .. Norms.Select(norm => new RemedyRecipe(Initializes: true, Normalization: norm, Shortcut: Shortcut.Residual)),
    ];

    private static double Distance(PredictedRemedy remedy) => Math.Abs(Math.Log10(remedy.GradientRatio));

    /// <summary>How much of the model's shape a remedy changes.</summary>
    private static int Intrusion(RemedyRecipe recipe) =>
        (recipe.Normalization == Normalization.None ? 0 : 1) + recipe.Shortcut switch
    {
        Shortcut.None => 0,
        Shortcut.Residual or Shortcut.ScaledResidual => 2,
        _ => 3,
    };
}
