using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class ShapeTests
{
    [Fact]
    public void Views_ShareMemory()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(2, 3);
        x.view(6)[5] = 50;
        x.t()[0, 1] = 30;
        x.select(1, 1).fill_(7);
        Assert.Equal([0.0, 7, 2, 30, 7, 50], x.Values());
        Assert.Equal([1L, 3L], x.t().stride());
        Assert.False(x.t().is_contiguous());
    }

    [Fact]
    public void ShapesAfterEachView()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, 4);
        Assert.Equal([6L, 4], x.flatten(0, 1).shape);
        Assert.Equal([4L, 3, 2], x.permute(2, 1, 0).shape);
        Assert.Equal([2L, 4, 3], x.transpose(-1, -2).shape);
        Assert.Equal([2L, 1, 3, 4], x.unsqueeze(1).shape);
        Assert.Equal([2L, 3, 4], x.unsqueeze(1).squeeze().shape);
        Assert.Equal([5L, 2, 3, 4], x.expand(5, 2, 3, 4).shape);
        Assert.Equal([4L, 3, 8], x.repeat(2, 1, 2).shape);
        Assert.Equal([2L, 2, 4], x.narrow(1, 1, 2).shape);
        Assert.Equal([2L, 3, 2, 2], x.unflatten(2, 2, 2).shape);
        Assert.Equal([2L, 3, 3, 2], x.unfold(2, 2, 1).shape);
        Assert.Equal(4, x.size(-1));
        Assert.Equal(24, x.numel());
    }

    [Fact]
    public void JoiningAndSplitting()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[,] { { 1.0, 2 } });
        var b = tensor(new[,] { { 3.0, 4 } });
        Assert.Equal([1.0, 2, 3, 4], cat([a, b]).Values());
        Assert.Equal([1.0, 2, 3, 4], cat([a, b], 1).Values());
        Assert.Equal([2L, 1, 2], stack([a, b]).shape);
        Assert.Equal([3L, 3, 1], arange(7).split(3).Select(part => part.numel()));
        Assert.Equal([2L, 5], arange(7).split([2, 5], 0L).Select(part => part.numel()));
        Assert.Equal([4L, 3], arange(7).chunk(2).Select(part => part.numel()));
        Assert.Equal([3.0, 4], b.unbind(0)[0].Values());
    }

    [Fact]
    public void Indices_OfEveryKind()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal([20.0, 21, 22, 23], x[-1, -1].Values());
        Assert.Equal([1.0, 5, 9], x[TensorIndex.Single(0), TensorIndex.Colon, TensorIndex.Single(1)].Values());
        Assert.Equal([3.0, 7, 11, 15, 19, 23], x[TensorIndex.Ellipsis, TensorIndex.Single(-1)].Values());
        Assert.Equal([0.0, 2, 12, 14], x[TensorIndex.Colon, 0, TensorIndex.Slice(0, null, 2)].Values());
        Assert.Equal([4.0, 5, 16, 17], x[.., 1..2, ..2].Values());
        Assert.Equal([2L, 1, 3, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([8.0, 9, 10, 11, 0, 1, 2, 3], x[TensorIndex.Single(0), TensorIndex.Tensor(tensor(new long[] { 2, 0 }))].Values());
        Assert.Equal([22.0, 23], x[x > 21].Values());
    }

    [Fact]
    public void Assignment_ThroughAnIndex()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        x[TensorIndex.Colon, TensorIndex.Single(1)] = tensor(new[] { 5f, 6f });
        x[0, 0] = 1f;
        x[x == 6] = tensor(9f);
        x.index_put_(4, TensorIndex.Tensor(tensor(new long[] { 1 })), TensorIndex.Single(2));
        Assert.Equal([1.0, 5, 0, 0, 9, 4], x.Values());
    }

    [Fact]
    public void GatherScatterAndMasks()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } });
        var index = tensor(new long[,] { { 2 }, { 0 } });
        Assert.Equal([3.0, 4], x.gather(1, index).Values());
        Assert.Equal([1.0, 2, 0, 0, 5, 6], x.scatter(1, index, zeros_like(x)).Values());
        Assert.Equal([1.0, 2, 13, 14, 5, 6], x.scatter_add(1, index, full_like(x, 10)).Values());
        Assert.Equal([4.0, 5, 6], x.index_select(0, tensor(new long[] { 1 })).Values());
        Assert.Equal([0.0, 0, 3, 4, 5, 6], x.masked_fill(x < 3, 0).Values());
        Assert.Equal([5.0, 6], x.masked_select(x > 4).Values());
        Assert.Equal([1.0, 0, 0, 4, 5, 0], x.tril().Values());
        Assert.Equal([0.0, 2, 3, 0, 0, 6], x.triu(1).Values());
        Assert.Equal([0L, 1], tensor(new[,] { { 0, 1 }, { 0, 0 } }).nonzero().data<long>().ToArray());
    }
}
