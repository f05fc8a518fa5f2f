using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.NormalizeBeforeActivation>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class NormalizeBeforeActivationTests
{
    [Fact]
    public Task NamedSequential_SwapsTheTwo() => Verify.BestAsync(
        """
        var net = Sequential(
            ("fc", Linear(64, 64)),
            ("act", Tanh()), // squeezes
            ("norm", {|GL4002:BatchNorm1d(64)|}), // stretches
            ("head", Linear(64, 10)));
        """,
        """
        var net = Sequential(
            ("fc", Linear(64, 64)),
            ("norm", BatchNorm1d(64)), // squeezes
            ("act", Tanh()), // stretches
            ("head", Linear(64, 10)));
        """);

    [Fact]
    public Task ListOfLayers_SwapsTheTwo() => Verify.BestAsync(
        """
        static class Models
        {
            public static Sequential Create()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 3; i++)
                {
                    layers.Add(Linear(64, 64));
                    layers.Add(Sigmoid());
                    layers.Add({|GL4002:LayerNorm(64)|}); // after it
                }

                return Sequential(layers);
            }
        }
        """,
        """
        static class Models
        {
            public static Sequential Create()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 3; i++)
                {
                    layers.Add(Linear(64, 64));
                    layers.Add(LayerNorm(64));
                    layers.Add(Sigmoid()); // after it
                }

                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task Fields_SwapTheCalls() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();
            private readonly BatchNorm1d norm1 = {|GL4002:BatchNorm1d(64)|}, norm2 = {|GL4002:BatchNorm1d(64)|}, norm3 = {|GL4002:BatchNorm1d(64)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = norm1.call(act.call(fc1.call(x))); // module
                x = norm2.call(functional.tanh(fc2.call(x))); // function
                x = norm3.call(fc3.call(x).tanh()); // method
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), head = Linear(64, 10);
            private readonly Tanh act = Tanh();
            private readonly BatchNorm1d norm1 = BatchNorm1d(64), norm2 = BatchNorm1d(64), norm3 = BatchNorm1d(64);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = act.call(norm1.call(fc1.call(x))); // module
                x = functional.tanh(norm2.call(fc2.call(x))); // function
                x = norm3.call(fc3.call(x)).tanh(); // method
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task OutputInALocal_HasNoFix() => Verify.NothingAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(64, 64), head = Linear(64, 10);
            private readonly LayerNorm norm = {|GL4002:LayerNorm(64)|};

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var hidden = fc.call(x).tanh();
                return head.call(norm.call(hidden));
            }
        }
        """);
}
