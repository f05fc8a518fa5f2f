using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>A vanishing gradient is a hint only where every optimizer that trains the model is of the Adam family and the ratio is above 1e-5.</summary>
public class AdaptiveOptimizerTests
{
    private static string Stack(string name, int depth) => $$"""
        var {{name}} = Sequential(Enumerable.Range(0, {{depth}}).SelectMany(i => new Module<Tensor, Tensor>[] { Linear(64, 64), {|#0:Sigmoid()|} }).Append(Linear(64, 10)));
        """;

    /// <summary>Each sigmoid layer passes about 0.14 of the gradient: 6e-5 after five, 2e-7 after eight.</summary>
    private const int Shallow = 5, Deep = 8;

    [Fact]
    public Task Adam_IsAHint() => Verify("GL1001", DiagnosticSeverity.Info, Stack("model", Shallow) + """
        var optimizer = optim.Adam(model.parameters(), 1e-3);
        """);

    [Fact]
    public Task SGD_IsAWarning() => Verify("GL1001", DiagnosticSeverity.Warning, Stack("model", Shallow) + """
        var optimizer = optim.SGD(model.parameters(), 0.1);
        """);

    [Fact]
    public Task AdamWithARatioThatItDoesNotMakeUpFor_IsAWarning() => Verify("GL1001", DiagnosticSeverity.Warning, Stack("model", Deep) + """
        var optimizer = optim.Adam(model.parameters());
        """);

    [Fact]
    public Task NoOptimizer_IsAWarning() => Verify("GL1001", DiagnosticSeverity.Warning, Stack("model", Shallow));

    [Fact]
    public Task AdamOfAnotherModel_IsAWarning() => Verify("GL1001", DiagnosticSeverity.Warning, Stack("model", Shallow) + """
        var other = Linear(4, 4);
        var optimizer = optim.Adam(other.parameters());
        """);

    [Fact]
    public Task AdamOrSGD_IsAWarning() => Verify("GL1001", DiagnosticSeverity.Warning, Stack("model", Shallow) + """
        optim.Optimizer optimizer = args.Length > 0 ? optim.Adam(model.parameters()) : optim.SGD(model.parameters(), 0.1);
        """);

    [Fact]
    public Task SGDOfWhoKnowsWhat_IsAWarning() => Verify(
        "GL1001", DiagnosticSeverity.Warning,
        Stack("model", Shallow) + """
        var optimizer = optim.Adam(model.parameters());
        """,
        """
        public static class Training
        {
            public static optim.Optimizer Other(Module<Tensor, Tensor> any) => optim.SGD(any.parameters(), 0.1);
        }
        """);

    [Fact]
    public Task AdamInATrainerOfAnotherFile_IsAHint() => Verify(
        "GL1001", DiagnosticSeverity.Info,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = {|#0:functional.sigmoid(fc1.call(x))|};
                x = functional.sigmoid(fc2.call(x));
                x = functional.sigmoid(fc3.call(x));
                x = functional.sigmoid(fc4.call(x));
                x = functional.sigmoid(fc5.call(x));
                return head.call(x);
            }
        }
        """,
        """
        class Trainer
        {
            private readonly Module<Tensor, Tensor> model;
            private readonly optim.Optimizer optimizer;

            public Trainer(Module<Tensor, Tensor> model, double rate)
            {
                this.model = model.to(CPU);
                optimizer = Optimizers.For(this.model.parameters().Where(parameter => parameter.requires_grad), rate);
            }
        }

        static class Optimizers
        {
            public static optim.Optimizer For(IEnumerable<Parameter> parameters, double rate) => optim.AdamW(parameters, rate);
        }
        """,
        """
        var trainer = new Trainer(new Net(), 1e-3);
        """);

    [Fact]
    public Task BlockOfATrainedModel_IsAHint() => Verify(
        "GL1001", DiagnosticSeverity.Info,
        $$"""
        class Body : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> layers = Sequential(Enumerable.Range(0, {{Shallow}}).SelectMany(i => new Module<Tensor, Tensor>[] { Linear(64, 64), {|#0:Sigmoid()|} }).Append(Linear(64, 64)));

            public Body() : base("body") => RegisterComponents();

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Body body = new();
            private readonly LayerNorm norm = LayerNorm(64);
            private readonly Linear head = Linear(64, 10);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(norm.call(body.call(x) + x));
        }

        static class Program
        {
            static void Main() => Train(new Net());

            private static void Train(Net net)
            {
                using var optimizer = optim.RAdam(net.parameters());
            }
        }
        """);

    [Theory]
    [InlineData("Adam(model.parameters())", DiagnosticSeverity.Info)]
    [InlineData("SGD(model.parameters(), 0.1)", DiagnosticSeverity.Warning)]
    public Task DefaultInitialization_FollowsTheOptimizer(string optimizer, DiagnosticSeverity severity) => Verify("GL2001", severity, $$"""
        var model = Sequential(Enumerable.Range(0, 12).SelectMany(i => new Module<Tensor, Tensor>[] { {|#0:Linear(128, 128)|}, ReLU() }).Append(Linear(128, 10)));
        var optimizer = optim.{{optimizer}};
        """);

    [Theory]
    [InlineData("Adam(model.parameters())", DiagnosticSeverity.Info)]
    [InlineData("SGD(model.parameters(), 0.1)", DiagnosticSeverity.Warning)]
    public Task HandWrittenScale_FollowsTheOptimizer(string optimizer, DiagnosticSeverity severity) => Verify("GL2004", severity, $$"""
        var model = Sequential(Enumerable.Range(0, 8).SelectMany(i => new Module<Tensor, Tensor>[] { Linear(64, 64), ReLU() }).Append(Linear(64, 10)));
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1)
                {|#0:init.normal_(parameter, 0, 0.05)|};
        }

        var optimizer = optim.{{optimizer}};
        """);

    /// <summary>Adam opens the gates of an LSTM or GRU with time; an RNN has none.</summary>
    [Theory]
    [InlineData("LSTM", "output, _, _", "Adam(net.parameters())", DiagnosticSeverity.Info)]
    [InlineData("GRU", "output, _", "Adam(net.parameters())", DiagnosticSeverity.Info)]
    [InlineData("LSTM", "output, _, _", "SGD(net.parameters(), 0.1)", DiagnosticSeverity.Warning)]
    [InlineData("RNN", "output, _", "Adam(net.parameters())", DiagnosticSeverity.Warning)]
    public Task ShortMemory_FollowsTheOptimizerOfGatedLayers(string layer, string result, string optimizer, DiagnosticSeverity severity) => Verify(
        "GL3003", severity,
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly {{layer}} recurrent = {|#0:{{layer}}(8, 32, batchFirst: true)|};
            private readonly Linear head = Linear(32, 2);

            public Net() : base("net")
            {
                {{(layer == "LSTM" ? """init.constant_(recurrent.get_parameter("bias_ih_l0"), 0.5);""" : "")}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var ({{result}}) = recurrent.call(x);
                return head.call(output[.., -1]);
            }
        }
        """,
        $"""
        var net = new Net();
        var optimizer = optim.{optimizer};
        """);

    private static Task Verify(string ruleId, DiagnosticSeverity severity, params string[] files)
    {
        var test = new ProgramTest<ModelAnalyzer>(files);
        if (ruleId == "GL3003")
            test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\ngradlint.sequence_length = 60"));
        for (var place = 0; files.Any(file => file.Contains($"{{|#{place}:")); place++)
            test.ExpectedDiagnostics.Add(new DiagnosticResult(ruleId, severity).WithLocation(place).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync();
    }
}
