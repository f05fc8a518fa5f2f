using TorchSharp;

namespace GradLint.Proof.Measures;

/// <summary>The share of units, in the layer where it is smallest, whose gradient no other unit of the layer gets: after two steps, for a zeroed output layer passes nothing on in the first.</summary>
internal sealed record DistinctUnits : Measure
{
    public override string Name => "distinct units";

    public override double Of(RunningModel model, AppliedFix? fix = null) => model.Run(seed: 1, trainingSteps: 2, trained => trained.named_parameters()
        .Where(entry => entry.parameter.dim() > 1)
        .Min(entry => ShareOfDistinctRows(entry.parameter.grad!)));

    public override bool IsFaulty(double value) => value < 0.5;

    public override bool IsMended(double before, double after) => after > 0.9;

    private static double ShareOfDistinctRows(torch.Tensor gradient)
    {
        var rows = (int)gradient.shape[0];
        var values = gradient.reshape(rows, -1).data<float>().ToArray();
        var width = values.Length / rows;
        return Enumerable.Range(0, rows).Select(row => string.Join(",", values.Skip(row * width).Take(width).Select(value => value.ToString("G4", null)))).Distinct().Count() / (double)rows;
    }
}
