using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class FieldHidesModuleTests
{
    private const string Base = """
        class Backbone : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 8);
            protected Linear? unused;
            public Backbone() : base("Backbone") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    [Fact]
    public Task FieldOfTheSameName_Triggers() => VerifyRegistration.TriggersAsync(Base, """
        class Net : Backbone
        {
            private readonly Linear {|GL6008:fc|} = Linear(8, 2);
            public override Tensor forward(Tensor x) => fc.call(base.forward(x));
        }
        """);

    [Fact]
    public Task NullFieldOfTheSameName_Triggers() => VerifyRegistration.TriggersAsync(Base, """
        class Net : Backbone
        {
            private Linear? {|GL6008:fc|} = null;
            public Linear? Extra => fc;
        }
        """);

    [Fact]
    public Task FieldOfAnotherKind_Triggers() => VerifyRegistration.TriggersAsync(Base, """
        class Net : Backbone
        {
            private readonly int {|GL6008:fc|} = 3;
            public int Count => fc;
        }
        """);

    [Fact]
    public Task TwoLevelsUp_Triggers() => VerifyRegistration.TriggersAsync(Base, """
        class Middle : Backbone
        {
        }

        class Net : Middle
        {
            private readonly Parameter {|GL6008:fc|} = Parameter(ones(8));
            public override Tensor forward(Tensor x) => base.forward(x) * fc;
        }
        """);

    [Fact]
    public Task NewFieldAssignedInTheBaseConstructor_Triggers() => VerifyRegistration.TriggersAsync("""
        class Backbone : Module<Tensor, Tensor>
        {
            protected Module<Tensor, Tensor> body;
            public Backbone() : base("Backbone") { body = Sequential(Linear(4, 8)); RegisterComponents(); }
            public override Tensor forward(Tensor x) => body.call(x);
        }

        class Net : Backbone
        {
            protected new Module<Tensor, Tensor> {|GL6008:body|} = Linear(8, 2);
            public override Tensor forward(Tensor x) => body.call(base.forward(x));
        }
        """);

    [Fact]
    public Task NewAutoProperty_Triggers() => VerifyRegistration.TriggersAsync("""
        class Backbone : Module<Tensor, Tensor>
        {
            public Linear Head { get; } = Linear(4, 8);
            public Backbone() : base("Backbone") => RegisterComponents();
            public override Tensor forward(Tensor x) => Head.call(x);
        }

        class Net : Backbone
        {
            public new Linear {|GL6008:Head|} { get; } = Linear(8, 2);
            public override Tensor forward(Tensor x) => Head.call(base.forward(x));
        }
        """);

    [Fact]
    public Task OtherName_DoesNotTrigger() => Verify.DiagnosticsAsync(Base, """
        class Net : Backbone
        {
            private readonly Linear fc2 = Linear(8, 2);
            public override Tensor forward(Tensor x) => fc2.call(base.forward(x));
        }
        """);

    [Fact]
    public Task BaseNeverPutsALayerThere_DoesNotTrigger() => Verify.DiagnosticsAsync(Base, """
        class Net : Backbone
        {
            protected new Linear unused = Linear(8, 2);
            public override Tensor forward(Tensor x) => unused.call(base.forward(x));
        }
        """);

    [Fact]
    public Task OverriddenProperty_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        abstract class Backbone : Module<Tensor, Tensor>
        {
            public abstract Linear Head { get; }
            protected Backbone() : base("Backbone") => RegisterComponents();
            public override Tensor forward(Tensor x) => Head.call(x);
        }

        class Net : Backbone
        {
            public override Linear Head { get; } = Linear(4, 2);
        }
        """);

    [Fact]
    public Task StaticField_DoesNotTrigger() => Verify.DiagnosticsAsync(Base, """
        class Net : Backbone
        {
            private static readonly int fc = 3;
            public int Count => fc;
        }
        """);

    [Fact]
    public Task NumberOfTheSameName_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        class Backbone : Module<Tensor, Tensor>
        {
            private readonly int width = 8;
            private readonly Linear fc = Linear(4, 8);
            public Backbone() : base("Backbone") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x) * width;
        }

        class Net : Backbone
        {
            private readonly int width = 2;
            public int Width => width;
        }
        """);

    [Fact]
    public Task UnrelatedTypes_DoesNotTrigger() => Verify.DiagnosticsAsync(Base, """
        class Other : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 8);
            public Other() : base("Other") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """);
}
