using System.Diagnostics;
using GradLint.Analyzers.Extraction;
using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Broken, partial, huge or hostile code ends in "unknown" with a reason: never in an exception, a hang or a deep stack.</summary>
public class AdversarialTests
{
    private const string Start = "public class Model : nn.Module<Tensor, Tensor> { ";
    private const string Register = "public Model() : base(\"m\") => RegisterComponents(); ";
    private const string Forward = "public override Tensor forward(Tensor x) => fc.call(x); }";

    [Theory]
    [InlineData("syntax error in the constructor", Start + "Linear fc = Linear(4, ; " + Register + Forward)]
    [InlineData("missing type", Start + "Linaer fc = Linaer(4, 2); " + Register + Forward)]
    [InlineData("missing method", Start + "nn.Module<Tensor, Tensor> fc = Lnear(4, 2); " + Register + Forward)]
    [InlineData("class never closed", Start + "Linear fc = Linear(4, 2); public Model() : base(\"m\") { RegisterComponents();")]
    [InlineData("no forward", Start + "Linear fc = Linear(4, 2); " + Register + "}")]
    [InlineData("abstract forward", "public abstract class Model : nn.Module<Tensor, Tensor> { protected Model() : base(\"m\") { } }")]
    [InlineData("forward without a body", Start + Register + "public override Tensor forward(Tensor x); }")]
    [InlineData("forward throws", Start + Register + "public override Tensor forward(Tensor x) => throw new NotImplementedException(); }")]
    [InlineData("forward of unknown origin", Start + Register + "public override Tensor forward(Tensor x) => Other.Make(x); }")]
    [InlineData("forward calls itself", Start + Register + "public override Tensor forward(Tensor x) => forward(x); }")]
    [InlineData("forward and a helper call each other", Start + Register + "public override Tensor forward(Tensor x) => Help(x); Tensor Help(Tensor x) => forward(x); }")]
    [InlineData("module contains itself", Start + "readonly Model fc = new Model(); " + Register + Forward)]
    [InlineData("two modules contain each other", Start + "Other fc = new(); " + Register + Forward + "public class Other : nn.Module<Tensor, Tensor> { Model fc = new(); public Other() : base(\"o\") { } " + Forward)]
    [InlineData("constructor chains to itself", Start + "Linear fc; public Model() : this(1) { } public Model(int n) : this() { } " + Forward)]
    [InlineData("inherits from itself", "public class Model : Model { public override Tensor forward(Tensor x) => x; }")]
    [InlineData("property reads itself", Start + "Linear fc => fc; " + Register + Forward)]
    [InlineData("static field reads itself", Start + "static readonly int n = n + 1; Linear fc = Linear(n, 2); static Model() { } " + Register + "public override Tensor forward(Tensor x) => null; }")]
    [InlineData("endless loop", Start + "Linear fc; public Model() : base(\"m\") { while (true) { } } " + Forward)]
    [InlineData("endless for", Start + "Linear fc; public Model() : base(\"m\") { for (;;) fc = Linear(1, 1); } " + Forward)]
    [InlineData("endless recursion with branching", Start + "Linear fc = Linear(Fib(90), 1); static int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2); " + Register + "public override Tensor forward(Tensor x) => Grow(x, 200); Tensor Grow(Tensor x, int n) => n == 0 ? x : Grow(Grow(x, n - 1), n - 1); }")]
    [InlineData("huge literal loop", Start + "Linear fc; public Model() : base(\"m\") { for (long i = 0; i < 9223372036854775807; i++) fc = Linear(i, i); } " + Forward)]
    [InlineData("too many modules", Start + "ModuleList<Linear> l = new(); public Model() : base(\"m\") { for (int i = 0; i < 2000000; i++) l.Add(Linear(1, 1)); } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("too many nodes", Start + Register + "public override Tensor forward(Tensor x) { for (int i = 0; i < 1000000; i++) x = x + 1; return x; } }")]
    [InlineData("huge array", Start + "Linear[] l = new Linear[2000000000]; Linear fc; " + Register + "public override Tensor forward(Tensor x) => l[5].call(null); }")]
    [InlineData("huge range", Start + "Sequential fc = Sequential(Enumerable.Range(0, int.MaxValue).Select(i => ReLU())); " + Register + Forward)]
    [InlineData("goto", Start + "Linear fc; public Model() : base(\"m\") { again: fc = Linear(1, 1); goto again; } " + Forward)]
    [InlineData("null module", Start + "Linear fc = null; " + Register + Forward)]
    [InlineData("module from outside", Start + "nn.Module<Tensor, Tensor> fc; public Model(nn.Module<Tensor, Tensor> given) : base(\"m\") { fc = given; RegisterComponents(); } " + Forward)]
    [InlineData("module from a dictionary that is not there", Start + "nn.Module<Tensor, Tensor> fc = new Dictionary<string, Linear>()[\"x\"]; " + Register + Forward)]
    [InlineData("module by reflection", Start + "nn.Module<Tensor, Tensor> fc = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(Type.GetType(\"X\")); " + Register + Forward)]
    [InlineData("index out of range", Start + "Linear fc = new[] { Linear(1, 1) }[3]; " + Register + Forward)]
    [InlineData("division by zero", Start + "nn.Module<Tensor, Tensor> fc = new[] { Linear(4, 4), Linear(4, 2) }[4 / (2 - 2)]; " + Register + Forward)]
    [InlineData("modulo of the smallest number", Start + "nn.Module<Tensor, Tensor> fc = new[] { Linear(4, 4), Linear(4, 2) }[long.MinValue % -1 + 7]; " + Register + Forward)]
    [InlineData("dynamic", Start + "dynamic fc = Linear(4, 2); " + Register + "public override Tensor forward(Tensor x) => (Tensor)fc.call(x); }")]
    [InlineData("pointers", Start + Register + "public override unsafe Tensor forward(Tensor x) { int n = 3; int* p = &n; return Other(x, *p); } extern static Tensor Other(Tensor x, int n); }")]
    [InlineData("delegate from outside", Start + "Func<Tensor, Tensor> f; public Model(Func<Tensor, Tensor> g) : base(\"m\") { f = g; RegisterComponents(); } public override Tensor forward(Tensor x) => f(x); }")]
    [InlineData("lambda calls itself", Start + Register + "public override Tensor forward(Tensor x) { Func<Tensor, Tensor> f = null; f = y => f(y); return f(x); } }")]
    [InlineData("self-containing generic", "public class Box<T> where T : new() { public T Value = new T(); } " + Start + "Box<Box<Box<Model>>> box = new(); " + Register + "public override Tensor forward(Tensor x) => box.Value.Value.Value.call(x); }")]
    [InlineData("ever larger generic", "public class Box<T> { public object Next = new Box<Box<T>>(); } " + Start + "Box<int> box = new(); nn.Module<Tensor, Tensor> fc => (nn.Module<Tensor, Tensor>)box.Next; " + Register + Forward)]
    [InlineData("async forward", Start + "Linear fc = Linear(4, 4); " + Register + "public override Tensor forward(Tensor x) => System.Threading.Tasks.Task.Run(() => fc.call(x)).Result; }")]
    [InlineData("other type of the same name", "namespace TorchSharp2 { public class Module<A, B> { public Module(string s) { } } } public class Model : TorchSharp2.Module<int, int> { public Model() : base(\"m\") { } }")]
    [InlineData("forward returns nothing it was given", Start + Register + "public override Tensor forward(Tensor x) => default; }")]
    [InlineData("forward hides instead of overriding", Start + Register + "public new Tensor forward(Tensor x) => x; }")]
    [InlineData("interface without implementation", "public interface IBlock { Tensor Run(Tensor x); } " + Start + "IBlock block; " + Register + "public override Tensor forward(Tensor x) => block.Run(x); }")]
    [InlineData("condition without an end", Start + Register + "public override Tensor forward(Tensor x) { if ( } }")]
    [InlineData("collection modified by unknown code", Start + "List<nn.Module<Tensor, Tensor>> l = new() { Linear(4, 4) }; public Model() : base(\"m\") { l.Sort(); RegisterComponents(); } public override Tensor forward(Tensor x) => l[0].call(x); }")]
    public void EndsInUnknown(string what, string source)
    {
        var watch = Stopwatch.StartNew();
        var graph = ModelProgram.Of(source).Extract(budget: ExtractionBudget.Default with { Steps = 200_000, Nodes = 5_000, Modules = 5_000 });

        Assert.True(graph.Status != GraphStatus.Known, $"{what}:{Environment.NewLine}{graph.Describe()}");
        Assert.NotEmpty(graph.Reasons);
        Assert.All(graph.Reasons, reason => Assert.EndsWith(".", reason.Text));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{what} took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("a deep sum", "x", " + x", "")]
    [InlineData("deep parentheses", "(", "(", ")")]
    [InlineData("deep calls", "x", ".relu()", "")]
    [InlineData("deep conditionals", "x", "", "")]
    public void DeepExpressionsDoNotOverflowTheStack(string what, string start, string repeated, string closing)
    {
        const int depth = 3000;
        var expression = what switch
        {
            "deep parentheses" => string.Concat(Enumerable.Repeat("-(", 600)) + "x" + string.Concat(Enumerable.Repeat(closing, 600)),
            "deep conditionals" => string.Concat(Enumerable.Repeat("x.dim() > 2 ? x : ", 500)) + "x",
            _ => start + string.Concat(Enumerable.Repeat(repeated, what == "deep calls" ? 500 : depth)),
        };
        var program = ModelProgram.Of(Start + Register + $"public override Tensor forward(Tensor x) => {expression}; }}");

        // Binding such code is the compiler's affair, so it gets the stack it needs; following it must do with little.
        OnThread(megabytes: 64, () => program.Extract());
        var graph = OnThread(megabytes: 0.75, () => program.Extract(budget: ExtractionBudget.Default));
        Assert.True(graph.Status == GraphStatus.Unknown || graph.Nodes.Count > 0);
    }

    private static ModelGraph OnThread(double megabytes, Func<ModelGraph> extract)
    {
        ModelGraph? graph = null;
        var thread = new Thread(() => graph = extract(), maxStackSize: (int)(megabytes * 1024 * 1024));
        thread.Start();
        thread.Join();
        return graph!;
    }

    [Theory]
    [InlineData("loop of unknown length", "for (int i = 0; i < n; i++) l.Add(Linear(4, 4)); ", GraphStatus.Partial)]
    [InlineData("loop over data", "foreach (var line in System.IO.File.ReadLines(\"x\")) l.Add(Linear(4, 4)); ", GraphStatus.Partial)]
    [InlineData("condition of unknown truth", "if (n > 3) l.Add(Linear(4, 4)); ", GraphStatus.Partial)]
    [InlineData("size of unknown value", "l.Add(Linear(4, n)); ", GraphStatus.Partial)]
    [InlineData("list from outside", "l = Given(); ", GraphStatus.Partial)]
    public void UnknownPartsLeaveTheRestReadable(string what, string statements, GraphStatus status)
    {
        var graph = ModelProgram.Of(Start + """
            List<nn.Module<Tensor, Tensor>> l = new() { Linear(4, 4) };
            readonly Sequential net;
            readonly Linear head = Linear(4, 2);
            [System.Runtime.InteropServices.DllImport("x")] static extern List<nn.Module<Tensor, Tensor>> Given();
            public Model(int n) : base("m")
            {
            """ + statements + """
                l.Add(Linear(4, 4));
                net = Sequential(l);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => head.call(net.call(x));
            }
            """).Extract();
        Assert.True(graph.Status == status, $"{what}:{Environment.NewLine}{graph.Describe()}");
        Assert.Contains("head", graph.LayerOrder());
        Assert.NotEmpty(graph.Reasons);
    }

    [Fact]
    public void UnknownDepthIsARepeatedBlock()
    {
        var graph = ModelProgram.Of("""
            public class Block : nn.Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(8, 8);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => functional.relu(fc.call(x));
            }

            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly ModuleList<Block> blocks = new();
                private readonly Linear stem = Linear(4, 8), head = Linear(8, 2);
                public Model(int depth) : base("m")
                {
                    for (var i = 0; i < depth; i++)
                        blocks.Add(new Block());
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x)
                {
                    x = stem.call(x);
                    foreach (var block in blocks)
                        x = x + block.call(x);
                    return head.call(x);
                }
            }
            """).Extract();
        var repeat = Assert.Single(graph.Repeats);
        Assert.Null(repeat.Count);
        Assert.Equal([LayerKind.Linear, LayerKind.ReLU, LayerKind.Add], graph.Nodes.Skip(repeat.First).Take(repeat.Last - repeat.First + 1).Select(node => node.Kind));
        Assert.Equal(["stem", "blocks.*.fc", "head"], graph.LayerOrder());
        Assert.Equal(GraphStatus.Partial, graph.Status);
    }

    [Fact]
    public void BlocksOfAnUnknownNumberKeepTheirOwnLists()
    {
        var graph = ModelProgram.Of("""
            public class Block : nn.Module<Tensor, Tensor>
            {
                private readonly ModuleList<Linear> steps = new();
                private int count;
                public Block() : base("block")
                {
                    for (var i = 0; i < 3; i++) { steps.Add(Linear(4, 4)); count++; }
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x)
                {
                    for (var i = 0; i < count; i++)
                        x = steps[i].call(x);
                    return x;
                }
            }

            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly ModuleList<Block> blocks = new();
                public Model(int depth) : base("m")
                {
                    for (var i = 0; i < depth; i++)
                        blocks.Add(new Block());
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x)
                {
                    foreach (var block in blocks)
                        x = block.call(x);
                    return x;
                }
            }
            """).Extract();
        Assert.Equal((1, 3), (Assert.Single(graph.Repeats).First, graph.Repeats[0].Last));
        Assert.Equal(["blocks.*.steps.0", "blocks.*.steps.1", "blocks.*.steps.2"], graph.LayerOrder());
    }

    [Fact]
    public void CancellationIsHonouredAtOnce()
    {
        var program = ModelProgram.Of(Start + "Linear fc; public Model() : base(\"m\") { while (true) { fc = Linear(1, 1); } } " + Forward);
        program.Extract(budget: ExtractionBudget.Default with { Steps = 1000 });

        using var source = new CancellationTokenSource();
        var watch = new Stopwatch();
        source.Token.Register(watch.Start);
        source.CancelAfter(30);
        var endless = ExtractionBudget.Default with { Steps = int.MaxValue, Modules = int.MaxValue, Time = TimeSpan.FromSeconds(30) };
        Assert.Throws<OperationCanceledException>(() => program.Extract(budget: endless, cancellationToken: source.Token));
        Assert.True(watch.ElapsedMilliseconds <= 50, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void ConcurrentExtractionIsDeterministic()
    {
        var program = ModelProgram.Of(Start + """
            readonly ModuleList<Linear> l = new();
            public Model() : base("m")
            {
                for (int i = 0; i < 40; i++) l.Add(Linear(4, 4));
                apply(m => { if (m is Linear f) init.xavier_normal_(f.weight); });
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                foreach (var f in l) x = x + f.call(x).tanh();
                return x;
            }
            }
            """);
        var texts = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8)
            .Select(index => program.Extract(budget: index % 2 == 0 ? null : ExtractionBudget.Default).Describe())
            .ToHashSet();
        Assert.Single(texts);
    }
}
