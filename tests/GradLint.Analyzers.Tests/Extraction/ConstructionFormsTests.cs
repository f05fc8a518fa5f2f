using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>The ways in which people construct their layers.</summary>
public class ConstructionFormsTests
{
    [Fact]
    public void FieldInitialisers() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(4, 8), fc2 = Linear(8, 2, hasBias: false);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc2.call(fc1.call(x).relu());
        }
        """);

    [Fact]
    public void AssignmentsInTheConstructor() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private nn.Module<Tensor, Tensor> a, b;
            public Model(string name = "m", int hidden = 8) : base(name)
            {
                b = Linear(hidden, 3);
                a = Linear(4, hidden);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => b.call(functional.relu(a.call(x)));
        }
        """);

    [Fact]
    public void NamedAndReorderedArguments() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(kernel_size: 3, out_channels: 6, in_channels: 4, groups: 2, padding: 1);
            public Model() : base("m") { RegisterComponents(); }
            public override Tensor forward(Tensor x) => conv.call(x);
        }
        """, "randn(2, 4, 5, 5)");

    [Fact]
    public void ConstantsAndArithmetic() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private const int Width = 4;
            private static readonly int Hidden = Width * 3 - 2;
            private static int Twice(int n) => n * 2;
            private readonly Linear a = Linear(Width, Hidden);
            private readonly Linear b = Linear(Hidden, Twice(Hidden) / 4 % 7);
            public Model() : base("m") { RegisterComponents(); }
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void PrimaryConstructor() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Inner inner = new(6, Linear(6, 6));
            private readonly Linear head = Linear(6, 2), first = Linear(4, 6);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(inner.call(first.call(x)));
        }

        public class Inner(int width, nn.Module<Tensor, Tensor> captured) : nn.Module<Tensor, Tensor>("inner")
        {
            private readonly Linear own = Linear(width, width);
            public override Tensor forward(Tensor x) => captured.call(own.call(x));
        }
        """);

    [Fact]
    public void ConstructorsChain() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a, b;
            public Model() : this(7) { }
            public Model(int hidden) : base("m")
            {
                a = Linear(4, hidden);
                b = Linear(hidden, 1);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void BaseClassHoldsTheTrunk() => AssertReadAsItRuns("""
        public abstract class Trunk : nn.Module<Tensor, Tensor>
        {
            protected readonly Linear stem = Linear(4, 8);
            private readonly Linear hidden;
            protected Trunk(int width) : base("trunk") => hidden = Linear(8, width);
            protected abstract Tensor Head(Tensor x);
            public override Tensor forward(Tensor x) => Head(hidden.call(stem.call(x)));
        }

        public class Model : Trunk
        {
            private readonly Linear head = Linear(5, 2);
            public Model() : base(5) => RegisterComponents();
            protected override Tensor Head(Tensor x) => head.call(x);
        }
        """);

    [Fact]
    public void GenericBlock() => AssertReadAsItRuns("""
        public class Twice<T> : nn.Module<Tensor, Tensor> where T : nn.Module<Tensor, Tensor>, new()
        {
            private readonly T one = new(), two = new T();
            public Twice() : base("twice") => RegisterComponents();
            public override Tensor forward(Tensor x) => two.call(one.call(x));
        }

        public class Part : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            public Part() : base("part") => RegisterComponents();
            public override Tensor forward(Tensor x) => torch.tanh(fc.call(x));
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Twice<Part> body = new();
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public void PartialTypeInTwoFiles()
    {
        var program = ModelProgram.Of("""
            public partial class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a = Linear(4, 8);
                public Model() : base("m") { Build(); RegisterComponents(); }
                partial void Build();
            }
            """, """
            public partial class Model
            {
                private Linear b;
                partial void Build() => b = Linear(8, 2);
                public override Tensor forward(Tensor x) => b.call(a.call(x));
            }
            """, "public static class Data { public static object[] Inputs() => new object[] { randn(2, 4) }; }");
        var graph = program.Extract();
        Assert.Equal(program.Run().Parameters(), graph.Parameters());
        Assert.Equal(["a", "b"], graph.LayerOrder());
    }

    [Fact]
    public void OptionalShortcut() => AssertReadAsItRuns("""
        public class Block : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc;
            private readonly nn.Module<Tensor, Tensor> shortcut;
            public Block(int i, int o) : base("block")
            {
                fc = Linear(i, o);
                shortcut = i != o ? Linear(i, o, hasBias: false) : null;
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                var residual = shortcut == null ? x : shortcut.call(x);
                return functional.relu(fc.call(x) + residual);
            }
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Block a = new(4, 4), b = new(4, 6);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void ObjectInitialiserAndRequiredProperties() => AssertReadAsItRuns("""
        public class Options
        {
            public int[] Widths { get; set; } = { 4 };
            public Dictionary<string, int> Sizes { get; } = new();
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a, b;
            public Model() : base("m")
            {
                var options = new Options { Widths = new[] { 4, 8, 2 }, Sizes = { ["out"] = 3 } };
                a = Linear(options.Widths[0], options.Widths[^2]);
                b = Linear(options.Widths[1], options.Sizes["out"]);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void FullyQualifiedNames() => AssertReadAsItRuns("""
        public class Model : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>
        {
            private readonly TorchSharp.Modules.Linear fc = TorchSharp.torch.nn.Linear(4, 2);
            public Model() : base(nameof(Model)) { this.RegisterComponents(); }
            public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) =>
                TorchSharp.torch.nn.functional.softmax(this.fc.forward(x), dim: 1).clone();
            public new TorchSharp.torch.Tensor call(TorchSharp.torch.Tensor x) => forward(x);
        }
        """.Replace("this.fc.forward(x)", "this.fc.call(x)"));

    [Fact]
    public void DivideIntoNestedTypes() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private sealed class Cell : nn.Module<Tensor, Tensor>
            {
                private readonly Linear inner;
                internal Cell(int width) : base("cell") { inner = Linear(width, width); }
                public override Tensor forward(Tensor x) => inner.call(x).sigmoid_();
            }
            private readonly Cell cell = new(4);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => cell.call(x);
        }
        """);
}
