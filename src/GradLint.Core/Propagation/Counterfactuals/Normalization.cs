namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>Which norm a remedy puts before activations.</summary>
public enum Normalization
{
    None,

    /// <summary>Over the features of each sample.</summary>
    Layer,

    /// <summary>Over the batch, for each feature or channel.</summary>
    Batch,
}
