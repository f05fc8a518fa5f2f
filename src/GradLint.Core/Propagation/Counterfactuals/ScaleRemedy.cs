using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Weights whose initialiser alone takes the gradient out of the band: the fitting one in their place brings it back.</summary>
/// <param name="Weights">Indices of the weights.</param>
/// <param name="Initializer">The name of the one that fits the most of them.</param>
/// <param name="GradientRatio">Predicted with it, of the parameter that was out of the band.</param>
public sealed record ScaleRemedy(IReadOnlyList<int> Weights, string Initializer, double GradientRatio)
{
    /// <summary>Scales written out by hand: <c>normal_(w, 0, 0.01)</c>, <c>uniform_</c>, <c>constant_</c>, <c>trunc_normal_</c>.</summary>
    public static ScaleRemedy? ForHandWrittenScales(ModelGraph graph, ParameterPrediction outside, GradientBand band, PredictionOptions options) =>
        For(graph, outside, band, options, (initialization, _) => initialization is
        {
            IsExplicit: true,
            Kind: InitializerKind.Normal or InitializerKind.Uniform or InitializerKind.TruncatedNormal or InitializerKind.Constant or InitializerKind.Sparse,
        });

    /// <summary>TorchSharp's default before activations of the ReLU family.</summary>
    public static ScaleRemedy? ForDefaults(ModelGraph graph, ParameterPrediction outside, GradientBand band, PredictionOptions options) =>
        For(graph, outside, band, options, (initialization, activation) =>
            !initialization.IsExplicit && initialization.Kind == InitializerKind.DefaultFanIn && LayerTable.Has(activation, LayerTraits.Rectifying));

    /// <summary>Schemes made for another activation.</summary>
    public static ScaleRemedy? ForMismatches(ModelGraph graph, ParameterPrediction outside, GradientBand band, PredictionOptions options) =>
        For(graph, outside, band, options, IsMismatch);

    /// <summary>Schemes made for another activation: Xavier before ReLU, He before tanh or sigmoid, other than LeCun before SELU.</summary>
    public static IReadOnlyList<KeyValuePair<int, LayerKind>> Mismatched(ModelGraph graph) =>
        FittingInitialization.FedActivations(graph).Where(pair => IsMismatch(graph.Parameters[pair.Key].Initialization, pair.Value)).ToArray();

    private static bool IsMismatch(Initialization initialization, LayerKind activation)
    {
        if (!initialization.IsExplicit) return false;
        var isXavier = initialization.Kind is InitializerKind.XavierNormal or InitializerKind.XavierUniform;
        var isHe = initialization.Kind is InitializerKind.KaimingNormal or InitializerKind.KaimingUniform
            && initialization.Arguments.Text("nonlinearity") is null or TorchSharpNames.Nonlinearities.ReLU or TorchSharpNames.Nonlinearities.LeakyReLU;
        if (activation == LayerKind.SELU) return isHe || isXavier;
        if (LayerTable.Has(activation, LayerTraits.Saturating)) return isHe;
        return isXavier && LayerTable.Has(activation, LayerTraits.Rectifying) && initialization.Arguments.Number("gain") is null or 1;
    }

    private static ScaleRemedy? For(
        ModelGraph graph, ParameterPrediction outside, GradientBand band, PredictionOptions options, Func<Initialization, LayerKind, bool> isSuspect)
    {
        var suspects = FittingInitialization.FedActivations(graph).Where(pair => isSuspect(graph.Parameters[pair.Key].Initialization, pair.Value)).ToArray();
        if (suspects.Length == 0) return null;
        var edited = Predictor.Predict(FittingInitialization.Applied(graph, suspects), options);
        if (!band.Holds(graph, edited)) return null;
        var name = suspects.GroupBy(s => FittingInitialization.For(s.Value).Name).OrderByDescending(g => g.Count()).First().Key;
        return new(
            suspects.Select(s => s.Key).OrderBy(index => index).ToArray(), name,
            Math.Pow(10, edited.Parameters.First(p => p.Index == outside.Index).Log10GradientRatio.Value));
    }
}
