using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.InitializeDeepStack>;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>ReZero, stochastic depth and highways around the layers of stacks that plain residual connections are not enough for.</summary>
public class InitializeDeepStackShortcutTests
{
    private const string ReZero = """

        /// <summary>x + alpha * f(x) with a trained alpha that begins at 0: the identity at first, at any depth.</summary>
        internal sealed class ReZero : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> branch;
            private readonly Parameter alpha;

            public ReZero(Module<Tensor, Tensor> branch) : base(nameof(ReZero))
            {
                this.branch = branch;
                alpha = new Parameter(zeros(1));
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var change = branch.call(input);
                using var scaled = change * alpha;
                return input + scaled;
            }
        }

        """;

    [Fact]
    public Task LayersOfALoop_AreWrapped() => Verify.RemedyAsync("GL2001.rezero", Loop(Plain), Loop(
        """
                    // a layer
                    // rectified
                    layers.Add(($"block{i}", new ReZero(Sequential(($"fc{i}", Linear(64, 64)), ($"act{i}", ReLU())))));
        """) + ReZero);

    [Fact]
    public Task LayersOfALoop_SurviveByTheCounter() => Verify.RemedyAsync("GL2001.stochastic_depth", Loop(Plain), Loop(
        """
                    // a layer
                    // rectified
                    layers.Add(($"block{i}", new StochasticDepth(Sequential(($"fc{i}", Linear(64, 64)), ($"act{i}", ReLU())), 0.5 * (i + 1) / 20)));
        """) +
        """

        /// <summary>x + f(x) whose branch is left out at random, sample by sample, while training; x + (1 - p) * f(x) in evaluation.</summary>
        internal sealed class StochasticDepth : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> branch;
            private readonly double dropProbability;

            public StochasticDepth(Module<Tensor, Tensor> branch, double dropProbability) : base(nameof(StochasticDepth))
            {
                this.branch = branch;
                this.dropProbability = dropProbability;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var change = branch.call(input);
                var sizes = new long[input.ndim];
                Array.Fill(sizes, 1);
                sizes[0] = input.shape[0];
                using var samples = ones(sizes, input.dtype, input.device);

                // Dropout scales what it keeps by 1 / (1 - p); of the branch it is to be taken as it is.
                using var kept = functional.dropout(samples, dropProbability, training);
                using var share = change * kept;
                return input.add(share, 1 - dropProbability);
            }
        }

        """);

    [Fact]
    public Task QualifiedNames_StayQualified() => Verify.RemedyWithOwnUsingsAsync(
        "GL2001.highway",
        """
        using TorchSharp;

        namespace Nets;

        static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                const int width = 64;
                var layers = new System.Collections.Generic.List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 20; i++)
                {
                    layers.Add({|GL2001:torch.nn.Linear(width, width)|});
                    layers.Add(torch.nn.ReLU()); // rectified
                }

                layers.Add(torch.nn.Linear(width, 10));
                return torch.nn.Sequential(layers);
            }
        }
        """,
        """
        using TorchSharp;

        namespace Nets;

        static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                const int width = 64;
                var layers = new System.Collections.Generic.List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 20; i++)
                {
                    layers.Add(new Highway(width, torch.nn.Sequential(torch.nn.Linear(width, width), torch.nn.ReLU()))); // rectified
                }

                layers.Add(torch.nn.Linear(width, 10));
                return torch.nn.Sequential(layers);
            }
        }

        /// <summary>t * f(x) + (1 - t) * x with a trained gate t that begins mostly closed.</summary>
        internal sealed class Highway : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly torch.nn.Module<torch.Tensor, torch.Tensor> transform;
            private readonly TorchSharp.Modules.Linear gate;

            public Highway(long size, torch.nn.Module<torch.Tensor, torch.Tensor> transform) : base(nameof(Highway))
            {
                this.transform = transform;
                gate = torch.nn.Linear(size, size);
                torch.nn.init.constant_(gate.bias!, -2);
                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor input)
            {
                using var open = gate.call(input);
                using var share = open.sigmoid();
                using var changed = transform.call(input);
                using var taken = share * changed;
                using var negative = -share;
                using var rest = negative + 1;
                using var passed = rest * input;
                return taken + passed;
            }
        }

        """);

    [Fact]
    public Task ClassesOfTheRuntime_AreUsedWhereItIsReferenced() => Verify.RemedyWithRuntimeAsync(
        "GL2001.rezero",
        Runtime("", "ModuleList<Module<Tensor, Tensor>> layers = new()", "{|GL2001:Linear(64, 64)|}", "layer.call(x).relu()"),
        Runtime("using GradLint.Runtime.Modules;\n", "ModuleList<Module<Tensor, Tensor>> layers = new()", "new ReZero(Sequential(Linear(64, 64), ReLU()))", "layer.call(x)"));

    [Fact]
    public Task ListOfLinearLayers_BecomesOneOfBlocks() => Verify.RemedyWithRuntimeAsync(
        "GL2001.highway",
        Runtime("", "ModuleList<Linear> layers = new ModuleList<Linear>()", "{|GL2001:Linear(64, 64)|}", "functional.relu(layer.call(x))"),
        Runtime("using GradLint.Runtime.Modules;\n", "ModuleList<Highway> layers = new ModuleList<Highway>()", "new Highway(64, Sequential(Linear(64, 64), ReLU()))", "layer.call(x)"));

    /// <summary>The activation has no place of its own any more.</summary>
    [Fact]
    public Task FieldsOfLayersAndTheirActivation_BecomeBlocks() => Verify.RemedyAsync(
        "GL2001.rezero",
        Fields(layer => $"{(layer == 1 ? "{|GL2001:Linear(64, 64)|}" : "Linear(64, 64)")}", "Linear", "    private readonly ReLU act = ReLU();\n", layer => $"act.call(fc{layer}.call(x))"),
        Fields(_ => "new ReZero(Sequential(Linear(64, 64), ReLU()))", "ReZero", "", layer => $"fc{layer}.call(x)") + ReZero);

    /// <summary>The output layer keeps its type.</summary>
    [Fact]
    public Task FieldsThatShareADeclaration_GetOneOfTheirOwn() => Verify.RemedyAsync(
        "GL2001.rezero",
        Shared($"private readonly Linear {string.Join(", ", Numbers.Select(number => $"fc{number} = {(number == 1 ? "{|GL2001:Linear(64, 64)|}" : "Linear(64, 64)")}"))}, head = Linear(64, 10); // layers", ".relu()"),
        Shared(
            $"""
            private readonly Linear head = Linear(64, 10); // layers
                private readonly ReZero {string.Join(", ", Numbers.Select(number => $"fc{number} = new ReZero(Sequential(Linear(64, 64), ReLU()))"))};
            """,
            "") + ReZero);

    private static readonly int[] Numbers = [.. Enumerable.Range(1, 20)];

    private static string Shared(string fields, string activation) => $$"""
        public class Net : Module<Tensor, Tensor>
        {
            {{fields}}

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{string.Join("\n        ", Numbers.Select(number => $"x = fc{number}.call(x){activation};"))}}
                return head.call(x);
            }
        }

        """;

    /// <summary>A layer that is asked for its weights stays a layer.</summary>
    [Fact]
    public Task LayerWhoseWeightsAreUsed_IsNotWrapped() => Verify.NotOfferedAsync(
        "GL2001.rezero",
        Fields(layer => $"{(layer == 1 ? "{|GL2001:Linear(64, 64)|}" : "Linear(64, 64)")}", "Linear", "    public Tensor First => fc1.weight;\n", layer => $"fc{layer}.call(x).relu()"));

    /// <summary>Plain residual connections are enough for 14 layers.</summary>
    [Fact]
    public Task WhereAResidualIsEnough_NothingMoreIsOffered() =>
        Verify.NotOfferedAsync("GL2001.rezero", Loop(Plain).Replace("i < 20", "i < 14"));

    private const string Plain = """
                    layers.Add(($"fc{i}", {|GL2001:Linear(64, 64)|})); // a layer
                    // rectified
                    layers.Add(($"act{i}", ReLU()));
        """;

    private static string Loop(string body) => $$"""
        static class Models
        {
            public static Module<Tensor, Tensor> Create()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 20; i++)
                {
        {{body}}
                }

                layers.Add(("head", Linear(64, 10)));
                return Sequential(layers);
            }
        }

        """;

    private static string Runtime(string usings, string field, string layer, string applied) => $$"""
        {{usings}}using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public class Net : Module<Tensor, Tensor>
        {
            private readonly {{field}};
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 20; i++)
                    layers.Add({{layer}}); // a layer
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = {{applied}}; // applied
                return head.call(x);
            }
        }
        """;

    private static string Fields(Func<int, string> made, string type, string member, Func<int, string> applied)
    {
        return $$"""
            public class Net : Module<Tensor, Tensor>
            {
                private readonly {{type}} {{string.Join(", ", Numbers.Select(layer => $"fc{layer} = {made(layer)}"))}};
            {{member}}    private readonly Linear head = Linear(64, 10); // logits

                public Net() : base("Net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    {{string.Join("\n        ", Numbers.Select(layer => $"x = {applied(layer)};"))}}
                    return head.call(x);
                }
            }

            """;
    }
}
