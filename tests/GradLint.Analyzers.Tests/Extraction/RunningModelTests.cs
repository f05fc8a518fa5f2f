namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Models that are read from their source and then compiled and run: both must say the same.</summary>
public class RunningModelTests
{
    [Fact]
    public void FieldsAndSequentialFromAList() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(4, 8);
            private readonly Sequential net;
            private readonly Linear head;

            public Model() : base("m")
            {
                var layers = new List<nn.Module<Tensor, Tensor>>();
                for (int i = 0; i < 3; i++)
                {
                    layers.Add(Linear(8, 8));
                    layers.Add(Sigmoid());
                }
                net = Sequential(layers);
                head = Linear(8, 2);
                init.kaiming_normal_(head.weight);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = F.relu(fc1.call(x));
                x = x + net.call(x);
                return head.call(x);
            }
        }

        public static class Data
        {
            public static object[] Inputs() => new object[] { torch.randn(2, 4) };
        }
        """);

    private static void AssertReadAsItRuns(string source)
    {
        var program = ModelProgram.Of(source);
        var graph = program.Extract();
        var running = program.Run();

        Assert.Equal(running.Parameters(), graph.Parameters());
        Assert.Equal(running.FiredHooks(), graph.LayerOrder());
        Assert.True(graph.Status == Core.Model.GraphStatus.Known, graph.Describe());
    }
}
