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

    /// <summary>The logarithm of U(low, high): the forget-gate biases of Tallec and Ollivier 2018.</summary>
    LogUniform,

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
    /// <summary>Runs of rows that are drawn differently, none overlapping another: the forget gates of an LSTM's bias. Of vectors only.</summary>
    public IReadOnlyList<RowInitialization> Rows { get; init; } = [];

    /// <summary>The same with other values in a run of rows; null where that run overlaps another in part.</summary>
    public Initialization? WithRows(RowRange range, Initialization values)
    {
        var others = Rows.Where(row => !range.Contains(row.Range)).ToArray();
        return others.Any(row => row.Range.Overlaps(range)) ? null : this with { Rows = [.. others, new(range, values)] };
    }

    public static Initialization Default(InitializerKind kind) => new(kind, LayerArguments.Empty, IsExplicit: false, Origin.None);

    /// <summary>A layer's default that takes an argument, such as PReLU's constant 0.25.</summary>
    public static Initialization DefaultConstant(double value) =>
        new(InitializerKind.Constant, new(new Dictionary<string, object?> { ["val"] = value }), IsExplicit: false, Origin.None);
}

/// <summary>Rows of a vector that are drawn differently from the others.</summary>
/// <param name="Range">Which.</param>
/// <param name="Initialization">How.</param>
public sealed record RowInitialization(RowRange Range, Initialization Initialization);

/// <summary>A run of rows as shares of all of them: [0.25, 0.5) is the second quarter, however many rows there are.</summary>
public readonly record struct RowRange(double From, double To)
{
    public bool Contains(RowRange other) => From <= other.From && other.To <= To;

    public bool Contains(double place) => From <= place && place < To;

    public bool Overlaps(RowRange other) => From < other.To && other.From < To;
}
