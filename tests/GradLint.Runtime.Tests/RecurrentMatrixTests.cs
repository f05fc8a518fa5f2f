using GradLint.Runtime.Measurement;
using GradLint.Runtime.Recording;
using GradLint.Runtime.Rules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

/// <summary>Spectral radius and largest singular value of recurrent matrices, against matrices whose eigenvalues are known.</summary>
public sealed class RecurrentMatrixTests
{
    /// <summary>Name, matrix, spectral radius, largest singular value.</summary>
    public static TheoryData<string, float[,], double, double> Matrices => new()
    {
        { "diagonal", new[,] { { 0.5f, 0 }, { 0, -0.9f } }, 0.9, 0.9 },
        // 1.1 · rotation by 1 radian: a complex pair, on which the plain power iteration turns for ever.
        { "rotation", new[,] { { 1.1f * MathF.Cos(1), -1.1f * MathF.Sin(1) }, { 1.1f * MathF.Sin(1), 1.1f * MathF.Cos(1) } }, 1.1, 1.1 },
        // Eigenvalues ±√(2 · 0.125) = ±0.5: equal in magnitude, opposite in sign.
        { "swap", new[,] { { 0, 2f }, { 0.125f, 0 } }, 0.5, 2 },
        // Singular values of [[a, 1], [0, a]]: (√(4a² + 1) + 1) / 2 is the larger.
        { "Jordan block", new[,] { { 0.8f, 1f }, { 0, 0.8f } }, 0.8, (Math.Sqrt((4 * 0.64) + 1) + 1) / 2 },
        { "nilpotent", new[,] { { 0, 1f }, { 0, 0 } }, 0, 1 },
        { "zero", new[,] { { 0, 0f }, { 0, 0 } }, 0, 0 },
        { "all ones", new[,] { { 1f, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 } }, 3, 3 },
    };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void RnnOfOneLayer_HasTheClosedFormsValues(string name, float[,] matrix, double radius, double singular)
    {
        using var scope = NewDisposeScope();
        var size = matrix.GetLength(0);
        var layer = RNN(1, size, batchFirst: true);
        Set(layer, "weight_hh_l0", tensor(matrix.Cast<float>().ToArray()).reshape(size, size));

        var measured = Assert.Single(Measure(layer));

        // A Jordan block's powers grow by a polynomial in n beside its eigenvalue's: 2^(1/256) at n = 256.
        Assert.Equal(radius, measured.SpectralRadius, 3e-3 * Math.Max(radius, 1e-3));
        Assert.Equal(singular, measured.LargestSingularValue, 1e-4);
        Assert.False(measured.IsGated, name);
    }

    [Theory]
    [InlineData(64, 0.7)]
    [InlineData(64, 1.0)]
    [InlineData(200, 1.3)]
    public void OrthogonalTimesGain_HasTheGainForBoth(int width, double gain)
    {
        using var scope = NewDisposeScope();
        var layer = RNN(1, width);
        init.orthogonal_(layer.get_parameter("weight_hh_l0")!, gain);

        var measured = Assert.Single(Measure(layer));

        Assert.Equal(gain, measured.SpectralRadius, 1e-3);
        Assert.Equal(gain, measured.LargestSingularValue, 1e-3);
    }

    [Fact]
    public void RandomMatrix_AgreesWithTheSingularValueDecomposition()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var layer = RNN(1, 96);
        var weight = layer.get_parameter("weight_hh_l0")!;
        using (no_grad())
            weight.normal_(0, 1 / Math.Sqrt(96));

        var measured = Assert.Single(Measure(layer));

        Assert.Equal(linalg.svdvals(weight.detach())[0].item<float>(), measured.LargestSingularValue, 5e-3);
        // Circular law: the eigenvalues fill the unit disc, the largest singular value is near 2.
        Assert.InRange(measured.SpectralRadius, 0.9, 1.15);
        Assert.Equal(MemoryRegime.Lasting, (measured with { SpectralRadius = 1.01 }).Regime);
    }

    [Theory]
    [InlineData(0.5, 0.5, MemoryRegime.Shrinking, "no more than 1e-3 of it is left after 10 ")]
    [InlineData(0.9, 2, MemoryRegime.ShrinkingInTheLongRun, "must shrink as sequences grow")]
    [InlineData(1.2, 2, MemoryRegime.Lasting, "may last over many steps, or explode")]
    public void Regime_IsSaidInWords(double radius, double singular, MemoryRegime regime, string words)
    {
        var matrix = new RecurrentMatrixSample("rnn.weight_hh_l0", IsGated: false, radius, singular);

        Assert.Equal(regime, matrix.Regime);
        Assert.Contains(words, matrix.ToString());
        Assert.Contains("Pascanu et al. 2013", matrix.ToString());
    }

    [Fact]
    public void ShrinkingMatrix_BoundsTheMeasuredHorizon()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var layer = RNN(4, 16, batchFirst: true);
        init.orthogonal_(layer.get_parameter("weight_hh_l0")!, 0.6);
        var model = new LastOutput(layer);

        var measured = GradientProbe.Measure(model, randn(4, 40, 4), output => output.square().mean());

        // 0.6^14 < 1e-3, and tanh takes its share.
        Assert.Equal(MemoryRegime.Shrinking, Assert.Single(measured.RecurrentMatrices).Regime);
        Assert.InRange(Assert.Single(measured.Horizons).StepsToThousandth, 1, 15);
        Assert.Contains("'recurrent.weight_hh_l0': spectral radius 0.60, largest singular value 0.60", measured.ToString());
    }

    [Fact]
    public void EveryLayerAndDirection_IsMeasured()
    {
        using var scope = NewDisposeScope();
        var measured = Measure(GRU(3, 4, numLayers: 2, bidirectional: true));

        Assert.Equal(["weight_hh_l0", "weight_hh_l0_reverse", "weight_hh_l1", "weight_hh_l1_reverse"], measured.Select(matrix => matrix.Path));
        Assert.All(measured, matrix => Assert.Equal(MemoryRegime.Gated, matrix.Regime));
    }

    [Fact]
    public void Lstm_IsMeasuredByItsCandidatesPart()
    {
        using var scope = NewDisposeScope();
        var layer = LSTM(1, 3);
        // Parts (i, f, g, o) of 3 rows each; only g is not zero.
        var stacked = zeros(12, 3);
        stacked.narrow(0, 6, 3).copy_(eye(3) * 0.25);
        Set(layer, "weight_hh_l0", stacked);

        var measured = Assert.Single(Measure(layer));

        Assert.True(measured.IsGated);
        Assert.Equal(0.25, measured.SpectralRadius, 1e-4);
    }

    [Fact]
    public void NonFiniteWeight_GivesANonFiniteValue()
    {
        using var scope = NewDisposeScope();
        var layer = RNN(1, 2);
        Set(layer, "weight_hh_l0", full(2, 2, float.NaN));

        Assert.Equal(MemoryRegime.Unknown, Assert.Single(Measure(layer)).Regime);
    }

    [Fact]
    public void ShortHorizonsFinding_SaysWhichRegimeHolds()
    {
        var engine = new RuleEngine(new() { Model = "Test", Started = default, Parameters = [] });
        for (var step = 0; step <= 100; step += 50)
        {
            engine.Add(new()
            {
                Step = step,
                Parameters = [],
                Horizons = [new("rnn", 4, [1e-9, 1e-6, 0.1, 1], true)],
                RecurrentMatrices = [new("rnn.weight_hh_l0", false, 0.4, 0.7), new("rnn2.weight_hh_l0", false, 0.9, 0.9)],
            });
        }

        var finding = Assert.Single(engine.Findings, finding => finding.RuleId == "GL7012");
        Assert.Contains("'rnn.weight_hh_l0': spectral radius 0.40, largest singular value 0.70: below 1", finding.Message);
    }

    private static void Set(Module layer, string name, Tensor value)
    {
        using var mode = no_grad();
        layer.get_parameter(name)!.copy_(value);
    }

    private static IReadOnlyList<RecurrentMatrixSample> Measure(Module layer)
    {
        using var mode = no_grad();
        var statistics = new DeviceStatistics();
        var read = RecurrentMatrices.Measure(LiveParameter.Of(layer), statistics);
        var reading = statistics.Read();
        return [.. read.Select(matrix => matrix(reading))];
    }

    private sealed class LastOutput : Module<Tensor, Tensor>
    {
        private readonly RNN recurrent;

        public LastOutput(RNN layer) : base(nameof(LastOutput))
        {
            recurrent = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var (output, _) = recurrent.call(x, null);
            return output.select(1, output.shape[1] - 1);
        }
    }
}
