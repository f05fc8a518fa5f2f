using System.Collections.Immutable;
using GradLint.Analyzers;
using GradLint.CodeFixes.Fixes;
using GradLint.Core.Rules;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.CodeFixes.Tests.Framework;

/// <summary>All findings of a document, a project and a solution at once, one of the models being in two files.</summary>
public class FixAllScopeTests
{
    private const string Layers = """
        public partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64);
            private readonly Sigmoid act = Sigmoid(); // of all layers

            public Net() : base("Net")
            {
                RegisterComponents();
            }
        }

        """;

    private const string Forward = """
        public partial class Net
        {
            private readonly Linear fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc2.call(act.call(fc1.call(x))));
                return head.call(torch.sigmoid(fc4.call(torch.sigmoid(fc3.call(x))))); // functions
            }
        }

        """;

    [Theory]
    [InlineData(FixAllScope.Document, "Layers.cs", "Forward.cs")]
    [InlineData(FixAllScope.Project, "Layers.cs", "Forward.cs", "Other.cs")]
    [InlineData(FixAllScope.Solution, "Layers.cs", "Forward.cs", "Other.cs", "Second.cs")]
    public async Task AllFindingsOfAScope_AreMended(FixAllScope scope, params string[] expected)
    {
        var solution = Solution();
        var changed = await FixAllAsync(solution, scope, default);

        var edited = changed.GetChanges(solution).GetProjectChanges().SelectMany(project => project.GetChangedDocuments()).Select(id => solution.GetDocument(id)!.Name);
        Assert.Equal(expected.Order(), edited.Order());
        foreach (var project in changed.Projects)
        {
            Assert.Empty((await project.GetCompilationAsync())!.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
            var left = (await FindingsAsync(project, default)).Select(finding => Path.GetFileName(finding.Location.SourceTree!.FilePath));
            Assert.Equal(project.Documents.Select(document => document.Name).Intersect(["Other.cs", "Second.cs"]).Except(expected), left);
        }
    }

    [Fact]
    public async Task ChainOfTwoFiles_IsMendedInBoth()
    {
        var changed = (await FixAllAsync(Solution(), FixAllScope.Document, default)).Projects.First();

        Assert.Equal(
            """
            public partial class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64);
                private readonly ReLU act = ReLU(); // of all layers

                public Net() : base("Net")
                {
                    RegisterComponents();
                    // He initialization keeps the scale of signal and gradient through ReLU layers.
                    foreach (var (name, parameter) in named_parameters())
                    {
                        if (parameter.dim() > 1 && name != "head.weight")
                            init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
                    }
                }
            }

            """,
            (await Document(changed, "Layers.cs").GetTextAsync()).ToString());
        Assert.Equal(Forward.Replace("torch.sigmoid", "functional.relu"), (await Document(changed, "Forward.cs").GetTextAsync()).ToString());
    }

    [Fact]
    public async Task Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FixAllAsync(Solution(), FixAllScope.Solution, source.Token));
    }

    private static Solution Solution()
    {
        var solution = new AdhocWorkspace().CurrentSolution;
        return With(With(solution, "One", ("Layers.cs", Layers), ("Forward.cs", Forward), ("Other.cs", Model("Other"))), "Two", ("Second.cs", Model("Second")));

        static Solution With(Solution solution, string name, params (string Name, string Code)[] files)
        {
            var project = ProjectId.CreateNewId();
            solution = solution.AddProject(ProjectInfo.Create(
                project, VersionStamp.Default, name, name, LanguageNames.CSharp,
                compilationOptions: TorchSharpProgram.CompilationOptions, parseOptions: TorchSharpProgram.ParseOptions, metadataReferences: [.. TorchSharpProgram.RunningFramework, TorchSharpProgram.TorchSharp]));
            foreach (var (file, code) in files.Append(("Usings.cs", TorchSharpProgram.Usings)))
                solution = solution.AddDocument(DocumentId.CreateNewId(project), file, code, filePath: $"/{name}/{file}");
            return solution;
        }
    }

    private static string Model(string name) => $$"""
        public static class {{name}}
        {
            public static Module<Tensor, Tensor> Create() => Sequential(
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10)); // four
        }

        """;

    private static Document Document(Project project, string name) => project.Documents.Single(document => document.Name == name);

    private static async Task<Solution> FixAllAsync(Solution solution, FixAllScope scope, CancellationToken cancellationToken)
    {
        var fix = new MendVanishingGradient();
        var context = new FixAllContext(
            Document(solution.Projects.First(), "Layers.cs"), fix, scope, $"{RuleIds.VanishingGradient}.best", [RuleIds.VanishingGradient], new Findings(), cancellationToken);
        var action = await fix.GetFixAllProvider()!.GetFixAsync(context);
        var operations = await action!.GetOperationsAsync(cancellationToken);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
    }

    private static async Task<ImmutableArray<Diagnostic>> FindingsAsync(Project project, CancellationToken cancellationToken)
    {
        var compilation = (await project.GetCompilationAsync(cancellationToken))!;
        var diagnostics = await compilation.WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync(cancellationToken);
        return [.. diagnostics.Where(diagnostic => diagnostic.Id == RuleIds.VanishingGradient)];
    }

    private sealed class Findings : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await FindingsAsync(document.Project, cancellationToken)).Where(finding => finding.Location.SourceTree == tree);
        }

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await FindingsAsync(project, cancellationToken);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
