using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Tests.Knowledge;

/// <summary>Expected names and shapes were read off running modules with <c>named_parameters()</c>.</summary>
public class LayerParametersTests
{
    [Fact]
    public void GroupedConvolutionDividesItsInputChannels() =>
        Assert.Equal(
            ["weight[6,2,3,2]", "bias[6]"],
            Of(LayerKind.Conv2d, ("in_channels", 4L), ("out_channels", 6L), ("kernel_size", new long?[] { 3, 2 }), ("groups", 2L), ("bias", true)));

    [Fact]
    public void TransposedConvolutionDividesItsOutputChannels() =>
        Assert.Equal(
            ["weight[4,3,3,3]", "bias[6]"],
            Of(LayerKind.ConvTranspose2d, ("in_channels", 4L), ("out_channels", 6L), ("kernel_size", 3L), ("groups", 2L)));

    [Fact]
    public void BidirectionalLayersReadBothDirectionsBelow() =>
        Assert.Equal(
            [
                "weight_ih_l0[4,3]", "weight_hh_l0[4,4]", "weight_ih_l0_reverse[4,3]", "weight_hh_l0_reverse[4,4]",
                "weight_ih_l1[4,8]", "weight_hh_l1[4,4]", "weight_ih_l1_reverse[4,8]", "weight_hh_l1_reverse[4,4]",
            ],
            Of(LayerKind.RNN, ("inputSize", 3L), ("hiddenSize", 4L), ("numLayers", 2L), ("bidirectional", true), ("bias", false)));

    [Fact]
    public void LstmStacksFourGates() =>
        Assert.Equal(
            ["weight_ih_l0[16,3]", "weight_hh_l0[16,4]", "bias_ih_l0[16]", "bias_hh_l0[16]"],
            Of(LayerKind.LSTM, ("inputSize", 3L), ("hiddenSize", 4L)));

    [Fact]
    public void AttentionOfUnequalWidthsProjectsSeparately() =>
        Assert.Equal(
            [
                "q_proj_weight[8,8]", "k_proj_weight[8,4]", "v_proj_weight[8,4]", "in_proj_bias[24]",
                "bias_k[1,1,8]", "bias_v[1,1,8]", "out_proj.weight[8,8]", "out_proj.bias[8]",
            ],
            Of(LayerKind.MultiheadAttention, ("embedded_dim", 8L), ("num_heads", 2L), ("kdim", 4L), ("vdim", 4L), ("add_bias_kv", true)));

    [Fact]
    public void TransformerHas34ParametersForOneLayerEach()
    {
        var parameters = Of(LayerKind.Transformer, ("d_model", 8L), ("num_encoder_layers", 1L), ("num_decoder_layers", 1L), ("dim_feedforward", 16L));
        Assert.Equal(34, parameters.Count);
        Assert.Equal("encoder.layers.0.self_attn.in_proj_weight[24,8]", parameters[0]);
        Assert.Contains("decoder.layers.0.multihead_attn.out_proj.bias[8]", parameters);
        Assert.Equal("decoder.norm.bias[8]", parameters[33]);
    }

    [Fact]
    public void LayersWithoutAffineHaveNoParameters()
    {
        Assert.Empty(Of(LayerKind.BatchNorm1d, ("num_features", 3L), ("affine", false)));
        Assert.Empty(Of(LayerKind.LayerNorm, ("normalized_shape", 3L), ("elementwise_affine", false)));
        Assert.Empty(Of(LayerKind.ReLU));
    }

    [Fact]
    public void UnknownSizesStayUnknown() =>
        Assert.Equal(["weight[4,?]", "bias[4]"], Of(LayerKind.Linear, ("inputSize", LayerArguments.Unknown), ("outputSize", 4L)));

    [Fact]
    public void GroupNormIsUninitialised() =>
        Assert.All(
            LayerTable.Describe(LayerKind.GroupNorm).Parameters(Arguments(("num_channels", 4L))),
            parameter => Assert.Equal(InitializerKind.Uninitialized, parameter.Initialization.Kind));

    private static List<string> Of(LayerKind kind, params (string Name, object? Value)[] arguments) =>
        LayerTable.Describe(kind).Parameters(Arguments(arguments))
            .Select(parameter => $"{parameter.Name}[{string.Join(",", parameter.Shape.Select(size => size?.ToString() ?? "?"))}]")
            .ToList();

    private static LayerArguments Arguments(params (string Name, object? Value)[] arguments) =>
        new(arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
}
