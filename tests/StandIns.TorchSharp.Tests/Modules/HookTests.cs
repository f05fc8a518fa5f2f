using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Modules;

public class HookTests
{
    private sealed class Pair : Module<Tensor, (Tensor, Tensor)>
    {
        public Pair() : base("Pair")
        {
        }

        public override (Tensor, Tensor) forward(Tensor input) => (input + 1, input + 2);
    }

    private sealed class Sum : Module<Tensor, Tensor, Tensor>
    {
        public Sum() : base("Sum")
        {
        }

        public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
    }

    [Fact]
    public void Call_RunsHooks_ForwardRunsNone()
    {
        var seen = new List<string>();
        var relu = ReLU();
        relu.register_forward_pre_hook((Module _) => seen.Add("module pre"));
        relu.register_forward_pre_hook((_, x) => { seen.Add("pre"); return x; });
        relu.register_forward_hook((_, _, y) => { seen.Add("post"); return y; });
        relu.register_forward_hook((Module _) => seen.Add("module post"));

        relu.forward(ones(1));
        Assert.Empty(seen);
        relu.call(ones(1));
        Assert.Equal(["module pre", "pre", "post", "module post"], seen);
    }

    [Fact]
    public void RemovedHook_RunsNoMore()
    {
        var runs = 0;
        var relu = ReLU();
        var remover = relu.register_forward_hook((_, _, y) => { runs++; return y; });
        relu.call(ones(1));
        remover.remove();
        relu.call(ones(1));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void HookResults_ReplaceInputAndOutput_NullKeepsThem()
    {
        var tanh = Tanh();
        tanh.register_forward_pre_hook((_, _) => zeros(1));
        tanh.register_forward_hook((_, x, y) => y + 5);
        tanh.register_forward_hook((_, x, y) => null!);
        Assert.Equal(5f, tanh.call(ones(1)).item<float>());
    }

    [Fact]
    public void PreHookOfTwoInputs_NullKeepsThem_ATupleReplacesBoth()
    {
        var sum = new Sum();
        sum.register_forward_pre_hook((_, _, _) => null);
        Assert.Equal(3f, sum.call(ones(1), ones(1) * 2).item<float>());
        sum.register_forward_pre_hook((_, a, b) => (a * 10, b * 10));
        Assert.Equal(30f, sum.call(ones(1), ones(1) * 2).item<float>());
    }

    [Fact]
    public void DefaultFromATupleHook_ReplacesTheResultByNulls()
    {
        var pair = new Pair();
        pair.register_forward_hook((_, _, _) => default);
        var (first, second) = pair.call(ones(1));
        Assert.Null(first);
        Assert.Null(second);
    }

    [Fact]
    public void HookAddedFromAHook_Throws()
    {
        var relu = ReLU();
        relu.register_forward_hook((module, _, y) =>
        {
            ((ReLU)module).register_forward_hook((_, _, z) => z);
            return y;
        });
        Assert.Throws<InvalidOperationException>(() => relu.call(ones(1)));
    }

    [Fact]
    public void Sequential_CallsItsModules_SoTheirHooksRun()
    {
        var runs = 0;
        var layer = Linear(2, 2);
        layer.register_forward_hook((_, _, y) => { runs++; return y; });
        var model = Sequential(layer, ReLU());
        model.forward(ones(1, 2));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Sequential_DisposesTensorsBetweenItsModules()
    {
        Tensor? between = null;
        var layer = Linear(2, 2);
        layer.register_forward_hook((_, _, y) => between = y);
        var output = Sequential(layer, ReLU(), Tanh()).call(ones(1, 2));
        Assert.True(between!.IsInvalid);
        Assert.False(output.IsInvalid);
    }

    [Fact]
    public void Sequential_KeepsItsInput_EvenWhenEmpty()
    {
        var input = ones(1, 2);
        using var alias = Sequential().call(input);
        using var output = Sequential(ReLU()).call(input);
        Assert.False(input.IsInvalid);
        Assert.NotSame(input, alias);
    }

    [Fact]
    public void TapInAForwardHook_ReadsTheGradientAtAnOutput_DespiteSequentialAndInPlaceActivations()
    {
        Tensor? tap = null;
        var layer = Linear(2, 2);
        layer.register_forward_hook((_, _, output) =>
        {
            tap = output.alias();
            tap.retain_grad();
            tap.DetachFromDisposeScope();
            return tap.clone();
        });
        var model = Sequential(layer, ReLU(inplace: true), Linear(2, 1));
        var head = (Linear)model[2];
        using (NewDisposeScope()) model.call(ones(1, 2)).sum().backward();

        using var value = tap!.detach();
        using var expected = head.weight.detach() * value.gt(0).to(float32);
        using var grad = tap.grad!;
        Assert.Equal(expected.data<float>().ToArray(), grad.data<float>().ToArray());
    }
}
