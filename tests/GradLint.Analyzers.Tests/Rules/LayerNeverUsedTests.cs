using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModuleWiringAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class LayerNeverUsedTests
{
    private static string Net(string members, string forward = "fc1.call(x)", string constructor = "") => $$"""
        partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(8, 8);
            {{members}}
            public Net() : base("Net") { {{constructor}} RegisterComponents(); }
            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;

    [Fact]
    public Task UnusedField_Triggers() => Verify.DiagnosticsAsync(Net("private readonly Linear {|GL6004:fc2|} = Linear(8, 8);"));

    [Fact]
    public Task AssignedInTheConstructor_Triggers() => Verify.DiagnosticsAsync(Net("private readonly Linear {|GL6004:fc2|};", constructor: "fc2 = Linear(8, 8);"));

    [Fact]
    public Task OnlyInitialised_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear {|GL6004:fc2|} = Linear(8, 8);", constructor: "init.xavier_uniform_(fc2.weight);"));

    [Fact]
    public Task OnlyRegistered_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Module<Tensor, Tensor> {|GL6004:fc2|} = Sequential(Linear(8, 8), ReLU());", constructor: "register_module(\"fc2\", fc2);"));

    [Fact]
    public Task MadeByAHelper_Triggers() => Verify.DiagnosticsAsync(Net(
        "private readonly Module<Tensor, Tensor> {|GL6004:fc2|} = Make(8); private static Module<Tensor, Tensor> Make(int width) => Linear(width, width);"));

    [Fact]
    public Task UnusedInBothParts_Triggers() => Verify.DiagnosticsAsync(
        Net("private readonly Linear {|GL6004:fc2|} = Linear(8, 8);"),
        "partial class Net { public Tensor Features(Tensor x) => fc1.call(x); }");

    [Fact]
    public Task UsedInForward_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8);", "fc2.call(fc1.call(x))"));

    [Fact]
    public Task UsedInTheOtherPart_DoesNotTrigger() => Verify.DiagnosticsAsync(
        Net("private readonly Linear fc2 = Linear(8, 8);"),
        "partial class Net { public Tensor Head(Tensor x) => fc2.call(x); }");

    [Fact]
    public Task HandedOutByAProperty_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8); public Linear Head => fc2;"));

    [Fact]
    public Task PublicField_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("public readonly Linear fc2 = Linear(8, 8);"));

    [Fact]
    public Task GoneThroughByChildren_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear fc2 = Linear(8, 8);", "children().Cast<Linear>().Aggregate(x, (h, layer) => layer.call(h)) + fc1.call(x)"));

    [Fact]
    public Task UsedByANestedType_DoesNotTrigger() => Verify.DiagnosticsAsync(Net(
        "private readonly Linear fc2 = Linear(8, 8); public class Head { public Tensor Apply(Net net, Tensor x) => net.fc2.call(x); }"));

    [Fact]
    public Task NothingTrainable_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Module<Tensor, Tensor> activation = ReLU();"));

    [Fact]
    public Task TiedToAnother_DoesNotTrigger() => Verify.DiagnosticsAsync(Net("private readonly Linear fc2 = Linear(8, 8);", constructor: "fc1.weight = fc2.weight;"));
}
