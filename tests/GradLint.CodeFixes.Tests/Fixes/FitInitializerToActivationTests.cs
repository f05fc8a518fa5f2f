using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.FitInitializerToActivation>;

namespace GradLint.CodeFixes.Tests.Fixes;

public class FitInitializerToActivationTests
{
    [Fact]
    public Task XavierOfRelu_BecomesHeInTheSameCall() => Verify.BestAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                {
                    var layer = Linear(64, 64);
                    {|GL2002:init.xavier_uniform_(layer.weight)|}; // Glorot
                            layers.Add(layer);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 16; i++)
                {
                    var layer = Linear(64, 64);
                    init.kaiming_normal_(layer.weight, nonlinearity: init.NonlinearityType.ReLU); // Glorot
                            layers.Add(layer);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).relu();
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task QualifiedCall_StaysQualified() => Verify.BestWithOwnUsingsAsync(
        """
        using System.Collections.Generic;
        using TorchSharp;

        public static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                var layers = new List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 16; i++)
                {
                    layers.Add(torch.nn.Linear(64, 64));
                    layers.Add(torch.nn.ReLU());
                }

                var model = torch.nn.Sequential(layers);
                foreach (var parameter in model.parameters())
                {
                    if (parameter.dim() > 1)
                        {|GL2002:torch.nn.init.xavier_uniform_(parameter)|}; // all but biases
                }
                return model;
            }
        }
        """,
        """
        using System.Collections.Generic;
        using TorchSharp;

        public static class Models
        {
            public static torch.nn.Module<torch.Tensor, torch.Tensor> Create()
            {
                var layers = new List<torch.nn.Module<torch.Tensor, torch.Tensor>>();
                for (var i = 0; i < 16; i++)
                {
                    layers.Add(torch.nn.Linear(64, 64));
                    layers.Add(torch.nn.ReLU());
                }

                var model = torch.nn.Sequential(layers);
                foreach (var parameter in model.parameters())
                {
                    if (parameter.dim() > 1)
                        torch.nn.init.kaiming_normal_(parameter, nonlinearity: torch.nn.init.NonlinearityType.ReLU); // all but biases
                }
                return model;
            }
        }
        """);
}
