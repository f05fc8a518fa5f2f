using GradLint.Core.Model;
using static GradLint.Core.Knowledge.LayerTraits;

namespace GradLint.Core.Knowledge;

/// <summary>
/// Every kind of layer: what it is called in TorchSharp, what it means, and (through <see cref="LayerParameters"/>)
/// which parameters it owns and how TorchSharp initialises them. The only place that knows these names.
/// </summary>
public static class LayerTable
{
    private static readonly LayerDescription[] Rows =
    [
        Row(LayerKind.Unknown, None),
        Row(LayerKind.Input, None),
        Row(LayerKind.Constant, None),
        Row(LayerKind.Identity, Shape, ["Identity"], [], ["alias", "clone", "contiguous", "to", "cpu", "cuda", "mps", "float", "double", "half", "bfloat16", "to_type", "type_as", "pin_memory", "positive", "to_dense", "resolve_conj", "resolve_neg"]),

        Row(LayerKind.Linear, Weighted, ["Linear"], ["linear"]),
        Row(LayerKind.Bilinear, Weighted | Join, ["Bilinear"], ["bilinear"]),
        Row(LayerKind.Conv1d, Weighted | Convolution, ["Conv1d"], ["conv1d", "conv1d_padding"]),
        Row(LayerKind.Conv2d, Weighted | Convolution, ["Conv2d"], ["conv2d", "conv2d_padding"]),
        Row(LayerKind.Conv3d, Weighted | Convolution, ["Conv3d"], ["conv3d", "conv3d_padding"]),
        Row(LayerKind.ConvTranspose1d, Weighted | Convolution, ["ConvTranspose1d"], ["conv_transpose1d"]),
        Row(LayerKind.ConvTranspose2d, Weighted | Convolution, ["ConvTranspose2d"], ["conv_transpose2d"]),
        Row(LayerKind.ConvTranspose3d, Weighted | Convolution, ["ConvTranspose3d"], ["conv_transpose3d"]),
        Row(LayerKind.Embedding, LayerTraits.Embedding | NativeBacked, ["Embedding"]),
        Row(LayerKind.EmbeddingBag, LayerTraits.Embedding | NativeBacked, ["EmbeddingBag"]),

        Row(LayerKind.RNN, Weighted | Recurrent | NativeBacked, ["RNN"]),
        Row(LayerKind.LSTM, Weighted | Recurrent | NativeBacked, ["LSTM"]),
        Row(LayerKind.GRU, Weighted | Recurrent | NativeBacked, ["GRU"]),
        Row(LayerKind.RNNCell, Weighted | Recurrent | NativeBacked, ["RNNCell"]),
        Row(LayerKind.LSTMCell, Weighted | Recurrent | NativeBacked, ["LSTMCell"]),
        Row(LayerKind.GRUCell, Weighted | Recurrent | NativeBacked, ["GRUCell"]),

        Row(LayerKind.MultiheadAttention, Weighted | Attention | Join | NativeBacked, ["MultiheadAttention"]),
        Row(LayerKind.ScaledDotProductAttention, Attention | Join, [], ["scaled_dot_product_attention"]),
        Row(LayerKind.TransformerEncoderLayer, Weighted | Attention | Normalizing | NativeBacked, ["TransformerEncoderLayer"]),
        Row(LayerKind.TransformerDecoderLayer, Weighted | Attention | Normalizing | Join | NativeBacked, ["TransformerDecoderLayer"]),
        Row(LayerKind.TransformerEncoder, Weighted | Attention | Normalizing | NativeBacked, ["TransformerEncoder"]),
        Row(LayerKind.TransformerDecoder, Weighted | Attention | Normalizing | Join | NativeBacked, ["TransformerDecoder"]),
        Row(LayerKind.Transformer, Weighted | Attention | Normalizing | Join | NativeBacked, ["Transformer"]),

        Row(LayerKind.ReLU, Activation | Rectifying, ["ReLU"], ["relu"], ["relu"]),
        Row(LayerKind.ReLU6, Activation | Rectifying, ["ReLU6"], ["relu6"], ["relu6"]),
        Row(LayerKind.LeakyReLU, Activation | Rectifying, ["LeakyReLU"], ["leaky_relu"], ["leaky_relu"]),
        Row(LayerKind.PReLU, Activation | Rectifying, ["PReLU"], ["prelu"], ["prelu"]),
        Row(LayerKind.RReLU, Activation | Rectifying, ["RReLU"], ["rrelu"], ["rrelu"]),
        Row(LayerKind.ELU, Activation | Rectifying, ["ELU"], ["elu"], ["elu"]),
        Row(LayerKind.CELU, Activation | Rectifying, ["CELU"], ["celu"], ["celu"]),
        Row(LayerKind.SELU, Activation | Rectifying, ["SELU"], ["selu"], ["selu"]),
        Row(LayerKind.GELU, Activation | Rectifying, ["GELU"], ["gelu"], ["gelu"]),
        Row(LayerKind.SiLU, Activation | Rectifying, ["SiLU"], ["silu", "SiLU"], ["silu"]),
        Row(LayerKind.Mish, Activation | Rectifying, ["Mish"], ["mish", "Mish"]),
        Row(LayerKind.Sigmoid, Activation | Saturating, ["Sigmoid"], ["sigmoid"], ["sigmoid"]),
        Row(LayerKind.LogSigmoid, Activation, ["LogSigmoid"], ["logsigmoid"], ["log_sigmoid"]),
        Row(LayerKind.Hardsigmoid, Activation | Saturating, ["Hardsigmoid"], ["hardsigmoid"], ["hardsigmoid"]),
        Row(LayerKind.Tanh, Activation | Saturating, ["Tanh"], ["tanh"], ["tanh"]),
        Row(LayerKind.Hardtanh, Activation | Saturating, ["Hardtanh"], ["hardtanh", "Hardtanh"], ["hardtanh"]),
        Row(LayerKind.Softplus, Activation | Rectifying, ["Softplus"], ["softplus"], ["softplus"]),
        Row(LayerKind.Softsign, Activation | Saturating, ["Softsign"], ["softsign", "Softsign"]),
        Row(LayerKind.Softshrink, Activation, ["Softshrink"], ["softshrink", "Softshrink"]),
        Row(LayerKind.Hardshrink, Activation, ["Hardshrink"], ["hardshrink", "Hardshrink"]),
        Row(LayerKind.Tanhshrink, Activation, ["Tanhshrink"], ["tanhshrink", "Tanhshrink"]),
        Row(LayerKind.Hardswish, Activation | Rectifying, ["Hardswish"], ["hardswish"], ["hardswish"]),
        Row(LayerKind.Threshold, Activation, ["Threshold"], ["threshold", "Threshold"], ["threshold"]),
        Row(LayerKind.GLU, Activation, ["GLU"], ["glu"], ["glu"]),
        Row(LayerKind.Softmin, Activation | Probability, ["Softmin"], ["softmin"]),
        Row(LayerKind.Softmax, Activation | Probability, ["Softmax"], ["softmax"], ["softmax"]),
        Row(LayerKind.LogSoftmax, Activation | Probability, ["LogSoftmax"], ["log_softmax"], ["log_softmax"]),
        Row(LayerKind.Softmax2d, Activation | Probability, ["Softmax2d"], ["softmax2d"]),
        Row(LayerKind.Sine, Activation, [], [], ["sin"]),
        Row(LayerKind.Cosine, Activation, [], [], ["cos"]),
        Row(LayerKind.Erf, Activation | Saturating, [], [], ["erf"]),
        Row(LayerKind.Pointwise, Activation, []),

        Row(LayerKind.BatchNorm1d, Normalizing, ["BatchNorm1d"]),
        Row(LayerKind.BatchNorm2d, Normalizing, ["BatchNorm2d"]),
        Row(LayerKind.BatchNorm3d, Normalizing, ["BatchNorm3d"]),
        Row(LayerKind.BatchNorm, Normalizing, [], ["batch_norm"]),
        Row(LayerKind.LayerNorm, Normalizing, ["LayerNorm"], ["layer_norm"]),
        Row(LayerKind.GroupNorm, Normalizing, ["GroupNorm"], ["group_norm"]),
        Row(LayerKind.InstanceNorm1d, Normalizing, ["InstanceNorm1d"]),
        Row(LayerKind.InstanceNorm2d, Normalizing, ["InstanceNorm2d"]),
        Row(LayerKind.InstanceNorm3d, Normalizing, ["InstanceNorm3d"]),
        Row(LayerKind.InstanceNorm, Normalizing, [], ["instance_norm"]),
        Row(LayerKind.LocalResponseNorm, Normalizing, ["LocalResponseNorm"], ["local_response_norm"]),
        Row(LayerKind.Normalize, Normalizing, [], ["normalize"]),

        Row(LayerKind.Dropout, LayerTraits.Dropout, ["Dropout"], ["dropout"]),
        Row(LayerKind.Dropout1d, LayerTraits.Dropout, ["Dropout1d"], ["dropout1d"]),
        Row(LayerKind.Dropout2d, LayerTraits.Dropout, ["Dropout2d"], ["dropout2d"]),
        Row(LayerKind.Dropout3d, LayerTraits.Dropout, ["Dropout3d"], ["dropout3d"]),
        Row(LayerKind.AlphaDropout, LayerTraits.Dropout, ["AlphaDropout"], ["alpha_dropout"]),
        Row(LayerKind.FeatureAlphaDropout, LayerTraits.Dropout, ["FeatureAlphaDropout"], ["feature_alpha_dropout"]),

        Row(LayerKind.MaxPool1d, Pooling, ["MaxPool1d"], ["max_pool1d", "max_pool1d_with_indices"]),
        Row(LayerKind.MaxPool2d, Pooling, ["MaxPool2d"], ["max_pool2d", "max_pool2d_with_indices"]),
        Row(LayerKind.MaxPool3d, Pooling, ["MaxPool3d"], ["max_pool3d", "max_pool3d_with_indices"]),
        Row(LayerKind.AvgPool1d, Pooling, ["AvgPool1d"], ["avg_pool1d"]),
        Row(LayerKind.AvgPool2d, Pooling, ["AvgPool2d"], ["avg_pool2d"]),
        Row(LayerKind.AvgPool3d, Pooling, ["AvgPool3d"], ["avg_pool3d"]),
        Row(LayerKind.AdaptiveMaxPool1d, Pooling, ["AdaptiveMaxPool1d"], ["adaptive_max_pool1d"]),
        Row(LayerKind.AdaptiveMaxPool2d, Pooling, ["AdaptiveMaxPool2d"], ["adaptive_max_pool2d"]),
        Row(LayerKind.AdaptiveMaxPool3d, Pooling, ["AdaptiveMaxPool3d"], ["adaptive_max_pool3d"]),
        Row(LayerKind.AdaptiveAvgPool1d, Pooling, ["AdaptiveAvgPool1d"], ["adaptive_avg_pool1d"]),
        Row(LayerKind.AdaptiveAvgPool2d, Pooling, ["AdaptiveAvgPool2d"], ["adaptive_avg_pool2d"]),
        Row(LayerKind.AdaptiveAvgPool3d, Pooling, ["AdaptiveAvgPool3d"], ["adaptive_avg_pool3d"]),
        Row(LayerKind.LPPool1d, Pooling, ["LPPool1d"], ["lp_pool1d"]),
        Row(LayerKind.LPPool2d, Pooling, ["LPPool2d"], ["lp_pool2d"]),
        Row(LayerKind.FractionalMaxPool2d, Pooling, ["FractionalMaxPool2d"], ["fractional_max_pool2d"]),
        Row(LayerKind.Upsample, None, ["Upsample"], ["upsample", "interpolate", "upsample_bilinear", "upsample_nearest"]),
        Row(LayerKind.PixelShuffle, Shape, ["PixelShuffle"], ["pixel_shuffle"]),
        Row(LayerKind.PixelUnshuffle, Shape, ["PixelUnshuffle"], ["pixel_unshuffle"]),
        Row(LayerKind.Pad, Shape, ["ZeroPad2d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d"], ["pad"]),
        Row(LayerKind.Unfold, Shape, ["Unfold"], ["unfold"], ["unfold"]),
        Row(LayerKind.Fold, None, ["Fold"], ["fold"]),

        Row(LayerKind.Add, Join, [], [], ["add"]),
        Row(LayerKind.Subtract, Join, [], [], ["sub", "subtract"]),
        Row(LayerKind.Multiply, Join, [], [], ["mul", "multiply"]),
        Row(LayerKind.Divide, Join, [], [], ["div", "divide", "true_divide"]),
        Row(LayerKind.MatMul, Join, [], [], ["matmul", "mm", "bmm", "mv", "dot", "inner", "outer"]),
        Row(LayerKind.Einsum, Join, [], [], ["einsum"]),
        Row(LayerKind.Where, Join, [], [], ["where"]),
        Row(LayerKind.Maximum, Join, [], [], ["maximum", "fmax"]),
        Row(LayerKind.Minimum, Join, [], [], ["minimum", "fmin"]),
        Row(LayerKind.CosineSimilarity, Join, ["CosineSimilarity"], ["cosine_similarity"]),
        Row(LayerKind.Concat, Join, [], [], ["cat", "concat", "concatenate"]),
        Row(LayerKind.Stack, Join, [], [], ["stack"]),

        Row(LayerKind.Flatten, Shape, ["Flatten"], [], ["flatten", "ravel"]),
        Row(LayerKind.Unflatten, Shape, ["Unflatten"], [], ["unflatten"]),
        Row(LayerKind.Reshape, Shape, [], [], ["reshape", "view", "view_as"]),
        Row(LayerKind.Transpose, Shape, [], [], ["transpose", "swapaxes", "swapdims", "t"]),
        Row(LayerKind.Permute, Shape, [], [], ["permute", "movedim", "moveaxis"]),
        Row(LayerKind.Rearrange, Shape, ["ChannelShuffle"], [], ["flip", "fliplr", "flipud", "roll", "rot90", "channel_shuffle"]),
        Row(LayerKind.Squeeze, Shape, [], [], ["squeeze"]),
        Row(LayerKind.Unsqueeze, Shape, [], [], ["unsqueeze"]),
        Row(LayerKind.Expand, Shape, [], [], ["expand", "expand_as", "broadcast_to", "repeat", "tile", "repeat_interleave"]),
        Row(LayerKind.Select, Shape, [], [], ["select", "index", "index_select", "gather", "take", "take_along_dim", "diagonal"]),
        Row(LayerKind.Slice, Shape, [], [], ["slice", "narrow"]),
        Row(LayerKind.Split, Shape, [], [], ["split", "chunk", "tensor_split", "unbind"]),
        Row(LayerKind.IndexAssign, Join, [], [], ["index_put_", "slice_scatter", "select_scatter"]),
        Row(LayerKind.MaskedFill, None, [], [], ["masked_fill", "tril", "triu"]),

        Row(LayerKind.Mean, Reduction, [], [], ["mean"]),
        Row(LayerKind.Sum, Reduction, [], [], ["sum"]),
        Row(LayerKind.Max, Reduction, [], [], ["max", "amax"]),
        Row(LayerKind.Min, Reduction, [], [], ["min", "amin"]),
        Row(LayerKind.Variance, Reduction, [], [], ["var"]),
        Row(LayerKind.StandardDeviation, Reduction, [], [], ["std"]),
        Row(LayerKind.Norm, Reduction, [], [], ["norm"]),
        Row(LayerKind.LogSumExp, Reduction, [], [], ["logsumexp"]),
        Row(LayerKind.CumulativeSum, None, [], [], ["cumsum"]),
        Row(LayerKind.Scale, None),
        Row(LayerKind.Shift, None),
        Row(LayerKind.Power, None, [], [], ["pow", "square"]),
        Row(LayerKind.Sqrt, None, [], [], ["sqrt"]),
        Row(LayerKind.ReciprocalSqrt, None, [], [], ["rsqrt"]),
        Row(LayerKind.Reciprocal, None, [], [], ["reciprocal"]),
        Row(LayerKind.Exp, None, [], [], ["exp"]),
        Row(LayerKind.Log, None, [], [], ["log"]),
        Row(LayerKind.Abs, None, [], [], ["abs", "absolute"]),
        Row(LayerKind.Clamp, None, [], [], ["clamp", "clip", "clamp_min", "clamp_max"]),
        Row(LayerKind.Negate, None, [], [], ["neg", "negative"]),
        Row(LayerKind.Detach, None, [], [], ["detach"]),
    ];

    private static readonly Dictionary<LayerKind, LayerDescription> ByKind = Rows.ToDictionary(row => row.Kind);
    private static readonly Dictionary<string, LayerKind> ByModule = Index(row => row.Modules);
    private static readonly Dictionary<string, LayerKind> ByFunction = Index(row => row.Functions);
    private static readonly Dictionary<string, LayerKind> ByOperation = Index(row => row.Operations);

    /// <summary>Arguments that some forms of an operation spell differently from the module that does the same.</summary>
    private static readonly Dictionary<string, string> ArgumentSynonyms = new()
    {
        ["strides"] = "stride",
        ["dimension"] = "dim",
        ["dimensions"] = "dim",
    };

    public static IReadOnlyList<LayerDescription> All => Rows;

    public static LayerDescription Describe(LayerKind kind) => ByKind[kind];

    public static bool Has(LayerKind kind, LayerTraits traits) => ByKind[kind].Has(traits);

    /// <summary>The kind of a type in <c>TorchSharp.Modules</c>, or of its factory in <c>torch.nn</c>; null for one that is no layer.</summary>
    public static LayerKind? OfModule(string name) => Find(ByModule, name);

    /// <summary>The kind of a function in <c>torch.nn.functional</c>.</summary>
    public static LayerKind? OfFunction(string name) => Find(ByFunction, name);

    /// <summary>The kind of a method of <c>torch.Tensor</c> or a function of <c>torch</c>, in-place forms included.</summary>
    public static LayerKind? OfOperation(string name) =>
        Find(ByOperation, name) ?? (IsInPlace(name) ? Find(ByOperation, name.Substring(0, name.Length - 1)) : null);

    /// <summary>Whether a tensor method changes its receiver: <c>relu_</c>.</summary>
    public static bool IsInPlace(string operation) => operation.Length > 1 && operation[operation.Length - 1] == '_';

    /// <summary>The name under which <see cref="LayerArguments"/> holds an argument.</summary>
    public static string ArgumentName(string parameterName) =>
        ArgumentSynonyms.TryGetValue(parameterName, out var canonical) ? canonical : parameterName;

    private static LayerDescription Row(LayerKind kind, LayerTraits traits, string[]? modules = null, string[]? functions = null, string[]? operations = null) =>
        new(kind, traits, modules ?? [], functions ?? [], operations ?? []);

    private static Dictionary<string, LayerKind> Index(Func<LayerDescription, IReadOnlyList<string>> names) =>
        Rows.SelectMany(row => names(row).Select(name => (name, row.Kind))).ToDictionary(pair => pair.name, pair => pair.Kind, StringComparer.Ordinal);

    private static LayerKind? Find(Dictionary<string, LayerKind> index, string name) =>
        index.TryGetValue(name, out var kind) ? kind : null;
}
