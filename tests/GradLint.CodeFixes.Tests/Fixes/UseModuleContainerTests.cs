using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModuleWiringAnalyzer, GradLint.CodeFixes.Fixes.UseModuleContainer>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class UseModuleContainerTests
{
    private static string Net(string field, string construction, string forward) => $$"""
        class Net : Module<Tensor, Tensor>
        {
            // The hidden layers.
            private readonly {{field}} // filled below

            public Net() : base("Net")
            {
                {{construction}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                {{forward}}
                return x;
            }
        }
        """;

    [Fact]
    public Task List_BecomesAModuleList() => Verify.BestAsync(
        Net("List<Linear> {|GL6002:layers|} = new();", "for (var i = 0; i < 4; i++) layers.Add(Linear(8, 8));", "foreach (var layer in layers) x = layer.call(x);"),
        Net("ModuleList<Linear> layers = new();", "for (var i = 0; i < 4; i++) layers.Add(Linear(8, 8));", "foreach (var layer in layers) x = layer.call(x);"));

    [Fact]
    public Task ListMadeInTheConstructor_BecomesAModuleList() => Verify.BestAsync(
        Net("List<Module<Tensor, Tensor>> {|GL6002:layers|};", "layers = new List<Module<Tensor, Tensor>> { Linear(8, 8), ReLU() };", "for (var i = 0; i < layers.Count; i++) x = layers[i].call(x);"),
        Net("ModuleList<Module<Tensor, Tensor>> layers;", "layers = new ModuleList<Module<Tensor, Tensor>> { Linear(8, 8), ReLU() };", "for (var i = 0; i < layers.Count; i++) x = layers[i].call(x);"));

    [Fact]
    public Task Array_BecomesAModuleList() => Verify.BestAsync(
        Net("Linear[] {|GL6002:layers|};", "layers = new[] { Linear(8, 8), Linear(8, 8) };", "for (var i = 0; i < layers.Length; i++) x = layers[i].call(x);"),
        Net("ModuleList<Linear> layers;", "layers = new ModuleList<Linear>(Linear(8, 8), Linear(8, 8));", "for (var i = 0; i < layers.Count; i++) x = layers[i].call(x);"));

    [Fact]
    public Task Dictionary_BecomesAModuleDict() => Verify.BestAsync(
        Net("Dictionary<string, Linear> {|GL6002:experts|} = new();", "experts[\"small\"] = Linear(4, 4); experts.Add(\"large\", Linear(4, 4));", "x = experts[\"small\"].call(x);"),
        Net("ModuleDict<Linear> experts = new();", "experts.Add(\"small\", Linear(4, 4)); experts.Add(\"large\", Linear(4, 4));", "x = experts[\"small\"].call(x);"));

    [Fact]
    public Task QualifiedNames_StayQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using System.Collections.Generic;
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly List<torch.nn.Module<torch.Tensor, torch.Tensor>> {|GL6002:layers|} = new() { torch.nn.Linear(8, 8) };

            public Net() : base("Net") => RegisterComponents();

            public override torch.Tensor forward(torch.Tensor x) => layers[0].call(x);
        }
        """,
        """
        using System.Collections.Generic;
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly TorchSharp.Modules.ModuleList<torch.nn.Module<torch.Tensor, torch.Tensor>> layers = new() { torch.nn.Linear(8, 8) };

            public Net() : base("Net") => RegisterComponents();

            public override torch.Tensor forward(torch.Tensor x) => layers[0].call(x);
        }
        """);

    [Fact]
    public Task ArrayFilledByACountingLoop_IsAddedTo() => Verify.BestAsync(
        Net("Linear[] {|GL6002:layers|} = new Linear[4];", "for (var i = 0; i < layers.Length; i++) { layers[i] = Linear(8, 8); }", "x = layers[^1].call(layers[0].call(x));"),
        Net("ModuleList<Linear> layers = new ModuleList<Linear>();", "for (var i = 0; i < 4; i++) { layers.Add(Linear(8, 8)); }", "x = layers[^1].call(layers[0].call(x));"));

    [Fact]
    public Task ArrayFilledPlaceByPlace_IsAddedTo() => Verify.BestAsync(
        Net("Linear[] {|GL6002:layers|};", "layers = new Linear[2]; layers[0] = Linear(8, 8); layers[1] = Linear(8, 8);", "x = layers[1].call(layers[0].call(x));"),
        Net("ModuleList<Linear> layers;", "layers = new ModuleList<Linear>(); layers.Add(Linear(8, 8)); layers.Add(Linear(8, 8));", "x = layers[1].call(layers[0].call(x));"));

    [Fact]
    public Task ArrayFilledBackwards_IsLeftAlone() => Verify.NothingAsync(
        Net("Linear[] {|GL6002:layers|};", "layers = new Linear[2]; layers[1] = Linear(8, 8); layers[0] = Linear(8, 8);", "x = layers[1].call(layers[0].call(x));"));

    /// <summary>What is set in a list takes the place of another.</summary>
    [Fact]
    public Task ListWhoseElementIsReplaced_IsLeftAlone() => Verify.NothingAsync(
        Net("List<Linear> {|GL6002:layers|} = new() { Linear(8, 8) };", "layers[0] = Linear(8, 8, false);", "foreach (var layer in layers) x = layer.call(x);"));

    [Fact]
    public Task Sequence_IsPassedToTheModuleList() => Verify.BestAsync(
        Net("List<Linear> {|GL6002:layers|};", "layers = Enumerable.Range(0, 4).Select(_ => Linear(8, 8)).ToList();", "x = layers.Aggregate(x, (h, layer) => layer.call(h));"),
        Net("ModuleList<Linear> layers;", "layers = new ModuleList<Linear>(Enumerable.Range(0, 4).Select(_ => Linear(8, 8)).ToArray());", "x = layers.Aggregate(x, (h, layer) => layer.call(h));"));

    [Fact]
    public Task CollectionExpression_IsPassedToTheModuleList() => Verify.BestAsync(
        Net("Linear[] {|GL6002:layers|} = [Linear(8, 8), /* wide */ Linear(8, 8)];", "", "foreach (var layer in layers) x = layer.call(x);"),
        Net("ModuleList<Linear> layers = new(Linear(8, 8), /* wide */ Linear(8, 8));", "", "foreach (var layer in layers) x = layer.call(x);"));

    /// <summary>A ModuleList has no such method.</summary>
    [Fact]
    public Task UseWithoutCounterpart_IsLeftAlone() => Verify.NothingAsync(
        Net("List<Linear> {|GL6002:layers|} = new() { Linear(8, 8), Linear(8, 8) };", "layers.Reverse();", "foreach (var layer in layers) x = layer.call(x);"));
}
