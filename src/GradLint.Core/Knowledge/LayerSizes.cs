using GradLint.Core.Model;

namespace GradLint.Core.Knowledge;

/// <summary>What TorchSharp calls the sizes of a linear layer or convolution.</summary>
public static class LayerSizes
{
    /// <summary>The parameter with the features or channels that come in.</summary>
    public static string Input(LayerKind kind) => kind == LayerKind.Linear ? "inputSize" : "in_channels";

    /// <summary>The parameter with the features or channels that go out.</summary>
    public static string Output(LayerKind kind) => kind == LayerKind.Linear ? "outputSize" : "out_channels";
}
