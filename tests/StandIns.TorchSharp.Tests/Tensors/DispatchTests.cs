using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests;

public class DispatchTests
{
    [Fact]
    public void Gradient_OfSumOfSquares_IsTwiceTheInput()
    {
        using var x = tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        using var square = x.mul(x);
        using var loss = square.sum();
        loss.backward();
        using var grad = x.grad!;
        Assert.Equal([2f, 4f, 6f], grad.data<float>().ToArray());
    }

    [Fact]
    public void RefusedOperator_ThrowsLibtorchsMessage()
    {
        StandIn.Required("The original adds the native stack to the message.");
        using var left = ones(2, 3);
        using var right = ones(4, 5);
        var error = Assert.Throws<ExternalException>(() => left.add(right));
        Assert.StartsWith("The size of tensor a (3) must match the size of tensor b (5)", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
    }
}
