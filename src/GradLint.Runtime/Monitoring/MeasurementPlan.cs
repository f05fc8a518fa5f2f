using GradLint.Runtime.Measurement;

namespace GradLint.Runtime.Monitoring;

/// <summary>What a sampled step measures.</summary>
/// <param name="Groups">The parameters that are measured together.</param>
/// <param name="Weights">Copies of the weights, to measure their update; null where it is not measured.</param>
/// <param name="Histograms">Whether gradients are counted into bins.</param>
/// <param name="Twins">Whether units are compared with each other.</param>
/// <param name="Horizons">Whether memory horizons are measured.</param>
/// <param name="OutputLayers">The output layers; empty where they are not known.</param>
/// <param name="IsSpread">Whether the model is on more than one device.</param>
/// <param name="Windows">What is remembered of units.</param>
internal sealed record MeasurementPlan(
    ParameterGroups Groups, WeightCopies? Weights, bool Histograms, bool Twins, bool Horizons, IReadOnlyList<string> OutputLayers, bool IsSpread, UnitWindows Windows);
