using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.MendVanishingGradient>;

namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>The activation swapped, with the initialiser that fits it, in the forms that activations are written in.</summary>
public class MendVanishingGradientTests
{
    [Fact]
    public Task SequentialOfArguments_GetsReluAndHe() => Verify.BestAsync(
        """
        var model = Sequential(
            ("fc0", Linear(64, 64)), ("act0", {|GL1001:Sigmoid()|}), // first
            ("fc1", Linear(64, 64)), ("act1", /* second */ Sigmoid()),
            ("fc2", Linear(64, 64)), ("act2", Sigmoid()),
            ("fc3", Linear(64, 64)), ("act3", Sigmoid()),
            ("head", Linear(64, 10)));
        Console.WriteLine(model);
        """,
        """
        var model = Sequential(
            ("fc0", Linear(64, 64)), ("act0", ReLU()), // first
            ("fc1", Linear(64, 64)), ("act1", /* second */ ReLU()),
            ("fc2", Linear(64, 64)), ("act2", ReLU()),
            ("fc3", Linear(64, 64)), ("act3", ReLU()),
            ("head", Linear(64, 10)));
        // He initialization keeps the scale of signal and gradient through ReLU layers.
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
        }
        Console.WriteLine(model);
        """);

    [Fact]
    public Task FieldsAndFunctions_GetReluAndHe() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net(string name = "Net") : base(name)
            {
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = {|GL1001:functional.sigmoid(fc1.call(x))|};
                x = torch.sigmoid(fc2.call(x));
                x = fc3.call(x).sigmoid();
                x = fc4.call(x).tanh();
                x = fc5.call(x).sigmoid_();
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), fc5 = Linear(64, 64);
            private readonly Linear head = Linear(64, 10);

            public Net(string name = "Net") : base(name)
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name2, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name2 != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            }

            public override Tensor forward(Tensor x)
            {
                x = functional.relu(fc1.call(x));
                x = functional.relu(fc2.call(x));
                x = fc3.call(x).relu();
                x = fc4.call(x).relu();
                x = fc5.call(x).relu_();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task FieldOfTheActivationsOwnType_ChangesTypeToo() => Verify.BestAsync(
        """
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
                return head.call(act.call(fc4.call(x)));
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);
            private readonly ReLU act = ReLU();

            public Net() : base("Net")
            {
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "head.weight")
                        init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                }
            }

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc1.call(x));
                x = act.call(fc2.call(x));
                x = act.call(fc3.call(x));
                return head.call(act.call(fc4.call(x)));
            }
        }
        """);

    [Fact]
    public Task QualifiedNames_StayQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly torch.nn.Module<torch.Tensor, torch.Tensor> body;

            public Net() : base("Net")
            {
                body = torch.nn.Sequential(
                    torch.nn.Linear(64, 64), {|GL1001:torch.nn.Sigmoid()|},
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 64), torch.nn.Sigmoid(),
                    torch.nn.Linear(64, 10));
                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor x) => body.call(x);
        }
        """,
        """
        using TorchSharp;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly torch.nn.Module<torch.Tensor, torch.Tensor> body;

            public Net() : base("Net")
            {
                body = torch.nn.Sequential(
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 64), torch.nn.ReLU(),
                    torch.nn.Linear(64, 10));
                RegisterComponents();
                // He initialization keeps the scale of signal and gradient through ReLU layers.
                foreach (var (name, parameter) in named_parameters())
                {
                    if (parameter.dim() > 1 && name != "body.8.weight")
                        torch.nn.init.kaiming_normal_(parameter, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                }
            }

            public override torch.Tensor forward(torch.Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task OtherRemedy_HasItsOwnInitialiser() => Verify.RemedyAsync(
        "GL1001.selu+init",
        """
        var model = Sequential(
            Linear(64, 64), {|GL1001:Sigmoid()|}, Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));
        """,
        """
        var model = Sequential(
            Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 64), SELU(), Linear(64, 10));
        // LeCun initialization keeps the scale of signal and gradient through SELU layers.
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1 && name != "8.weight")
                init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.Linear);
        }
        """);

    [Fact]
    public Task ActivationChosenByName_IsLeftAlone() => Verify.NothingAsync("""
        static class Models
        {
            public static Module<Tensor, Tensor> Mlp()
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 12; i++)
                {
                    layers.Add({|GL1001:Linear(64, 64)|});
                    layers.Add(Activation("sigmoid"));
                }

                layers.Add(Linear(64, 10));
                return Sequential(layers);
            }

            private static Module<Tensor, Tensor> Activation(string name) => name switch
            {
                "sigmoid" => Sigmoid(),
                _ => ReLU(),
            };
        }
        """);
}
