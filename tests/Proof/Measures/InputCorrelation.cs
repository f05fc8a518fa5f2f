using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Proof.Measures;

/// <summary>E[a·a′]/E[a²] of what enters the output layer, over the pairs of samples of a batch: mean over weight seeds.</summary>
internal sealed partial record InputCorrelation : Measure
{
    private const int Seeds = 5;
    private const double Indistinguishable = 0.99;
    private const double Tolerance = 0.15;

    public override string Name => "input correlation";

    public override double Of(RunningModel model, AppliedFix? fix = null) => Enumerable.Range(1, Seeds).Average(seed => Of(model, seed));

    public override bool IsFaulty(double value) => value > Indistinguishable;

    public override bool IsMended(double before, double after) => after < before && after <= Indistinguishable;

    public override bool? IsAsPromised(RunningModel model, AppliedFix fix) =>
        Promise().Match(fix.Title) is { Success: true } promise
            ? Math.Abs(double.Parse(promise.Groups[1].Value, CultureInfo.InvariantCulture) - Of(model, fix)) <= Tolerance
            : null;

    private static double Of(RunningModel running, long seed)
    {
        using var scope = NewDisposeScope();
        using var model = running.Create(seed);
        Tensor? entering = null;
        var head = model.modules().OfType<Linear>().Last();
        head.register_forward_pre_hook((_, input) =>
        {
            entering = input.detach().clone();
            return input;
        });
        model.call(running.Input());

        var samples = entering!.shape[0];
        var products = entering.matmul(entering.t());
        var same = products.diagonal().mean().item<float>();
        var all = products.mean().item<float>();
        return ((all * samples) - same) / (samples - 1) / same;
    }

    [GeneratedRegex(@"→ ([0-9.]+)(?: after [0-9]+ steps)?\)$")]
    private static partial Regex Promise();
}
