using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Another activation in all of a chain, with the initialiser that fits it, and what that is predicted to do.</summary>
/// <param name="Activation">What replaces the saturating activations.</param>
/// <param name="Initializer">The initialiser of the weights that feed them; null to leave them as they are.</param>
/// <param name="GradientRatio">Predicted gradient ratio of the layer that was starved.</param>
public sealed record ActivationRemedy(LayerKind Activation, string? Initializer, double GradientRatio)
{
    private static readonly (LayerKind Activation, string Initializer, Initialization Weights)[] Candidates =
    [
        Kaiming(LayerKind.ReLU, 0, "ReLU"),
        Kaiming(LayerKind.LeakyReLU, 0.01, "LeakyReLU"),
        Kaiming(LayerKind.PReLU, 0.25, "LeakyReLU"),
        Kaiming(LayerKind.ELU, 0, "ReLU"),
        Kaiming(LayerKind.GELU, 0, "ReLU"),
        Kaiming(LayerKind.SiLU, 0, "ReLU"),
        (LayerKind.SELU, "LeCun", Explicit(InitializerKind.KaimingNormal, 0, "Linear")),
    ];

    /// <summary>
    /// The remedies predicted to bring every matrix into the band, best first: the preferred activation, then by how close to 1.
    /// </summary>
    public static IReadOnlyList<ActivationRemedy> For(
        ModelGraph graph, SaturatingChain chain, int starved, LayerKind preferred, double minRatio, double maxRatio, PredictionOptions options) =>
        Candidates
            .Select(candidate => (candidate, Prediction: Predictor.Predict(
                graph.WithActivation(chain.Activations, candidate.Activation).WithInitialization(chain.Weights, candidate.Weights), options)))
            .Where(tried => IsInBand(tried.Prediction, graph, minRatio, maxRatio))
            .Select(tried => new ActivationRemedy(tried.candidate.Activation, tried.candidate.Initializer, RatioOf(tried.Prediction, starved)))
            .OrderByDescending(remedy => remedy.Activation == preferred)
            .ThenBy(remedy => Math.Abs(Math.Log10(remedy.GradientRatio)))
            .ToArray();

    /// <summary>For example <c>ReLU + He initialization</c>.</summary>
    public override string ToString() => Initializer is null ? $"{Activation}" : $"{Activation} + {Initializer} initialization";

    private static bool IsInBand(Prediction prediction, ModelGraph graph, double minRatio, double maxRatio) =>
        prediction.IsKnown && prediction.Parameters.Count > 0 && prediction.Parameters
            .Where(parameter => graph.Parameters[parameter.Index].Shape.Count >= 2)
            .All(parameter => parameter.Log10GradientRatio.Low >= Math.Log10(minRatio) && parameter.Log10GradientRatio.High <= Math.Log10(maxRatio));

    private static double RatioOf(Prediction prediction, int parameter) =>
        Math.Pow(10, prediction.Parameters.First(candidate => candidate.Index == parameter).Log10GradientRatio.Value);

    private static (LayerKind, string, Initialization) Kaiming(LayerKind activation, double slope, string nonlinearity) =>
        (activation, "He", Explicit(InitializerKind.KaimingNormal, slope, nonlinearity));

    private static Initialization Explicit(InitializerKind kind, double slope, string nonlinearity) => new(
        kind,
        new(new Dictionary<string, object?> { ["a"] = slope, ["mode"] = "FanIn", ["nonlinearity"] = nonlinearity }),
        IsExplicit: true,
        Origin.None);
}
