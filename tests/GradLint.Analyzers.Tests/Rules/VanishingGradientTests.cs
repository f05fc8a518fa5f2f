using System.Globalization;
using System.Text.RegularExpressions;
using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class VanishingGradientTests
{
    [Fact]
    public Task DeepSigmoidSequential_Triggers() => Verify.DiagnosticsAsync("""
        var model = Sequential(
            ("fc0", Linear(64, 64)), ("act0", {|GL1001:Sigmoid()|}),
            ("fc1", Linear(64, 64)), ("act1", Sigmoid()),
            ("fc2", Linear(64, 64)), ("act2", Sigmoid()),
            ("fc3", Linear(64, 64)), ("act3", Sigmoid()),
            ("fc4", Linear(64, 64)), ("act4", Sigmoid()),
            ("head", Linear(64, 10)));
        """);

    [Fact]
    public Task DeepSigmoidSequentialFromALoop_Triggers() => Verify.DiagnosticsAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 12; i++)
                {
                    layers.Add(($"fc{i}", Linear(64, 64)));
                    layers.Add(($"act{i}", {|GL1001:Sigmoid()|}));
                }

                layers.Add(("head", Linear(64, 10)));
                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task FieldsAndForward_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = {|GL1001:functional.sigmoid(fc1.call(x))|};
                x = functional.sigmoid(fc2.call(x));
                x = functional.sigmoid(fc3.call(x));
                x = fc4.call(x).sigmoid();
                x = torch.sigmoid(fc5.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task DeepTanhWithDefaultInitialization_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body;

            public Net() : base("Net")
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 20; i++)
                {
                    layers.Add(Linear(128, 128));
                    layers.Add({|GL1001:Tanh()|});
                }

                layers.Add(Linear(128, 10));
                body = Sequential(layers);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    /// <summary>Measured on the real library: 8.9e-11 at the first layer relative to the last, 0.144 a layer; ReLU with He within [0.3, 2].</summary>
    [Fact]
    public async Task Message_HasTheNumbersAndTheRemedy()
    {
        var match = await MessageAsync(
            """
            var layers = new List<(string, Module<Tensor, Tensor>)>();
            for (var i = 0; i < 12; i++)
            {
                layers.Add(($"fc{i}", Linear(64, 64)));
                layers.Add(($"act{i}", Sigmoid()));
            }

            layers.Add(("head", Linear(64, 10)));
            var net = Sequential(layers);
            """,
            @"^Gradient reaching 'fc0' is predicted to be (\S+) of the one at 'head' \(12 Sigmoid layers, (\S+) each\); ReLU \+ He initialization would make it (\S+)$");
        Assert.InRange(Number(match, 1), 3e-11, 3e-10);
        Assert.InRange(Number(match, 2), 0.13, 0.16);
        Assert.InRange(Number(match, 3), 0.1, 5);
    }

    [Fact]
    public Task FieldsOfActivationModules_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);
            private readonly Sigmoid act = {|GL1001:Sigmoid()|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc1.call(x));
                x = act.call(fc2.call(x));
                x = act.call(fc3.call(x));
                x = act.call(fc4.call(x));
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task BlocksOfAnotherType_Triggers() => Verify.DiagnosticsAsync(
        """
        class {|GL1001:Net|} : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Block> blocks = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 8; i++)
                    blocks.Add(new Block(64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var block in blocks)
                    x = block.call(x);
                return head.call(x);
            }
        }
        """,
        """
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc;
            public Block(int width) : base("Block") { fc = Linear(width, width); RegisterComponents(); }
            public override Tensor forward(Tensor x) => fc.call(x).sigmoid();
        }
        """);

    [Fact]
    public Task ReluStack_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10));
        """);

    [Fact]
    public Task ShallowSigmoid_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        """);

    [Fact]
    public Task SigmoidOutput_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var model = Sequential(Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 1), Sigmoid());
        """);

    [Fact]
    public Task SigmoidGate_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> values = new(), gates = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 3; i++)
                {
                    values.Add(Linear(64, 64));
                    gates.Add(Linear(64, 64));
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < 3; i++)
                    x = x + values[i].call(x) * gates[i].call(x).sigmoid();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task TanhWithXavierGain_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(128, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 12; i++)
                {
                    var layer = Linear(128, 128);
                    init.xavier_uniform_(layer.weight, gain: 5.0 / 3);
                    layers.Add(layer);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).tanh();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task ResidualSigmoidBlocks_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 12; i++)
                    layers.Add(Linear(64, 64));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = x + layer.call(x).sigmoid();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task UnknownDepth_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp(int depth)
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < depth; i++)
                {
                    layers.Add(Linear(64, 64));
                    layers.Add(Sigmoid());
                }

                layers.Add(Linear(64, 10));
                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task WeightsLoadedAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body = Sequential(
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(),
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));

            public Net() : base("Net")
            {
                RegisterComponents();
                load("weights.dat");
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task LooserBand_DoesNotTrigger() => Verify.DiagnosticsWithConfigAsync(
        "gradlint.min_gradient_ratio = 1e-12",
        "var model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));");

    [Fact]
    public async Task PreferredActivation_IsTheRemedyNamed()
    {
        var match = await MessageAsync(
            "var model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));",
            @"SiLU \+ He initialization would make it (\S+)$",
            "gradlint.preferred_activation = silu");
        Assert.InRange(Number(match, 1), 1e-3, 1e3);
    }

    private static async Task<Match> MessageAsync(string program, string pattern, string editorConfig = "")
    {
        var diagnostics = await AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings)], editorConfig: editorConfig);
        var message = Assert.Single(diagnostics, diagnostic => diagnostic.Id == "GL1001").GetMessage(CultureInfo.InvariantCulture);
        var match = Regex.Match(message, pattern);
        Assert.True(match.Success, message);
        return match;
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
