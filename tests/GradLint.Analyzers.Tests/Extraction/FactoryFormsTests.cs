using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Layers that helpers, factories and configurations make.</summary>
public class FactoryFormsTests
{
    [Fact]
    public void HelperMethodBuildsLayers() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential one, two;
            public Model() : base("m")
            {
                one = Block(4, 8);
                two = Block(8, 2, normalise: false);
                RegisterComponents();
            }
            private static Sequential Block(int inputs, int outputs, bool normalise = true)
            {
                var layers = new List<(string, nn.Module<Tensor, Tensor>)> { ("fc", Linear(inputs, outputs)) };
                if (normalise)
                    layers.Add(("norm", BatchNorm1d(outputs)));
                layers.Add(("act", ReLU()));
                return Sequential(layers);
            }
            public override Tensor forward(Tensor x) => two.call(one.call(x));
        }
        """);

    [Fact]
    public void ActivationChosenByName() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential net;
            public Model(string activation = "TANH") : base("m")
            {
                net = Sequential(("fc", Linear(4, 4)), ("act", Activation(activation.ToLower())));
                RegisterComponents();
            }
            private static nn.Module<Tensor, Tensor> Activation(string name) => name switch
            {
                "relu" => ReLU(),
                "tanh" => Tanh(),
                "gelu" => GELU(),
                _ => throw new ArgumentException(name),
            };
            public override Tensor forward(Tensor x) => net.call(x);
        }
        """);

    [Fact]
    public void ActivationChosenByEnum() => AssertReadAsItRuns("""
        public enum Kind { Plain, Leaky, Smooth }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private readonly nn.Module<Tensor, Tensor> act;
            public Model(Kind kind = Kind.Leaky) : base("m")
            {
                switch (kind)
                {
                    case Kind.Plain:
                        act = ReLU();
                        break;
                    case Kind.Leaky when true:
                        act = LeakyReLU(0.2);
                        break;
                    default:
                        act = ELU();
                        break;
                }
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => act.call(fc.call(x));
        }
        """);

    [Fact]
    public void ConfigurationObject() => AssertReadAsItRuns("""
        public class Config
        {
            public int Width { get; set; } = 8;
            public int Depth { get; init; } = 1;
            public double Dropout = 0.1;
        }

        public record Head(int Classes, bool Bias = true);

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear first, last;
            private readonly ModuleList<Linear> blocks = new();
            private readonly Dropout dropout;
            public Model() : base("m")
            {
                var config = new Config { Depth = 3 };
                config.Width += 2;
                var head = new Head(3) with { Bias = false };
                first = Linear(4, config.Width);
                for (int i = 0; i < config.Depth; i++)
                    blocks.Add(Linear(config.Width, config.Width));
                dropout = Dropout(config.Dropout);
                last = Linear(config.Width, head.Classes, head.Bias);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                x = first.call(x);
                foreach (var block in blocks)
                    x = block.call(x);
                return last.call(dropout.call(x));
            }
        }
        """);

    [Fact]
    public void LocalFunctionsAndLambdas() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a, b, c;
            public Model() : base("m")
            {
                int width = 4;
                Func<int, Linear> make = n => Linear(width, n);
                a = make(6);
                width = 6;
                b = Next(5);
                c = new Func<Linear>(() => Linear(width, 1))();
                RegisterComponents();

                Linear Next(int n)
                {
                    var layer = Linear(width, n);
                    width = n;
                    return layer;
                }
            }
            public override Tensor forward(Tensor x) => c.call(b.call(a.call(x)));
        }
        """);

    [Fact]
    public void TuplesAndDeconstruction() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a, b;
            public Model() : base("m")
            {
                var (inputs, (hidden, outputs)) = (4, (8, 2));
                (a, b) = Pair(inputs, hidden, outputs);
                RegisterComponents();
            }
            private static (Linear First, Linear Second) Pair(int i, int h, int o)
            {
                var pair = (First: Linear(i, h), Second: Linear(h, o));
                return (pair.First, pair.Item2);
            }
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void StaticFactory() => AssertReadAsItRuns("""
        public static class Layers
        {
            public static Linear Dense(long inputs, long outputs, double gain = 1.0)
            {
                var layer = Linear(inputs, outputs);
                init.xavier_uniform_(layer.weight, gain);
                init.zeros_(layer.bias);
                return layer;
            }
        }

        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a = Layers.Dense(4, 8), b = Layers.Dense(outputs: 2, inputs: 8);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);

    [Fact]
    public void EarlyReturnInAHelper() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a = Make(true), b = Make(false);
            private static nn.Module<Tensor, Tensor> Make(bool linear)
            {
                if (linear)
                    return Linear(4, 4);
                return Identity();
            }
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """);
}
