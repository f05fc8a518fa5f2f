using GradLint.Core.Model;

namespace GradLint.Core.Knowledge;

/// <summary>
/// The parameters each layer owns, in the order TorchSharp registers them, with their shapes and default distributions.
/// A flag that the code does not tell counts as set: the parameter may exist.
/// </summary>
public static class LayerParameters
{
    /// <summary>How the names of the matrices begin that carry a recurrent layer's state from step to step.</summary>
    public const string RecurrentWeight = "weight_hh";

    private static readonly Initialization FanIn = Initialization.Default(InitializerKind.DefaultFanIn);
    private static readonly Initialization Hidden = Initialization.Default(InitializerKind.DefaultHidden);
    private static readonly Initialization Ones = Initialization.Default(InitializerKind.Ones);
    private static readonly Initialization Zeros = Initialization.Default(InitializerKind.Zeros);
    private static readonly Initialization Uninitialized = Initialization.Default(InitializerKind.Uninitialized);

    private static readonly Initialization StandardNormal = new(
        InitializerKind.Normal,
        new(new Dictionary<string, object?> { ["mean"] = 0.0, ["std"] = 1.0 }),
        IsExplicit: false,
        Origin.None);

    public static IReadOnlyList<LayerParameter> Of(LayerKind kind, LayerArguments arguments) => kind switch
    {
        LayerKind.Linear => Linear(arguments),
        LayerKind.Bilinear => Bilinear(arguments),
        LayerKind.Conv1d => Convolution(arguments, 1),
        LayerKind.Conv2d => Convolution(arguments, 2),
        LayerKind.Conv3d => Convolution(arguments, 3),
        LayerKind.ConvTranspose1d => TransposedConvolution(arguments, 1),
        LayerKind.ConvTranspose2d => TransposedConvolution(arguments, 2),
        LayerKind.ConvTranspose3d => TransposedConvolution(arguments, 3),
        LayerKind.Embedding or LayerKind.EmbeddingBag =>
            [new("weight", [arguments.Integer("num_embeddings"), arguments.Integer("embedding_dims")], StandardNormal)],
        LayerKind.RNN => Recurrent(arguments, gates: 1),
        LayerKind.LSTM => Recurrent(arguments, gates: 4),
        LayerKind.GRU => Recurrent(arguments, gates: 3),
        LayerKind.RNNCell => Cell(arguments, gates: 1),
        LayerKind.LSTMCell => Cell(arguments, gates: 4),
        LayerKind.GRUCell => Cell(arguments, gates: 3),
        LayerKind.MultiheadAttention => TransformerParameters.Attention(arguments),
        LayerKind.TransformerEncoderLayer => TransformerParameters.EncoderLayer(arguments),
        LayerKind.TransformerDecoderLayer => TransformerParameters.DecoderLayer(arguments),
        LayerKind.TransformerEncoder => TransformerParameters.Stack(TransformerParameters.EncoderLayer(arguments), arguments),
        LayerKind.TransformerDecoder => TransformerParameters.Stack(TransformerParameters.DecoderLayer(arguments), arguments),
        LayerKind.Transformer => TransformerParameters.Whole(arguments),
        LayerKind.PReLU =>
            [new("weight", [arguments.Integer("num_parameters")], arguments.IsUnknown("init")
                ? Initialization.Default(InitializerKind.Constant)
                : Initialization.DefaultConstant(arguments.Number("init") ?? 0.25))],
        LayerKind.BatchNorm1d or LayerKind.BatchNorm2d or LayerKind.BatchNorm3d => Affine([arguments.Integer("num_features")], arguments, "affine", Ones, Zeros),
        LayerKind.InstanceNorm1d or LayerKind.InstanceNorm2d or LayerKind.InstanceNorm3d => Affine([arguments.Integer("num_features")], arguments, "affine", Ones, Zeros),
        LayerKind.GroupNorm => Affine([arguments.Integer("num_channels")], arguments, "affine", Uninitialized, Uninitialized),
        LayerKind.LayerNorm => LayerNorm(arguments),
        _ => [],
    };

    internal static LayerParameter[] LinearParameters(long? inputs, long? outputs, bool hasBias) =>
        WithBias(new("weight", [outputs, inputs], FanIn), new("bias", [outputs], FanIn), hasBias);

    internal static LayerParameter[] NormParameters(IReadOnlyList<long?> shape) =>
        [new("weight", shape, Ones), new("bias", shape, Zeros)];

    private static IReadOnlyList<LayerParameter> Linear(LayerArguments arguments) =>
        LinearParameters(arguments.Integer("inputSize"), arguments.Integer("outputSize"), IsSet(arguments, "hasBias"));

    private static IReadOnlyList<LayerParameter> Bilinear(LayerArguments arguments)
    {
        var inputs = arguments.Integer("in1_features");
        var outputs = arguments.Integer("out_features");
        var initialization = inputs is { } count ? SymmetricUniform(1 / Math.Sqrt(count)) : Initialization.Default(InitializerKind.Unknown);
        return WithBias(
            new("weight", [outputs, inputs, arguments.Integer("in2_features")], initialization),
            new("bias", [outputs], initialization),
            IsSet(arguments, "hasBias"));
    }

    private static IReadOnlyList<LayerParameter> Convolution(LayerArguments arguments, int dimensions)
    {
        var outputs = arguments.Integer("out_channels");
        return WithBias(
            new("weight", [outputs, PerGroup(arguments, "in_channels"), .. Kernel(arguments, dimensions)], FanIn),
            new("bias", [outputs], FanIn),
            IsSet(arguments, "bias"));
    }

    private static IReadOnlyList<LayerParameter> TransposedConvolution(LayerArguments arguments, int dimensions) =>
        WithBias(
            new("weight", [arguments.Integer("in_channels"), PerGroup(arguments, "out_channels"), .. Kernel(arguments, dimensions)], FanIn),
            new("bias", [arguments.Integer("out_channels")], FanIn),
            IsSet(arguments, "bias"));

    private static long? PerGroup(LayerArguments arguments, string channels) =>
        arguments.IsUnknown("groups") || arguments.Integer("groups") is 0
            ? null
            : arguments.Integer(channels) / (arguments.Integer("groups") ?? 1);

    private static IEnumerable<long?> Kernel(LayerArguments arguments, int dimensions) =>
        arguments.Sizes("kernel_size", dimensions) is { } sizes && sizes.Count == dimensions
            ? sizes
            : Enumerable.Repeat<long?>(null, dimensions);

    /// <summary>Layers × directions × (weight_ih, weight_hh, bias_ih, bias_hh), as libtorch's RNN base registers them.</summary>
    private static IReadOnlyList<LayerParameter> Recurrent(LayerArguments arguments, int gates)
    {
        var inputs = arguments.Integer("inputSize");
        var hidden = arguments.Integer("hiddenSize");
        var layers = arguments.Integer("numLayers") ?? 1;
        var directions = arguments.Flag("bidirectional") == true ? 2 : 1;
        var hasBias = IsSet(arguments, "bias");

        var parameters = new List<LayerParameter>();
        for (var layer = 0; layer < layers; layer++)
        {
            for (var direction = 0; direction < directions; direction++)
            {
                var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                AddGates(parameters, suffix, layer == 0 ? inputs : hidden * directions, hidden, gates, hasBias);
            }
        }
        return parameters;
    }

    private static IReadOnlyList<LayerParameter> Cell(LayerArguments arguments, int gates)
    {
        var parameters = new List<LayerParameter>();
        AddGates(parameters, suffix: "", arguments.Integer("inputSize"), arguments.Integer("hiddenSize"), gates, IsSet(arguments, "bias"));
        return parameters;
    }

    private static void AddGates(List<LayerParameter> parameters, string suffix, long? inputs, long? hidden, int gates, bool hasBias)
    {
        parameters.Add(new("weight_ih" + suffix, [gates * hidden, inputs], Hidden));
        parameters.Add(new(RecurrentWeight + suffix, [gates * hidden, hidden], Hidden));
        if (!hasBias)
            return;

        parameters.Add(new("bias_ih" + suffix, [gates * hidden], Hidden));
        parameters.Add(new("bias_hh" + suffix, [gates * hidden], Hidden));
    }

    private static IReadOnlyList<LayerParameter> LayerNorm(LayerArguments arguments)
    {
        var shape = arguments.Sizes("normalized_shape", 1) ?? [null];
        if (!IsSet(arguments, "elementwise_affine"))
            return [];

        return WithBias(new("weight", shape, Ones), new("bias", shape, Zeros), IsSet(arguments, "bias"));
    }

    private static IReadOnlyList<LayerParameter> Affine(IReadOnlyList<long?> shape, LayerArguments arguments, string flag, Initialization weight, Initialization bias) =>
        IsSet(arguments, flag) ? [new("weight", shape, weight), new("bias", shape, bias)] : [];

    private static bool IsSet(LayerArguments arguments, string flag) => arguments.Flag(flag) ?? true;

    private static LayerParameter[] WithBias(LayerParameter weight, LayerParameter bias, bool hasBias) => hasBias ? [weight, bias] : [weight];

    private static Initialization SymmetricUniform(double bound) => new(
        InitializerKind.Uniform,
        new(new Dictionary<string, object?> { ["low"] = -bound, ["high"] = bound }),
        IsExplicit: false,
        Origin.None);
}
