using static TorchSharp.torch;

namespace GradLint.Proof.Measures;

/// <summary>‖f(x) + f(−x) − 2 f(0)‖ over ‖f(x) − f(−x)‖: 0 for a model that is affine, whatever its depth.</summary>
internal sealed record Curvature : Measure
{
    public override string Name => "curvature";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 0, created =>
    {
        using var off = no_grad();
        var x = model.Input();
        var (plus, minus, zero) = (created.call(x), created.call(-x), created.call(zeros_like(x)));
        return (plus + minus - (2 * zero)).norm().item<float>() / (plus - minus).norm().item<float>();
    });

    public override bool IsFaulty(double value) => value < 1e-4;

    public override bool IsMended(double before, double after) => after > 0.01;
}
