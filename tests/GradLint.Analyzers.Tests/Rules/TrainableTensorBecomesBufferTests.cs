using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class TrainableTensorBecomesBufferTests
{
    [Fact]
    public Task FieldInitialiser_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor scale = {|GL6006:torch.ones(4, requires_grad: true)|};
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x * scale;
        }
        """);

    [Fact]
    public Task AssignedInTheConstructor_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor weight;

            public Net(int features) : base("Net")
            {
                weight = {|GL6006:torch.randn(features, features, requires_grad: true)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => x.matmul(weight);
        }
        """);

    [Fact]
    public Task AssignedInAHelper_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private Tensor? bias;
            public Net() : base("Net") { Build(); RegisterComponents(); }
            private void Build() { bias = {|GL6006:zeros(4, requires_grad: true)|}; }
            public override Tensor forward(Tensor x) => x + bias!;
        }
        """);

    [Fact]
    public Task SwitchedOnAtOnce_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor scale;
            public Net() : base("Net") { scale = {|GL6006:torch.ones(4).requires_grad_()|}; RegisterComponents(); }
            public override Tensor forward(Tensor x) => x * scale;
        }
        """);

    [Fact]
    public Task SwitchedOnLater_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor scale = torch.ones(4);
            public Net() : base("Net") { {|GL6006:scale.requires_grad = true|}; RegisterComponents(); }
            public override Tensor forward(Tensor x) => x * scale;
        }
        """);

    [Fact]
    public Task Property_Triggers() => VerifyRegistration.TriggersAsync("""
        class Net : Module<Tensor, Tensor>
        {
            public Tensor Temperature { get; } = {|GL6006:torch.tensor(1.0f, requires_grad: true)|};
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x / Temperature;
        }
        """);

    [Fact]
    public Task Parameter_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Parameter scale = Parameter(torch.ones(4));
            private readonly Tensor shift = new Parameter(torch.zeros(4), requires_grad: true);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x * scale + shift;
        }
        """);

    [Fact]
    public Task Buffer_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor mask = torch.ones(4, requires_grad: false), mean = torch.zeros(4);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => (x - mean) * mask;
        }
        """);

    [Fact]
    public Task WrappedAndRegisteredByHand_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor scale = torch.ones(4, requires_grad: true);
            public Net() : base("Net") => register_parameter("scale", new Parameter(scale));
            public override Tensor forward(Tensor x) => x * scale;
        }
        """);

    [Fact]
    public Task UnknownFlag_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor table;
            public Net(bool trainable) : base("Net") { table = torch.randn(4, 4, requires_grad: trainable); RegisterComponents(); }
            public override Tensor forward(Tensor x) => x.matmul(table);
        }
        """);

    [Fact]
    public Task InputKeptForItsGradient_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Saliency : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private Tensor? input;
            public Saliency() : base("Saliency") => RegisterComponents();
            public override Tensor forward(Tensor x) { input = x.detach().requires_grad_(); return fc.call(input); }
        }
        """);

    [Fact]
    public Task OutsideAModule_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Optimized
        {
            private readonly Tensor position = torch.randn(2, requires_grad: true);
        }
        """);
}
