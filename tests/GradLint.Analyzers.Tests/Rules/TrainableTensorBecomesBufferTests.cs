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

    [Fact]
    public Task MadeByAStaticHelper_Triggers() => VerifyRegistration.TriggersAsync(
        """
        class Gate : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private Tensor gain, shift;

            public Gate() : base("Gate")
            {
                Reset();
                RegisterComponents();
            }

            [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(gain), nameof(shift))]
            private void Reset()
            {
                gain = {|GL6006:torch.ones(4, requires_grad: true)|};
                shift = {|GL6006:torch.zeros(4, requires_grad: true)|};
            }

            public override Tensor forward(Tensor x) => fc.call(x) * gain + shift;
        }
        """);

    [Fact]
    public Task ProtectedFieldOfABaseClass_Triggers() => VerifyRegistration.TriggersAsync(
        """
        abstract class Positional : Module<Tensor, Tensor>
        {
            protected readonly Tensor positions;

            protected Positional(string name, int length) : base(name) => positions = {|GL6006:randn(length, 8, requires_grad: true)|};
        }
        """,
        """
        class Encoder : Positional
        {
            private readonly Linear fc = Linear(8, 8);
            public Encoder() : base("Encoder", 16) => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x + positions);
        }
        """);

    [Fact]
    public Task PartialType_Triggers() => VerifyRegistration.TriggersAsync(
        """
        partial class Scaled : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            public Scaled() : base("Scaled") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x) * temperature;
        }
        """,
        """
        partial class Scaled
        {
            private readonly Tensor temperature = {|GL6006:tensor(1f, requires_grad: true)|};
        }
        """);

    [Fact]
    public Task BlockOfAModel_Triggers() => VerifyRegistration.TriggersAsync(
        """
        class LayerScale : Module<Tensor, Tensor>
        {
            private readonly Tensor gamma;

            public LayerScale(int width) : base("LayerScale")
            {
                gamma = {|GL6006:torch.full(new long[] { width }, 0.1f, requires_grad: true)|};
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => x * gamma;
        }
        """,
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private readonly LayerScale scale = new(4);
            public Net() : base("Net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x + scale.call(fc.call(x));
        }
        """);

    [Fact]
    public Task SwitchedOnByAMethod_Triggers() => VerifyRegistration.TriggersAsync("""
        class Prompted : Module<Tensor, Tensor>
        {
            private readonly Linear frozen = Linear(8, 8);
            private readonly Tensor prompt = torch.zeros(1, 8);

            public Prompted() : base("Prompted")
            {
                Freeze();
                RegisterComponents();
            }

            private void Freeze()
            {
                foreach (var parameter in frozen.parameters())
                    parameter.requires_grad = false;
                {|GL6006:prompt.requires_grad = true|};
            }

            public override Tensor forward(Tensor x) => frozen.call(x + prompt);
        }
        """);

    [Fact]
    public Task ParameterOfABaseClass_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        abstract class Scaled : Module<Tensor, Tensor>
        {
            protected readonly Parameter scale;
            protected Scaled(string name, int width) : base(name) => scale = new Parameter(ones(width, requires_grad: true));
        }
        """,
        """
        class Norm : Scaled
        {
            public Norm() : base("Norm", 8) => RegisterComponents();
            public override Tensor forward(Tensor x) => x / x.norm() * scale;
        }
        """);

    [Fact]
    public Task RegisteredByAHelper_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Tensor scale = torch.ones(4, requires_grad: true);

            public Net() : base("Net")
            {
                Register(scale);
                RegisterComponents();
            }

            private void Register(Tensor tensor) => register_parameter("scale", new Parameter(tensor));

            public override Tensor forward(Tensor x) => x * scale;
        }
        """);

    [Fact]
    public Task TableMadeByAMethod_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Positions : Module<Tensor, Tensor>
        {
            private readonly Tensor table;

            public Positions(int length, int width) : base("Positions")
            {
                table = Table(length, width);
                RegisterComponents();
            }

            private static Tensor Table(int length, int width) => (arange(length).unsqueeze(1) * arange(width).mul(-0.1).exp()).sin();

            public override Tensor forward(Tensor x) => x + table;
        }
        """);

    [Fact]
    public Task TensorThatATrainerOptimizes_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        class StyleTransfer(Module<Tensor, Tensor> features)
        {
            private readonly Tensor image = torch.rand(new long[] { 1, 3, 8, 8 }, requires_grad: true);

            public void Run(int steps)
            {
                for (var i = 0; i < steps; i++)
                    Descend();
            }

            private void Descend()
            {
                features.call(image).pow(2).mean().backward();
                using var _ = no_grad();
                image.sub_(image.grad! * 0.1).grad!.zero_();
            }
        }
        """);

    [Fact]
    public Task StateThatForwardKeeps_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Memory : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            private Tensor? last;

            public Memory() : base("Memory") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                Keep(fc.call(last is null ? x : x + last.detach()));
                return last!;
            }

            private void Keep(Tensor state)
            {
                state.retain_grad();
                last = state;
            }
        }
        """);

    [Fact]
    public Task ParametersOfAHelperOfAnotherType_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        static class Trainable
        {
            public static Parameter Ones(int width) => new(ones(width), requires_grad: true);
        }
        """,
        """
        class Scale : Module<Tensor, Tensor>
        {
            private readonly Parameter gain = Trainable.Ones(4);
            public Scale() : base("Scale") => RegisterComponents();
            public override Tensor forward(Tensor x) => x * gain;
        }
        """);

    [Fact]
    public Task MaskOfABaseClass_DoesNotTrigger() => Verify.DiagnosticsAsync(
        """
        abstract class Masked : Module<Tensor, Tensor>
        {
            protected readonly Tensor mask;
            protected Masked(string name, int length) : base(name) => mask = ones(length, length).tril();
        }
        """,
        """
        class Attention : Masked
        {
            private readonly Linear query = Linear(8, 8);
            public Attention() : base("Attention", 16) => RegisterComponents();
            public override Tensor forward(Tensor x) => mask.matmul(query.call(x));
        }
        """);
}
