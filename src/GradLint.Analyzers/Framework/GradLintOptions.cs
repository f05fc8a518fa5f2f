using GradLint.Core.Model;
using Microsoft.CodeAnalysis.Diagnostics;
using static GradLint.Analyzers.Framework.AnalyzerOptionFactory;

namespace GradLint.Analyzers.Framework;

/// <summary>The settings of the rules, as <c>.editorconfig</c> gives them for one file.</summary>
/// <param name="MinGradientRatio">A layer's gradient over the last layer's, below which it counts as vanishing.</param>
/// <param name="MaxGradientRatio">… above which it counts as exploding.</param>
/// <param name="PreferredActivation">What a fix puts in the place of a saturating activation, where it is predicted to serve.</param>
/// <param name="ClipNorm">The norm that an inserted <c>clip_grad_norm_</c> clips at.</param>
/// <param name="InputSecondMoment">Mean square of an element of the model's input.</param>
/// <param name="SequenceLength">Time steps of the sequences given to recurrent layers; 0 when unknown.</param>
public sealed record GradLintOptions(
    double MinGradientRatio,
    double MaxGradientRatio,
    LayerKind PreferredActivation,
    double ClipNorm,
    double InputSecondMoment,
    int SequenceLength)
{
    private static readonly AnalyzerOption<double> MinGradientRatioOption =
        Number("gradlint.min_gradient_ratio", 1e-3, "a number > 0 and < 1", value => value is > 0 and < 1);

    private static readonly AnalyzerOption<double> MaxGradientRatioOption =
        Number("gradlint.max_gradient_ratio", 1e3, "a number > 1", value => value > 1 && !double.IsInfinity(value));

    private static readonly AnalyzerOption<LayerKind> PreferredActivationOption =
        Choice("gradlint.preferred_activation", LayerKind.ReLU, new Dictionary<string, LayerKind>
        {
            ["relu"] = LayerKind.ReLU,
            ["leaky_relu"] = LayerKind.LeakyReLU,
            ["prelu"] = LayerKind.PReLU,
            ["elu"] = LayerKind.ELU,
            ["gelu"] = LayerKind.GELU,
            ["silu"] = LayerKind.SiLU,
            ["selu"] = LayerKind.SELU,
        });

    private static readonly AnalyzerOption<double> ClipNormOption =
        Number("gradlint.clip_norm", 1.0, "a number > 0", value => value > 0 && !double.IsInfinity(value));

    private static readonly AnalyzerOption<double> InputSecondMomentOption =
        Number("gradlint.input_second_moment", 1.0, "a number > 0", value => value > 0 && !double.IsInfinity(value));

    private static readonly AnalyzerOption<int> SequenceLengthOption =
        Integer("gradlint.sequence_length", 0, "a whole number ≥ 1", value => value >= 1);

    /// <summary>Every setting there is.</summary>
    public static IReadOnlyList<AnalyzerOption> All { get; } =
    [
        MinGradientRatioOption, MaxGradientRatioOption, PreferredActivationOption,
        ClipNormOption, InputSecondMomentOption, SequenceLengthOption,
    ];

    /// <summary>Reads the settings of one file; an invalid one has its default.</summary>
    public static GradLintOptions Read(AnalyzerConfigOptions options) => new(
        MinGradientRatioOption.Read(options),
        MaxGradientRatioOption.Read(options),
        PreferredActivationOption.Read(options),
        ClipNormOption.Read(options),
        InputSecondMomentOption.Read(options),
        SequenceLengthOption.Read(options));
}
