namespace GradLint.Proof.Measures;

/// <summary>The weight gradient of the first block over that of the last one: what the shortcuts carry back. Geometric mean over weight seeds.</summary>
internal sealed record ShortcutGradient : Measure
{
    private const int Seeds = 3;

    public override string Name => "first to last block";

    public override double Of(RunningModel model, AppliedFix? fix = null) => Math.Exp(Enumerable.Range(1, Seeds).Average(seed =>
    {
        var measured = model.Measure(seed);
        var blocks = measured.Layers.Where(layer => layer.Path != measured.OutputLayer).ToArray();
        return Math.Log(blocks[0].Norm!.Value / blocks[^1].Norm!.Value);
    }));

    public override bool IsFaulty(double value) => value < 0.1;

    public override bool IsMended(double before, double after) => after is > 0.3 and < 3;
}
