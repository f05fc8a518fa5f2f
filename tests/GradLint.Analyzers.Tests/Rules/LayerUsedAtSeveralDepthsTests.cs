using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class LayerUsedAtSeveralDepthsTests
{
    private static string Method(string body) => $$"""
        static class Models
        {
            public static Module<Tensor, Tensor> Tower(int depth)
            {
                var layers = new List<Module<Tensor, Tensor>>();
                var named = new List<(string, Module<Tensor, Tensor>)>();
                {{body}}
                return Sequential(layers);
            }

            private static Module<Tensor, Tensor> Block() => Sequential(Linear(8, 8), ReLU());
        }

        class Unit : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Unit() : base("Unit") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    [Fact]
    public Task MadeBeforeTheLoop_Triggers() => Verify.DiagnosticsAsync(Method(
        "var layer = Linear(8, 8); for (var i = 0; i < depth; i++) {|GL6005:layers.Add(layer)|};"));

    [Fact]
    public Task OwnTypeMadeBeforeTheLoop_Triggers() => Verify.DiagnosticsAsync(Method(
        "var unit = new Unit(); while (layers.Count < depth) { {|GL6005:layers.Add(unit)|}; layers.Add(ReLU()); }"));

    [Fact]
    public Task MadeByAHelperBeforeTheLoop_Triggers() => Verify.DiagnosticsAsync(Method(
        "var block = Block(); foreach (var i in Enumerable.Range(0, depth)) {|GL6005:layers.Add(block)|};"));

    [Fact]
    public Task AddedUnderDifferentNames_Triggers() => Verify.DiagnosticsAsync(Method(
        "var layer = Linear(8, 8); for (var i = 0; i < depth; i++) {|GL6005:named.Add(($\"fc{i}\", layer))|};"));

    [Fact]
    public Task AppendedToASequential_Triggers() => Verify.DiagnosticsAsync(Method(
        "var body = Sequential(); var layer = Linear(8, 8); for (var i = 0; i < depth; i++) {|GL6005:body.append(layer)|};"));

    [Fact]
    public Task EnumerableRepeat_Triggers() => Verify.DiagnosticsAsync(Method(
        "layers.AddRange({|GL6005:Enumerable.Repeat(new Unit(), depth)|});"));

    [Fact]
    public Task MadeInTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync(Method(
        "for (var i = 0; i < depth; i++) { var layer = Linear(8, 8); layers.Add(layer); }"));

    [Fact]
    public Task MadeAnewInTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync(Method(
        "var layer = Linear(8, 8); for (var i = 0; i < depth; i++) { layers.Add(layer); layer = Linear(8, 8); }"));

    [Fact]
    public Task ActivationMadeBeforeTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync(Method(
        "var relu = ReLU(); for (var i = 0; i < depth; i++) { layers.Add(Linear(8, 8)); layers.Add(relu); }"));

    [Fact]
    public Task AddedOnceAfterTheLoop_DoesNotTrigger() => Verify.DiagnosticsAsync(Method(
        "var head = Linear(8, 2); for (var i = 0; i < depth; i++) layers.Add(Linear(8, 8)); layers.Add(head);"));

    [Fact]
    public Task AppliedRepeatedlyInForward_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Universal : Module<Tensor, Tensor>
        {
            private readonly Linear step = Linear(8, 8);
            public Universal() : base("Universal") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < 6; i++)
                    x = step.call(x).relu();
                return x;
            }
        }
        """);

    [Fact]
    public Task SelectMakesNewOnes_DoesNotTrigger() => Verify.DiagnosticsAsync(Method(
        "layers.AddRange(Enumerable.Range(0, depth).Select(_ => Linear(8, 8)));"));
}
