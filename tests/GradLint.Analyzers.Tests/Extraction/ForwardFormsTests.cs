using GradLint.Core.Model;
using static GradLint.Analyzers.Tests.Extraction.ReadAsItRuns;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>The ways in which people write <c>forward</c>.</summary>
public class ForwardFormsTests
{
    [Fact]
    public void FunctionalAndTensorMethodForms()
    {
        var graph = AssertForward("Linear fc = Linear(4, 4);", """
            x = functional.relu(fc.call(x));
            x = x.sigmoid();
            x = torch.tanh(x);
            x = F.gelu(x);
            x = x.softmax(1).log();
            return x.leaky_relu(0.1);
            """);
        Assert.Equal(
            [LayerKind.Input, LayerKind.Linear, LayerKind.ReLU, LayerKind.Sigmoid, LayerKind.Tanh, LayerKind.GELU, LayerKind.Softmax, LayerKind.Log, LayerKind.LeakyReLU],
            graph.Nodes.Select(node => node.Kind));
    }

    [Fact]
    public void ScalarArithmetic()
    {
        var graph = AssertForward("Linear fc = Linear(4, 4);", "return 1 - (fc.call(x) * 0.5 + 2) / 4;");
        Assert.Equal(
            ["Scale factor=0.5", "Shift offset=2", "Scale factor=0.25", "Negate", "Shift offset=1"],
            graph.Nodes.Skip(2).Select(node => string.Join(" ", node.Arguments.Names.Select(name => $"{name}={node.Arguments[name]}").Prepend(node.Kind.ToString()))));
    }

    [Fact]
    public void ResidualAdd()
    {
        var graph = AssertForward("Linear fc = Linear(4, 4);", "return x + fc.call(x).relu();");
        var add = graph.Nodes[^1];
        Assert.Equal((LayerKind.Add, 0, 2), (add.Kind, add.Inputs[0].Node, add.Inputs[1].Node));
    }

    [Fact]
    public void CompoundAssignmentAndReassignedLocals() => AssertForward("Linear a = Linear(4, 4), b = Linear(4, 4);", """
        var identity = x;
        var y = a.call(x);
        y += identity;
        identity = y;
        y = b.call(y);
        y *= identity;
        return y;
        """);

    [Fact]
    public void InPlaceOperationsMoveTheTensorOn()
    {
        var graph = AssertForward("Linear a = Linear(4, 4), b = Linear(4, 2);", """
            var y = a.call(x);
            y.relu_();
            y.add_(x);
            return b.call(y);
            """);
        Assert.Equal(graph.Nodes.Single(node => node.Kind == LayerKind.Add).Id, graph.Nodes[^1].Inputs[0].Node);
    }

    [Fact]
    public void InPlaceLayerChangesItsInput()
    {
        var graph = AssertForward("Linear a = Linear(4, 4); ReLU relu = ReLU(inplace: true);", """
            var y = a.call(x);
            relu.call(y);
            return y;
            """);
        Assert.Equal(LayerKind.ReLU, graph.Nodes[graph.Outputs[0].Node].Kind);
    }

    [Fact]
    public void ConcatAndSplit()
    {
        var graph = AssertForward("Linear a = Linear(4, 4), b = Linear(8, 4);", """
            var y = torch.cat(new[] { x, a.call(x) }, 1);
            var parts = b.call(y).chunk(2, 1);
            return torch.cat(new List<Tensor> { parts[1], parts[0] }, dim: -1);
            """);
        Assert.Equal([1, 0], graph.Nodes[^1].Inputs.Select(input => input.Index));
    }

    [Fact]
    public void ViewsAndPermutations() => AssertForward("Linear fc = Linear(4, 4);", """
        var batch = x.shape[0];
        var y = x.view(batch, 2, 2).transpose(1, 2).contiguous().view(batch, -1);
        y = y.unsqueeze(0).squeeze(0).permute(0, 1).reshape(x.size(0), 4).flatten(1);
        return fc.call(y);
        """);

    [Fact]
    public void IndexingSelectsAndSlices()
    {
        var graph = AssertForward("Linear fc = Linear(3, 2);", """
            var last = x[TensorIndex.Colon, -1];
            var part = x[.., 1..3, TensorIndex.Slice(0, 3)];
            return fc.call(last) + fc.call(part[TensorIndex.Ellipsis, 0, TensorIndex.Colon]);
            """, inputs: "randn(2, 4, 3)");
        var select = graph.Nodes[1];
        Assert.Equal((LayerKind.Select, 1L, -1L), (select.Kind, select.Arguments.Integer("dim"), select.Arguments.Integer("index")));
        Assert.Equal(LayerKind.Slice, graph.Nodes[2].Kind);
    }

    [Fact]
    public void ConvolutionsAndPools() => AssertForward(
        "Conv2d c1 = Conv2d(1, 4, 3, padding: 1), c2 = Conv2d(4, 8, (3L, 3L), stride: (2L, 2L)); MaxPool2d pool = MaxPool2d(2); AdaptiveAvgPool2d gap = AdaptiveAvgPool2d(1); Linear fc = Linear(8, 2);",
        """
        x = pool.call(functional.relu(c1.call(x)));
        x = functional.max_pool2d(c2.call(x), 2, stride: 1);
        x = gap.call(x).flatten(start_dim: 1);
        return functional.log_softmax(fc.call(x), 1);
        """, "randn(2, 1, 12, 12)");

    [Fact]
    public void NormalisationAndDropout() => AssertForward(
        "Linear a = Linear(4, 6); LayerNorm ln = LayerNorm(6); BatchNorm1d bn = BatchNorm1d(6); Dropout drop = Dropout(0.3);",
        """
        x = drop.call(bn.call(a.call(x)));
        x = functional.dropout(x, 0.5, training);
        return ln.call(x);
        """);

    [Fact]
    public void TrainingBranchIsTaken()
    {
        var graph = AssertForward("Linear a = Linear(4, 4);", """
            x = a.call(x);
            if (!this.training)
                return functional.softmax(x, 1);
            return x;
            """);
        Assert.DoesNotContain(graph.Nodes, node => node.Kind == LayerKind.Softmax);
    }

    [Fact]
    public void GuardsThatThrowAreSkipped() => AssertForward("Linear a = Linear(4, 4);", """
        if (x.shape[1] != 4)
            throw new ArgumentException("4 features");
        if (x.dim() > 2) { Console.WriteLine(x.shape); }
        return a.call(x);
        """);

    [Fact]
    public void DisposeScopesAndUsings() => AssertForward("Linear a = Linear(4, 4), b = Linear(4, 4);", """
        using var scope = torch.NewDisposeScope();
        using (var y = a.call(x))
        {
            var z = b.call(y);
            return z.MoveToOuterDisposeScope();
        }
        """);

    [Fact]
    public void TryFinally() => AssertForward("Linear a = Linear(4, 4);", """
        Tensor y = null;
        try { y = a.call(x); }
        catch (Exception e) { Console.WriteLine(e); throw; }
        finally { Console.WriteLine("done"); }
        return y;
        """);

    [Fact]
    public void OwnMethodsPropertiesAndLocalFunctions() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private Linear Encoder { get; } = Linear(4, 4);
            private Linear decoder;
            private Linear Decoder => decoder ??= Linear(4, 4);
            public Model() : base("m") { _ = Decoder; RegisterComponents(); }
            private Tensor Encode(Tensor x) => Encoder.call(x);
            public override Tensor forward(Tensor x)
            {
                return Twice(Encode(x));
                Tensor Twice(Tensor y) => Decoder.call(y) + Decoder.call(y);
            }
        }
        """);

    [Fact]
    public void TupleResultsOfOwnMethods() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Linear mean = Linear(4, 2), logvar = Linear(4, 2);
            public Model() : base("m") => RegisterComponents();
            public override (Tensor, Tensor) forward(Tensor x)
            {
                var (m, v) = Both(x);
                return (m, v.exp());
            }
            private (Tensor Mean, Tensor LogVar) Both(Tensor x) => (mean.call(x), logvar.call(x));
        }
        """);

    [Fact]
    public void SeveralInputs()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor, Tensor>
            {
                private readonly Bilinear both = Bilinear(4, 3, 2);
                private readonly Linear a = Linear(4, 4);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor left, Tensor right) => both.call(a.call(left), right);
            }
            """, "randn(2, 4), randn(2, 3)");
        Assert.Equal(["left", "right"], graph.Nodes.Take(2).Select(node => node.Arguments.Text("name")));
        Assert.Equal([2, 1], graph.Nodes[^1].Inputs.Select(input => input.Node));
    }

    [Fact]
    public void OptionalInputTakesItsDefault() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly Linear a = Linear(4, 4), b = Linear(4, 4);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x, Tensor mask = null)
            {
                x = a.call(x);
                if (mask is not null)
                    x = b.call(x) * mask;
                return x;
            }
        }
        """);

    [Fact]
    public void BareParametersJoinTheFlow()
    {
        var graph = AssertReadAsItRuns("""
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Parameter scale = Parameter(torch.ones(4));
                private readonly Parameter weight = new Parameter(torch.randn(3, 4) * 0.02);
                private readonly Tensor mask = torch.ones(4);
                public Model() : base("m") => RegisterComponents();
                public override Tensor forward(Tensor x) => functional.linear(x * scale * mask, weight);
            }
            """);
        var linear = graph.Nodes[^1];
        Assert.Equal((LayerKind.Linear, 4L, 3L), (linear.Kind, linear.Arguments.Integer("inputSize"), linear.Arguments.Integer("outputSize")));
        Assert.Equal(0.02, graph.Parameters[linear.Parameters.Single()].Initialization.Arguments.Number("std"));
        Assert.Equal(1, graph.Nodes.Count(node => node.Kind == LayerKind.Constant && node.Parameters.Count == 1));
    }

    [Fact]
    public void NoGradCutsTheGraph()
    {
        var graph = AssertForward("Linear a = Linear(4, 4), b = Linear(4, 4);", """
            Tensor frozen;
            using (torch.no_grad())
                frozen = a.call(x);
            return b.call(frozen + x.detach());
            """);
        Assert.Equal(2, graph.Nodes.Count(node => node.Kind == LayerKind.Detach));
    }

    [Fact]
    public void FunctionsHeldInFields() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private readonly Func<Tensor, Tensor> activation;
            private readonly Func<Tensor, Tensor> other = t => t.tanh();
            public Model() : base("m") { activation = Activate; RegisterComponents(); }
            private Tensor Activate(Tensor x) => functional.softplus(x);
            public override Tensor forward(Tensor x) => other(activation(fc.call(x)));
        }
        """);

    [Fact]
    public void UNetSkipsThroughALocalList() => AssertReadAsItRuns("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> down = new(), up = new();
            public Model() : base("m")
            {
                for (var i = 0; i < 3; i++)
                {
                    down.Add(Linear(4, 4));
                    up.Add(Linear(8, 4));
                }
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                var skips = new List<Tensor>();
                foreach (var layer in down)
                {
                    x = layer.call(x);
                    skips.Add(x);
                }
                skips.Reverse();
                for (var i = 0; i < up.Count; i++)
                    x = up[i].call(torch.cat(new[] { x, skips[i] }, 1));
                return x;
            }
        }
        """);

    [Fact]
    public void MaximumOfADimension() => AssertForward("Linear a = Linear(4, 4);", """
        var (values, indices) = a.call(x.unsqueeze(1)).max(1);
        return values + a.call(x).mean(new long[] { 1 }, keepdim: true);
        """);

    [Fact]
    public void OwnCallInPlaceOfAForwardThatThrows() => Assert.Equal(["a", "b"], ModelProgram.Of("""
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a = Linear(4, 4), b = Linear(4, 4);
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x) => throw new NotImplementedException();
            public Tensor call(Tensor x, Tensor y) => a.call(x) + b.call(y);
        }
        """).Extract().LayerOrder());

    private static ModelGraph AssertForward(string fields, string body, string inputs = "randn(2, 4)") => AssertReadAsItRuns($$"""
        public class Model : nn.Module<Tensor, Tensor>
        {
            {{string.Join(" ", fields.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(field => $"private readonly {field};"))}}
            public Model() : base("m") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """, inputs);
}
