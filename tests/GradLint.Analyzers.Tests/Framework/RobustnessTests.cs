using System.Diagnostics;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>No analyzer throws, hangs or overflows, whatever the code: AD0001 is a failed build for its user.</summary>
public class RobustnessTests
{
    [Fact]
    public async Task AllOwnSource_CrashesNothing()
    {
        var sources = new[] { "src", "samples", "tests", "build" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts" or "standins"))
            .ToArray();
        Assert.NotEmpty(sources);

        // As one program: everything is declared several times over and much does not bind.
        AssertNoCrash(await AllAnalyzers.DiagnosticsAsync(
            [.. sources.Select(file => AllAnalyzers.Parse(File.ReadAllText(file), file)), AllAnalyzers.Parse(TorchSharpProgram.Usings)]));
    }

    [Theory]
    [InlineData("class Net : Module<Tensor, Tensor> { Linear fc = Linear(; public Net() : base(\"Net\") { RegisterComponents( } }")]
    [InlineData("class Net : Module<Tensor> { }")]
    [InlineData("class Net : Module<, > { List<> layers = new() { }; Net() { layers.Add(); fc = ; } }")]
    [InlineData("class Net : Missing { Linear fc; public Net() : base(1, 2, 3) => fc = Linear(8); override void RegisterComponents() => base.RegisterComponents(); }")]
    [InlineData("var net = new Net(; optim.Adam(net.parameters()); torch.no_grad(; Sequential((\"a\", ), Linear(1, ), , );")]
    [InlineData("class Net : Module<Tensor, Tensor> { Module<Tensor, Tensor> body = Sequential(Linear(8, 8), Sigmoid(), Linear(8, \"x\"), undefined, null, default); }")]
    [InlineData("partial class Net : Module<Tensor, Tensor> { partial void Build(); public Net() : base(\"\") { Build(); this = null; } } partial class Net { }")]
    [InlineData("class Net<T> : Module<T, T> where T : Net<T> { List<T> layers = new() { new T() }; Net() : base(\"\") { layers[0] = new Net<T>(); } }")]
    [InlineData("enum Module { } class torch { } class Net : Module<Tensor, Tensor> { (Linear, Linear) pair = (Linear(1, 1), ); }")]
    public async Task BrokenCode_CrashesNothing(string program) => AssertNoCrash(await DiagnosticsOf(program));

    [Theory]
    [InlineData("class Net : Net { Linear fc = Linear(1, 1); }")]
    [InlineData("class A : B { Linear fc = Linear(1, 1); } class B : A { Linear fc = Linear(1, 1); }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Net inner = new Net(); public Net() : base(\"\") => RegisterComponents(); public override Tensor forward(Tensor x) => inner.forward(forward(x)); }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Linear fc; public Net() : this(1) { } public Net(int a) : this() { fc = Linear(1, 1); } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Linear fc; public Net() : base(\"\") => A(); void A() => B(); void B() { A(); fc = Linear(1, 1); } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Module<Tensor, Tensor> a; public Net() : base(\"\") { a = Make(); } Module<Tensor, Tensor> Make() => Make() ?? Other(); Module<Tensor, Tensor> Other() => Make(); public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Net : Module<Tensor, Tensor> { List<Module<Tensor, Tensor>> a = new(); public Net() : base(\"\") { var m = (Module<Tensor, Tensor>)Linear(1, 1); m = m; a.Add(m); a = a; Give(m); } void Give(Module<Tensor, Tensor> m) => Give(m); public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Linear fc { get => fc; set => fc = value; } public Net() : base(\"\") { fc = Linear(1, 1); RegisterComponents(); } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Outer<T> : Module<Tensor, Tensor> where T : Outer<Outer<T>> { List<Outer<Outer<T>>> a = new(); public Outer() : base(\"\") { } public override Tensor forward(Tensor x) => x; }")]
    public async Task SelfReferentialCode_CrashesNothing(string program) => AssertNoCrash(await DiagnosticsOf(program));

    [Theory]
    [InlineData("class Net : Module<Tensor, Tensor> { ModuleList<Module> all; public Net() : base(\"\") { var m = new ModuleList<Module>(Linear(4, 4)); for (int i = 0; i < 30000; i++) m = new ModuleList<Module>(m); all = m; RegisterComponents(); } public override Tensor forward(Tensor x) => x; }")]
    [InlineData("class Net : Module<Tensor, Tensor> { Module<Tensor, Tensor> all; public Net() : base(\"\") { Module<Tensor, Tensor> m = Linear(4, 4); for (int i = 0; i < 30000; i++) m = Sequential(m); all = m; foreach (var p in m.named_parameters()) { } RegisterComponents(); } public override Tensor forward(Tensor x) => all.call(x); }")]
    [InlineData("class Net : Module<Tensor, Tensor> { ModuleList<Module> all = new(); public Net() : base(\"\") { var m = new ModuleList<Module>(); m.Add(Linear(4, 4)); for (int i = 0; i < 30000; i++) { var o = new ModuleList<Module>(); o.Add(m); m = o; } all.Add(m); RegisterComponents(); } public override Tensor forward(Tensor x) => x; }")]
    public async Task DeeplyNestedModules_CrashNothing(string program) => AssertNoCrash(await DiagnosticsOf(program));

    [Theory]
    [InlineData("var s = \"ab\"; for (int i = 0; i < 31; i++) s = s + s;")]
    [InlineData("var s = \"ab\"; for (int i = 0; i < 31; i++) s = $\"{s}{s}\";")]
    [InlineData("var s = \"ab\"; for (int i = 0; i < 31; i++) s = s.Replace(\"a\", \"aaab\");")]
    [InlineData("var s = new List<int> { 1, 2 }; for (int i = 0; i < 31; i++) s.AddRange(s);")]
    [InlineData("IEnumerable<int> s = new[] { 1, 2 }; for (int i = 0; i < 31; i++) s = s.Concat(s);")]
    [InlineData("IEnumerable<int> s = new[] { 1, 2 }; for (int i = 0; i < 31; i++) s = s.SelectMany(n => new[] { n, n });")]
    [InlineData("int[] s = { 1, 2 }; for (int i = 0; i < 31; i++) s = [.. s, .. s];")]
    [InlineData("var s = new List<object>(); s.Add(s); Console.WriteLine(s); var t = (s, s); if (t.Equals(t)) { }")]
    [InlineData("object s = 1; for (int i = 0; i < 30000; i++) s = Tuple.Create(s, 1); if (s.Equals(s)) { }")]
    public async Task GrowingValues_CrashNothing(string statements) => AssertNoCrash(await DiagnosticsOf(
        $$"""class Net : Module<Tensor, Tensor> { Linear fc; public Net() : base("") { {{statements}} fc = Linear(4, 4); RegisterComponents(); } public override Tensor forward(Tensor x) => fc.call(x); }"""));

    [Theory]
    [InlineData("var a = Math.Abs(long.MinValue);")]
    [InlineData("long n = long.MinValue; var a = Math.Abs(n); a = n / -1; a = n % -1; a = -n; a--;")]
    [InlineData("if (flags == Flags.All) { } var name = $\"{flags}\"; var number = (ulong)flags; var back = (Flags)ulong.MaxValue; Take(); void Take(Flags f = Flags.All) { }")]
    [InlineData("ulong n = ulong.MaxValue; n++; var a = (int)n; var b = double.NaN; a = (int)b; a = Math.Sign(3.0); a = 1 << 40; decimal m = decimal.MaxValue;")]
    public async Task ExtremeNumbers_CrashNothing(string statements) => AssertNoCrash(await DiagnosticsOf(
        $$"""enum Flags : ulong { None, All = ulong.MaxValue } class Net : Module<Tensor, Tensor> { Flags flags = Flags.All; Linear fc; public Net() : base("") { {{statements}} fc = Linear(4, 4); RegisterComponents(); } public override Tensor forward(Tensor x) => fc.call(x); }"""));

    [Theory]
    [InlineData("Linear a = Linear(64, 64), b = Linear(64, 64), c = Linear(64, 10); public Net() : base(\"\") { a.weight = new Parameter(torch.load(\"w.bin\")); RegisterComponents(); } public override Tensor forward(Tensor x) => c.call(functional.relu(b.call(a.call(x))));")]
    [InlineData("Linear a = Linear(64, 64), b = Linear(64, 64), c = Linear(64, 10); public Net() : base(\"\") { a.weight = null!; b.weight = null!; RegisterComponents(); } public override Tensor forward(Tensor x) => c.call(functional.relu(b.call(a.call(x))));")]
    [InlineData("Parameter w1, w2; public Net(long[] shape) : base(\"\") { w1 = new Parameter(torch.zeros(shape)); w2 = new Parameter(torch.zeros(shape)); RegisterComponents(); } public override Tensor forward(Tensor x) => functional.linear(functional.relu(functional.linear(x, w1)), w2);")]
    [InlineData("Parameter w = new Parameter(torch.zeros(3)), v = new Parameter(torch.zeros(3)); public Net() : base(\"\") => RegisterComponents(); public override Tensor forward(Tensor x) => functional.linear(functional.sigmoid(functional.linear(x, w, v)), v, w);")]
    [InlineData("Module<Tensor, Tensor> e = Embedding(0, 0), l = LayerNorm(0), d = Dropout(2.0), r = LeakyReLU(double.NaN), n = BatchNorm1d(-1), a = Linear(1, 1); public Net() : base(\"\") => RegisterComponents(); public override Tensor forward(Tensor x) => a.call(n.call(r.call(d.call(l.call(e.call(x))))));")]
    [InlineData("Parameter w = new(torch.randn(4, 4)), v = new(torch.randn(4, 4)); Linear head = Linear(4, 2); public Net() : base(\"\") => RegisterComponents(); public override Tensor forward(Tensor x) => head.call(x + functional.linear(functional.linear(w, v), w));")]
    [InlineData("Parameter w = new(torch.randn(4, 4)), v = new(torch.randn(4)); Linear head = Linear(4, 2); public Net() : base(\"\") => RegisterComponents(); public override Tensor forward(Tensor x) => head.call(x + functional.layer_norm(w, new long[] { 4 }, v, v, 1e-5) + functional.prelu(w, v));")]
    [InlineData("Linear a = Linear(4, 4), b = Linear(4, 4), head = Linear(4, 2); public Net() : base(\"\") { foreach (var l in new[] { a, b, head }) { l.weight = new Parameter(torch.zeros(3)); init.zeros_(l.bias); } RegisterComponents(); } public override Tensor forward(Tensor x) => head.call(functional.relu(b.call(functional.relu(a.call(x)))));")]
    [InlineData("Bilinear b = Bilinear(4, 4, 4); Conv2d c = Conv2d(4, 4, 3); BatchNorm2d n = BatchNorm2d(4); Embedding e = Embedding(4, 4); public Net() : base(\"\") { b.weight = new Parameter(torch.load(\"w\")); c.weight = new Parameter(torch.zeros(3)); n.weight = null!; e.weight = new Parameter(torch.load(\"w\")); RegisterComponents(); } public override Tensor forward(Tensor x) { x = e.call(x); return functional.relu(n.call(c.call(b.call(x, x)))); }")]
    public async Task UnusualShapes_CrashNothing(string members) => AssertNoCrash(await DiagnosticsOf($"class Net : Module<Tensor, Tensor> {{ {members} }}"));

    /// <summary>A user who types on waits for no prediction.</summary>
    [Fact]
    public async Task PredictionThatIsNotWantedAnyMore_Ends()
    {
        const string Program = """
            var layers = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < 2000; i++) { layers.Add(Linear(64, 64)); layers.Add(Sigmoid()); }
            var net = Sequential(layers.Append(Linear(64, 10)));
            """;
        using var typing = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var elapsed = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(Program), AllAnalyzers.Parse(TorchSharpProgram.Usings)], cancellationToken: typing.Token));

        Assert.InRange(elapsed.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>Kernels of any size and predictions of any depth: bounded work, and what vanishes is reported.</summary>
    [Fact]
    public async Task HugeModels_ArePredicted()
    {
        const string Program = """
            var layers = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < 300; i++) { layers.Add(Linear(64, 64)); layers.Add(Sigmoid()); }
            var net = Sequential(layers.Append(Linear(64, 10)));
            var wide = Sequential(Conv1d(1, 16, 2000000000, padding: 1000000000), ReLU(), Conv1d(16, 4, 8000));
            var square = Sequential(Conv2d(3, 16, 100, padding: 50), ReLU(), Conv2d(16, 4, 3));
            """;
        var found = await DiagnosticsOf(Program);

        AssertNoCrash(found);
        Assert.Contains(found, diagnostic => diagnostic.Id == "GL1001");
    }

    [Fact]
    public async Task HugeExpressions_CrashNothing()
    {
        var sum = string.Join(" + ", Enumerable.Repeat("x", 2_000));
        var appends = string.Concat(Enumerable.Repeat(".append(Linear(4, 4)).append(Sigmoid())", 150));
        var arguments = string.Join(", ", Enumerable.Repeat("Linear(4, 4), Sigmoid()", 400));
        var program = $$"""
            class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> a = Sequential(){{appends}};
                private readonly Module<Tensor, Tensor> b = Sequential({{arguments}});
                private readonly int depth = {{sum.Replace("x", "1", StringComparison.Ordinal)}};
                public Net() : base("Net") => RegisterComponents();
                public override Tensor forward(Tensor x) => a.call({{sum}});
            }
            """;
        AssertNoCrash(await DiagnosticsOf(program));
    }

    [Fact]
    public async Task WithoutTorchSharp_NothingIsReported()
    {
        var program = AllAnalyzers.Parse("class Module { void no_grad() { no_grad(); } } class Net : Module { Net[] layers = { new Net() }; }");
        Assert.Empty(await AllAnalyzers.DiagnosticsAsync([program], referencesTorchSharp: false));
    }

    private static async Task<IReadOnlyList<Diagnostic>> DiagnosticsOf(string program)
    {
        var started = Stopwatch.StartNew();
        var diagnostics = await AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings)]);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(60), $"took {started.Elapsed}");
        return diagnostics;
    }

    private static void AssertNoCrash(IEnumerable<Diagnostic> diagnostics)
    {
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == "AD0001") is { } crash)
            Assert.Fail(crash.GetMessage());
    }
}
