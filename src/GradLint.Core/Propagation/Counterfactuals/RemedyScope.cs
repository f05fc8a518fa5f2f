using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>What of a model a remedy may change.</summary>
/// <param name="Activations">Ids of the saturating activations that another one may replace.</param>
/// <param name="ActivationWeights">Indices of the weights that feed them.</param>
/// <param name="Weights">Indices of the weights that may be drawn anew while the activations stay.</param>
public sealed record RemedyScope(IReadOnlyList<int> Activations, IReadOnlyList<int> ActivationWeights, IReadOnlyList<int> Weights)
{
    /// <summary>For a gradient out of the band: the saturating chain behind the parameter, and all weights that feed an activation.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="parameter">Index of the parameter whose gradient is out of the band.</param>
    /// <param name="weights">Indices of the weights that may be drawn anew; null for all that feed an activation.</param>
    public static RemedyScope Of(ModelGraph graph, int parameter, IReadOnlyList<int>? weights = null)
    {
        var chain = SaturatingChain.Behind(graph, parameter);
        return new(chain?.Activations ?? [], chain?.Weights ?? [], weights ?? FittingInitialization.FedActivations(graph).Keys.OrderBy(index => index).ToArray());
    }
}
