using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ModulesInPlainCollectionTests
{
    [Fact]
    public Task ListFilledInAConstructor_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> {|GL6002:layers|} = new();
            private readonly Linear head = Linear(8, 2);

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                    layers.Add(Linear(8, 8));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task ArrayField_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor>[] {|GL6002:layers|};

            public Net() : base("Net")
            {
                layers = new Module<Tensor, Tensor>[] { Linear(8, 8), ReLU(), Linear(8, 2) };
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < layers.Length; i++)
                    x = layers[i].forward(x);
                return x;
            }
        }
        """);

    [Fact]
    public Task ArrayFilledByIndex_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear[] {|GL6002:layers|} = new Linear[3];

            public Net() : base("Net")
            {
                for (var i = 0; i < layers.Length; i++)
                    layers[i] = Linear(8, 8);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task DictionaryOfExperts_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, string, Tensor>
        {
            private readonly Dictionary<string, Module<Tensor, Tensor>> {|GL6002:experts|} = new()
            {
                ["small"] = Linear(4, 4),
                ["large"] = Sequential(Linear(4, 64), ReLU(), Linear(64, 4)),
            };

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x, string expert) => experts[expert].call(x);
        }
        """);

    [Fact]
    public Task CollectionExpression_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> {|GL6002:layers|} = [Linear(4, 4), Linear(4, 4)];
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => layers[1].call(layers[0].call(x));
        }
        """);

    [Fact]
    public Task TupleField_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly (Linear Down, Linear Up) {|GL6002:bottleneck|} = (Linear(8, 2), Linear(2, 8));
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => bottleneck.Up.call(bottleneck.Down.call(x).relu());
        }
        """);

    [Fact]
    public Task RegisterModuleInALoop_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                    layers.Add(Linear(8, 8));
                for (var i = 0; i < layers.Count; i++)
                    register_module($"layer{i}", layers[i]);
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task RegisteredWhenMade_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                    layers.Add(Registered($"layer{i}", Linear(8, 8)));
            }

            private Module<Tensor, Tensor> Registered(string name, Module<Tensor, Tensor> module)
            {
                register_module(name, module);
                return module;
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task RegisteredBeforeItIsKept_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                {
                    var layer = Linear(8, 8);
                    register_module($"layer{i}", layer);
                    layers.Add(layer);
                }
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task ListThatFeedsASequentialField_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> layers = new();
            private readonly Module<Tensor, Tensor> body;

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                    layers.Add(Linear(8, 8));
                body = Sequential(layers.ToArray());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task ListThatBecomesAModuleList_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Module<Tensor, Tensor>> blocks;

            public Net() : base("Net")
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 4; i++)
                    layers.Add(Linear(8, 8));
                blocks = ModuleList(layers.ToArray());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => blocks.Aggregate(x, (h, block) => block.call(h));
        }
        """);

    [Fact]
    public Task ArrayOfLayersThatAreFieldsToo_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(8, 8), fc2 = Linear(8, 8);
            private readonly Linear[] layers;

            public Net() : base("Net")
            {
                layers = new[] { fc1, fc2 };
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task ActivationsInAList_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> activations = new() { ReLU(), Sigmoid() };
            private readonly Linear fc = Linear(8, 8);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => activations.Aggregate(fc.call(x), (h, f) => f.call(h));
        }
        """);

    [Fact]
    public Task ParametersHandedOutByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> layers = new() { Linear(8, 8), Linear(8, 8) };
            public Net() : base("Net") => RegisterComponents();
            public IEnumerable<Parameter> AllParameters() => layers.SelectMany(layer => layer.parameters());
            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task Message_NamesTheContainer() => Verify.MessageAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> {|#0:layers|} = new() { Linear(8, 8) };
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => layers[0].call(x);
        }
        """,
        "GL6002",
        "Layers in 'layers' are not registered, so their parameters are never trained: make it a ModuleList");
}
