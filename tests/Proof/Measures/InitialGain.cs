namespace GradLint.Proof.Measures;

/// <summary>The deviation of the first weight times √fan_in.</summary>
/// <param name="Expected">The gain that was meant.</param>
internal sealed record InitialGain(double Expected) : Measure
{
    private const double Tolerance = 0.1;

    public override string Name => "initial gain";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 0, created =>
    {
        var weight = created.named_parameters().First(entry => entry.parameter.dim() > 1).parameter.detach();
        return Math.Sqrt(weight.square().mean().item<float>() * weight.numel() / weight.shape[0]);
    });

    public override bool IsFaulty(double value) => !IsMended(value, value);

    public override bool IsMended(double before, double after) => Math.Abs((after / Expected) - 1) < Tolerance;
}
