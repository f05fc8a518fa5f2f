namespace GradLint.Core.Model;

/// <summary>The distribution families of <c>torch.nn.init</c> and of TorchSharp's own defaults.</summary>
public enum InitializerKind
{
    /// <summary>Not readable from the code: set in a way that could not be followed, or loaded afterwards.</summary>
    Unknown,
    Zeros,
    Ones,
    Constant,
    Eye,
    Dirac,
    Uniform,
    Normal,
    TruncatedNormal,
    XavierUniform,
    XavierNormal,
    KaimingUniform,
    KaimingNormal,
    Orthogonal,
    Sparse,

    /// <summary>U(−1/√fan_in, 1/√fan_in): linear and convolution weights and biases.</summary>
    DefaultFanIn,

    /// <summary>U(−1/√hidden, 1/√hidden): every parameter of RNN, LSTM, GRU and their cells.</summary>
    DefaultHidden,

    /// <summary>Memory as it was found (GroupNorm's affine parameters in TorchSharp 0.104 to 0.107).</summary>
    Uninitialized,
}

/// <summary>How a parameter's values are drawn.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Arguments">Under the names of the TorchSharp function: <c>a</c>, <c>gain</c>, <c>mean</c>, <c>std</c>, <c>val</c>, <c>mode</c>, <c>nonlinearity</c>.</param>
/// <param name="IsExplicit">Whether the user's code asked for it; false for the layer's default.</param>
/// <param name="Origin">The call that set it; <see cref="Model.Origin.None"/> for a default.</param>
public sealed record Initialization(InitializerKind Kind, LayerArguments Arguments, bool IsExplicit, Origin Origin)
{
    public static Initialization Default(InitializerKind kind) => new(kind, LayerArguments.Empty, IsExplicit: false, Origin.None);

    /// <summary>A layer's default that takes an argument, such as PReLU's constant 0.25.</summary>
    public static Initialization DefaultConstant(double value) =>
        new(InitializerKind.Constant, new(new Dictionary<string, object?> { ["val"] = value }), IsExplicit: false, Origin.None);
}
