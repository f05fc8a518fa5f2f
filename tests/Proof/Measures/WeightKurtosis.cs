using static TorchSharp.torch;

namespace GradLint.Proof.Measures;

/// <summary>E[w⁴] / E[w²]² of the first weight: 1.8 of a uniform distribution, 3 of a normal one. Not a number where the deviation is not Glorot's.</summary>
/// <param name="Gain">Of the deviation.</param>
internal sealed record WeightKurtosis(double Gain = 1) : Measure
{
    public override string Name => "weight kurtosis";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 0, created =>
    {
        var weight = created.named_parameters().First(entry => entry.parameter.dim() > 1).parameter.detach();
        var square = weight.square().mean().item<float>();
        var fans = (weight.numel() / weight.shape[0]) + (weight.numel() / weight.shape[1]);
        var isOfGlorot = Math.Abs(Math.Sqrt(square / 2 * fans) / Gain - 1) < 0.1;
        return isOfGlorot ? weight.pow(4).mean().item<float>() / ((double)square * square) : double.NaN;
    });

    public override bool IsFaulty(double value) => value < 2;

    public override bool IsMended(double before, double after) => after is > 2.6 and < 3.4;
}
