using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Autograd;

public class GradientTests
{
    [Fact]
    public void Grad_IsANewHandleAtEachRead()
    {
        using var x = ones(2, requires_grad: true);
        Assert.Null(x.grad);
        x.sum().backward();
        long before = Tensor.TotalCount;
        var first = x.grad!;
        var second = x.grad!;
        Assert.NotSame(first, second);
        Assert.Equal(before + 2, Tensor.TotalCount);
        first.fill_(5);
        Assert.Equal([5.0, 5], second.Values());
    }

    [Fact]
    public void Gradients_Accumulate_UntilSetToNull()
    {
        using var x = ones(1, requires_grad: true);
        (3 * x).backward();
        (4 * x).backward();
        Assert.Equal([7.0], x.grad!.Values());
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = full(1, 2);
        Assert.Equal([2.0], x.grad!.Values());
    }

    [Fact]
    public void RetainGrad_KeepsAnInnerGradient()
    {
        using var x = tensor(new[] { 2.0 }, requires_grad: true);
        using var square = x * x;
        square.retain_grad();
        (square * square).backward();
        Assert.False(square.is_leaf);
        Assert.True(x.is_leaf);
        Assert.Equal([8.0], square.grad!.Values());
        Assert.Equal([32.0], x.grad!.Values());
    }

    [Fact]
    public void Detach_EndsTheGraph_Alias_DoesNot()
    {
        using var x = ones(1, requires_grad: true);
        Assert.False((x * 2).detach().requires_grad);
        Assert.True((x * 2).alias().requires_grad);
    }

    [Fact]
    public void SecondBackward_NeedsTheGraphRetained()
    {
        using var x = ones(1, requires_grad: true);
        using var y = x * x;
        y.backward(retain_graph: true);
        y.backward();
        Assert.Equal([4.0], x.grad!.Values());
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    [Fact]
    public void NonScalarBackward_IsRefused()
    {
        using var x = ones(2, requires_grad: true);
        Assert.Contains("scalar outputs", Assert.Throws<ExternalException>(() => (x * 2).backward()).Message);
        (x * 2).backward([tensor(new[] { 1f, 3f })]);
        Assert.Equal([2.0, 6], x.grad!.Values());
    }

    [Fact]
    public void AutogradGrad_GivesHigherDerivatives_AndLeavesGradAlone()
    {
        using var x = tensor(new[] { 2.0 }, requires_grad: true);
        using var cube = x * x * x;
        var first = autograd.grad([cube], [x], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first], [x])[0];
        Assert.Equal([12.0], first.Values());
        Assert.Equal([12.0], second.Values());
        Assert.Null(x.grad);
    }

    [Fact]
    public void UnusedInput_IsAnError_OrAnInvalidTensor()
    {
        StandIn.Required("An error in autograd.grad ends the original's process.");
        using var x = ones(1, requires_grad: true);
        using var unused = ones(1, requires_grad: true);
        Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [unused]));
        Assert.True(autograd.grad([x * 2], [unused], allow_unused: true)[0].IsInvalid);
    }

    [Fact]
    public void Modes_AreScoped_Nested_AndTheThreadsOwn()
    {
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            using (enable_grad()) Assert.True(is_grad_enabled());
            using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
            bool elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
            using var x = ones(1, requires_grad: true);
            Assert.False((x * 2).requires_grad);
        }
        Assert.True(is_grad_enabled());
        using (inference_mode()) Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void BareNoGrad_StaysOffOnItsThread()
    {
        bool enabled = true;
        var thread = new Thread(() =>
        {
            no_grad();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            enabled = is_grad_enabled();
        });
        thread.Start();
        thread.Join();
        Assert.False(enabled);
    }

    [Fact]
    public void DetectAnomaly_NamesTheFunctionThatGaveNaN()
    {
        using var x = zeros(1, requires_grad: true);
        using (autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled);
            using var y = x / x;
            Assert.Contains("Function 'DivBackward0' returned nan values", Assert.Throws<ExternalException>(() => y.backward()).Message);
        }
        Assert.False(AnomalyMode.IsEnabled);
    }

    [Fact]
    public void InPlaceChangeOfASavedTensor_IsAnError()
    {
        using var x = ones(1, requires_grad: true);
        using var y = x.exp();
        y.add_(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    [Fact]
    public void Jacobian_OfAMatrixProduct_IsTheMatrix()
    {
        using var scope = NewDisposeScope();
        var matrix = tensor(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } });
        var jacobian = autograd.functional.jacobian((Tensor x) => matrix.mv(x), ones(3, dtype: float64));
        Assert.Equal([2L, 3], jacobian.shape);
        Assert.Equal(matrix.Values(), jacobian.Values());
    }

    [Fact]
    public void TrainingStep_LeavesNoTensor()
    {
        using var weights = randn(8, 4, requires_grad: true);
        void Step()
        {
            using var scope = NewDisposeScope();
            var loss = randn(16, 8).matmul(weights).tanh().square().mean();
            loss.backward();
            using var gradient = weights.grad!;
            using (no_grad()) weights.sub_(gradient * 0.1);
            weights.grad = null;
        }
        Step();
        long before = Numbers.LiveTensors();
        for (int i = 0; i < 100; i++) Step();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
