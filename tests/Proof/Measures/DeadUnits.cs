namespace GradLint.Proof.Measures;

/// <summary>The share of units, in the layer where it is largest, whose weights get no gradient from any sample.</summary>
internal sealed record DeadUnits : Measure
{
    public override string Name => "dead units";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 1, trained => trained.named_parameters()
        .Where(entry => entry.parameter.dim() > 1)
        .Max(entry => 1 - (entry.parameter.grad!.reshape(entry.parameter.shape[0], -1).abs().sum(1).data<float>().ToArray().Count(row => row > 0) / (double)entry.parameter.shape[0])));

    public override bool IsFaulty(double value) => value > 0.5;

    public override bool IsMended(double before, double after) => after < 0.5;
}
