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
