using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace StandIns.TorchSharp.Tests.Autograd;

public class FunctionTests
{
    [Fact]
    public void ManagedBackward_IsExact()
    {
        double[] points = [-1.5, 0.25, 2];
        using var x = tensor(points, requires_grad: true);
        using var cube = Cube.apply(x, 2.0);
        cube.sum().backward();
        Assert.Equal([.. points.Select(p => 2 * p * p * p)], cube.Values());
        Assert.Equal([.. points.Select(p => 6 * p * p)], x.grad!.Values());
    }

    [Fact]
    public void DoubleBackward_GoesThroughManagedCode()
    {
        using var x = tensor(new[] { 3.0 }, requires_grad: true);
        var first = grad([Cube.apply(x, 1.0)], [x], retain_graph: true, create_graph: true)[0];
        Assert.Equal([18.0], grad([first], [x])[0].Values());
    }

    [Fact]
    public void UnusedOutput_GivesZeros()
    {
        using var x = ones(2, requires_grad: true);
        var parts = Halves.apply(x);
        (parts[1] * 3).backward();
        Assert.Equal([0.0, 3], x.grad!.Values());
    }

    [Fact]
    public void WithoutGradients_NothingIsRecorded()
    {
        using var x = ones(1, requires_grad: true);
        using (no_grad()) Assert.False(Cube.apply(x, 1.0).requires_grad);
        Assert.False(Cube.apply(ones(1), 1.0).requires_grad);
    }

    [Fact]
    public void IdentityReturningItsInput_BecomesAView_ThatNoInPlaceChangeMayFollow()
    {
        using var x = ones(1, requires_grad: true);
        using var y = Identity.apply(x * 2);
        var error = Assert.Throws<ExternalException>(() => y.relu_());
        Assert.Contains("is a view and is being modified inplace", error.Message);
    }

    [Fact]
    public void ChangedSavedTensor_IsAnErrorInBackward()
    {
        StandIn.Required("An exception in managed backward ends the original's process.");
        using var x = tensor(new[] { 1.0 }, requires_grad: true);
        using var input = x * 2;
        using var y = Cube.apply(input, 1.0);
        input.add_(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    [Fact]
    public void ExceptionInBackward_ComesOutOfBackward()
    {
        StandIn.Required("An exception in managed backward ends the original's process.");
        using var x = ones(1, requires_grad: true);
        Assert.Contains("not today", Assert.Throws<ExternalException>(() => Failing.apply(x).backward()).Message);
    }

    [Fact]
    public void WrongNumberOfGradients_IsAnError()
    {
        StandIn.Required("An exception in managed backward ends the original's process.");
        using var x = ones(1, requires_grad: true);
        Assert.Contains("expected 2, got 1", Assert.Throws<ExternalException>(() => Forgetful.apply(x, 1.0).backward()).Message);
    }

    [Fact]
    public void Calls_LeaveNoTensor()
    {
        using var x = ones(4, requires_grad: true);
        void Step()
        {
            using var scope = NewDisposeScope();
            Cube.apply(x, 2.0).sum().backward();
            x.grad = null;
        }
        Step();
        long before = Numbers.LiveTensors();
        for (int i = 0; i < 200; i++) Step();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private sealed class Cube : SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("factor", vars[1]);
            return x * x * x * (double)vars[1];
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x * x * (3 * (double)ctx.get_data("factor")), null!];
        }
    }

    private sealed class Halves : MultiTensorFunction<Halves>
    {
        public override string Name => nameof(Halves);

        public override List<Tensor> forward(AutogradContext ctx, params object[] vars) => [.. ((Tensor)vars[0]).chunk(2).Select(half => half.clone())];

        public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs) => [cat(grad_outputs)];
    }

    private sealed class Identity : SingleTensorFunction<Identity>
    {
        public override string Name => nameof(Identity);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0];

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class Failing : SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("not today");
    }

    private sealed class Forgetful : SingleTensorFunction<Forgetful>
    {
        public override string Name => nameof(Forgetful);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }
}
