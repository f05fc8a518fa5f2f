using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>GL0002 and GL0003: what a training run measured, at the lines of the code.</summary>
public class EvidenceTests
{
    private const string Run = "gradlint-evidence 1\nrun\t2026-01-01T00:00:00Z\tNet\t800\n";

    private const string Healthy = """
        class {|#9:Net|} : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = {|#0:Linear(16, 32)|}, head = Linear(32, 4);
            private readonly ReLU act = {|#1:ReLU()|};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(act.call(hidden.call(x)));
        }
        """;

    private const string Vanishing = """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers;

            public Net() : base("net")
            {
                var list = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < 8; i++)
                {
                    list.Add({|#0:Linear(64, 64)|});
                    list.Add({|#1:Sigmoid()|});
                }

                list.Add(Linear(64, 10));
                layers = Sequential(list);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """;

    [Fact]
    public Task FindingAtALayer_IsShownThere() => Verify(
        Healthy, Run + "ratio\thidden.weight\t0.4\t800\nfinding\tGL7004\tact\t0.65\t400\tGL1008\n",
        Result("GL0003", 1, "GL7004 (0.65) at 'act' in step 400 of a training run: confirms GL1008 where it is reported"));

    [Fact]
    public Task FindingAtAParameter_IsShownAtItsLayer() => Verify(
        Healthy, Run + "finding\tGL7008\thidden.weight\t-\t10\t-\n",
        Result("GL0003", 0, "GL7008 at 'hidden.weight' in step 10 of a training run: see https://github.com/gradlint/gradlint/blob/main/docs/rules/GL7008.md"));

    [Fact]
    public Task FindingOfTheRun_IsShownAtTheModel() => Verify(
        Healthy, Run + "finding\tGL7011\t-\t2.5\t90\tGL5001\n",
        Result("GL0003", 9, "GL7011 (2.5) at 'Net' in step 90 of a training run: confirms GL5001 where it is reported"));

    [Fact]
    public Task MeasuredWithinTheBand_ClearsThePrediction() => Verify(
        Vanishing, Run + "ratio\tlayers.0.weight\t0.05\t800\n",
        new DiagnosticResult("GL1001", DiagnosticSeverity.Info).WithLocation(1).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations),
        Result("GL0003", 0, "Gradient ratio of 0.05 at 'layers.0.weight' in step 800 of a training run: 3E-7 is predicted for the first step, and is a hint only"));

    [Fact]
    public Task MeasuredOutsideTheBand_LeavesThePrediction() => Verify(
        Vanishing, Run + "ratio\tlayers.0.weight\t4E-07\t800\nfinding\tGL7001\tlayers.0\t4E-07\t800\tGL1001,GL2001\n",
        new DiagnosticResult("GL1001", DiagnosticSeverity.Warning).WithLocation(1).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations),
        Result("GL0003", 0, "GL7001 (4E-7) at 'layers.0' in step 800 of a training run: confirms GL1001, GL2001 where it is reported"));

    [Fact]
    public Task ParameterThatIsGone_IsStale() => Verify(
        Healthy, Run + "ratio\tfc9.weight\t0.5\t800\nfinding\tGL7004\tact\t0.6\t400\t-\n",
        Result("GL0002", 9, "Evidence of 'Net' measured 'fc9.weight', which the model does not have; train with the monitor again, or remove the file"));

    [Theory]
    [InlineData("gradlint-evidence 1\nrun\tt\tGone\t800\n", "Evidence of 'Gone' is of a model that the code does not have")]
    [InlineData("something else\n", "Evidence of 'gradlint.evidence' does not begin with 'gradlint-evidence 1'")]
    [InlineData("gradlint-evidence 1\n", "Evidence of 'gradlint.evidence' does not name its run")]
    [InlineData("gradlint-evidence 1\nrun\tt\tNet\t800\nratio\thidden.weight\tmany\n", "Evidence of 'gradlint.evidence' has a line that is no 'ratio'")]
    public Task UnusableFile_IsStale(string file, string message)
    {
        var line = file.Contains("many", StringComparison.Ordinal) ? 3 : 1;
        return Verify(Healthy, file, new DiagnosticResult("GL0002", DiagnosticSeverity.Info)
            .WithSpan("gradlint.evidence", line, 1, line, 1 + file.Split('\n')[line - 1].Length)
            .WithMessage(message + "; train with the monitor again, or remove the file"));
    }

    [Theory]
    [InlineData(Run)]
    [InlineData(Run + "ratio\thidden.weight\t0.5\t800\nratio\thead.weight\t1\t800\n")]
    [InlineData(Run + "later\tmore\n")]
    public Task HealthyRun_DoesNotTrigger(string file) => Verify(Healthy, file);

    [Fact]
    public Task AdditionalFileOfAnotherKind_DoesNotTrigger()
    {
        var test = new ProgramTest<ModelAnalyzer>(Healthy);
        test.TestState.AdditionalFiles.Add(("notes.txt", "gradlint-evidence 1"));
        return test.RunAsync();
    }

    /// <summary>What a model that is read in part measured may be in the part that is not known.</summary>
    [Fact]
    public Task PartlyKnownModel_IsNotStale() => Verify(
        Healthy.Replace("Linear(32, 4)", "Linear(32, int.Parse(Console.ReadLine()!))", StringComparison.Ordinal), Run + "ratio\tfc9.weight\t0.5\t800\n");

    /// <summary>All that are no part of a type bear one name in the file: the one that was measured is the one that has what was measured.</summary>
    [Fact]
    public Task SequentialOfNoType_IsKnownByItsParameters() => Verify(
        """
        var first = Sequential(("a", Linear(8, 8)), ("act", ReLU()), ("b", Linear(8, 2)));
        var second = Sequential(("fc", Linear(8, 8)), ("act", {|#0:ReLU()|}), ("head", Linear(8, 2)));
        """,
        "gradlint-evidence 1\nrun\t2026-01-01T00:00:00Z\tSequential\t800\nratio\tfc.weight\t0.4\t800\nfinding\tGL7004\tact\t0.65\t400\tGL1008\n",
        Result("GL0003", 0, "GL7004 (0.65) at 'act' in step 400 of a training run: confirms GL1008 where it is reported"));

    private static DiagnosticResult Result(string id, int place, string message) => new DiagnosticResult(id, DiagnosticSeverity.Info)
        .WithLocation(place).WithMessage(message).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    private static Task Verify(string program, string evidence, params DiagnosticResult[] expected)
    {
        var test = new ProgramTest<ModelAnalyzer>(program);
        test.TestState.AdditionalFiles.Add(("gradlint.evidence", evidence));
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }
}
