namespace GradLint.Runtime.Monitoring;

/// <summary>What a sampled step measures.</summary>
/// <param name="Updates">Whether weights are copied to measure their update.</param>
/// <param name="Histograms">Whether gradients are counted into bins.</param>
/// <param name="Twins">Whether units are compared with each other.</param>
/// <param name="Horizons">Whether memory horizons are measured.</param>
/// <param name="OutputLayer">The output layer as the user names it; null to find it.</param>
/// <param name="IsSpread">Whether the model is on more than one device.</param>
/// <param name="Rows">The window of the weights' rows.</param>
/// <param name="WindowOf">The window that belongs to a module's path.</param>
internal sealed record MeasurementPlan(
    bool Updates, bool Histograms, bool Twins, bool Horizons, string? OutputLayer, bool IsSpread, RowWindow Rows, Func<string, UnitWindow> WindowOf);
