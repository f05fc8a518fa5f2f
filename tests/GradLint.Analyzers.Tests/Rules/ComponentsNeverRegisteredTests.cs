using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class ComponentsNeverRegisteredTests
{
    [Fact]
    public Task RootWhoseParametersGoToAnOptimizer_Triggers() => VerifyRegistration.TriggersAsync("""
        var net = new Net();
        var optimizer = optim.Adam(net.parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(4, 8), fc2 = Linear(8, 2);

            public {|GL6001:Net|}() : base("Net") { }

            public override Tensor forward(Tensor x) => fc2.call(fc1.call(x).relu());
        }
        """);

    [Fact]
    public Task ChildOfSequential_Triggers() => VerifyRegistration.TriggersAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public {|GL6001:Block|}(int width) : base("Block") { fc = Linear(width, width); }

            public override Tensor forward(Tensor x) => x + fc.call(x);
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> body;

            public Net() : base("Net")
            {
                body = Sequential(("in", Linear(4, 8)), ("block", new Block(8)), ("head", Linear(8, 2)));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task ChildOfSequentialBuiltFromAList_Triggers() => VerifyRegistration.TriggersAsync(
        """
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public {|GL6001:Block|}() : base("Block") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        static class Models
        {
            public static Module<Tensor, Tensor> Tower(int depth)
            {
                var layers = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < depth; i++)
                {
                    var block = new Block();
                    layers.Add(block);
                }

                return Sequential(layers);
            }
        }
        """);

    [Fact]
    public Task ModelHeldByATrainer_Triggers() => VerifyRegistration.TriggersAsync("""
        class Trainer
        {
            private readonly Net net = new();
            private readonly optim.Optimizer optimizer;

            public Trainer() => optimizer = optim.SGD(net.parameters(), 0.1);
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc;
            public {|GL6001:Net|}() : base("Net") => fc = Linear(4, 8);
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task ModelPassedToATrainingMethod_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter scale = Parameter(ones(4));
            public {|GL6001:Net|}() : base("Net") { }
            public override Tensor forward(Tensor x) => x * scale;
        }

        static class Program
        {
            static void Run() => Train(new Net());

            static void Train(Module<Tensor, Tensor> model)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
            }
        }
        """);

    [Fact]
    public Task LayersAssignedByAHelperMethod_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear? fc;
            public {|GL6001:Net|}() : base("Net") => Build(8);
            private void Build(int width) => fc = Linear(4, width);
            public override Tensor forward(Tensor x) => fc!.call(x);
        }

        static class Program
        {
            static void Run()
            {
                using var net = new Net();
                var optimizer = optim.SGD(net.parameters(), 0.1);
            }
        }
        """);

    [Fact]
    public Task NestedInAFieldOfARegisteredModule_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = new Net();
        var optimizer = optim.Adam(net.parameters());

        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Block() : base("Block") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly Block block = new();
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => block.call(x);
        }
        """);

    [Fact]
    public Task NestedInAModuleListOfARegisteredModule_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Block() : base("Block") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Block> blocks = new();

            public Net() : base("Net")
            {
                for (var i = 0; i < 4; i++)
                    blocks.Add(new Block());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => blocks.Aggregate(x, (h, block) => block.call(h));
        }
        """);

    [Fact]
    public Task RegisteredByItsBaseClass_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var optimizer = optim.Adam(new Net().parameters());

        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => Finish();
            protected virtual void Finish() => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc = Linear(8, 8);
            public Net() : base("Net") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task RegisteredInTheOtherPartOfAPartialType_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        """
        partial class Net
        {
            public Net() : base("Net") => RegisterComponents();
            public static void Train() => optim.Adam(new Net().parameters());
        }
        """);

    [Fact]
    public Task RegisteredOneByOne_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;
            public Net() : base("Net")
            {
                fc = Linear(8, 8);
                register_module("fc", fc);
            }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task NothingTrainableInside_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Linear(4, 4), new Squash());

        class Squash : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> activation = Sigmoid();
            public Squash() : base("Squash") { }
            public override Tensor forward(Tensor x) => activation.call(x);
        }
        """);

    [Fact]
    public Task AlsoAFieldOfARegisteredModel_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Generator : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Generator() : base("Generator") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        class Gan : Module<Tensor, Tensor>
        {
            public readonly Generator Generator;

            public Gan() : base("Gan")
            {
                Generator = new Generator();
                RegisterComponents();
                var optimizer = optim.Adam(Generator.parameters());
            }

            public override Tensor forward(Tensor x) => Generator.call(x);
        }
        """);

    [Fact]
    public Task NeverUsedInThisProgram_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        public class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public Block() : base("Block") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task Message_SaysWhatToDo() => Verify.MessageAsync(
        """
        var optimizer = optim.Adam(new Net().parameters());

        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            public {|#0:Net|}() : base("Net") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        "GL6001",
        "'Net' never calls RegisterComponents() and its parameters() are empty, so its parameters are not trained: call it at the end of the constructor");
}
