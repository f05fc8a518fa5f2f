using GradLint.Tests.Framework;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>
/// What TorchSharp registers, situation by situation: the program is run and lists so many parameters, and the rules over
/// wiring find fault with it exactly where that is fewer than its layers have.
/// </summary>
public class RegistrationTruthTableTests
{
    private const string Child = """
        class Child : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 4);
            public Child() : base("Child") { }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private static string Net(string members, string constructor = "RegisterComponents();", string forward = "x", string baseType = "Module<Tensor, Tensor>", string name = "base(\"Net\")") => $$"""
        class Net : {{baseType}}
        {
            {{members}}
            public Net() : {{name}} { {{constructor}} }
            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;

    private const string RegisteringBase = """
        abstract class Registered : Module<Tensor, Tensor>
        {
            protected Registered() : base("Registered") => RegisterComponents();
        }
        """;

    private const string Hidden = """
        class Backbone : Module<Tensor, Tensor>
        {
            protected Linear? fc = Linear(4, 4);
            public Backbone() : base("Backbone") { }
            public override Tensor forward(Tensor x) => x;
        }
        """;

    public static TheoryData<string, string[], int, int, string?> Situations => new()
    {
        { "root without RegisterComponents", [Net("private readonly Linear fc = Linear(4, 4);", "", "fc.call(x)")], 2, 0, "GL6001" },
        { "child without it in a field", [Child, Net("private readonly Child child = new();", forward: "child.call(x)")], 2, 2, null },
        { "child without it in a ModuleList", [Child, Net("private readonly ModuleList<Child> children = new(new Child(), new Child());", forward: "children[0].call(children[1].call(x))")], 4, 4, null },
        { "child without it in a Sequential", [Child, Net("private readonly Sequential body = Sequential(new Child(), ReLU());", forward: "body.call(x)")], 2, 0, "GL6001" },
        { "child with it in a Sequential", [Child.Replace("{ }", "=> RegisterComponents();"), Net("private readonly Sequential body = Sequential(new Child(), ReLU());", forward: "body.call(x)")], 2, 2, null },
        { "list", [Net("private readonly List<Linear> layers = new() { Linear(4, 4) };", forward: "layers[0].call(x)")], 2, 0, "GL6002" },
        { "array", [Net("private readonly Linear[] layers = { Linear(4, 4), Linear(4, 4) };", forward: "layers[0].call(x)")], 4, 0, "GL6002" },
        { "dictionary", [Net("private readonly Dictionary<string, Linear> layers = new() { [\"a\"] = Linear(4, 4) };", forward: "layers[\"a\"].call(x)")], 2, 0, "GL6002" },
        { "added to a ModuleList after registration", [Net("private readonly ModuleList<Linear> layers = new();", "RegisterComponents(); layers.Add(Linear(4, 4));", "layers[0].call(x)")], 2, 0, "GL6003" },
        { "field assigned after registration, registered again", [Net("private readonly Linear fc;", "RegisterComponents(); fc = Linear(4, 4); RegisterComponents();", "fc.call(x)")], 2, 0, "GL6003" },
        { "base constructor registers, derived constructor assigns", [RegisteringBase, Net("private readonly Linear fc;", "fc = Linear(4, 4);", "fc.call(x)", "Registered", "base()")], 2, 0, "GL6003" },
        { "base constructor registers, derived field is initialised", [RegisteringBase, Net("private readonly Linear fc = Linear(4, 4);", "", "fc.call(x)", "Registered", "base()")], 2, 2, null },
        { "field hidden by a null field", [Hidden, Net("protected new Linear? fc;", forward: "base.forward(x)", baseType: "Backbone", name: "base()")], 2, 0, "GL6008" },
        { "tensor that asks for a gradient", [Net("private readonly Tensor scale = torch.ones(4, requires_grad: true);", forward: "x * scale")], 1, 0, "GL6006" },
        { "parameter", [Net("private readonly Parameter scale = new Parameter(torch.ones(4));", forward: "x * scale")], 1, 1, null },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task Situation_ListsAsManyParameters_AndIsFoundWhereSomeAreMissing(string situation, string[] files, int held, int listed, string? ruleId)
    {
        var program = string.Join("\n", files) + "\n\npublic static class Program { public static double Run() => new Net().parameters().Count(); }";
        var findings = await AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);

        Assert.True(listed == RunningProgram.Evaluate(program), situation);
        Assert.Equal(listed < held, ruleId is not null);
        Assert.Equal(ruleId is null ? [] : [ruleId], findings.Select(finding => finding.Id).Where(id => id.StartsWith("GL6", StringComparison.Ordinal)).Distinct());
    }

    /// <summary>The replaced layer stays registered, and is the one that is trained; the new one is applied.</summary>
    [Fact]
    public async Task FieldReplacedAfterRegistration_ListsTheOldLayer()
    {
        var program = Net("private Linear fc = Linear(4, 4);", "RegisterComponents(); fc = Linear(4, 9);", "fc.call(x)")
            + "\n\npublic static class Program { public static double Run() => new Net().parameters().First().shape[0]; }";
        var findings = await AllAnalyzers.DiagnosticsAsync([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);

        Assert.Equal(4, RunningProgram.Evaluate(program));
        Assert.Contains(findings, finding => finding.Id == "GL6003");
    }

    /// <summary>A ModuleList used as the model itself lists what its children have registered: nothing.</summary>
    [Fact]
    public void BareModuleList_ListsNothingOfChildrenWithoutRegistration() => Assert.Equal(0, RunningProgram.Evaluate(
        Child + "\n\npublic static class Program { public static double Run() => new ModuleList<Child>(new Child(), new Child()).parameters().Count(); }"));

    /// <summary>A parameter made of a computed tensor is no leaf: listed, and without a gradient.</summary>
    [Fact]
    public void ParameterOfAComputedTensor_GetsNoGradient() => Assert.Equal(0, RunningProgram.Evaluate("""
        public static class Program
        {
            public static double Run()
            {
                var scale = new Parameter(torch.ones(4, requires_grad: true) * 2);
                (scale * torch.ones(4)).sum().backward();
                return scale.grad is null ? 0 : 1;
            }
        }
        """));
}
