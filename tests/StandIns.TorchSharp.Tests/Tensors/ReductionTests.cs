using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class ReductionTests
{
    private static readonly double[,] Matrix = { { 1, -4, 2 }, { 0.5, 3, -2 } };
    private static readonly double[] All = [1, -4, 2, 0.5, 3, -2];

    [Fact]
    public void WholeTensor()
    {
        using var scope = NewDisposeScope();
        var m = tensor(Matrix);
        double mean = All.Average(), variance = All.Sum(x => (x - mean) * (x - mean)) / 5;
        Assert.Equal(0.5, m.sum().item<double>(), 12);
        Assert.Equal(mean, m.mean().item<double>(), 12);
        Assert.Equal(All.Aggregate(1.0, (a, b) => a * b), m.prod().item<double>(), 12);
        Assert.Equal(variance, m.var().item<double>(), 12);
        Assert.Equal(Math.Sqrt(variance * 5 / 6), m.std(unbiased: false).item<double>(), 12);
        Assert.Equal(Math.Sqrt(variance), m.std().item<double>(), 12);
        Assert.Equal(3.0, m.max().item<double>());
        Assert.Equal(-4.0, m.min().item<double>());
        Assert.Equal(4, m.argmax().item<long>());
        Assert.Equal(Math.Sqrt(All.Sum(x => x * x)), m.norm().item<double>(), 12);
        Assert.Equal(All.Sum(Math.Abs), m.norm(1f).item<double>(), 12);
        Assert.Equal(Math.Log(All.Sum(Math.Exp)), m.flatten().logsumexp(0).item<double>(), 12);
        Assert.Equal(0.5, m.median().item<double>());
        Assert.True((m > -5).all().item<bool>());
        Assert.False((m > 5).any().item<bool>());
        Assert.Equal(6, m.count_nonzero().item<long>());
    }

    [Fact]
    public void AlongADimension()
    {
        using var scope = NewDisposeScope();
        var m = tensor(Matrix);
        Numbers.AssertClose([-1, 1.5], m.sum(1));
        Numbers.AssertClose([1.5, -1, 0], m.sum(dim: 0));
        Assert.Equal([2L, 1L], m.sum(dim: 1, keepdim: true).shape);
        Numbers.AssertClose([0.75, -0.5, 0], m.mean([0]));
        Numbers.AssertClose([0.125, 24.5, 8], m.var(0));
        var (values, indices) = m.max(1);
        Assert.Equal([2.0, 3.0], values.Values());
        Assert.Equal([2L, 1L], indices.data<long>().ToArray());
        Assert.Equal([2.0, 3.0], m.amax(1).Values());
        Assert.Equal([1.0, -3, -1, 0.5, 3.5, 1.5], m.cumsum(1).Values());
    }

    [Fact]
    public void StandardDeviationAndMeanTogether()
    {
        using var scope = NewDisposeScope();
        var (std, mean) = tensor(Matrix).std_mean(1);
        Numbers.AssertClose([-1.0 / 3, 0.5], mean);
        Numbers.AssertClose([Math.Sqrt((16.0 / 9 + 121.0 / 9 + 49.0 / 9) / 2), 2.5], std);
    }

    [Fact]
    public void Softmax_IsExponentialsOverTheirSum()
    {
        using var scope = NewDisposeScope();
        double[] row = [1, 2, 4];
        double total = row.Sum(Math.Exp);
        Numbers.AssertClose([.. row.Select(x => Math.Exp(x) / total)], tensor(row).softmax(0));
        Numbers.AssertClose([.. row.Select(x => x - Math.Log(total))], tensor(row).log_softmax(0));
    }

    [Fact]
    public void Sorting()
    {
        using var scope = NewDisposeScope();
        var x = tensor(All);
        var (sorted, order) = x.sort(descending: true);
        Assert.Equal([3.0, 2, 1, 0.5, -2, -4], sorted.Values());
        Assert.Equal([4L, 2, 0, 3, 5, 1], order.data<long>().ToArray());
        var (largest, places) = x.topk(2);
        Assert.Equal([3.0, 2], largest.Values());
        Assert.Equal([4L, 2], places.data<long>().ToArray());
        var (unique, _, counts) = tensor(new[] { 2, 1, 2 }).unique(return_counts: true);
        Assert.Equal([1, 2], unique.data<int>().ToArray());
        Assert.Equal([1L, 2], counts!.data<long>().ToArray());
        Assert.Equal(2.0, tensor(All).quantile(tensor(0.8), 0).item<double>(), 12);
    }
}
