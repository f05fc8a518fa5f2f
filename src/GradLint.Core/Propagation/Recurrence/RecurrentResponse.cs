namespace GradLint.Core.Propagation.Recurrence;

/// <summary>What a simulated recurrent layer returns for a unit of gradient: products within a sample and between two.</summary>
internal sealed class RecurrentResponse(int layers, int directions, int steps)
{
    private readonly (double Same, double Cross)[] _parameters = new (double, double)[layers * directions * 4];

    /// <summary>Per element of the input.</summary>
    public Moments AtInput { get; private set; }

    /// <summary>Mean square of ∂L/∂x by time step.</summary>
    public double[] ByStep { get; } = new double[steps];

    /// <summary>Squared norm of a parameter's gradient in one sample, and inner product between two.</summary>
    /// <param name="parameter">0 to 3: input weight, hidden weight, input bias, hidden bias.</param>
    public (double Same, double Cross) Parameter(int layer, int direction, int parameter) => _parameters[(((layer * directions) + direction) * 4) + parameter];

    public void Record(int layer, int direction, RecurrentGradients first, RecurrentGradients second)
    {
        var at = ((layer * directions) + direction) * 4;
        _parameters[at] = Products(first.InputWeight, second.InputWeight);
        _parameters[at + 1] = Products(first.HiddenWeight, second.HiddenWeight);
        _parameters[at + 2] = Products(first.InputBias, second.InputBias);
        _parameters[at + 3] = Products(first.HiddenBias, second.HiddenBias);
    }

    public void RecordInput(double[][] first, double[][] second)
    {
        AtInput = MomentsOf(first, second);
        for (var t = 0; t < ByStep.Length; t++)
            ByStep[t] = (Dot(first[t], first[t]) + Dot(second[t], second[t])) / (2 * first[t].Length);
    }

    /// <summary>Moments of the elements of two sequences of vectors.</summary>
    public static Moments MomentsOf(double[][] first, double[][] second)
    {
        var steps = first.Length;
        var width = first[0].Length;
        double same = 0, crossSample = 0;
        double[] firstSum = new double[width], secondSum = new double[width];
        for (var t = 0; t < steps; t++)
        {
            same += (Dot(first[t], first[t]) + Dot(second[t], second[t])) / 2;
            crossSample += Dot(first[t], second[t]);
            for (var i = 0; i < width; i++)
            {
                firstSum[i] += first[t][i];
                secondSum[i] += second[t][i];
            }
        }

        var pairs = steps > 1 ? (double)steps * (steps - 1) : 1;
        return new Moments(
            same / steps,
            crossSample / steps,
            (((Dot(firstSum, firstSum) + Dot(secondSum, secondSum)) / 2) - same) / pairs,
            (Dot(firstSum, secondSum) - crossSample) / pairs) * (1.0 / width);
    }

    private static (double Same, double Cross) Products(double[] first, double[] second) =>
        ((Dot(first, first) + Dot(second, second)) / 2, Dot(first, second));

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
