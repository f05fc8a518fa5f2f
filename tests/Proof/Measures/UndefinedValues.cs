using TorchSharp.Modules;

namespace GradLint.Proof.Measures;

/// <summary>How many parameters of GroupNorm are not what the layer's definition says, 1 and 0. Mended, the model's output is finite and the same for every model made alike.</summary>
internal sealed record UndefinedValues : Measure
{
    public override string Name => "undefined values";

    public override double Of(RunningModel model, AppliedFix? fix = null)
    {
        if (fix is not null && !Output(model).SequenceEqual(Output(model)))
            return double.NaN;
        return model.Run(seed: 1, trainingSteps: 0, created => created.modules().OfType<GroupNorm>().Sum(norm =>
            norm.weight.detach().data<float>().ToArray().Count(value => value != 1) + norm.bias!.detach().data<float>().ToArray().Count(value => value != 0)));
    }

    public override bool IsFaulty(double value) => value > 0;

    public override bool IsMended(double before, double after) => after == 0;

    private static float[] Output(RunningModel model) => model.Run(seed: 1, trainingSteps: 0, created => created.call(model.Input()).detach().data<float>().ToArray());
}
