namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// Each element (or each channel of a sample) is zero with probability p, else scaled by 1/(1 − p): second moments of what
/// shares a mask grow by 1/(1 − p), forward and backward. (Srivastava et al. 2014; Schoenholz et al. 2017.)
/// </summary>
internal sealed class DropoutStage : Stage
{
    private readonly double _factor;
    private readonly bool _wholeChannels;

    private DropoutStage(Signal input, double probability, bool wholeChannels)
    {
        (_factor, _wholeChannels) = (1 / (1 - probability), wholeChannels);
        Output = probability == 0 ? input : input with { Second = Masked(input.Second), Source = null };
    }

    public static Stage Create(Signal input, double? probability, bool wholeChannels) =>
        probability is >= 0 and < 1 ? new DropoutStage(input, probability.Value, wholeChannels)
        : new UnknownStage("its probability is not known, or is 1");

    public override Gradient Backward(Gradient output, ParameterGradients parameters) => new(Masked(output.Second)) { Profile = output.Profile };

    private Moments Masked(Moments second) =>
        second with { Same = second.Same * _factor, CrossPosition = second.CrossPosition * (_wholeChannels ? _factor : 1) };
}
