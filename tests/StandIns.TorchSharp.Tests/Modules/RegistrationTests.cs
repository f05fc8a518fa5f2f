using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.TorchSharp.Tests.Modules;

/// <summary>Which fields become parameters, buffers and children, as measured on TorchSharp 0.107.</summary>
public class RegistrationTests
{
    private static string[] Names(Module module) => module.named_parameters().Select(entry => entry.name).ToArray();

    private sealed class Registered : Module<Tensor, Tensor>
    {
        private readonly Linear first = Linear(2, 3);
        internal readonly Linear second = Linear(3, 1);

        public Registered() : base("Registered") => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(first.call(input));
    }

    private sealed class Unregistered : Module<Tensor, Tensor>
    {
        private readonly Linear inner = Linear(2, 2);

        public Unregistered() : base("Unregistered")
        {
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    private sealed class Holder<T> : Module<Tensor, Tensor>
    {
        public readonly T held;

        public Holder(T held) : base("Holder")
        {
            this.held = held;
            RegisterComponents();
        }

        public void Again() => RegisterComponents();

        public override Tensor forward(Tensor input) => input;
    }

    [Fact]
    public void Fields_RegisterInDeclarationOrder() =>
        Assert.Equal(["first.weight", "first.bias", "second.weight", "second.bias"], Names(new Registered()));

    [Fact]
    public void RootWithoutRegisterComponents_HasNoParameters() => Assert.Empty(Names(new Unregistered()));

    [Fact]
    public void ChildWithoutRegisterComponents_InAFieldOfARegisteredParent_IsRegistered() =>
        Assert.Equal(["held.inner.weight", "held.inner.bias"], Names(new Holder<Unregistered>(new())));

    [Fact]
    public void ChildWithoutRegisterComponents_InAModuleListOfARegisteredParent_IsRegistered() =>
        Assert.Equal(["held.0.inner.weight", "held.0.inner.bias"], Names(new Holder<ModuleList<Unregistered>>(new(new Unregistered()))));

    [Fact]
    public void ChildWithoutRegisterComponents_InASequential_IsMissing()
    {
        Assert.Empty(Names(Sequential(new Unregistered())));
        Assert.Empty(Names(new Holder<Sequential>(Sequential(new Unregistered()))));
        Assert.Equal(4, Names(Sequential(new Registered())).Length);
    }

    [Fact]
    public void BareModuleList_HasNoParameters() => Assert.Empty(Names(new ModuleList<Unregistered>(new Unregistered())));

    [Fact]
    public void PlainCollectionsOfModules_AreMissing()
    {
        Assert.Empty(Names(new Holder<List<Linear>>([Linear(1, 1)])));
        Assert.Empty(Names(new Holder<Linear[]>([Linear(1, 1)])));
        Assert.Empty(Names(new Holder<Dictionary<string, Linear>>(new() { ["a"] = Linear(1, 1) })));
        Assert.Empty(Names(new Holder<(Linear, Linear)>((Linear(1, 1), Linear(1, 1)))));
    }

    [Fact]
    public void ModuleListFilledAfterRegistration_IsMissing()
    {
        var holder = new Holder<ModuleList<Linear>>(new(Linear(1, 1)));
        holder.held.Add(Linear(1, 1));
        holder.Again();
        Assert.Equal(["held.0.weight", "held.0.bias"], Names(holder));
    }

    private sealed class Late : Module<Tensor, Tensor>
    {
        private readonly Linear late;

        public Late() : base("Late")
        {
            RegisterComponents();
            late = Linear(1, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => late.call(input);
    }

    [Fact]
    public void FieldAssignedAfterRegistration_IsMissingAlthoughRegisteredAgain() => Assert.Empty(Names(new Late()));

    private abstract class RegisteringBase : Module<Tensor, Tensor>
    {
        protected RegisteringBase() : base("RegisteringBase") => RegisterComponents();

        public override Tensor forward(Tensor input) => input;
    }

    private sealed class DerivedInConstructor : RegisteringBase
    {
        private readonly Linear assigned;
        private readonly Linear initialized = Linear(1, 1);

        public DerivedInConstructor() => assigned = Linear(1, 1);

        public override Tensor forward(Tensor input) => assigned.call(initialized.call(input));
    }

    [Fact]
    public void BaseConstructorThatRegisters_MissesWhatTheDerivedConstructorAssigns_ButNotFieldInitializers() =>
        Assert.Equal(["initialized.weight", "initialized.bias"], Names(new DerivedInConstructor()));

    [Fact]
    public void FieldReplacedAfterRegistration_LeavesTheOldModuleRegistered()
    {
        var module = new Registered();
        var old = module.second;
        typeof(Registered).GetField("second", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.SetValue(module, Linear(3, 1));
        Assert.NotSame(old, module.second);
        Assert.Same(old.weight, module.get_parameter("second.weight"));
    }

    private class WithField : Module<Tensor, Tensor>
    {
        protected Linear layer = Linear(1, 1);

        public WithField() : base("WithField")
        {
        }

        public override Tensor forward(Tensor input) => layer.call(input);
    }

    private sealed class Hiding : WithField
    {
        private new readonly Linear? layer = null;

        public Hiding() => RegisterComponents();

        public override Tensor forward(Tensor input) => layer is null ? input : base.forward(input);
    }

    [Fact]
    public void NullFieldOfTheSameName_HidesTheBaseFieldAndItsParameters() => Assert.Empty(Names(new Hiding()));

    [Fact]
    public void TensorField_BecomesABufferEvenIfItRequiresGrad()
    {
        var module = new Holder<Tensor>(zeros(3, requires_grad: true));
        Assert.Empty(Names(module));
        Assert.Equal("held", Assert.Single(module.named_buffers()).name);
    }

    [Fact]
    public void ParameterOfANonLeaf_IsNoLeafAndKeepsNoGradient()
    {
        var parameter = new Parameter(ones(2, requires_grad: true) * 2);
        var module = new Holder<Parameter>(parameter);
        Assert.False(parameter.is_leaf);
        (module.get_parameter("held")! * 3).sum().backward();
        Assert.Null(parameter.grad);
    }

    [Fact]
    public void Parameter_TakesOverTheTensorItIsMadeOf()
    {
        var data = ones(2);
        var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.Equal([1f, 1f], parameter.data<float>().ToArray());
    }

    private sealed class Renamed : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "head")]
        private readonly Linear _head = Linear(1, 1);

        private Linear Auto { get; } = Linear(1, 1);

        public Renamed() : base("Renamed") => RegisterComponents();

        public override Tensor forward(Tensor input) => Auto.call(_head.call(input));
    }

    [Fact]
    public void ComponentName_RenamesAField_AndAutoPropertiesShowTheirBackingField() =>
        Assert.Equal(["head.weight", "head.bias", "<Auto>k__BackingField.weight", "<Auto>k__BackingField.bias"], Names(new Renamed()));

    [Fact]
    public void SharedModule_IsListedTwice_ItsParametersOnce()
    {
        var shared = Linear(1, 1);
        var model = Sequential(shared, ReLU(), shared);
        Assert.Equal(["0", "1", "2"], model.named_modules().Select(entry => entry.name));
        Assert.Equal(["0.weight", "0.bias"], Names(model));
    }

    [Fact]
    public void NamedModules_LeavesOutTheRoot()
    {
        var model = Sequential(("body", Sequential(Linear(1, 1), ReLU())), ("head", Linear(1, 1)));
        Assert.Equal(["body", "head", "body.0", "body.1"], model.named_modules().Select(entry => entry.name));
        Assert.Equal(["body", "head"], model.named_children().Select(entry => entry.name));
    }

    [Fact]
    public void RegisterModule_RefusesDotsEmptyNamesAndDuplicates()
    {
        var model = new Registered();
        Assert.Throws<ArgumentException>(() => model.register_module("a.b", Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => model.register_module("", Linear(1, 1)));
        Assert.Throws<InvalidOperationException>(() => model.register_module("first", Linear(1, 1)));
    }

    [Fact]
    public void ParameterlessModules_RefuseParametersBuffersAndChildrenThatHaveSome()
    {
        var relu = ReLU();
        Assert.Throws<InvalidOperationException>(() => relu.register_parameter("p", new Parameter(zeros(1))));
        Assert.Throws<InvalidOperationException>(() => relu.register_buffer("b", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => relu.register_module("m", Linear(1, 1)));
        relu.register_module("m", Tanh());
        Assert.Single(relu.named_children());
    }

    [Fact]
    public void DisposedParameters_AreSkippedWithoutAWord()
    {
        var module = Linear(2, 2);
        module.weight.Dispose();
        Assert.Equal(["bias"], Names(module));
    }

    [Fact]
    public void Children_EnumerateAsTuplesOnly()
    {
        var children = new Registered().named_children();
        Assert.Equal(2, children.Count());
        Assert.Throws<NotImplementedException>(() => ((System.Collections.IEnumerable)children).GetEnumerator());
    }

    [Fact]
    public void ModuleDictAndParameterCollections_RegisterUnderTheirKeys()
    {
        var dict = new Holder<ModuleDict<Module>>(ModuleDict(("a", Linear(1, 1)), ("b", (Module)ReLU())));
        Assert.Equal(["held.a.weight", "held.a.bias"], Names(dict));
        Assert.Equal(["held.0", "held.1"], Names(new Holder<ParameterList>(ParameterList(new Parameter(zeros(1)), new Parameter(zeros(2))))));
        Assert.Equal(["held.x"], Names(new Holder<ParameterDict>(ParameterDict(("x", new Parameter(zeros(1)))))));
    }
}
