using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Proof.Measures;

/// <summary>The share of inputs of the tanh modules where the slope is below 5 % of its maximum.</summary>
internal sealed record Saturation : Measure
{
    private const double Least = 0.05;

    public override string Name => "saturation";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 0, created =>
    {
        using var off = no_grad();
        var shares = new List<double>();
        foreach (var tanh in created.modules().OfType<Tanh>())
        {
            tanh.register_forward_hook((_, _, output) =>
            {
                shares.Add((1 - output.square()).lt(Least).to(ScalarType.Float32).mean().item<float>());
                return output;
            });
        }

        created.call(model.Input());
        return shares.Average();
    });

    public override bool IsFaulty(double value) => value > 0.25;

    public override bool IsMended(double before, double after) => after < 0.1;
}
