namespace GradLint.Core.Propagation.Recurrence;

/// <summary>One layer and direction applied to one sequence: forward on construction, back-propagation through time on request.</summary>
internal sealed class RecurrentRun
{
    private readonly RecurrentCell _cell;
    private readonly RecurrentWeights _weights;
    private readonly double[][] _inputs, _saved;
    private readonly bool _reverse;

    /// <param name="inputs">A vector a time step.</param>
    /// <param name="reverse">Whether time is gone through backwards.</param>
    public RecurrentRun(RecurrentCell cell, RecurrentWeights weights, double[][] inputs, bool reverse)
    {
        (_cell, _weights, _inputs, _reverse) = (cell, weights, inputs, reverse);
        var steps = inputs.Length;
        Hidden = new double[steps][];
        _saved = new double[steps][];
        double[] hidden = new double[weights.Units], memory = new double[weights.Units];
        for (var k = 0; k < steps; k++)
        {
            var t = At(k);
            var saved = _saved[t] = new double[weights.Units * cell.Saved];
            double[] newHidden = new double[weights.Units], newMemory = new double[weights.Units];
            cell.Forward(
                Product(weights.FromInput, inputs[t], weights.InputBias), Product(weights.FromHidden, hidden, weights.HiddenBias),
                hidden, memory, newHidden, newMemory, saved);
            (hidden, memory) = (newHidden, newMemory);
            Hidden[t] = hidden;
        }

        FinalMemory = memory;
    }

    /// <summary>h by time step, in the order of the input.</summary>
    public double[][] Hidden { get; }

    public double[] FinalHidden => Hidden[At(Hidden.Length - 1)];

    public double[] FinalMemory { get; }

    /// <param name="atHidden">∂L/∂h by time step from outside the layer.</param>
    /// <param name="atFinalHidden">∂L/∂h of the last step, through h_n; null for none.</param>
    /// <param name="atFinalMemory">∂L/∂c of the last step, through c_n; null for none.</param>
    public RecurrentGradients Backward(double[][] atHidden, double[]? atFinalHidden, double[]? atFinalMemory)
    {
        int units = _weights.Units, width = units * _cell.Gates, steps = _inputs.Length;
        var gradients = new RecurrentGradients(width, _weights.Inputs, units, steps);
        var memory = atFinalMemory is null ? new double[units] : (double[])atFinalMemory.Clone();
        var carried = atFinalHidden is null ? new double[units] : (double[])atFinalHidden.Clone();
        double[] toInput = new double[width], toHidden = new double[width], direct = new double[units];
        var zero = new double[units];
        for (var k = steps - 1; k >= 0; k--)
        {
            var t = At(k);
            var hidden = new double[units];
            for (var i = 0; i < units; i++)
                hidden[i] = atHidden[t][i] + carried[i];
            _cell.Backward(_saved[t], hidden, memory, toInput, toHidden, direct);
            gradients.Add(toInput, _inputs[t], toHidden, k > 0 ? Hidden[At(k - 1)] : zero);
            gradients.AtInput[t] = TransposedProduct(_weights.FromInput, toInput, _weights.Inputs);
            carried = TransposedProduct(_weights.FromHidden, toHidden, units);
            for (var i = 0; i < units; i++)
                carried[i] += direct[i];
        }

        return gradients;
    }

    private int At(int step) => _reverse ? _inputs.Length - 1 - step : step;

    private static double[] Product(double[] matrix, double[] vector, double[] offset)
    {
        var result = new double[offset.Length];
        for (int row = 0, at = 0; row < result.Length; row++)
        {
            var sum = offset[row];
            for (var j = 0; j < vector.Length; j++, at++)
                sum += matrix[at] * vector[j];
            result[row] = sum;
        }

        return result;
    }

    private static double[] TransposedProduct(double[] matrix, double[] vector, int columns)
    {
        var result = new double[columns];
        for (int row = 0, at = 0; row < vector.Length; row++)
        {
            var factor = vector[row];
            for (var j = 0; j < columns; j++, at++)
                result[j] += matrix[at] * factor;
        }

        return result;
    }
}

/// <summary>Gradients of the four parameters and of the inputs.</summary>
internal sealed class RecurrentGradients(int width, int inputs, int units, int steps)
{
    public double[] InputWeight { get; } = new double[width * inputs];

    public double[] HiddenWeight { get; } = new double[width * units];

    public double[] InputBias { get; } = new double[width];

    public double[] HiddenBias { get; } = new double[width];

    /// <summary>∂L/∂x by time step.</summary>
    public double[][] AtInput { get; } = new double[steps][];

    public void Add(double[] toInput, double[] input, double[] toHidden, double[] hidden)
    {
        AddOuter(InputWeight, toInput, input);
        AddOuter(HiddenWeight, toHidden, hidden);
        for (var i = 0; i < toInput.Length; i++)
        {
            InputBias[i] += toInput[i];
            HiddenBias[i] += toHidden[i];
        }
    }

    private static void AddOuter(double[] matrix, double[] rows, double[] columns)
    {
        for (int i = 0, at = 0; i < rows.Length; i++)
        {
            var factor = rows[i];
            for (var j = 0; j < columns.Length; j++, at++)
                matrix[at] += factor * columns[j];
        }
    }
}
