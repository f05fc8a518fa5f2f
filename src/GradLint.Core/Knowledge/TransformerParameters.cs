using GradLint.Core.Model;

namespace GradLint.Core.Knowledge;

/// <summary>Parameters of attention and transformer modules, named and ordered as libtorch registers them.</summary>
internal static class TransformerParameters
{
    private static readonly Initialization XavierUniform = Initialization.Default(InitializerKind.XavierUniform);
    private static readonly Initialization XavierNormal = Initialization.Default(InitializerKind.XavierNormal);
    private static readonly Initialization Zeros = Initialization.Default(InitializerKind.Zeros);

    public static IReadOnlyList<LayerParameter> Attention(LayerArguments arguments)
    {
        var width = arguments.Integer("embedded_dim");
        var keys = arguments.Integer("kdim") ?? width;
        var values = arguments.Integer("vdim") ?? width;
        return Attention(width, keys, values, arguments.Flag("bias") ?? true, arguments.Flag("add_bias_kv") ?? false);
    }

    public static IReadOnlyList<LayerParameter> EncoderLayer(LayerArguments arguments)
    {
        var width = arguments.Integer("d_model");
        return
        [
            .. Under("self_attn", Attention(width)),
            .. FeedForward(arguments, width),
            .. Under("norm1", LayerParameters.NormParameters([width])),
            .. Under("norm2", LayerParameters.NormParameters([width])),
        ];
    }

    public static IReadOnlyList<LayerParameter> DecoderLayer(LayerArguments arguments)
    {
        var width = arguments.Integer("d_model");
        return
        [
            .. Under("self_attn", Attention(width)),
            .. Under("multihead_attn", Attention(width)),
            .. FeedForward(arguments, width),
            .. Under("norm1", LayerParameters.NormParameters([width])),
            .. Under("norm2", LayerParameters.NormParameters([width])),
            .. Under("norm3", LayerParameters.NormParameters([width])),
        ];
    }

    /// <summary>Copies of one layer; they start with the values of the layer they are copied from.</summary>
    public static IReadOnlyList<LayerParameter> Stack(IReadOnlyList<LayerParameter> layer, LayerArguments arguments) =>
        Stack(layer, arguments.Integer("num_layers") ?? 0).ToArray();

    /// <summary>Encoder and decoder, each closed by a norm; every matrix Xavier-uniform.</summary>
    public static IReadOnlyList<LayerParameter> Whole(LayerArguments arguments)
    {
        var norm = LayerParameters.NormParameters([arguments.Integer("d_model")]);
        LayerParameter[] parameters =
        [
            .. Under("encoder", Stack(EncoderLayer(arguments), arguments.Integer("num_encoder_layers") ?? 0)),
            .. Under("encoder.norm", norm),
            .. Under("decoder", Stack(DecoderLayer(arguments), arguments.Integer("num_decoder_layers") ?? 0)),
            .. Under("decoder.norm", norm),
        ];
        return parameters
            .Select(parameter => parameter.Shape.Count > 1 ? parameter with { Initialization = XavierUniform } : parameter)
            .ToArray();
    }

    private static IReadOnlyList<LayerParameter> Attention(long? width) => Attention(width, width, width, hasBias: true, hasKeyValueBias: false);

    private static IReadOnlyList<LayerParameter> Attention(long? width, long? keys, long? values, bool hasBias, bool hasKeyValueBias)
    {
        var parameters = new List<LayerParameter>();
        if (keys == width && values == width)
        {
            parameters.Add(new("in_proj_weight", [3 * width, width], XavierUniform));
        }
        else
        {
            parameters.Add(new("q_proj_weight", [width, width], XavierUniform));
            parameters.Add(new("k_proj_weight", [width, keys], XavierUniform));
            parameters.Add(new("v_proj_weight", [width, values], XavierUniform));
        }

        if (hasBias)
            parameters.Add(new("in_proj_bias", [3 * width], Zeros));

        if (hasKeyValueBias)
        {
            parameters.Add(new("bias_k", [1, 1, width], XavierNormal));
            parameters.Add(new("bias_v", [1, 1, width], XavierNormal));
        }

        parameters.AddRange(Under("out_proj", LayerParameters.LinearParameters(width, width, hasBias)
            .Select(parameter => parameter.Name == "bias" ? parameter with { Initialization = Zeros } : parameter)));
        return parameters;
    }

    private static IEnumerable<LayerParameter> FeedForward(LayerArguments arguments, long? width)
    {
        var inner = arguments.Integer("dim_feedforward");
        return Under("linear1", LayerParameters.LinearParameters(width, inner, hasBias: true))
            .Concat(Under("linear2", LayerParameters.LinearParameters(inner, width, hasBias: true)));
    }

    private static IEnumerable<LayerParameter> Stack(IReadOnlyList<LayerParameter> layer, long count)
    {
        for (long index = 0; index < count; index++)
        {
            foreach (var parameter in Under($"layers.{index}", layer))
                yield return parameter;
        }
    }

    private static IEnumerable<LayerParameter> Under(string prefix, IEnumerable<LayerParameter> parameters) =>
        parameters.Select(parameter => parameter with { Name = $"{prefix}.{parameter.Name}" });
}
