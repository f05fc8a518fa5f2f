namespace GradLint.Core.Knowledge;

/// <summary>What a <see cref="Model.LayerKind"/> means for signal and gradient.</summary>
[Flags]
public enum LayerTraits
{
    None = 0,

    /// <summary>Multiplies by a learned matrix: linear, convolution, recurrent, attention.</summary>
    Weighted = 1 << 0,
    Convolution = 1 << 1,
    Recurrent = 1 << 2,
    Attention = 1 << 3,
    Embedding = 1 << 4,

    /// <summary>A non-linearity applied to each element, or (softmax, GLU) along one dimension.</summary>
    Activation = 1 << 5,

    /// <summary>An activation that is bounded on both sides: its derivative vanishes for large input of either sign.</summary>
    Saturating = 1 << 6,

    /// <summary>An activation of the ReLU family: identity, or nearly so, for positive input.</summary>
    Rectifying = 1 << 7,

    /// <summary>Rescales to unit variance over a batch, a layer, a group or an instance.</summary>
    Normalizing = 1 << 8,
    Dropout = 1 << 9,
    Pooling = 1 << 10,

    /// <summary>Combines several tensors.</summary>
    Join = 1 << 11,

    /// <summary>The same elements in another arrangement, or a part of them; no arithmetic.</summary>
    Shape = 1 << 12,
    Reduction = 1 << 13,

    /// <summary>Implemented by a native module: its children are invisible to <c>named_modules()</c> and hooks.</summary>
    NativeBacked = 1 << 14,

    /// <summary>Probabilities or log-probabilities over a dimension.</summary>
    Probability = 1 << 15,
}
