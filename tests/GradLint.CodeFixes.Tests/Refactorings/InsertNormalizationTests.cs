using Verify = GradLint.Tests.Framework.VerifyRefactoring<GradLint.CodeFixes.Refactorings.InsertNormalization>;

namespace GradLint.CodeFixes.Tests.Refactorings;

public class InsertNormalizationTests
{
    [Fact]
    public Task NamedLayers_GetNamedNorms() => Verify.ChangesAsync(
        """
        var model = [|Sequential|](
            ("fc1", Linear(32, 64)), ("act1", ReLU()), // first
            ("fc2", Linear(64, 48)),
            ("act2", Tanh()),
            ("head", Linear(48, 10)));
        """,
        """
        var model = Sequential(
            ("fc1", Linear(32, 64)), ("norm1", LayerNorm(64)), ("act1", ReLU()), // first
            ("fc2", Linear(64, 48)),
            ("norm2", LayerNorm(48)),
            ("act2", Tanh()),
            ("head", Linear(48, 10)));
        """);

    [Fact]
    public Task CollectionExpression_KeepsItsLines() => Verify.ChangesAsync(
        """
        List<Module<Tensor, Tensor>> layers = [
            Linear(32, 32), ReLU(), Linear(32, 32), ReLU(), // two
            Linear(32, 32),
            ReLU(),
            Linear(32, 32), Tanh()
            , Linear(32, 10)];
        var net = [|Sequential|](layers);
        """,
        """
        List<Module<Tensor, Tensor>> layers = [
            Linear(32, 32), LayerNorm(32), ReLU(), Linear(32, 32), LayerNorm(32), ReLU(), // two
            Linear(32, 32),
            LayerNorm(32),
            ReLU(),
            Linear(32, 32), LayerNorm(32), Tanh()
            , Linear(32, 10)];
        var net = Sequential(layers);
        """);

    [Fact]
    public Task ArrayAndYield_GetNormsInTheirForm() => Verify.ChangesAsync(
        """
        static class Models
        {
            public static Sequential Create() => [|Sequential|](Layers().Concat(new Module<Tensor, Tensor>[] { Linear(64, 64), Tanh(), Linear(64, 10) }));

            private static IEnumerable<Module<Tensor, Tensor>> Layers()
            {
                yield return Linear(32, 64);
                // rectified
                yield return ReLU();
            }
        }
        """,
        """
        static class Models
        {
            public static Sequential Create() => Sequential(Layers().Concat(new Module<Tensor, Tensor>[] { Linear(64, 64), LayerNorm(64), Tanh(), Linear(64, 10) }));

            private static IEnumerable<Module<Tensor, Tensor>> Layers()
            {
                yield return Linear(32, 64);
                yield return LayerNorm(64);
                // rectified
                yield return ReLU();
            }
        }
        """);

    [Fact]
    public Task Convolutions_GetBatchNorm() => Verify.ChangesAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private const int Channels = 16;
            private readonly Conv2d conv1 = Conv2d(3, Channels, 3), conv2 = Conv2d(Channels, 32, 3);
            private readonly Linear head = Linear(32, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.max_pool2d(conv1.call(x).relu(), 2); // halves
                x = functional.relu(conv2.call(x));
                return head.call(x.mean([2, 3]));
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private const int Channels = 16;
            private readonly Conv2d conv1 = Conv2d(3, Channels, 3), conv2 = Conv2d(Channels, 32, 3);
            private readonly BatchNorm2d norm1 = BatchNorm2d(Channels), norm2 = BatchNorm2d(32);
            private readonly Linear head = Linear(32, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.max_pool2d(norm1.call(conv1.call(x)).relu(), 2); // halves
                x = functional.relu(norm2.call(conv2.call(x)));
                return head.call(x.mean([2, 3]));
            }
        }
        """);

    [Fact]
    public Task LayersThatHaveNorms_AreNotOfferedMore() => Verify.NothingAsync(
        """
        var model = [|Sequential|](Linear(32, 64), BatchNorm1d(64), ReLU(), Linear(64, 10));
        """);

    /// <summary>One norm for all of a list's layers would share its scale between them.</summary>
    [Fact]
    public Task LayersAppliedInALoop_GetANormEach() => Verify.ChangesAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new(Linear(64, 32), Linear(32, 64)); // narrow, wide
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (Linear layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Sequential> layers = new(Sequential(Linear(64, 32), LayerNorm(32)), Sequential(Linear(32, 64), LayerNorm(64))); // narrow, wide
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (Sequential layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task LayersOfAListBuiltInALoop_GetNormsOfTheirWidths() => Verify.ChangesAsync(
        """
        using TorchSharp;

        class [|Net|] : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> layers;
            private readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> others = new();
            private readonly TorchSharp.Modules.Linear head = torch.nn.Linear(16, 10);

            public Net() : base("Net")
            {
                var list = new List<TorchSharp.Modules.Linear>();
                for (var width = 64; width > 16; width /= 2)
                    list.Add(torch.nn.Linear(width, width / 2)); // halves
                layers = new TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear>(list.ToArray());
                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor x)
            {
                for (var i = 0; i < layers.Count; i++)
                    x = torch.tanh(layers[i].call(x));
                return head.call(x);
            }
        }
        """,
        """
        using TorchSharp;

        class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly TorchSharp.Modules.ModuleList<Sequential> layers;
            private readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> others = new();
            private readonly TorchSharp.Modules.Linear head = torch.nn.Linear(16, 10);

            public Net() : base("Net")
            {
                var list = new List<Sequential>();
                for (var width = 64; width > 16; width /= 2)
                    list.Add(torch.nn.Sequential(torch.nn.Linear(width, width / 2), torch.nn.LayerNorm(width / 2))); // halves
                layers = new TorchSharp.Modules.ModuleList<Sequential>(list.ToArray());
                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor x)
            {
                for (var i = 0; i < layers.Count; i++)
                    x = torch.tanh(layers[i].call(x));
                return head.call(x);
            }
        }
        """);

    /// <summary>What the code does with a layer it could not do with a Sequential.</summary>
    [Fact]
    public Task LayersWhoseWeightsAreAskedFor_AreLeftAlone() => Verify.NothingAsync(
        """
        class [|Net|] : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new(Linear(32, 32), Linear(32, 32));

            public Net() : base("Net")
            {
                RegisterComponents();
                Console.WriteLine(layers[0].weight.shape[0]);
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu() + 1;
                return x;
            }
        }
        """);
}
