using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static StandIns.TorchSharp.Tests.Layers.Deterministic;

namespace StandIns.TorchSharp.Tests.Losses;

/// <summary>Each loss against its formula by element, its reductions, and its gradient against finite differences.</summary>
public class LossTests
{
    private const int Rows = 4, Columns = 3;
    private static readonly long[] Labels = [0, 2, 1, 2];
    private static readonly double[] X = Wave(Rows, Columns).Values(), Y = [.. Wave(Rows, Columns).Values().Select(v => Math.Abs(v - 0.4) + 0.1)];
    private static readonly double[] P = [.. X.Select(v => 1 / (1 + Math.Exp(-v)))], Binary = [.. X.Select((_, i) => i % 3 == 0 ? 1.0 : 0)],
        Signs = [.. X.Select((_, i) => i % 3 == 0 ? 1.0 : -1)];

    private static Tensor T(double[] values) => torch.tensor(values).reshape(Rows, Columns);

    private static double[] ByElement(double[] x, double[] y, Func<double, double, double> formula) => [.. x.Zip(y, formula)];

    private static double[] ByRow(Func<double[], int, double> formula) => [.. X.Chunk(Columns).Select(formula)];

    private static double LogSumExp(double[] row) => Math.Log(row.Sum(Math.Exp));

    private sealed record Case(Func<Reduction, Loss<Tensor, Tensor, Tensor>> Make, double[] Input, Func<Tensor> Target, double[] Expected);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["MSE"] = new(r => MSELoss(r), X, () => T(Y), ByElement(X, Y, (x, y) => (x - y) * (x - y))),
        ["L1"] = new(r => L1Loss(r), X, () => T(Y), ByElement(X, Y, (x, y) => Math.Abs(x - y))),
        ["Huber"] = new(r => HuberLoss(0.3, r), X, () => T(Y), ByElement(X, Y, (x, y) => Math.Abs(x - y) < 0.3 ? (x - y) * (x - y) / 2 : 0.3 * (Math.Abs(x - y) - 0.15))),
        ["SmoothL1"] = new(r => SmoothL1Loss(r, 0.3), X, () => T(Y), ByElement(X, Y, (x, y) => Math.Abs(x - y) < 0.3 ? (x - y) * (x - y) / 0.6 : Math.Abs(x - y) - 0.15)),
        ["BCE"] = new(r => BCELoss(reduction: r), P, () => T(Binary), ByElement(P, Binary, (p, y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p)))),
        ["BCE weighted"] = new(r => BCELoss(T(Y), r), P, () => T(Binary), [.. ByElement(P, Binary, (p, y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p))).Zip(Y, (l, w) => l * w)]),
        ["BCEWithLogits"] = new(r => BCEWithLogitsLoss(reduction: r), X, () => T(Binary), ByElement(P, Binary, (p, y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p)))),
        ["BCEWithLogits, positives thrice"] = new(r => BCEWithLogitsLoss(null, r, full([Columns], 3.0, float64)), X, () => T(Binary), ByElement(P, Binary, (p, y) => -(3 * y * Math.Log(p) + (1 - y) * Math.Log(1 - p)))),
        ["KLDiv of logarithms"] = new(r => KLDivLoss(reduction: r), X, () => T(Y), ByElement(X, Y, (x, y) => Math.Exp(y) * (y - x))),
        ["KLDiv of probabilities"] = new(r => KLDivLoss(false, r), X, () => T(Y), ByElement(X, Y, (x, y) => y * (Math.Log(y) - x))),
        ["HingeEmbedding"] = new(r => HingeEmbeddingLoss(reduction: r), X, () => T(Signs), ByElement(X, Signs, (x, y) => y > 0 ? x : Math.Max(0, 1 - x))),
        ["SoftMargin"] = new(r => SoftMarginLoss(r), X, () => T(Signs), ByElement(X, Signs, (x, y) => Math.Log(1 + Math.Exp(-y * x)))),
        ["PoissonNLL"] = new(r => PoissonNLLLoss(reduction: r), X, () => T(Y), ByElement(X, Y, (x, y) => Math.Exp(x) - y * x)),
        ["PoissonNLL of rates"] = new(r => PoissonNLLLoss(false, reduction: r), P, () => T(Y), ByElement(P, Y, (x, y) => x - y * Math.Log(x + 1e-8))),
        ["CrossEntropy"] = new(r => CrossEntropyLoss(reduction: r), X, () => torch.tensor(Labels), ByRow((row, i) => LogSumExp(row) - row[Labels[i]])),
        ["CrossEntropy smoothed"] = new(r => new CrossEntropyLoss(reduction: r, label_smoothing: 0.2), X, () => torch.tensor(Labels), ByRow((row, i) => LogSumExp(row) - 0.8 * row[Labels[i]] - 0.2 * row.Average())),
        ["NLL"] = new(r => NLLLoss(reduction: r), X, () => torch.tensor(Labels), ByRow((row, i) => -row[Labels[i]])),
        ["MultiMargin"] = new(r => MultiMarginLoss(reduction: r), X, () => torch.tensor(Labels), ByRow((row, i) => row.Where((_, c) => c != Labels[i]).Sum(x => Math.Max(0, 1 - row[Labels[i]] + x)) / Columns)),
        ["MultiMargin squared"] = new(r => MultiMarginLoss(2, 0.5, reduction: r), X, () => torch.tensor(Labels), ByRow((row, i) => row.Where((_, c) => c != Labels[i]).Sum(x => Math.Pow(Math.Max(0, 0.5 - row[Labels[i]] + x), 2)) / Columns)),
        ["MultiLabelSoftMargin"] = new(r => MultiLabelSoftMarginLoss(reduction: r), X, () => T(Binary), [.. ByElement(P, Binary, (p, y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p))).Chunk(Columns).Select(row => row.Average())]),
        ["MultiLabelMargin"] = new(r => MultiLabelMarginLoss(r), X, () => torch.tensor(Labels.SelectMany(label => new[] { label, -1, 0 }).ToArray()).reshape(Rows, Columns), ByRow((row, i) => row.Where((_, c) => c != Labels[i]).Sum(x => Math.Max(0, 1 - row[Labels[i]] + x)) / Columns)),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_IsItsFormula_ByElementSumAndMean(string name)
    {
        var (make, input, target, expected) = Cases[name];
        Numbers.AssertClose(expected, make(Reduction.None).call(T(input), target()), 1e-7);
        Numbers.AssertClose([expected.Sum()], make(Reduction.Sum).call(T(input), target()), 1e-7);
        Numbers.AssertClose([expected.Average()], make(Reduction.Mean).call(T(input), target()), 1e-7);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_HasTheGradientOfItsFormula(string name)
    {
        var (make, values, target, _) = Cases[name];
        var (loss, input) = (make(Reduction.None), T(values).requires_grad_());
        AssertGradients(() => loss.call(input, target()).Weighed(), input);
    }

    [Fact]
    public void CrossEntropy_WeighsClasses_AndLeavesOutTheIgnored()
    {
        double[] weights = [0.2, 1, 3];
        var rows = ByRow((row, i) => LogSumExp(row) - row[Labels[i]]);
        var used = Enumerable.Range(0, Rows).Where(i => Labels[i] != 1).ToArray();
        var expected = used.Sum(i => weights[Labels[i]] * rows[i]) / used.Sum(i => weights[Labels[i]]);
        Numbers.AssertClose([expected], CrossEntropyLoss(torch.tensor(weights), ignore_index: 1).call(T(X), torch.tensor(Labels)), 1e-9);
    }

    private static void AssertThree(Func<Reduction, Loss<Tensor, Tensor, Tensor, Tensor>> make, Tensor first, Tensor second, Tensor third, double[] expected)
    {
        Numbers.AssertClose(expected, make(Reduction.None).call(first, second, third), 1e-6);
        Numbers.AssertClose([expected.Sum()], make(Reduction.Sum).call(first, second, third), 1e-6);
        Numbers.AssertClose([expected.Average()], make(Reduction.Mean).call(first, second, third), 1e-6);
        var (a, b) = (first.detach().clone().requires_grad_(), second.detach().clone().requires_grad_());
        AssertGradients(() => make(Reduction.None).call(a, b, third).Weighed(), a, b);
    }

    private static double[] Pairs(double[] x, double[] y, Func<double[], double[], double> formula) => [.. x.Chunk(Columns).Zip(y.Chunk(Columns), formula)];

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => Math.Pow(a - b + 1e-6, 2)).Sum());

    [Fact]
    public void TripletMargins_CompareDistances()
    {
        var (near, far) = (Pairs(X, Y, Distance), Pairs(X, P, Distance));
        double[] expected = [.. near.Zip(far, (n, f) => Math.Max(0, n - f + 1))];
        AssertThree(r => TripletMarginLoss(reduction: r), T(X), T(Y), T(P), expected);
        AssertThree(r => TripletMarginWithDistanceLoss(reduction: r), T(X), T(Y), T(P), expected);
        AssertThree(r => TripletMarginWithDistanceLoss((a, b) => (a - b).abs().sum(1), 0.5, reduction: r), T(X), T(Y), T(P),
            [.. Pairs(X, Y, (x, y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Sum()).Zip(Pairs(X, P, (x, y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Sum()),
                (n, f) => Math.Max(0, n - f + 0.5))]);
        AssertThree(r => TripletMarginLoss(swap: true, reduction: r), T(X), T(Y), T(P),
            [.. near.Zip(far.Zip(Pairs(Y, P, Distance), Math.Min), (n, f) => Math.Max(0, n - f + 1))]);
    }

    [Fact]
    public void CosineEmbedding_PullsOrPushesByTheSign()
    {
        double[] signs = [1, -1, 1, -1];
        var cosines = Pairs(X, Y, (x, y) => x.Zip(y, (a, b) => a * b).Sum() / Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v)));
        AssertThree(r => CosineEmbeddingLoss(-0.9, r), T(X), T(Y), torch.tensor(signs), [.. cosines.Zip(signs, (c, s) => s > 0 ? 1 - c : Math.Max(0, c + 0.9))]);
    }

    [Fact]
    public void MarginRanking_WantsTheSignOfTheDifference() =>
        AssertThree(r => MarginRankingLoss(0.2, r), T(X), T(Y), T(Signs), [.. X.Zip(Y, (x, y) => x - y).Zip(Signs, (d, s) => Math.Max(0, -s * d + 0.2))]);

    [Fact]
    public void GaussianNLL_SumsOverTheRow()
    {
        double[] expected = [.. X.Zip(P, (x, y) => (x - y) * (x - y)).Zip(Y,
            (square, v) => 0.5 * (Math.Log(v) + square / v)).Chunk(Columns).Select(row => row.Sum())];
        AssertThree(r => GaussianNLLLoss(reduction: r), T(X), T(P), T(Y), expected);
        AssertThree(r => GaussianNLLLoss(true, reduction: r), T(X), T(P), T(Y), [.. expected.Select(v => v + 0.5 * Columns * Math.Log(2 * Math.PI))]);
        Assert.Throws<ArgumentException>(() => GaussianNLLLoss().call(T(X), T(P), -T(Y)));
    }

    [Fact]
    public void CTC_SumsOverAllAlignments()
    {
        // Two frames and the target (1): blank-1, 1-blank and 1-1 spell it.
        var log = Wave(2, 1, 3).log_softmax(2);
        var p = log.exp().Values().Chunk(3).ToArray();
        var expected = -Math.Log(p[0][0] * p[1][1] + p[0][1] * p[1][0] + p[0][1] * p[1][1]);
        var loss = CTCLoss(reduction: Reduction.Sum).call(log, torch.tensor(new long[] { 1 }).reshape(1, 1), torch.tensor(new long[] { 2 }),
            torch.tensor(new long[] { 1 }));
        Numbers.AssertClose([expected], loss, 1e-9);
    }

    [Fact]
    public void HingeEmbedding_HasAMarginOfOneInTheModuleAndZeroInTheFunction()
    {
        var (input, target) = (torch.tensor(new[] { 0.5 }), torch.tensor(new[] { -1.0 }));
        Numbers.AssertClose([0.5], HingeEmbeddingLoss().call(input, target));
        Numbers.AssertClose([0], functional.hinge_embedding_loss(input, target));
    }
}
