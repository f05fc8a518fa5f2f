using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Optim;

public class OptimizerStateTests
{
    private static readonly Func<IEnumerable<Parameter>, OptimizerHelper>[] Makers =
    [
        p => optim.SGD(p, 0.05, 0.9), p => optim.Adam(p, 0.05, amsgrad: true), p => optim.AdamW(p, 0.05), p => optim.Adamax(p), p => optim.NAdam(p), p =>
            optim.RAdam(p),
        p => optim.RMSProp(p, momentum: 0.9, centered: true), p => optim.Adagrad(p), p => optim.Adadelta(p), p => optim.Rprop(p), p => optim.ASGD(p, t0: 2),
    ];

    public static TheoryData<int> All => new(Enumerable.Range(0, Makers.Length));

    private static void Train(Module<Tensor, Tensor> model, optim.Optimizer optimizer, int steps)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            (model.call(linspace(-1, 1, 6).reshape(2, 3)) - 1).square().sum().backward();
            optimizer.step();
        }
    }

    private static (Linear model, OptimizerHelper optimizer) Trained(int maker)
    {
        torch.manual_seed(4);
        var model = Linear(3, 2);
        var optimizer = Makers[maker](model.parameters());
        Train(model, optimizer, 4);
        return (model, optimizer);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void SavedState_ContinuesAsIfNothingHadHappened(int maker)
    {
        var (model, optimizer) = Trained(maker);
        var file = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(file));

        var copy = Linear(3, 2);
        copy.load_state_dict(model.state_dict());
        var resumed = Makers[maker](copy.parameters());
        file.Position = 0;
        resumed.load_state_dict(new BinaryReader(file));
        Assert.All(optimizer.state_dict().State.Zip(resumed.state_dict().State), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

        Train(model, optimizer, 3);
        Train(copy, resumed, 3);
        Assert.True(model.weight.allclose(copy.weight));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void StateDictionary_CopiesTensors_NotHandles(int maker)
    {
        var (model, optimizer) = Trained(maker);
        var other = Makers[maker](Linear(3, 2).parameters().ToList());
        other.load_state_dict(optimizer.state_dict());
        var saved = other.state_dict().State[0];
        Assert.True(optimizer.state_dict().State[0].ApproximatelyEquals(saved));
        Train(model, optimizer, 1);
        Assert.False(optimizer.state_dict().State[0].ApproximatelyEquals(saved));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TrainingSteps_LeaveNoTensorsBehind(int maker)
    {
        var (model, optimizer) = Trained(maker);
        var before = Numbers.LiveTensors();
        Train(model, optimizer, 20);
        Assert.Equal(before, Numbers.LiveTensors());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Dispose_FreesTheState(int maker)
    {
        var before = Numbers.LiveTensors();
        using (var model = Linear(3, 2))
        using (var optimizer = Makers[maker](model.parameters()))
            Train(model, optimizer, 2);
        Assert.Equal(before, Numbers.LiveTensors());
    }

    [Fact]
    public void Load_RefusesAnotherOptimizersFile()
    {
        var file = new MemoryStream();
        Trained(0).optimizer.save_state_dict(new BinaryWriter(file));
        file.Position = 0;
        Assert.Throws<InvalidDataException>(() => Trained(1).optimizer.load_state_dict(new BinaryReader(file)));
    }

    [Fact]
    public void Groups_HaveTheirOwnOptions_AndTakeTheRestFromTheDefaults()
    {
        var (slow, fast) = (new Parameter(zeros(1)), new Parameter(zeros(1)));
        var optimizer = optim.SGD([new SGD.ParamGroup { Parameters = [slow] }, new SGD.ParamGroup([fast], new SGD.Options { LearningRate = 1 })], 0.1,
            momentum: 0.5);
        Assert.Equal([0.1, 1], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.All(optimizer.ParamGroups, group => Assert.Equal(0.5, ((ParamGroup<SGD.Options>)group).Options.momentum));
        (slow.grad, fast.grad) = (ones(1), ones(1));
        optimizer.step();
        Assert.Equal((-0.1f, -1f), (slow.item<float>(), fast.item<float>()));
    }

    [Fact]
    public void GroupAddedLater_IsSteppedToo()
    {
        var (first, second) = (new Parameter(zeros(1)) { grad = ones(1) }, new Parameter(zeros(1)) { grad = ones(1) });
        var optimizer = optim.Adam([first], 0.1);
        optimizer.add_param_group(new Adam.ParamGroup([second], lr: 0.5));
        optimizer.step();
        Assert.Equal(-0.1, first.item<float>(), 6);
        Assert.Equal(-0.5, second.item<float>(), 6);
        Assert.Equal([first, second], optimizer.parameters());
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => optim.SGD([new Parameter(zeros(1))], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([new Parameter(zeros(1))], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam([new Parameter(zeros(1))], beta1: 1));
    }

    [Fact]
    public void LearningRateSetOnAGroup_IsUsedByTheNextStep()
    {
        var parameter = new Parameter(zeros(1)) { grad = ones(1) };
        var optimizer = optim.SGD([parameter], 0.1);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0.5;
        optimizer.step();
        Assert.Equal(-0.5f, parameter.item<float>());
    }
}
