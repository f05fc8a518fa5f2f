using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class AssignedAfterRegistrationTests
{
    [Fact]
    public Task FieldAssignedAfterRegistration_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1, fc2;

            public Net() : base("Net")
            {
                fc1 = Linear(4, 8);
                RegisterComponents();
                {|GL6003:fc2 = Linear(8, 2)|};
            }

            public override Tensor forward(Tensor x) => fc2.call(fc1.call(x));
        }
        """);

    [Fact]
    public Task ModuleListFilledAfterRegistration_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();

            public Net(int depth) : base("Net")
            {
                RegisterComponents();
                for (var i = 0; i < depth; i++)
                    {|GL6003:layers.Add(Linear(8, 8))|};
            }

            public override Tensor forward(Tensor x) => layers.Aggregate(x, (h, layer) => layer.call(h));
        }
        """);

    [Fact]
    public Task BaseConstructorRegisters_Triggers() => VerifyRegistration.TriggersAsync(
        """
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }
        """,
        """
        class Net : Model
        {
            private readonly Linear fc;

            public Net() : base("Net")
            {
                {|GL6003:fc = Linear(4, 8)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task HelperCalledAfterRegistration_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Module<Tensor, Tensor>? head;

            public Net(int classes) : base("Net")
            {
                RegisterComponents();
                BuildHead(classes);
            }

            private void BuildHead(int classes) => {|GL6003:head = Sequential(Linear(8, 8), ReLU(), Linear(8, classes))|};

            public override Tensor forward(Tensor x) => head!.call(x);
        }
        """);

    [Fact]
    public Task LayerMadeLazilyInForward_Triggers() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear? head;
            private readonly Linear fc = Linear(4, 8);

            public Net() : base("Net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = fc.call(x);
                {|GL6003:head ??= Linear(x.shape[1], 2)|};
                return head.call(x);
            }
        }
        """);

    [Fact]
    public Task ParameterAssignedAfterRegistration_Triggers() => VerifyRegistration.TriggersAsync("""
        class Scale : Module<Tensor, Tensor>
        {
            private readonly Parameter gain;

            public Scale(int features) : base("Scale")
            {
                RegisterComponents();
                {|GL6003:gain = Parameter(ones(features))|};
            }

            public override Tensor forward(Tensor x) => x * gain;
        }
        """);

    [Fact]
    public Task RegistrationLast_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1, fc2;
            private readonly ModuleList<Linear> layers = new();

            public Net() : base("Net")
            {
                fc1 = Linear(4, 8);
                fc2 = Linear(8, 2);
                layers.Add(Linear(8, 8));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc2.call(layers[0].call(fc1.call(x)));
        }
        """);

    [Fact]
    public Task DerivedFieldInitialisersRunBeforeTheBaseConstructor_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc = Linear(4, 8);
            public Net() : base("Net") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task RegisteredByNameAfterwards_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc;

            public Net() : base("Net")
            {
                fc = Linear(4, 8);
                register_module("fc", fc);
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task RegistrationThatMayNotRun_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Net(bool early) : base("Net")
            {
                if (early)
                    RegisterComponents();
                fc = Linear(4, 8);
                if (!early)
                    RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task MovedToADevice_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear fc = Linear(4, 8);

            public Net(Device device) : base("Net")
            {
                RegisterComponents();
                fc = fc.to(device);
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);

    [Fact]
    public Task NothingTrainable_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 8);
            private readonly Module<Tensor, Tensor> activation;

            public Net() : base("Net")
            {
                RegisterComponents();
                activation = ReLU();
            }

            public override Tensor forward(Tensor x) => activation.call(fc.call(x));
        }
        """);

    [Fact]
    public Task OverriddenRegistrationAssignsFirst_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private Linear? fc;
            public Net() : base("Net") { }

            protected override void RegisterComponents()
            {
                fc = Linear(4, 8);
                base.RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc!.call(x);
        }
        """);

    [Fact]
    public Task HeadReplacedByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Linear head = Linear(8, 10);
            public Net() : base("Net") => RegisterComponents();

            public optim.Optimizer FineTune(int classes)
            {
                head = Linear(8, classes);
                return optim.SGD(head.parameters(), 0.1);
            }

            public override Tensor forward(Tensor x) => head.call(x);
        }
        """);

    [Fact]
    public Task Message_NamesTheBaseThatRegisters() => Verify.MessageAsync(
        """
        abstract class Model : Module<Tensor, Tensor>
        {
            protected Model(string name) : base(name) => RegisterComponents();
        }

        class Net : Model
        {
            private readonly Linear fc;
            public Net() : base("Net") { {|#0:fc = Linear(4, 8)|}; }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """,
        "GL6003",
        "'fc' gets a layer after RegisterComponents() has run in 'Model', so its parameters are never registered or trained: call register_module(\"fc\", fc) after it");

    private const string PrivateBaseField = """
        abstract class Backbone : Module<Tensor, Tensor>
        {
            private readonly Linear features;
            protected readonly Linear shared = Linear(4, 4);

            protected Backbone(string name, int inputs) : base(name) => features = Linear(inputs, 4);

            protected Tensor Features(Tensor x) => shared.call(features.call(x).relu());
        }
        """;

    private const string DerivedNet = """
        {
            private readonly Linear head = Linear(4, 2);

            public Net() : base("Net", 8) => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(Features(x));
        }
        """;

    [Theory]
    [InlineData(99)]
    [InlineData(103)]
    public Task PrivateFieldOfTheBaseBeforeItIsSeen_Triggers(byte minor) =>
        new ProgramTest<ModuleWiringAnalyzer>(PrivateBaseField, "class {|GL6003:Net|} : Backbone\n" + DerivedNet).WithTorchSharp(minor).RunAsync();

    [Theory]
    [InlineData(104)]
    [InlineData(107)]
    public Task PrivateFieldOfTheBaseOnceItIsSeen_DoesNotTrigger(byte minor) =>
        new ProgramTest<ModuleWiringAnalyzer>(PrivateBaseField, "class Net : Backbone\n" + DerivedNet).WithTorchSharp(minor).RunAsync();

    [Fact]
    public Task PrivateFieldThatTheBaseRegistersByName_DoesNotTrigger() => new ProgramTest<ModuleWiringAnalyzer>(
        PrivateBaseField.Replace("=> features = Linear(inputs, 4);", "{ features = Linear(inputs, 4); register_module(nameof(features), features); }"),
        "class Net : Backbone\n" + DerivedNet).WithTorchSharp(103).RunAsync();

    /// <summary>The head exists only once forward has run; what the model lists stays as it was.</summary>
    [Theory]
    [InlineData("head ??= Linear(8, 2);", "", 2)]
    [InlineData("", "head = Linear(8, 2);", 4)]
    public void LayerMadeLazily_IsNotListed(string inForward, string inConstructor, int listed) => Assert.Equal(listed, RunningProgram.Evaluate<int>($$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear body = Linear(4, 8);
            private Linear? head;

            public Net() : base("Net")
            {
                {{inConstructor}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                {{inForward}}
                return head!.call(body.call(x));
            }
        }

        public static class Program
        {
            public static int Run()
            {
                var net = new Net();
                net.call(rand(2, 4));
                return net.parameters().Count();
            }
        }
        """));

    /// <summary>Sinusoidal positions held as a parameter, which their users detach.</summary>
    [Fact]
    public Task TableThatForwardMakesLonger_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Positions : Module<Tensor, Tensor>
        {
            private readonly long width;
            private Parameter table;

            public Positions(long length, long width) : base("Positions")
            {
                this.width = width;
                table = Make(length);
                RegisterComponents();
            }

            private Parameter Make(long length) => new(arange(length).unsqueeze(1) * arange(width).mul(-0.1).exp());

            public override Tensor forward(Tensor x)
            {
                if (x.shape[0] > table.shape[0])
                    table = Make(x.shape[0]);
                return x + table[..(int)x.shape[0]].detach();
            }
        }
        """);

    [Fact]
    public Task ParameterMadeLazily_Triggers() => Verify.DiagnosticsAsync("""
        class Scaled : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private Parameter? scale;

            public Scaled() : base("Scaled") => RegisterComponents();

            private void Prepare(Tensor x) => {|GL6003:scale ??= new Parameter(ones(x.shape[1]))|};

            public override Tensor forward(Tensor x)
            {
                Prepare(x);
                return fc.call(x) * scale!;
            }
        }
        """);
}
