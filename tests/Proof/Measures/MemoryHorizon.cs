using System.Globalization;
using System.Text.RegularExpressions;

namespace GradLint.Proof.Measures;

/// <summary>Steps back in time until the gradient of a recurrent layer's last output has fallen to a thousandth: mean over weight seeds.</summary>
/// <param name="Least">What the sequence asks for.</param>
internal sealed partial record MemoryHorizon(int Least) : Measure
{
    private const int Seeds = 3;

    /// <summary>A promise is kept within a quarter, or one step.</summary>
    private const double Tolerance = 0.25;

    public override string Name => "memory horizon";

    public override double Of(RunningModel model, AppliedFix? fix = null) =>
        Enumerable.Range(1, Seeds).Average(seed => model.Measure(seed).Horizons[0].StepsToThousandth);

    public override bool IsFaulty(double value) => value < Least;

    public override bool IsMended(double before, double after) => after >= Least;

    /// <summary>The title ends in <c>12 → 39 steps</c> or <c>12 → all of 50 steps</c>.</summary>
    public override bool? IsAsPromised(RunningModel model, AppliedFix fix)
    {
        if (Promise().Match(fix.Title) is not { Success: true } promise)
            return null;
        var steps = double.Parse(promise.Groups[1].Value, CultureInfo.InvariantCulture);
        var horizon = model.Measure(1).Horizons[0];
        var (measured, expected) = (Of(model), Math.Min(steps, horizon.Length));
        return Math.Abs(measured - expected) <= Math.Max(1, Tolerance * expected);
    }

    [GeneratedRegex("→ (?:all of )?([0-9]+) steps$")]
    private static partial Regex Promise();
}
