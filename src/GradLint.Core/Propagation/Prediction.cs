using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>A predicted number with the range it may lie in because of what the code leaves open.</summary>
public readonly record struct Estimate(double Value, double Low, double High)
{
    public double Width => High - Low;
}

/// <summary>What a model is predicted to do with its gradient at initialisation.</summary>
/// <param name="Parameters">In the model's order. A parameter that gets no gradient, or that cannot be predicted, has no ratio.</param>
/// <param name="Layers">One entry a node of the model that carries the gradient from the output towards the input, in forward order.</param>
/// <param name="HeadParameter">Index in the model of the output layer's weight, which the ratios are relative to; null when unknown.</param>
/// <param name="HeadSampleCorrelation">
/// Correlation between two samples of what enters the output layer: 1 when it can no longer tell them apart.
/// </param>
/// <param name="MemoryHorizons">Of each recurrent layer.</param>
/// <param name="Unknown">What could not be predicted and why; empty when all was.</param>
public sealed record Prediction(
    IReadOnlyList<ParameterPrediction> Parameters,
    IReadOnlyList<LayerPrediction> Layers,
    int? HeadParameter,
    Estimate? HeadSampleCorrelation,
    IReadOnlyList<MemoryHorizon> MemoryHorizons,
    IReadOnlyList<UnknownReason> Unknown)
{
    public bool IsKnown => Unknown.Count == 0;

    public static Prediction Failed(UnknownReason reason) => new([], [], null, null, [], [reason]);
}

/// <summary>A parameter's gradient.</summary>
/// <param name="Index">In <see cref="ModelGraph.Parameters"/>.</param>
/// <param name="Path">As <c>named_parameters()</c> gives it.</param>
/// <param name="Log10GradientRatio">log10 of ‖∂L/∂p‖ over that of the output layer's weight; −∞ for a gradient of exactly 0.</param>
public sealed record ParameterPrediction(int Index, string Path, Estimate Log10GradientRatio);

/// <summary>A layer's signal and gradient.</summary>
/// <param name="Node">Id in <see cref="ModelGraph.Nodes"/>.</param>
/// <param name="Log10Gain">log10 of the RMS of ∂L/∂input over that of ∂L/∂output, per element.</param>
/// <param name="Log10ForwardScale">log10 of the RMS of the layer's output.</param>
/// <param name="Log10OutputGradientRatio">log10 of the norm of ∂L/∂output over that at the model's output.</param>
/// <param name="SampleCorrelation">Correlation of the output between two samples.</param>
/// <param name="DeadShare">Share of units predicted to be inactive for every input; null for layers without dead units.</param>
public sealed record LayerPrediction(
    int Node,
    Estimate Log10Gain,
    Estimate Log10ForwardScale,
    Estimate Log10OutputGradientRatio,
    Estimate SampleCorrelation,
    double? DeadShare);

/// <summary>How far back in time a recurrent layer's gradient reaches.</summary>
/// <param name="Node">Id in <see cref="ModelGraph.Nodes"/>.</param>
/// <param name="FactorPerStep">The gradient's asymptotic factor a step.</param>
/// <param name="StepsToE3">Steps until it has fallen to 1/e³; <see cref="double.PositiveInfinity"/> when it does not.</param>
/// <param name="StepsToThousandth">Steps until it has fallen to 1e-3.</param>
/// <param name="Log10Decay">log10 of the gradient at the input by steps back from the last, relative to the last.</param>
public sealed record MemoryHorizon(int Node, double FactorPerStep, double StepsToE3, double StepsToThousandth, IReadOnlyList<double> Log10Decay);
