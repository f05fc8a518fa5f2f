using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Recurrence;

/// <summary>The parameters of one layer and direction of a recurrent node.</summary>
internal sealed record RecurrentParameters(NodeParameter InputWeight, NodeParameter HiddenWeight, NodeParameter? InputBias, NodeParameter? HiddenBias)
{
    public static RecurrentParameters? Of(GraphNode node, FlowContext context, string suffix)
    {
        if (context.Parameter(node, "weight_ih" + suffix) is not { Shape.Count: 2 } input || context.Parameter(node, "weight_hh" + suffix) is not { Shape.Count: 2 } hidden) return null;
        var weights = new RecurrentParameters(input, hidden, context.Parameter(node, "bias_ih" + suffix), context.Parameter(node, "bias_hh" + suffix));
        return weights.All.All(p => p.Distribution(hidden.Shape[1]) is not null) ? weights : null;
    }

    public IEnumerable<NodeParameter> All => new[] { InputWeight, HiddenWeight, InputBias, HiddenBias }.OfType<NodeParameter>();

    public double Inputs => InputWeight.Shape![1];

    public double Units => HiddenWeight.Shape![1];
}

/// <summary>One draw of them at a reduced width: variances grow as the fan-in shrinks, biases stay.</summary>
internal sealed class RecurrentWeights
{
    public RecurrentWeights(RecurrentParameters parameters, int gates, int units, int inputs, FixedRandom random)
    {
        (Units, Inputs) = (units, inputs);
        FromInput = Matrix(parameters.InputWeight, gates, units, inputs, parameters.Inputs, parameters.Units, random);
        FromHidden = Matrix(parameters.HiddenWeight, gates, units, units, parameters.Units, parameters.Units, random);
        InputBias = Vector(parameters.InputBias, gates, units, parameters.Units, random);
        HiddenBias = Vector(parameters.HiddenBias, gates, units, parameters.Units, random);
    }

    public int Units { get; }

    public int Inputs { get; }

    /// <summary>[gates · units, inputs], by rows.</summary>
    public double[] FromInput { get; }

    public double[] FromHidden { get; }

    public double[] InputBias { get; }

    public double[] HiddenBias { get; }

    private static double[] Matrix(NodeParameter parameter, int gates, int rows, int columns, double fanIn, double hidden, FixedRandom random)
    {
        var distribution = parameter.Distribution(hidden)!.Value;
        var matrix = new double[gates * rows * columns];
        switch (distribution.Structure)
        {
            case WeightStructure.Identity:
                for (var i = 0; i < Math.Min(rows * gates, columns); i++)
                    matrix[(i * columns) + i] = 1;
                break;
            case WeightStructure.Orthogonal when gates * rows == columns:
                Orthogonal(matrix, columns, Math.Sqrt(distribution.Variance * fanIn), random);
                break;
            default:
                var deviation = Math.Sqrt(distribution.Variance * fanIn / columns);
                for (var i = 0; i < matrix.Length; i++)
                    matrix[i] = (distribution.Mean * fanIn / columns) + (deviation * random.Normal());
                break;
        }

        return matrix;
    }

    /// <summary>Every row as its own initialiser draws it: the largest forget bias decides how far an LSTM remembers.</summary>
    private static double[] Vector(NodeParameter? parameter, int gates, int units, double hidden, FixedRandom random)
    {
        var vector = new double[gates * units];
        if (parameter is null) return vector;
        var whole = parameter.Parameter.Initialization;
        for (var i = 0; i < vector.Length; i++)
        {
            var place = (i + 0.5) / vector.Length;
            var initialization = whole.Rows.FirstOrDefault(row => row.Range.Contains(place))?.Initialization ?? whole with { Rows = [] };
            vector[i] = Draw(initialization, WeightDistribution.Of(initialization, parameter.Shape!, hidden)!.Value, random);
        }

        return vector;
    }

    private static double Draw(Initialization initialization, WeightDistribution distribution, FixedRandom random) => initialization.Kind switch
    {
        InitializerKind.Normal or InitializerKind.TruncatedNormal => distribution.Mean + (Math.Sqrt(distribution.Variance) * random.Normal()),
        InitializerKind.LogUniform when initialization.Arguments.Number("low") is { } low && initialization.Arguments.Number("high") is { } high =>
            Math.Log(low + ((high - low) * random.Uniform())),
        _ => distribution.Mean + (Math.Sqrt(12 * distribution.Variance) * (random.Uniform() - 0.5)),
    };

    /// <summary>Gram–Schmidt on normal rows.</summary>
    private static void Orthogonal(double[] matrix, int n, double gain, FixedRandom random)
    {
        for (var row = 0; row < n; row++)
        {
            for (var j = 0; j < n; j++)
                matrix[(row * n) + j] = random.Normal();
            for (var other = 0; other < row; other++)
                Subtract(matrix, row * n, other * n, n);
            double square = 0;
            for (var j = 0; j < n; j++)
                square += matrix[(row * n) + j] * matrix[(row * n) + j];
            for (var j = 0; j < n; j++)
                matrix[(row * n) + j] /= Math.Sqrt(square);
        }

        for (var i = 0; i < matrix.Length; i++)
            matrix[i] *= gain;
    }

    private static void Subtract(double[] matrix, int from, int unit, int n)
    {
        double dot = 0;
        for (var j = 0; j < n; j++)
            dot += matrix[from + j] * matrix[unit + j];
        for (var j = 0; j < n; j++)
            matrix[from + j] -= dot * matrix[unit + j];
    }
}
