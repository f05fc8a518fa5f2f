using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL6002 where the collection, its layers and what registers them stand in several methods, types and files.</summary>
public class ModulesInPlainCollectionAcrossTypesTests
{
    [Fact]
    public Task ListBuiltByAHelperOfTheBaseClass_Triggers() => VerifyRegistration.TriggersAsync("""
        abstract class Tower : Module<Tensor, Tensor>
        {
            protected readonly List<Module<Tensor, Tensor>> {|GL6002:Blocks|} = new();

            protected Tower(int depth) : base("Tower")
            {
                Fill(depth);
                RegisterComponents();
            }

            private void Fill(int depth)
            {
                for (var i = 0; i < depth; i++)
                {
                    var block = Block(i);
                    Blocks.Add(block);
                }
            }

            private static Module<Tensor, Tensor> Block(int index) => Sequential(Linear(8, 8), ReLU());
        }

        class Net : Tower
        {
            public Net() : base(4) { }
            public override Tensor forward(Tensor x) => Blocks.Aggregate(x, (h, block) => block.call(h));
        }
        """);

    [Fact]
    public Task RegisteredByADerivedClass_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Tower : Module<Tensor, Tensor>
        {
            protected readonly List<Linear> Layers = new() { Linear(8, 8), Linear(8, 8) };
            protected Tower() : base("Tower") { }
            public override Tensor forward(Tensor x) => Layers.Aggregate(x, (h, layer) => layer.call(h));
        }

        class Net : Tower
        {
            public Net()
            {
                foreach (var (layer, i) in Layers.Select((layer, i) => (layer, i)))
                    register_module($"layer{i}", layer);
            }
        }
        """);

    [Fact]
    public Task ListFilledByAMethod_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly List<Module<Tensor, Tensor>> {|GL6002:blocks|} = new();

            public Net() : base("Net")
            {
                AddStage(8, 2);
                AddStage(16, 3);
                RegisterComponents();
            }

            private void AddStage(int width, int depth)
            {
                for (var i = 0; i < depth; i++)
                    blocks.Add(Sequential(Linear(width, width), ReLU()));
                blocks.Add(Linear(width, 2 * width));
            }

            public override Tensor forward(Tensor x) => blocks.Aggregate(x, (h, block) => block.call(h));
        }
        """);

    [Fact]
    public Task HeadsOfABaseClass_Trigger() => VerifyRegistration.TriggersAsync(
        """
        abstract class MultiHead : Module<Tensor, Tensor>
        {
            protected readonly Linear[] {|GL6002:heads|};

            protected MultiHead(string name, int count) : base(name) => heads = Enumerable.Range(0, count).Select(_ => Linear(8, 2)).ToArray();
        }
        """,
        """
        class Classifier : MultiHead
        {
            private readonly Linear trunk = Linear(4, 8);

            public Classifier() : base("Classifier", 3) => RegisterComponents();

            public override Tensor forward(Tensor x) => heads.Select(head => head.call(trunk.call(x))).Aggregate((a, b) => a + b);
        }
        """);

    [Fact]
    public Task PartialNet_Triggers() => VerifyRegistration.TriggersAsync(
        """
        partial class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> {|GL6002:layers|};

            public Net() : base("Net")
            {
                layers = Layers(4).ToList();
                RegisterComponents();
            }
        }
        """,
        """
        partial class Net
        {
            private static IEnumerable<Linear> Layers(int depth)
            {
                for (var i = 0; i < depth; i++)
                    yield return Linear(8, 8);
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h).relu());
        }
        """);

    [Fact]
    public Task EnsembleOfOwnModels_Triggers() => VerifyRegistration.TriggersAsync(
        """
        class Member : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 1);
            public Member() : base("Member") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        class Ensemble : Module<Tensor, Tensor>
        {
            private readonly IReadOnlyList<Member> {|GL6002:members|} = new[] { new Member(), new Member() };
            public Ensemble() : base("Ensemble") => RegisterComponents();
            public override Tensor forward(Tensor x) => members.Select(member => member.call(x)).Aggregate((a, b) => a + b) / members.Count;
        }
        """);

    [Fact]
    public Task BlocksOfAFactory_Trigger() => VerifyRegistration.TriggersAsync(
        """
        record Config(int Width = 8, int Depth = 3);

        static class Blocks
        {
            public static Module<Tensor, Tensor>[] Make(Config config) =>
                Enumerable.Range(0, config.Depth).Select(_ => (Module<Tensor, Tensor>)Sequential(Linear(config.Width, config.Width), GELU())).ToArray();
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor>[] {|GL6002:blocks|} = Blocks.Make(new Config());
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => blocks.Aggregate(x, (h, block) => h + block.call(h));
        }
        """);

    [Fact]
    public Task RegisteredByAMethodOfTheBaseClass_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        abstract class Model(string name) : Module<Tensor, Tensor>(name)
        {
            protected void Register(string name, IReadOnlyList<Linear> layers)
            {
                for (var i = 0; i < layers.Count; i++)
                    register_module($"{name}{i}", layers[i]);
            }
        }
        """,
        """
        class Net : Model
        {
            private readonly List<Linear> layers = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 3; i++)
                    layers.Add(Linear(8, 8));
                Register("layer", layers);
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task ModelsOfATrainer_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class Member : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 1);
            public Member() : base("Member") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        class EnsembleTrainer
        {
            private readonly List<Member> members = new();
            private readonly List<optim.Optimizer> optimizers = new();

            public void Add()
            {
                members.Add(new Member());
                optimizers.Add(optim.Adam(members[^1].parameters()));
            }
        }
        """);

    [Fact]
    public Task PartsListedByAHelper_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential trunk, head;
            private readonly IReadOnlyList<Module<Tensor, Tensor>> stages;

            public Net() : base("Net")
            {
                trunk = Stage(8, 8);
                head = Stage(8, 2);
                stages = new[] { trunk, head };
                RegisterComponents();
            }

            private static Sequential Stage(int inputs, int outputs) => Sequential(Linear(inputs, outputs), ReLU());

            public override Tensor forward(Tensor x) => stages.Aggregate(x, (h, stage) => stage.call(h));
        }
        """);

    [Fact]
    public Task LocalListOfABuilder_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        static class Builder
        {
            public static Sequential Mlp(params int[] widths)
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 1; i < widths.Length; i++)
                {
                    layers.Add(Linear(widths[i - 1], widths[i]));
                    layers.Add(ReLU());
                }
                return Sequential(layers);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential body = Builder.Mlp(4, 8, 2);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task HandedOutByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        public class Net : Module<Tensor, Tensor>
        {
            private readonly List<Linear> layers = Make(3).ToList();

            public Net() : base("Net") => RegisterComponents();

            private static IEnumerable<Linear> Make(int depth)
            {
                for (var i = 0; i < depth; i++)
                    yield return Linear(8, 8);
            }

            public IReadOnlyList<Linear> Layers() => layers;

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);
}
