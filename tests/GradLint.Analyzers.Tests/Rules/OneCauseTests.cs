using System.Collections.Immutable;
using GradLint.Analyzers.Tests.Framework;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>One fault has one name: whatever activation, initialiser and depth come together, one rule has the word.</summary>
public class OneCauseTests
{
    private static readonly string[] s_gradientRules = ["GL1001", "GL1002", "GL2001", "GL2002", "GL2004"];

    private static readonly string[] s_activations = ["Sigmoid()", "Tanh()", "ReLU()", "SELU()", "GELU()"];

    private static readonly (string Name, string? Call)[] s_initializers =
    [
        ("Default", null), ("Tiny", "init.normal_(linear.weight, 0, 0.01)"), ("Unit", "init.normal_(linear.weight, 0, 1)"),
        ("Xavier", "init.xavier_uniform_(linear.weight)"), ("He", "init.kaiming_normal_(linear.weight)"), ("Uniform", "init.uniform_(linear.weight, -0.02, 0.02)"),
    ];

    [Theory]
    [InlineData(6)]
    [InlineData(14)]
    public async Task GridOfModels_HasOneFindingAModel(int depth)
    {
        var models = s_activations.SelectMany(activation => s_initializers.Select(initializer => Model(activation, initializer, depth))).ToArray();
        var findings = await FindingsByType(string.Join("\n", models));

        foreach (var (type, found) in findings)
        {
            var named = GradientRules(findings, type).ToArray();
            Assert.True(named.Length <= 1, $"{type}: {string.Join(", ", named)}");
            if (named.Length == 1) Assert.DoesNotContain(found, finding => finding.Id == "GL1007");
        }

        if (depth < 14) return;
        Assert.Equal("GL1001", Of("SigmoidDefault"));
        Assert.Equal("GL1001", Of("SigmoidTiny"));
        Assert.Equal("GL2004", Of("TanhTiny"));
        Assert.Equal("GL2001", Of("ReLUDefault"));
        Assert.Equal("GL2004", Of("ReLUTiny"));
        Assert.Equal("GL2004", Of("ReLUUnit"));
        Assert.Null(Of("ReLUHe"));
        Assert.Null(Of("TanhXavier"));

        string? Of(string type) => GradientRules(findings, type).SingleOrDefault();
    }

    /// <summary>The block by itself starves its first layer, so the model that holds it has nothing to add.</summary>
    [Fact]
    public async Task ChainInsideABlock_IsReportedThereAlone()
    {
        var findings = await FindingsByType(Model("Sigmoid()", s_initializers[0], 12, "Block") + Holder("Net", "new Block()"));

        Assert.Equal(["GL1001"], GradientRules(findings, "Block"));
        Assert.Empty(GradientRules(findings, "Net"));
    }

    /// <summary>No block starves by itself; together they do.</summary>
    [Fact]
    public async Task ChainAcrossBlocks_IsReportedAtTheModel()
    {
        var findings = await FindingsByType(
            Model("Sigmoid()", s_initializers[0], 2, "Block") + Holder("Net", "new Block(), new Block(), new Block(), new Block()"));

        Assert.Equal(["GL1001"], GradientRules(findings, "Net"));
        Assert.Empty(GradientRules(findings, "Block"));
    }

    /// <summary>A factory makes the chain, a type holds it: the factory is where it is mended.</summary>
    [Fact]
    public async Task ChainOfAFactory_IsReportedThereAlone()
    {
        var findings = await FindingsByType("""
            static class Factory
            {
                public static Sequential Build()
                {
                    var layers = new List<Module<Tensor, Tensor>>();
                    for (var i = 0; i < 12; i++)
                    {
                        layers.Add(Linear(64, 64));
                        layers.Add(Sigmoid());
                    }

                    layers.Add(Linear(64, 10));
                    return Sequential(layers);
                }
            }

            class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential net = Factory.Build();

                public Net() : base("net") => RegisterComponents();

                public override Tensor forward(Tensor x) => net.call(x);
            }
            """);

        Assert.Equal(["GL1001"], GradientRules(findings, "Factory"));
        Assert.Empty(GradientRules(findings, "Net"));
    }

    [Fact]
    public async Task SequentialInsideAType_IsReportedOnce()
    {
        var findings = await FindingsByType(Model("Tanh()", s_initializers[1], 14, "Net"));
        Assert.Equal(["GL2004"], GradientRules(findings, "Net"));
    }

    private static IEnumerable<string> GradientRules(Dictionary<string, ImmutableArray<Diagnostic>> findings, string type) =>
        findings.TryGetValue(type, out var found) ? found.Select(finding => finding.Id).Where(s_gradientRules.Contains) : [];

    private static string Model(string activation, (string Name, string? Call) initializer, int depth, string? name = null) => $$"""
        class {{name ?? activation[..^2] + initializer.Name}} : Module<Tensor, Tensor>
        {
            private readonly Sequential net;

            public {{name ?? activation[..^2] + initializer.Name}}() : base("net")
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < {{depth}}; i++)
                {
                    layers.Add(Linear(64, 64));
                    layers.Add({{activation}});
                }

                layers.Add(Linear(64, 64));
                net = Sequential(layers);
                RegisterComponents();
                {{(initializer.Call is null ? "" : $$"""foreach (var module in modules()) { if (module is Linear linear) {{initializer.Call}}; }""")}}
            }

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private static string Holder(string name, string blocks) => $$"""
        class {{name}} : Module<Tensor, Tensor>
        {
            private readonly Sequential net = Sequential({{blocks}}, Linear(64, 10));

            public {{name}}() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => net.call(x);
        }
        """;

    private static async Task<Dictionary<string, ImmutableArray<Diagnostic>>> FindingsByType(string program)
    {
        var findings = await AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);
        return findings
            .GroupBy(finding => finding.Location.SourceTree!.GetRoot().FindNode(finding.Location.SourceSpan).AncestorsAndSelf().OfType<ClassDeclarationSyntax>().First().Identifier.Text)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray());
    }
}
