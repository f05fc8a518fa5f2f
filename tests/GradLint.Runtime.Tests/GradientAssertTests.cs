using GradLint.Runtime.Initialization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests;

public sealed class GradientAssertTests
{
    [Fact]
    public void DeepSigmoidStack_DoesNotFlow()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<GradientFlowException>(() =>
            GradientAssert.Flows(Models.Stack(10, 32, Sigmoid), randn(16, 64), output => output.square().mean()));

        Assert.Contains("'fc0.weight'", error.Message);
        Assert.Contains("layer", error.Message);
    }

    [Fact]
    public void DeepReluStackWithHe_Flows()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(10, 64, () => ReLU());
        Initialize.He(model);

        GradientAssert.Flows(model, randn(16, 64), output => output.square().mean());
    }

    [Fact]
    public void DeadUnits_AreCountedOverAllInputs()
    {
        using var scope = NewDisposeScope();
        var model = Models.Stack(1, 8, () => ReLU(), inputs: 4);
        var inputs = Enumerable.Range(0, 20).Select(_ => randn(16, 4)).ToList();
        GradientAssert.NoDeadUnits(model, inputs);
        using (no_grad())
            model.named_parameters().First(entry => entry.name == "fc0.bias").parameter.narrow(0, 0, 4).fill_(-100);

        var error = Assert.Throws<GradientFlowException>(() => GradientAssert.NoDeadUnits(model, inputs));

        Assert.Contains("act0", error.Message);
        GradientAssert.NoDeadUnits(model, inputs, maxShare: 0.5);
    }

    [Fact]
    public void DefaultRnn_ForgetsWithinAFewSteps_AnLstmWithOpenForgetGatesDoesNot()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn(4, 60, 8);
        var open = LSTM(8, 32, batchFirst: true);
        using (no_grad())
            open.named_parameters().First(entry => entry.name == "bias_ih_l0").parameter.narrow(0, 32, 32).fill_(4);

        var error = Assert.Throws<GradientFlowException>(() => GradientAssert.Horizon(RNN(8, 32, batchFirst: true), x, 50));
        GradientAssert.Horizon(open, x, 50);

        Assert.Contains("50 are needed", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Horizon_FindsTheTimeAxis(bool batchFirst)
    {
        using var scope = NewDisposeScope();
        // Batch and length are equal: only a shorter sequence tells them apart.
        var layer = GRU(3, 8, batchFirst: batchFirst);
        GradientAssert.Horizon(layer, randn(6, 6, 3), 2);

        Assert.Throws<GradientFlowException>(() => GradientAssert.Horizon(layer, randn(6, 6, 3), 7));
        Assert.All(layer.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(layer.training);
    }

    [Fact]
    public void ScalarRnn_HorizonEqualsClosedForm()
    {
        using var scope = NewDisposeScope();
        // h_t = relu(x_t + 0.5 h_{t−1}) with positive input: ∂h_T/∂x_t = 0.5^(T−t), below 1e-3 after 10 steps.
        var layer = RNN(1, 1, nonLinearity: NonLinearities.ReLU, batchFirst: true, bias: false);
        using (no_grad())
        {
            layer.named_parameters().First(entry => entry.name == "weight_ih_l0").parameter.fill_(1);
            layer.named_parameters().First(entry => entry.name == "weight_hh_l0").parameter.fill_(0.5);
        }

        GradientAssert.Horizon(layer, ones(2, 30, 1), 10);
        Assert.Contains("within 10 of 30", Assert.Throws<GradientFlowException>(() => GradientAssert.Horizon(layer, ones(2, 30, 1), 11)).Message);
    }
}
