using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>An initialiser is followed to the parameter it reaches, wherever it is called.</summary>
public class InitializationTests
{
    [Theory]
    [InlineData("init.kaiming_normal_(fc.weight);")]
    [InlineData("var w = fc.weight; init.kaiming_normal_(w);")]
    [InlineData("nn.init.kaiming_normal_(fc.weight.detach());")]
    [InlineData("Init(fc); void Init(Linear layer) => init.kaiming_normal_(layer.weight);")]
    [InlineData("foreach (var child in children()) if (child is Linear linear) init.kaiming_normal_(linear.weight);")]
    [InlineData("foreach (var module in this.modules()) { if (module is Linear { weight: { } w }) init.kaiming_normal_(w); }")]
    [InlineData("foreach (var (name, module) in named_modules()) switch (module) { case Linear l: init.kaiming_normal_(l.weight); break; }")]
    [InlineData("foreach (var (name, parameter) in named_parameters()) if (name.EndsWith(\"weight\")) init.kaiming_normal_(parameter);")]
    [InlineData("foreach (var p in parameters()) if (p.dim() > 1) init.kaiming_normal_(p);")]
    [InlineData("foreach (var p in parameters().Where(p => p.shape.Length == 2)) { init.kaiming_normal_(p); }")]
    [InlineData("apply(module => { if (module is Linear linear) init.kaiming_normal_(linear.weight); });")]
    [InlineData("apply(Initialise);")]
    [InlineData("using (torch.no_grad()) init.kaiming_normal_(get_parameter(\"fc.weight\"));")]
    public void ReachesTheWeight(string statement)
    {
        var graph = Extract(statement);
        Assert.Equal(InitializerKind.KaimingNormal, Kind(graph, "fc.weight"));
        Assert.True(graph.Parameters[0].Initialization.IsExplicit);
        Assert.Equal(InitializerKind.DefaultFanIn, Kind(graph, "fc.bias"));
        Assert.Equal(GraphStatus.Known, graph.Status);
    }

    [Theory]
    [InlineData("init.normal_(fc.weight, 0.0, 0.02);", InitializerKind.Normal, "std", 0.02)]
    [InlineData("init.normal_(fc.weight, std: 1e-2);", InitializerKind.Normal, "std", 0.01)]
    [InlineData("fc.weight.normal_(0, 0.5);", InitializerKind.Normal, "std", 0.5)]
    [InlineData("init.uniform_(fc.weight, -0.1, 0.1);", InitializerKind.Uniform, "high", 0.1)]
    [InlineData("init.constant_(fc.weight, 0.3);", InitializerKind.Constant, "val", 0.3)]
    [InlineData("fc.weight.fill_(0.25);", InitializerKind.Constant, "val", 0.25)]
    [InlineData("init.xavier_uniform_(fc.weight, init.calculate_gain(init.NonlinearityType.Tanh));", InitializerKind.XavierUniform, "gain", 5.0 / 3)]
    [InlineData("init.glorot_normal_(fc.weight, gain: 2);", InitializerKind.XavierNormal, "gain", 2.0)]
    [InlineData("init.trunc_normal_(fc.weight, std: .02);", InitializerKind.TruncatedNormal, "std", 0.02)]
    [InlineData("init.orthogonal_(fc.weight, 1.2);", InitializerKind.Orthogonal, "gain", 1.2)]
    [InlineData("init.kaiming_uniform_(fc.weight, Math.Sqrt(5));", InitializerKind.KaimingUniform, "a", 2.23606797749979)]
    [InlineData("fc.weight = Parameter(torch.randn(4, 4) * 0.1);", InitializerKind.Normal, "std", 0.1)]
    [InlineData("using (no_grad()) fc.weight.copy_(torch.rand(4, 4));", InitializerKind.Uniform, "high", 1.0)]
    public void KeepsItsArguments(string statement, InitializerKind kind, string argument, double value)
    {
        var weight = Extract(statement).Parameters[0].Initialization;
        Assert.Equal((kind, value), (weight.Kind, weight.Arguments.Number(argument)!.Value));
    }

    [Fact]
    public void EnumArgumentsAreNames()
    {
        var weight = Extract("init.kaiming_normal_(fc.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);").Parameters[0].Initialization;
        Assert.Equal(("FanOut", "ReLU"), (weight.Arguments.Text("mode"), weight.Arguments.Text("nonlinearity")));
    }

    [Theory]
    [InlineData("fc.weight[0].fill_(1);")]
    [InlineData("fc.weight[TensorIndex.Slice(0, 2)] = torch.ones(2, 4);")]
    [InlineData("fc.weight.mul_(2);")]
    [InlineData("load(\"weights.dat\");")]
    [InlineData("load_state_dict(new Dictionary<string, Tensor>());")]
    [InlineData("if (Environment.GetEnvironmentVariable(\"X\") is null) init.zeros_(fc.weight);")]
    public void BecomesUnknown(string statement)
    {
        var weight = Extract(statement).Parameters[0].Initialization;
        Assert.Equal((InitializerKind.Unknown, true), (weight.Kind, weight.IsExplicit));
    }

    [Theory]
    [InlineData("foreach (var (name, parameter) in lstm.named_parameters()) if (name.Contains(\"bias_ih\")) init.constant_(parameter.chunk(4)[1], 1);", InitializerKind.Constant)]
    [InlineData("foreach (var (name, parameter) in lstm.named_parameters()) { if (name.StartsWith(\"bias_ih\")) parameter.narrow(0, 8, 8).fill_(1); }", InitializerKind.Constant)]
    [InlineData("var bias = lstm.get_parameter(\"bias_ih_l0\"); init.constant_(bias[8..16], 1);", InitializerKind.Constant)]
    [InlineData("using (no_grad()) lstm.get_parameter(\"bias_ih_l0\").slice(0, 8, 16, 1).zero_();", InitializerKind.Zeros)]
    [InlineData("using (no_grad()) lstm.get_parameter(\"bias_ih_l0\").chunk(4)[1].uniform_(1, 99).log_();", InitializerKind.LogUniform)]
    public void OfOneGate_IsThatOfItsRows(string statement, InitializerKind kind)
    {
        var bias = ExtractRecurrent(statement, "bias_ih_l0");
        Assert.Equal((InitializerKind.DefaultHidden, false), (bias.Kind, bias.IsExplicit));
        var forget = Assert.Single(bias.Rows);
        Assert.Equal((new RowRange(0.25, 0.5), kind), (forget.Range, forget.Initialization.Kind));
    }

    [Theory]
    [InlineData("init.constant_(lstm.get_parameter(\"bias_ih_l0\").view(4, 8), 1);")]
    [InlineData("lstm.get_parameter(\"bias_ih_l0\").narrow(0, Environment.ProcessorCount, 8).fill_(1);")]
    [InlineData("lstm.get_parameter(\"bias_ih_l0\").chunk(4)[1].mul_(2);")]
    [InlineData("var bias = lstm.get_parameter(\"bias_ih_l0\"); init.zeros_(bias[0..16]); init.zeros_(bias[8..24]);")]
    public void OfRowsThatAreNotKnown_BecomesUnknown(string statement) =>
        Assert.Equal(InitializerKind.Unknown, ExtractRecurrent(statement, "bias_ih_l0").Kind);

    private static Initialization ExtractRecurrent(string statement, string parameter) => ModelProgram.Of($$"""
        public class Model : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(4, 8, batchFirst: true);

            public Model() : base("Model")
            {
                RegisterComponents();
                {{statement}}
            }

            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }
        """).Extract().Parameters.Single(p => p.Path == "lstm." + parameter).Initialization;

    [Fact]
    public void ResetParametersDrawsTheDefaultAnew() =>
        Assert.Equal(InitializerKind.Ones, Kind(Extract("init.zeros_(norm.weight); norm.reset_parameters();"), "norm.weight"));

    [Fact]
    public void LastInitialiserWins() => Assert.Equal(InitializerKind.Zeros, Kind(Extract("init.ones_(fc.weight); init.zeros_(fc.weight);"), "fc.weight"));

    [Fact]
    public void LoopBeforeRegistrationReachesNothing()
    {
        var graph = ModelProgram.Of(Source("", before: "foreach (var p in parameters()) init.zeros_(p);")).Extract();
        Assert.Equal(InitializerKind.DefaultFanIn, Kind(graph, "fc.weight"));
    }

    [Fact]
    public void FrozenParametersDoNotRequireGradients()
    {
        var graph = Extract("foreach (var p in fc.parameters()) p.requires_grad = false; norm.weight.requires_grad_(false);");
        Assert.Equal([false, false, false, true], graph.Parameters.Select(parameter => parameter.RequiresGrad));
    }

    [Fact]
    public void DefaultsAreTorchSharpsOwn()
    {
        var graph = Extract("");
        Assert.Equal(
            [InitializerKind.DefaultFanIn, InitializerKind.DefaultFanIn, InitializerKind.Ones, InitializerKind.Zeros],
            graph.Parameters.Select(parameter => parameter.Initialization.Kind));
        Assert.All(graph.Parameters, parameter => Assert.False(parameter.Initialization.IsExplicit));
    }

    [Fact]
    public void RecurrentWeightsByName()
    {
        var graph = ModelProgram.Of("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly LSTM lstm = LSTM(4, 8);
                public Model() : base("m")
                {
                    RegisterComponents();
                    foreach (var (name, p) in lstm.named_parameters())
                    {
                        if (name.StartsWith("weight_hh"))
                            init.orthogonal_(p);
                        else if (name.Contains("bias"))
                            init.zeros_(p);
                    }
                }
                public override Tensor forward(Tensor x) => lstm.call(x).Item1;
            }
            """).Extract();
        Assert.Equal(
            [InitializerKind.DefaultHidden, InitializerKind.Orthogonal, InitializerKind.Zeros, InitializerKind.Zeros],
            graph.Parameters.Select(parameter => parameter.Initialization.Kind));
    }

    [Fact]
    public void SequentialIsInitialisedAfterItIsMade()
    {
        var graph = ModelProgram.Of("""
            public static class Program
            {
                public static void Main()
                {
                    var depth = 3;
                    var layers = new List<nn.Module<Tensor, Tensor>>();
                    for (var i = 0; i < depth; i++)
                    {
                        layers.Add(Linear(8, 8));
                        layers.Add(Sigmoid());
                    }
                    var net = Sequential(layers);
                    net.apply(m => { if (m is Linear l) { init.xavier_uniform_(l.weight); init.zeros_(l.bias); } });
                    var optimizer = optim.SGD(net.parameters(), 0.1);
                    for (var epoch = 0; epoch < 100000; epoch++)
                    {
                        var loss = functional.mse_loss(net.call(randn(4, 8)), zeros(4, 8));
                        loss.backward();
                        optimizer.step();
                    }
                }
            }
            """).ExtractSequential();
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], graph.LayerOrder());
        Assert.Equal(InitializerKind.XavierUniform, Kind(graph, "0.weight"));
        Assert.Equal(InitializerKind.Zeros, Kind(graph, "4.bias"));
    }

    private static InitializerKind Kind(ModelGraph graph, string path) => graph.Parameters.Single(parameter => parameter.Path == path).Initialization.Kind;

    private static ModelGraph Extract(string statement)
    {
        var program = ModelProgram.Of(Source(statement));
        program.AssertCompiles();
        return program.Extract();
    }

    private static string Source(string after, string before = "") => $$"""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private readonly LayerNorm norm = LayerNorm(4);
            public Model() : base("m")
            {
                {{before}}
                RegisterComponents();
                {{after}}
            }
            private static void Initialise(nn.Module module)
            {
                if (module is not Linear linear)
                    return;
                init.kaiming_normal_(linear.weight);
            }
            public override Tensor forward(Tensor x) => norm.call(fc.call(x));
        }
        """;
}
