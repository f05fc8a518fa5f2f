using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Modules;

public class ModuleTests
{
    private static Sequential Model() => Sequential(("in", Linear(3, 4)), ("norm", BatchNorm1d(4)), ("act", ReLU()), ("out", Linear(4, 2)));

    [Fact]
    public void TrainAndEval_ReachAllModules_TheRootToo()
    {
        var model = Model();
        Assert.True(model.training);
        model.eval();
        Assert.All([model, .. model.modules()], module => Assert.False(module.training));
        model.train();
        Assert.All([model, .. model.modules()], module => Assert.True(module.training));
    }

    [Fact]
    public void ZeroGrad_SetsNullByDefault_ZerosOnRequest()
    {
        var model = Model();
        model.call(rand(5, 3)).sum().backward();
        model.zero_grad(set_to_none: false);
        Assert.All(model.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().sum().item<float>()));
        model.zero_grad();
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Grad_IsANewHandleAtEachRead()
    {
        var layer = Linear(2, 2);
        layer.call(ones(1, 2)).sum().backward();
        using var first = layer.weight.grad!;
        using var second = layer.weight.grad!;
        Assert.NotSame(first, second);
        Assert.NotEqual(first.Handle, second.Handle);
    }

    [Fact]
    public void Apply_VisitsChildrenBeforeTheirParent()
    {
        var names = new List<string>();
        Model().apply(module => names.Add(module.GetName()));
        Assert.Equal(["Linear", "BatchNorm1d", "ReLU", "Linear", "torch::nn::SequentialImpl"], names);
    }

    [Fact]
    public void StateDict_HoldsParametersThenBuffersOfEachModule()
    {
        Assert.Equal(
            ["in.weight", "in.bias", "norm.weight", "norm.bias", "out.weight", "out.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"],
            Model().state_dict().Keys);
    }

    [Fact]
    public void LoadStateDict_CopiesValues_AndInsistsOnEqualNames()
    {
        var (source, target) = (Model(), Model());
        target.load_state_dict(source.state_dict());
        Assert.True(target.get_parameter("in.weight")!.allclose(source.get_parameter("in.weight")!));
        Assert.NotSame(target.get_parameter("in.weight"), source.get_parameter("in.weight"));

        var partial = source.state_dict();
        partial.Remove("in.weight");
        Assert.Throws<InvalidOperationException>(() => target.load_state_dict(partial));
        var (missing, unexpected) = target.load_state_dict(partial, strict: false);
        Assert.Equal(["in.weight"], missing);
        Assert.Empty(unexpected);
    }

    [Fact]
    public void SaveAndLoad_RestoreEveryParameterAndBuffer()
    {
        var (source, target) = (Model(), Model());
        source.call(rand(6, 3));
        using var stream = new MemoryStream();
        source.save(new BinaryWriter(stream));
        stream.Position = 0;
        target.load(new BinaryReader(stream));
        var (expected, actual) = (source.state_dict(), target.state_dict());
        Assert.All(expected.Keys, key => Assert.Equal(expected[key], actual[key]));
    }

    [Fact]
    public void Load_RefusesAFileOfAnotherModel()
    {
        using var stream = new MemoryStream();
        Linear(2, 2).save(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => Model().load(new BinaryReader(stream)));
    }

    [Fact]
    public void To_ReplacesParametersByNewObjects_KeepsGradientsAndLeaves()
    {
        var layer = Linear(2, 2);
        layer.call(ones(1, 2)).sum().backward();
        var old = layer.weight;
        layer.to(float64);
        Assert.NotSame(old, layer.weight);
        Assert.True(old.IsInvalid);
        Assert.Equal(float64, layer.weight.dtype);
        Assert.Equal(float64, layer.weight.grad!.dtype);
        Assert.True(layer.weight.is_leaf && layer.weight.requires_grad);
        Assert.Equal(["weight", "bias"], layer.named_parameters().Select(entry => entry.name));
    }

    [Fact]
    public void To_WithNothingToChange_KeepsTheObjects()
    {
        var layer = Linear(2, 2);
        var weight = layer.weight;
        layer.to(float32);
        layer.cpu();
        Assert.Same(weight, layer.weight);
    }

    private class Scaled : Module<Tensor, Tensor>
    {
        public Parameter scale = new(ones(1));

        public Scaled() : base("Scaled") => RegisterComponents();

        public override Tensor forward(Tensor input) => input * scale;
    }

    private sealed class Redeclared : Scaled
    {
        public new int training { get; set; }
    }

    [Fact]
    public void To_UpdatesTheFieldOfACustomModule()
    {
        var module = new Scaled();
        module.to(float64);
        Assert.Equal(float64, module.scale.dtype);
        Assert.Same(module.scale, module.get_parameter("scale"));
    }

    [Fact]
    public void To_ThrowsWhenAPropertyIsDeclaredAnewWithAnotherType() => Assert.Throws<ArgumentException>(() => new Redeclared().to(float64));

    [Fact]
    public void To_RefusesIntegerTypes() => Assert.Throws<ArgumentException>(() => new Scaled().to(int64));

    [Fact]
    public void Dispose_DisposesAllTensors()
    {
        var model = Model();
        var tensors = model.state_dict().Values.ToList();
        model.Dispose();
        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void ParametersOfLayers_OutliveTheScopeTheyAreMadeIn()
    {
        Sequential model;
        using (NewDisposeScope()) model = Model();
        Assert.Equal(6, model.parameters().Count());
        Assert.All(model.parameters(), parameter => Assert.False(parameter.IsInvalid));
    }

    [Fact]
    public void Enumerations_CanBeRunAgain()
    {
        foreach (var model in new Module[] { Model(), new Scaled() })
        {
            var (parameters, buffers) = (model.parameters(), model.buffers());
            Assert.NotEmpty(parameters);
            Assert.Equal(parameters.ToList(), parameters);
            Assert.Equal(buffers.Count(), buffers.Count());
        }
    }

    [Fact]
    public void ForwardAndBackward_LeaveNoTensorsBehind()
    {
        var model = Sequential(Linear(3, 4), BatchNorm1d(4), GELU(), Dropout(), Linear(4, 2), LayerNorm(2), Softplus());
        var before = Numbers.LiveTensors();
        for (var i = 0; i < 20; i++)
        {
            using var scope = NewDisposeScope();
            functional.cross_entropy(model.call(rand(5, 3)), torch.tensor(new long[] { 0, 1, 0, 1, 1 })).backward();
            model.zero_grad();
        }
        Assert.Equal(before, Numbers.LiveTensors());
    }

    [Fact]
    public void LayerMadeAndDisposed_LeavesNoTensorsBehind()
    {
        var before = Numbers.LiveTensors();
        foreach (var make in new Func<Module>[]
        {
            () => Linear(3, 4), () => Conv2d(1, 2, 3), () => BatchNorm2d(3), () => PReLU(1), () => GroupNorm(1, 2), () => LSTM(2, 3, 2), () => Embedding(3, 2), () =>
                EmbeddingBag(3, 2),
            () => MultiheadAttention(4, 2), () => Transformer(4, 2, 1, 1, 4), () => Bilinear(1, 2, 3), () => Model(),
        })
            make().Dispose();
        Assert.Equal(before, Numbers.LiveTensors());
    }

    [Fact]
    public void Slices_ShareTheirModules()
    {
        var model = Model();
        var tail = model[1..];
        Assert.Equal(3, tail.Count);
        Assert.Same(model[3], tail[2]);
        Assert.Same(model[0], model[(null, 1)][0]);
    }

    [Fact]
    public void Sequential_ParametersCanBeEnumeratedAgainAndAgain()
    {
        using var scope = NewDisposeScope();
        var parameters = Sequential(("fc", Linear(2, 2))).parameters();

        Assert.Equal(2, parameters.Count());
        Assert.Equal(2, parameters.Count());
    }
}
