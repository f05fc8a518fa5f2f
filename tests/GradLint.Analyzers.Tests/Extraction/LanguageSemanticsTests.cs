namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>C# is read as it runs: the order of evaluation, copies and references, captured variables, static state, scopes.</summary>
public class LanguageSemanticsTests
{
    [Theory]
    [InlineData("var std = new double[] { 1e-8, 1e-8 }; int i = 0; std[i++] += 0.17 - 1e-8;", "std[0]")]
    [InlineData("var from = new double[] { 1e-8, 0.17 }; var std = new double[2]; int i = 0; std[i++] = from[i];", "std[0]")]
    [InlineData("var std = new double?[2]; int i = 0; std[i++] ??= 0.17; std[i++] ??= 1e-8;", "std[0]!.Value")]
    [InlineData("var std = new int[2]; int i = 0; std[i++]++; std[i++]--;", "std[0] == 1 && std[1] == -1 ? 0.17 : 1e-8")]
    [InlineData("var all = new List<double[]> { new[] { 1e-8 } }; int calls = 0; double[] Next() { calls++; return all[0]; } Next()[0] *= 17e6;", "calls == 1 ? all[0][0] : 1e-8")]
    public void TargetOfAnAssignment_IsEvaluatedOnceAndFirst(string statements, string value) => ScaledWeight.AssertRead(statements, value);

    [Theory]
    [InlineData("(double W, double S) std = (1e-8, 0); std.W = 0.17;", "std.W")]
    [InlineData("var std = (1.0, 1e-8); std.Item2 = 0.17;", "std.Item2")]
    [InlineData("var std = (1.0, (1e-8, 2.0)); std.Item2.Item1 = 0.17;", "std.Item2.Item1")]
    [InlineData("var std = new[] { (1.0, 1e-8) }; std[0].Item2 += 0.17 - 1e-8;", "std[0].Item2")]
    public void ElementOfATuple_IsAssigned(string statements, string value) => ScaledWeight.AssertRead(statements, value);

    [Theory]
    [InlineData("var a = new Config { Std = 0.17 }; var b = a; b.Std = 1e-8;", "a.Std")]
    [InlineData("var a = new Config { Std = 0.17 }; Spoil(a); void Spoil(Config c) => c.Std = 1e-8;", "a.Std")]
    [InlineData("var a = new[] { new Config { Std = 0.17 } }; var b = a[0]; b.Std = 1e-8;", "a[0].Std")]
    [InlineData("var a = new[] { new Config { Std = 1e-8 } }; a[0].Std = 0.17;", "a[0].Std")]
    [InlineData("var a = new Config { Std = 0.17 }; var list = new List<Config> { a }; a.Std = 1e-8;", "list[0].Std")]
    [InlineData("var a = new Config { Std = 0.17 }; var pair = (a, 1); a.Std = 1e-8;", "pair.a.Std")]
    [InlineData("var a = new Config { Std = 0.17 }; var (b, _) = (a, 1); b.Std = 1e-8;", "a.Std")]
    [InlineData("var a = new Config { Std = 0.17 }; held = a; a.Std = 1e-8;", "held.Std", "Config held;")]
    [InlineData("var a = new Config { Std = 1e-8 }; Fit(ref a); void Fit(ref Config c) => c.Std = 0.17;", "a.Std")]
    [InlineData("var a = new Config { Std = 1e-8 }; a.Fit();", "a.Std")]
    public void Structs_AreCopied(string statements, string value, string members = "") =>
        ScaledWeight.AssertRead(statements, value, members, "public struct Config { public double Std; public void Fit() => Std = 0.17; }");

    [Theory]
    [InlineData("var std = 1e-8; ref var r = ref std; r = 0.17;", "std")]
    [InlineData("double a = 0, std = 1e-8; ref var r = ref a; r = ref std; r = 0.17;", "std")]
    [InlineData("ref var r = ref held; r = 0.17;", "held", "double held = 1e-8;")]
    [InlineData("var std = new[] { 1e-8 }; Set(ref std[0]); void Set(ref double s) => s = s == 1e-8 ? 0.17 : 1e-8;", "std[0]")]
    [InlineData("var std = new[] { 1e-8 }; Set(out std[0]); void Set(out double s) => s = 0.17;", "std[0]")]
    public void References_ShareTheirPlace(string statements, string value, string members = "") => ScaledWeight.AssertRead(statements, value, members);

    [Theory]
    [InlineData("var std = new[] { 1e-8 }; ref var r = ref std[0]; r = 0.17;", "std[0]")]
    [InlineData("var std = new[] { 1e-8 }; foreach (ref var s in std.AsSpan()) s = 0.17;", "std[0]")]
    [InlineData("double std = 1e-8, other = 0; (Environment.TickCount > 0 ? ref std : ref other) = 0.17;", "std")]
    public void ReferencesToElements_AreNotReadAsTheyWere(string statements, string value) => ScaledWeight.AssertNeverRead(statements, value);

    [Theory]
    [InlineData("var std = 1e-8; void Set(double v) { std = v; } Call(Set);", "std", "static void Call(Action<double> f) => f(0.17);")]
    [InlineData("double Mine() => Std; var std = new Helper().Get(Mine);", "std", "readonly double Std = 0.17;")]
    [InlineData("double Twice(int n) => n == 0 ? 0.17 : Twice(n - 1); Func<int, double> f = Twice; var std = f(3);", "std")]
    [InlineData("var std = 1e-8; Action all = () => { void Set() => std = 0.17; Call(_ => Set()); }; all();", "std", "static void Call(Action<double> f) => f(0);")]
    public void LocalFunctionAsADelegate_SharesVariablesAndObject(string statements, string value, string members = "") =>
        ScaledWeight.AssertRead(statements, value, members, "public class Helper { public double Std = 1e-8; public double Get(Func<double> f) => f(); }");

    [Theory]
    [InlineData("Std", "static readonly double Std = 1e-8; static Model() { Std = 0.17; }")]
    [InlineData("Std", "static double Std { get; } = 1e-8; static Model() => Std = 0.17;")]
    [InlineData("Std[0]", "static readonly double[] Std = { 1e-8 }; static Model() { Std[0] = 0.17; }")]
    [InlineData("Std[0]", "static readonly List<double> Std = new() { 1e-8 }; static void SetUp() { Std.Clear(); Std.Add(0.17); }")]
    [InlineData("Std[0]", "static readonly double[] Std = { 1e-8 }; static void SetUp() { Array.Fill(Std, 0.17); }")]
    [InlineData("Std.Item1", "static (double, int) Std = (1e-8, 1); static void SetUp() { Std.Item1 = 0.17; }")]
    public void StaticThatIsChangedSomewhere_IsNotReadAsItsInitializer(string value, string members) => ScaledWeight.AssertNeverRead("", value, members);

    [Theory]
    [InlineData("Std", "static readonly double Std = 0.17; static Model() { var Other = 1; Other++; }")]
    [InlineData("Std[Index]", "static readonly double[] Std = { 1e-8, 0.17 }; static readonly int Index = 1; static void Use(double[] o) { o[Index] = 1; }")]
    [InlineData("Std[0]", "static readonly double[] Std = { 0.17 }; static void Use(List<double> Std) { Std.Add(1); }")]
    [InlineData("Std", "static double Std = 0.17; class Other { double Std = 1; void Use() { Std = 2; } }")]
    public void StaticThatNothingChanges_IsReadAsItsInitializer(string value, string members) => ScaledWeight.AssertRead("", value, members);

    [Theory]
    [InlineData("byte n = 250; n += 7;", "n == 1 ? 0.17 : 1e-8")]
    [InlineData("uint n = 0; n--;", "n > 5 ? 0.17 : 1e-8")]
    [InlineData("ulong n = ulong.MaxValue;", "n > 5 ? 0.17 : 1e-8")]
    [InlineData("var wide = 40000; var n = (short)wide;", "n < 0 ? 0.17 : 1e-8")]
    [InlineData("int n = 1; n = n << 33;", "n == 2 ? 0.17 : 1e-8")]
    [InlineData("uint n = 0;", "~n > 5 ? 0.17 : 1e-8")]
    public void NumbersThatWrap_AreNotReadAsIfTheyDidNot(string statements, string value) => ScaledWeight.AssertNeverRead(statements, value);

    [Theory]
    [InlineData("var std = 1e-8; using (new Scope(() => std = 0.17)) { }")]
    [InlineData("var std = 1e-8; { using var scope = new Scope(() => std = 0.17); std = 1; }")]
    [InlineData("var std = 1e-8; { using var outer = new Scope(() => std *= 0.17); using var inner = new Scope(() => std = 1); }")]
    public void EndOfAUsing_Disposes(string statements) =>
        ScaledWeight.AssertRead(statements, types: "public sealed class Scope(Action end) : IDisposable { public void Dispose() => end(); }");

    [Theory]
    [InlineData("var std = 1e-8; try { System.IO.File.ReadAllText(\"settings\"); } catch { std = 0.17; }")]
    [InlineData("var std = 1e-8; try { int.Parse(\"x\"); } catch (FormatException) { std = 0.17; } catch (Exception) { std = 1; }")]
    [InlineData("var std = 1e-8; try { Check(); } catch (Exception) { std = 0.17; } void Check() { throw new InvalidOperationException(); }")]
    public void CatchOfCodeThatIsNotFollowed_MayHaveRun(string statements) => ScaledWeight.AssertNeverRead(statements);

    [Theory]
    [InlineData("var std = 0.17; try { std *= 1; } catch { std = 1e-8; }")]
    [InlineData("var std = 0.17; try { Console.WriteLine(std); } catch { throw; }")]
    public void CatchThatChangesNothing_LeavesWhatIsKnown(string statements) => ScaledWeight.AssertRead(statements);

    [Theory]
    [InlineData("var (a, b) = new Scales(0.17, 1);", "a")]
    [InlineData("foreach (var (a, b) in new[] { new Scales(0.17, 1) }) std = a;", "std", "double std = 1e-8;")]
    [InlineData("var std = new Scales(0.17, 1) is (var a, 1) ? a : 1e-8;", "std")]
    [InlineData("var std = new Scales(0.17, 1) switch { (_, 2) => 1e-8, (var a, _) => a };", "std")]
    [InlineData("var (a, b) = new Named(0.17);", "a")]
    public void Records_AreTakenApart(string statements, string value, string members = "") => ScaledWeight.AssertRead(
        statements, value, members,
        "public record Scales(double First, int Second); public class Named(double std) { double held = std; public void Deconstruct(out double a, out int b) { a = held; b = 1; } }");

    [Fact]
    public void BaseProperty_IsThatOfTheBase() => ScaledWeight.AssertRead(
        "var std = new Derived().Std;", types: "public class Base { public virtual double Std => 0.085; } public class Derived : Base { public override double Std => base.Std * 2; }");

    [Fact]
    public void NoGradInAHelper_EndsWithTheHelper()
    {
        var graph = ModelProgram.Of("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Linear a = Linear(4, 4), b = Linear(4, 2);
                public Model() : base("m") => RegisterComponents();
                private static float Mean(Tensor x) { using var off = torch.no_grad(); return x.abs().mean().item<float>(); }
                public override Tensor forward(Tensor x)
                {
                    x = a.call(x);
                    Console.WriteLine(Mean(x));
                    return b.call(x);
                }
            }
            """).Extract();
        Assert.DoesNotContain(graph.Nodes, node => node.Kind == Core.Model.LayerKind.Detach && graph.Nodes.Any(user => user.Path == "b" && user.Inputs.Any(input => input.Node == node.Id)));
        Assert.Equal(["a", "b"], graph.Nodes.Select(node => node.Path).OfType<string>());
        var output = graph.Nodes[graph.Outputs[0].Node];
        Assert.Equal("b", output.Path);
    }
}
