namespace GradLint.Core.Propagation.Recurrence;

/// <summary>
/// A recurrent layer run forward and backward in numbers, with fixed seeds, at a width of at most <see cref="MaxUnits"/>. Gates with
/// biases that stay the same at every step have no closed form that meets the accuracy wanted: the unit that forgets least decides
/// what is remembered. Two samples are enough for all moments: within one and between the two.
/// </summary>
internal sealed class RecurrentSimulation
{
    public const int MaxUnits = 32;
    private const int Samples = 2;

    private readonly RecurrentRun[][][] _runs;
    private readonly double[][][][] _masks;
    private readonly int _units, _directions, _steps;

    /// <param name="layers">Parameters by layer and direction.</param>
    /// <param name="input">Moments of the input sequence.</param>
    /// <param name="dropout">Between layers.</param>
    public RecurrentSimulation(RecurrentCell cell, IReadOnlyList<IReadOnlyList<RecurrentParameters>> layers, Signal input, int steps, double dropout, ulong seed)
    {
        var random = new FixedRandom(seed);
        (_steps, _directions) = (steps, layers[0].Count);
        _units = (int)Math.Min(layers[0][0].Units, MaxUnits);
        var sequences = Draw(input, (int)Math.Min(layers[0][0].Inputs, MaxUnits), steps, random);
        _runs = new RecurrentRun[layers.Count][][];
        _masks = new double[layers.Count][][][];
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var weights = layers[layer].Select(p => new RecurrentWeights(p, cell.Gates, _units, sequences[0][0].Length, random)).ToArray();
            _runs[layer] = sequences.Select(s => weights.Select((w, direction) => new RecurrentRun(cell, w, s, reverse: direction == 1)).ToArray()).ToArray();
            sequences = _runs[layer].Select(Joined).ToArray();
            if (dropout > 0 && layer + 1 < layers.Count)
                _masks[layer] = sequences.Select(s => Masked(s, dropout, random)).ToArray();
        }

        Output = MomentsOf(sequences);
        Final = MomentsOf(Finals(run => run.FinalHidden));
        FinalMemory = MomentsOf(Finals(run => run.FinalMemory));
    }

    /// <summary>Mean and moments of the output sequence.</summary>
    public (double Mean, Moments Second) Output { get; }

    /// <summary>Of h_n, over layers and directions as positions.</summary>
    public (double Mean, Moments Second) Final { get; }

    public (double Mean, Moments Second) FinalMemory { get; }

    /// <summary>Back-propagates random gradients of unit second moment, the same in both samples.</summary>
    /// <param name="atOutput">RMS of the gradient at the output by time step; null for none.</param>
    /// <param name="atFinalHidden">RMS at h_n by layer and direction; null for none.</param>
    /// <param name="atFinalMemory">RMS at c_n; null for none.</param>
    /// <param name="isShared">Whether one draw serves all time steps.</param>
    public RecurrentResponse Backward(IReadOnlyList<double>? atOutput, IReadOnlyList<double>? atFinalHidden, IReadOnlyList<double>? atFinalMemory, bool isShared, ulong seed)
    {
        var random = new FixedRandom(seed);
        var width = _units * _directions;
        var gradients = new double[Samples][][];
        var draws = Gradients(atOutput, width, isShared, random);
        for (var s = 0; s < Samples; s++)
            gradients[s] = draws;
        var response = new RecurrentResponse(_runs.Length, _directions, _steps);
        for (var layer = _runs.Length - 1; layer >= 0; layer--)
        {
            if (_masks[layer] is { } masks)
                gradients = gradients.Select((g, s) => g.Select((at, t) => at.Select((x, i) => x * masks[s][t][i]).ToArray()).ToArray()).ToArray();
            double[][] hidden = Ends(atFinalHidden, layer, random), memory = Ends(atFinalMemory, layer, random);
            var results = Enumerable.Range(0, Samples).Select(s => Enumerable.Range(0, _directions)
                .Select(d => _runs[layer][s][d].Backward(Part(gradients[s], d), hidden[d], memory[d])).ToArray()).ToArray();
            for (var d = 0; d < _directions; d++)
                response.Record(layer, d, results[0][d], results[1][d]);
            gradients = results.Select(Total).ToArray();
        }

        response.RecordInput(gradients[0], gradients[1]);
        return response;
    }

    private double[][] Gradients(IReadOnlyList<double>? scale, int width, bool isShared, FixedRandom random)
    {
        var shared = Enumerable.Range(0, width).Select(_ => random.Normal()).ToArray();
        return Enumerable.Range(0, _steps).Select(t =>
        {
            var factor = scale?[t] ?? 0;
            return Enumerable.Range(0, width).Select(i => factor == 0 ? 0 : factor * (isShared ? shared[i] : random.Normal())).ToArray();
        }).ToArray();
    }

    private double[][] Ends(IReadOnlyList<double>? scale, int layer, FixedRandom random) =>
        Enumerable.Range(0, _directions).Select(d => scale is null ? null! : Enumerable.Range(0, _units)
            .Select(_ => scale[(layer * _directions) + d] * random.Normal()).ToArray()).ToArray();

    private double[][] Part(double[][] joined, int direction) =>
        _directions == 1 ? joined : joined.Select(at => at.Skip(direction * _units).Take(_units).ToArray()).ToArray();

    private double[][] Total(RecurrentGradients[] directions) => directions.Length == 1 ? directions[0].AtInput
        : directions[0].AtInput.Select((at, t) => at.Select((x, i) => x + directions[1].AtInput[t][i]).ToArray()).ToArray();

    private double[][] Joined(RecurrentRun[] directions) =>
        directions.Length == 1 ? directions[0].Hidden : directions[0].Hidden.Select((at, t) => (double[])[.. at, .. directions[1].Hidden[t]]).ToArray();

    private double[][][] Finals(Func<RecurrentRun, double[]> select) =>
        Enumerable.Range(0, Samples).Select(s => _runs.SelectMany(layer => layer[s].Select(select)).ToArray()).ToArray();

    /// <summary>Multiplies a sequence by a dropout mask and returns the mask.</summary>
    private static double[][] Masked(double[][] sequence, double probability, FixedRandom random)
    {
        var masks = sequence.Select(at => at.Select(_ => random.Uniform() < probability ? 0 : 1 / (1 - probability)).ToArray()).ToArray();
        for (var t = 0; t < sequence.Length; t++)
            sequence[t] = sequence[t].Select((x, i) => x * masks[t][i]).ToArray();
        return masks;
    }

    /// <summary>Two sequences of normal vectors with the given moments.</summary>
    private static double[][][] Draw(Signal signal, int width, int steps, FixedRandom random)
    {
        var second = signal.Second - Moments.Common(signal.Mean * signal.Mean);
        var everywhere = Math.Max(second.CrossBoth, 0);
        var bySample = Math.Max(second.CrossPosition - everywhere, 0);
        var byStep = Math.Max(second.CrossSample - everywhere, 0);
        var alone = Math.Max(second.Same - everywhere - bySample - byStep, 0);
        var common = Vector(everywhere);
        var steady = Enumerable.Range(0, Samples).Select(_ => Vector(bySample)).ToArray();
        var sequences = Enumerable.Range(0, Samples).Select(_ => new double[steps][]).ToArray();
        for (var t = 0; t < steps; t++)
        {
            var step = Vector(byStep);
            for (var s = 0; s < Samples; s++)
            {
                var own = Vector(alone);
                sequences[s][t] = Enumerable.Range(0, width).Select(i => signal.Mean + common[i] + steady[s][i] + step[i] + own[i]).ToArray();
            }
        }

        return sequences;

        double[] Vector(double variance)
        {
            var deviation = Math.Sqrt(variance);
            var vector = new double[width];
            if (deviation > 0)
            {
                for (var i = 0; i < width; i++)
                    vector[i] = deviation * random.Normal();
            }

            return vector;
        }
    }

    private static (double Mean, Moments Second) MomentsOf(double[][][] sequences)
    {
        var mean = sequences.Average(s => s.Average(at => at.Average()));
        return (mean, RecurrentResponse.MomentsOf(sequences[0], sequences[1]));
    }
}
