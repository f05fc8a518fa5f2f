using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Why a model's gradient or signal is out of range: the one change that alone would mend it.</summary>
public enum GradientCause
{
    /// <summary>Scales written by hand; the fitting initialiser in their place mends it.</summary>
    HandWrittenScale,

    /// <summary>Initialisers made for another activation; the fitting one mends it.</summary>
    MismatchedInitializer,

    /// <summary>TorchSharp's default before the ReLU family; He initialisation mends it.</summary>
    DefaultInitialization,

    /// <summary>Saturating activations; another activation mends it.</summary>
    SaturatingActivations,

    /// <summary>None of these alone.</summary>
    Other,
}

/// <summary>
/// A gradient ratio out of the band, or a signal out of the range of numbers, with its cause: whatever lets a rule speak keeps all
/// others silent. Causes are tried from the smallest change of the code to the largest.
/// </summary>
/// <param name="Parameter">The matrix whose ratio is out of the band; the output layer's, for a signal.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Layer">Where the signal is out of range; null for a gradient.</param>
/// <param name="Cause">What alone mends it.</param>
/// <param name="Scale">The initialisers to change, where they are the cause.</param>
/// <param name="Remedies">All that would mend it, best first; those for initialisers as the cause redraw <paramref name="Scale"/>'s weights only.</param>
public sealed record GradientFault(
    ParameterPrediction Parameter, GradientFaultKind Kind, LayerPrediction? Layer, GradientCause Cause, ScaleRemedy? Scale, IReadOnlyList<PredictedRemedy> Remedies)
{
    /// <summary>Null where all is in range, or the prediction does not tell.</summary>
    public static GradientFault? Of(ModelGraph graph, Prediction prediction, GradientBand band, PredictionOptions options, LayerKind preferred)
    {
        if (!prediction.IsKnown || prediction.HeadParameter is not { } head) return null;
        var layer = band.Overflowing(prediction);
        var outside = band.Vanishing(graph, prediction);
        var kind = GradientFaultKind.Vanishing;
        if (outside is null && (outside = band.Exploding(graph, prediction)) is not null) kind = GradientFaultKind.Exploding;
        if (outside is not null) layer = null;
        else if (layer is null) return null;
        else (outside, kind) = (prediction.Parameters.First(p => p.Index == head), GradientFaultKind.Overflowing);

        var (cause, scale) = ScaleRemedy.ForHandWrittenScales(graph, outside, band, options) is { } written ? (GradientCause.HandWrittenScale, written)
            : ScaleRemedy.ForMismatches(graph, outside, band, options) is { } mismatched ? (GradientCause.MismatchedInitializer, mismatched)
            : ScaleRemedy.ForDefaults(graph, outside, band, options) is { } defaults ? (GradientCause.DefaultInitialization, defaults)
            : (GradientCause.Other, (ScaleRemedy?)null);
        var remedies = Counterfactuals.For(graph, outside.Index, band, options, preferred, scale?.Weights);
        if (cause == GradientCause.Other && kind == GradientFaultKind.Vanishing && remedies.Any(remedy => remedy.Recipe is { Activation: not null, IsCombined: false })
            && SaturatingChain.Behind(graph, outside.Index) is not null)
            cause = GradientCause.SaturatingActivations;
        return new(outside, kind, layer, cause, scale, remedies);
    }
}

/// <summary>What of a model is out of range.</summary>
public enum GradientFaultKind
{
    Vanishing,
    Exploding,

    /// <summary>The signal on its way forward.</summary>
    Overflowing,
}
