namespace GradLint.Core.Model;

/// <summary>What a node of the <see cref="ModelGraph"/> applies. TorchSharp's names for them are in the layer table.</summary>
public enum LayerKind
{
    /// <summary>An operation the extractor could not follow.</summary>
    Unknown,

    /// <summary>An argument of <c>forward</c>.</summary>
    Input,

    /// <summary>A tensor that does not depend on the input: a constant, buffer, mask or bare parameter.</summary>
    Constant,
    Identity,

    // Weighted sums.
    Linear, Bilinear,
    Conv1d, Conv2d, Conv3d,
    ConvTranspose1d, ConvTranspose2d, ConvTranspose3d,
    Embedding, EmbeddingBag,

    // Recurrent.
    RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell,

    // Attention.
    MultiheadAttention, ScaledDotProductAttention,
    TransformerEncoderLayer, TransformerDecoderLayer, TransformerEncoder, TransformerDecoder, Transformer,

    // Activations.
    ReLU, ReLU6, LeakyReLU, PReLU, RReLU, ELU, CELU, SELU, GELU, SiLU, Mish,
    Sigmoid, LogSigmoid, Hardsigmoid, Tanh, Hardtanh, Softplus, Softsign, Softshrink, Hardshrink, Tanhshrink,
    Hardswish, Threshold, GLU, Softmin, Softmax, LogSoftmax, Softmax2d,
    Sine, Cosine, Erf,

    /// <summary>What several operations on each element of one tensor amount to, in a prediction; no code is read as it.</summary>
    Pointwise,

    // Normalisation.
    BatchNorm1d, BatchNorm2d, BatchNorm3d,
    LayerNorm, GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LocalResponseNorm,

    /// <summary>The functional form, whose dimensions only the input tells.</summary>
    BatchNorm,

    /// <inheritdoc cref="BatchNorm"/>
    InstanceNorm,

    /// <summary>Division by the norm along a dimension.</summary>
    Normalize,

    // Dropout.
    Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout,

    // Pooling and resampling.
    MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d,
    AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d,
    LPPool1d, LPPool2d, FractionalMaxPool2d, Upsample, PixelShuffle, PixelUnshuffle, Pad, Unfold, Fold,

    // Joins.
    Add, Subtract, Multiply, Divide, MatMul, Einsum, Where, Maximum, Minimum, CosineSimilarity, Concat, Stack,

    // Shape: the same elements in another arrangement, or a part of them.
    Flatten, Unflatten, Reshape, Transpose, Permute, Squeeze, Unsqueeze, Expand, Select, Slice, Split,

    /// <summary>The same elements within the same dimensions: flip, roll, channel shuffle.</summary>
    Rearrange,

    /// <summary>Elements overwritten under a mask: <c>masked_fill</c>, <c>tril</c>.</summary>
    MaskedFill,

    /// <summary>A part of the first tensor overwritten by the second: <c>x[i] = y</c>.</summary>
    IndexAssign,

    // Reductions and scalar arithmetic.
    Mean, Sum, Max, Min, Variance, StandardDeviation, Norm, LogSumExp, CumulativeSum,
    Power, Sqrt, ReciprocalSqrt, Reciprocal, Exp, Log, Abs, Clamp, Negate,

    /// <summary>Multiplication by a scalar, the argument <c>factor</c>.</summary>
    Scale,

    /// <summary>Addition of a scalar, the argument <c>offset</c>.</summary>
    Shift,

    /// <summary>Cuts the graph: <c>detach()</c> or a value that left autograd.</summary>
    Detach,
}
