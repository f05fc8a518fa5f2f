using System.Reflection;
using System.Runtime.InteropServices;

namespace GradLint.Proof.Measures;

/// <summary>
/// How far the gradient at the logits is from what the loss is meant to give, as a share of it: softmax(z) − y for one class out of
/// several, σ(z) − y for yes or no of each. Infinite where the program throws.
/// </summary>
/// <param name="IsBinary">Whether each logit is a yes or no.</param>
internal sealed record LogitGradient(bool IsBinary) : Measure
{
    /// <summary>Sure, and wrong.</summary>
    public static readonly float[] Logits = [4, 0, -3];

    public const int Target = 1;

    /// <summary>The program's static <c>Models.LogitGradient()</c> returns ∂L/∂z for these logits and target.</summary>
    private const string Method = nameof(LogitGradient);

    public override string Name => "error at the logits";

    public override double Of(RunningModel model, AppliedFix? fix = null)
    {
        double[] actual;
        try
        {
            actual = model.Call<double[]>(Method);
        }
        catch (TargetInvocationException problem) when (problem.InnerException is ExternalException)
        {
            return double.PositiveInfinity;
        }

        var total = Logits.Sum(z => Math.Exp(z));
        var expected = Logits.Select((z, i) => (IsBinary ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / total) - (i == Target ? 1 : 0)).ToArray();
        return Math.Sqrt(expected.Zip(actual, (one, other) => Math.Pow(one - other, 2)).Sum() / expected.Sum(one => one * one));
    }

    public override bool IsFaulty(double value) => value > 0.5;

    public override bool IsMended(double before, double after) => after < 1e-4;
}
