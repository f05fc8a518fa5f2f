using GradLint.Core.Model;
using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>What TorchSharp registers, under which name and in which order.</summary>
public class RegistrationTests
{
    [Fact]
    public void RootWithoutRegisterComponentsHasNoParameters() => Assert.Empty(AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Model() : base("m") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """).Parameters);

    [Fact]
    public void ChildrenAreRegisteredWithTheirParent() => AssertReadAsItRuns("""
        public class Child : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            public Child() : base("child") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Child field = new();
            private readonly ModuleList<Child> list = new(new Child(), new Child());
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => list[1].call(list[0].call(field.call(x)));
        }
        """);

    [Fact]
    public void AutoPropertiesAreNamedByTheirBackingField() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            public Linear Fc { get; } = Linear(4, 4);
            private readonly Linear last = Linear(4, 2);
            public Parameter Scale { get; set; } = Parameter(ones(4));
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => last.call(Fc.call(x) * Scale);
        }
        """);

    [Fact]
    public void ComponentNameAttributeRenames() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            [TorchSharp.Utils.ComponentName(Name = "dense")]
            private readonly Linear fc = Linear(4, 4);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public void DerivedFieldsComeBeforeInheritedOnes() => AssertReadAsItRuns("""
        public class Base : nn.Module<Tensor, Tensor>
        {
            protected Linear below = Linear(4, 4);
            private Linear hidden = Linear(4, 4);
            public Base() : base("base") { }
            public override Tensor forward(Tensor x) => hidden.call(below.call(x));
        }
        public class Model : Base
        {
            private readonly Linear top = Linear(4, 2);
            public Model() => RegisterComponents();
            public override Tensor forward(Tensor x) => top.call(base.forward(x));
        }
        """);

    [Fact]
    public void BaseConstructorRegistersTooEarly() => AssertReadAsItRuns("""
        public class Base : nn.Module<Tensor, Tensor>
        {
            protected Linear below = Linear(4, 4);
            public Base() : base("base") => RegisterComponents();
            public override Tensor forward(Tensor x) => below.call(x);
        }
        public class Model : Base
        {
            private readonly Linear early = Linear(4, 4);
            private readonly Linear late;
            public Model() { late = Linear(4, 2); RegisterComponents(); }
            public override Tensor forward(Tensor x) => late.call(early.call(base.forward(x)));
        }
        """);

    [Fact]
    public void WhatIsAddedAfterRegistrationIsLost() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> list = new(Linear(4, 4));
            private Linear late;
            public Model() : base("m")
            {
                RegisterComponents();
                list.Add(Linear(4, 4));
                late = Linear(4, 2);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => late.call(list[1].call(list[0].call(x)));
        }
        """);

    [Fact]
    public void HidingFieldWins() => AssertReadAsItRuns("""
        public class Base : nn.Module<Tensor, Tensor>
        {
            protected Linear fc = Linear(4, 4);
            public Base() : base("base") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        public class Model : Base
        {
            private new Linear fc;
            private readonly Linear head = Linear(4, 2);
            public Model() => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(base.forward(x));
        }
        """);

    [Fact]
    public void ReplacedFieldStaysRegistered() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private Linear fc = Linear(4, 4);
            public Model() : base("m") { RegisterComponents(); fc = Linear(4, 2); }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public void TensorFieldsAreBuffers() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Tensor trained = torch.randn(new long[] { 4 }, requires_grad: true);
            private readonly Tensor parameter = Parameter(torch.zeros(4));
            public Model() : base("m") { register_buffer("extra", torch.ones(1)); RegisterComponents(); }
            public override Tensor forward(Tensor x) => x * trained + parameter;
        }
        """);

    [Fact]
    public void RegisteredByHandComesFirst() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a = Linear(4, 4), b = Linear(4, 4);
            public Model() : base("m")
            {
                register_module("b", b);
                register_parameter("gain", Parameter(ones(4)));
                add_module("also", Linear(1, 1));
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void OverriddenRegisterComponentsRuns() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly List<Linear> layers = new() { Linear(4, 4), Linear(4, 4) };
            public Model() : base("m") => RegisterComponents();
            protected override void RegisterComponents()
            {
                for (var i = 0; i < layers.Count; i++)
                    register_module("layer" + i, layers[i]);
                base.RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return x;
            }
        }
        """);

    [Fact]
    public void WeightReplacedByAssignment()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a = Linear(4, 6), b = Linear(6, 4);
                public Model() : base("m")
                {
                    a.weight = Parameter(torch.zeros(6, 4));
                    b.bias = null;
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => b.call(a.call(x));
            }
            """);
        Assert.Equal(InitializerKind.Zeros, graph.Parameters[0].Initialization.Kind);
    }

    [Fact]
    public void LossAndOtherModulesWithoutParameters() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            private readonly CrossEntropyLoss loss = CrossEntropyLoss();
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);
}
