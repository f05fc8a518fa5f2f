using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Layers put together in sequences, lists, dictionaries and loops.</summary>
public class CollectionFormsTests
{
    [Fact]
    public void SequentialOfArguments() => AssertNet("Sequential(Linear(4, 8), ReLU(), Linear(8, 2))");

    [Fact]
    public void SequentialOfTuples() => AssertNet("""Sequential(("fc1", Linear(4, 8)), ("relu", ReLU()), ("fc2", Linear(8, 2)))""");

    [Fact]
    public void SequentialOfAnArray() => AssertNet("Sequential(new nn.Module<Tensor, Tensor>[] { Linear(4, 8), Tanh(), Linear(8, 2) })");

    [Fact]
    public void SequentialOfAList() => AssertNet("Sequential(new List<nn.Module<Tensor, Tensor>> { Linear(4, 8), Tanh() })");

    [Fact]
    public void SequentialOfACollectionExpression() =>
        AssertNet("Sequential((List<nn.Module<Tensor, Tensor>>)[Linear(4, 8), .. new nn.Module<Tensor, Tensor>[] { ReLU(), Linear(8, 8) }, Linear(8, 2)])");

    [Fact]
    public void SequentialOfLinq() =>
        AssertNet("Sequential(Enumerable.Range(0, 5).Select(i => (nn.Module<Tensor, Tensor>)(i % 2 == 0 ? Linear(4 + i, 6 + i) : ReLU())))");

    [Fact]
    public void SequentialOfNamedLinq() => AssertNet("""
        Sequential(new[] { 4, 8, 16, 2 }.Zip(new[] { 8, 16, 2 }, (i, o) => ($"fc{i}", (nn.Module<Tensor, Tensor>)Linear(i, o))).ToArray())
        """);

    [Fact]
    public void SequentialsNest() => AssertNet("""
        Sequential(("stem", Sequential(Linear(4, 8), GELU())), ("head", Sequential(("drop", Dropout(0.2)), ("fc", Linear(8, 2)))))
        """);

    [Fact]
    public void SequentialGrowsByAppend() => AssertNet("""Sequential(Linear(4, 8)).append(ReLU()).append("last", Linear(8, 2))""");

    [Fact]
    public void SequentialDerived() => AssertReadAsItRuns("""
        public class Stack : Sequential
        {
            public Stack(int i, int o) : base(("fc", Linear(i, o)), ("act", SiLU())) { }
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Stack one = new(4, 8), two = new(8, 3);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => two.call(one.call(x));
        }
        """);

    [Fact]
    public void SequentialOfOwnBlocks() => AssertReadAsItRuns("""
        public class Block : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc;
            private readonly BatchNorm1d norm;
            public Block(int i, int o) : base("block")
            {
                fc = Linear(i, o);
                norm = BatchNorm1d(o);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => functional.leaky_relu(norm.call(fc.call(x)), 0.1);
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(new Block(4, 8), new Block(8, 8), Linear(8, 2));
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public void UnregisteredChildOfASequentialHasNoParameters() => AssertReadAsItRuns("""
        public class Block : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            public Block() : base("block") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential(new Block(), Linear(4, 2));
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public void ModuleListInALoop() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<nn.Module<Tensor, Tensor>> layers = new ModuleList<nn.Module<Tensor, Tensor>>();
            public Model(int depth = 4) : base("m")
            {
                var width = 4;
                for (var i = 0; i < depth; ++i)
                {
                    layers.Add(Linear(width, width + 2));
                    width += 2;
                }
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                for (int i = 0; i < layers.Count; i++)
                    x = layers[i].call(x).tanh();
                return x;
            }
        }
        """);

    [Fact]
    public void ModuleListOfArguments() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = ModuleList(Linear(4, 5), Linear(5, 6));
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                {
                    x = layer.call(x);
                    x = functional.silu(x);
                }
                return x;
            }
        }
        """);

    [Fact]
    public void ModuleListOfLinq() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers;
            public Model() : base("m")
            {
                var sizes = new List<int> { 4, 8, 6 };
                sizes.AddRange(new[] { 5, 2 });
                layers = new ModuleList<Linear>(sizes.Skip(1).Select((size, i) => Linear(sizes[i], size)).ToArray());
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h).relu());
        }
        """);

    [Fact]
    public void ModuleDict() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleDict<nn.Module<Tensor, Tensor>> parts = new();
            public Model() : base("m")
            {
                parts.Add("encoder", Linear(4, 8));
                parts.Add("decoder", Linear(8, 4));
                foreach (var name in new[] { "a", "b" })
                    parts.Add($"extra_{name}", Linear(4, 4));
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                x = parts["decoder"].call(parts["encoder"].call(x));
                return parts["extra_b"].call(parts["extra_a"].call(x));
            }
        }
        """);

    [Fact]
    public void PlainListIsNotRegistered() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly List<Linear> hidden = new() { Linear(4, 4), Linear(4, 4) };
            private readonly Linear head = Linear(4, 2);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                foreach (var layer in hidden)
                    x = layer.call(x);
                return head.call(x);
            }
        }
        """);

    [Fact]
    public void PlainListRegisteredByHand() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear[] hidden = new Linear[3];
            private readonly Linear head = Linear(4, 2);
            public Model() : base("m")
            {
                for (var i = 0; i < hidden.Length; i++)
                {
                    hidden[i] = Linear(4, 4);
                    register_module($"hidden{i}", hidden[i]);
                }
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                for (var i = hidden.Length - 1; i >= 0; i--)
                    x = hidden[i].call(x);
                return head.call(x);
            }
        }
        """);

    [Fact]
    public void ArrayOfWidths() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private static readonly int[] Widths = { 4, 16, 8, 2 };
            private readonly Sequential net;
            public Model() : base("m")
            {
                var modules = new List<nn.Module<Tensor, Tensor>>();
                for (var i = 1; i < Widths.Length; i++)
                {
                    modules.Add(Linear(Widths[i - 1], Widths[i]));
                    if (i < Widths.Length - 1)
                        modules.Add(ReLU());
                }
                net = Sequential(modules.ToArray());
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public void IteratorMakesLayers() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential net;
            public Model() : base("m")
            {
                net = Sequential(Layers(3));
                RegisterComponents();
            }
            private static IEnumerable<(string, nn.Module<Tensor, Tensor>)> Layers(int depth)
            {
                for (int i = 0; i < depth; i++)
                {
                    yield return ($"fc{i}", Linear(4, 4));
                    if (i == 1)
                        continue;
                    yield return ($"act{i}", ELU());
                }
            }
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public void WhileLoopHalvesTheWidth() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            public Model() : base("m")
            {
                var width = 4;
                do { layers.append(Linear(width, width * 2)); width *= 2; } while (width < 32);
                while (true)
                {
                    if (width < 8) break;
                    layers.append(Linear(width, width / 2));
                    width /= 2;
                }
                RegisterComponents();
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
    public void ParameterListAndDict() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ParameterList list = new ParameterList(Parameter(zeros(4)), Parameter(ones(4)));
            private readonly ParameterDict named = new ParameterDict();
            public Model() : base("m")
            {
                named.Add("scale", Parameter(randn(4)));
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => (x + list[0]) * list[1] * named["scale"];
        }
        """);

    [Fact]
    public void SharedLayerCountsOnce() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear shared = Linear(4, 4);
            private readonly Linear alias;
            public Model() : base("m") { alias = shared; RegisterComponents(); }
            public override Tensor forward(Tensor x) => shared.call(shared.call(x));
        }
        """);

    private static void AssertNet(string expression)
    {
        var graph = AssertReadAsItRuns($$"""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Sequential net = {{expression}};
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x) => net.call(x);
            }
            """, expression.Contains("Range(0, 5)") ? "randn(2, 4)" : "randn(2, 4)");

        // The same expression, read on its own, has the same layers.
        var alone = ModelProgram.Of($$"""
            public static class Program
            {
                public static void Main() { var net = {{expression}}; }
            }
            """).ExtractSequential();
        Assert.Equal(graph.LayerOrder().Select(path => path["net.".Length..]).Take(1), alone.LayerOrder().Take(1));
    }
}
