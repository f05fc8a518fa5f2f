using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

/// <summary>Where TorchSharp up to 0.107 does other than its documentation says, the stand-in does the same.</summary>
public class TensorQuirkTests
{
    [Fact]
    public void VarianceOfTheWhole_IsAlwaysUnbiased()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(2.0, tensor(new[] { 1.0, 3 }).var(unbiased: false).item<double>());
        Assert.Equal(1.0, tensor(new[] { 1.0, 3 }).var(0L, unbiased: false).item<double>());
    }

    [Fact]
    public void HardtanhMethod_ReturnsItsTensorUnchanged()
    {
        using var x = tensor(new[] { -5.0, 5 });
        Assert.Same(x, x.hardtanh(-1, 1));
        Assert.Equal([-5.0, 5], x.Values());
    }

    [Fact]
    public void EluInPlace_IsNot()
    {
        using var x = tensor(new[] { -1.0 });
        using var y = x.elu_();
        Numbers.AssertClose([Math.Exp(-1) - 1], y);
        Assert.Equal([-1.0], x.Values());
    }

    [Fact]
    public void StaticErfinv_IsErf_AndStaticVarMean_GivesTheDeviation()
    {
        using var scope = NewDisposeScope();
        Numbers.AssertClose([0.5204998778130465], torch.erfinv(tensor(new[] { 0.5 })));
        Numbers.AssertClose([0.4769362762044699], tensor(new[] { 0.5 }).erfinv());
        Assert.Equal(2, torch.var_mean(tensor(new[] { 0.0, 2, 4 })).var.item<double>());
        Assert.Equal(4, tensor(new[] { 0.0, 2, 4 }).var_mean().var.item<double>());
    }

    [Fact]
    public void Quantile_OfTheLastDimension_IsOfAllElements()
    {
        using var scope = NewDisposeScope();
        var m = tensor(new[,] { { 0.0, 1 }, { 2, 3 } });
        Assert.Equal([1.5], m.quantile(tensor(new[] { 0.5 })).Values());
        Assert.Equal([0.5, 2.5], m.quantile(tensor(new[] { 0.5 }), 1).Values());
    }

    [Fact]
    public void LiteralZeroAsTheDimension_IsTakenForAnElementType()
    {
        using var scope = NewDisposeScope();
        var m = ones(2, 3);
        Assert.Equal((0L, ScalarType.Byte), (m.sum(0).dim(), m.sum(0).dtype));
        Assert.Equal([3L], m.sum(dim: 0).shape);
    }

    [Fact]
    public void NormOfAnInteger_IsAlongThatDimension()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2L], ones(2, 3).norm(1).shape);
        Assert.Equal(6f, ones(2, 3).norm(1f).item<float>());
    }

    [Fact]
    public void CreateGraph_DoesNotRetainTheGraph()
    {
        StandIn.Required("An error in autograd.grad ends the original's process.");
        using var x = ones(1, requires_grad: true);
        using var y = x.exp();
        using var first = autograd.grad([y], [x], create_graph: true)[0];
        Assert.Contains("second time", Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => autograd.grad([first], [x])).Message);
    }

    [Fact]
    public void Equal_IsElementwise_Equals_IsNot()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1, 2 });
        Assert.Equal([true, false], x.equal(tensor(new[] { 1, 3 })).data<bool>().ToArray());
        Assert.False(x.Equals(tensor(new[] { 1, 3 })));
        Assert.True(x.Equals(tensor(new[] { 1, 2 })));
    }
}
