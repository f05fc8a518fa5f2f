using System.Collections.Immutable;
using System.Runtime.Loader;
using GradLint.Analyzers;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Proof;

/// <summary>A program as a workspace holds it: analysed, mended and run.</summary>
internal sealed class ModelProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        """;

    private static readonly DiagnosticAnalyzer[] Analyzers = Instances<DiagnosticAnalyzer>(typeof(ModelAnalyzer));
    private static readonly CodeFixProvider[] Fixes = Instances<CodeFixProvider>(typeof(GradLintFix));
    private static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(typeof(Runtime.GradientProbe).Assembly.Location);
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    private readonly Project _project;
    private readonly AnalyzerOptions _options;

    private ModelProgram(Project project, AnalyzerOptions options) => (_project, _options) = (project, options);

    public static ModelProgram Of(ProofCase proofCase)
    {
        var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Program", "Program" + Guid.NewGuid().ToString("N"), LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
            metadataReferences: proofCase.ReferencesRuntime ? References.Append(Runtime) : References));
        project = project.AddDocument("Usings.cs", Usings, filePath: "/Usings.cs").Project;
        project = project.AddDocument("Program.cs", proofCase.Source, filePath: "/Program.cs").Project;
        return new(project, new(ImmutableArray<AdditionalText>.Empty, new SameConfigForAll(proofCase.Configuration)));
    }

    /// <summary>The text of the file that the case is written in, and of those that a fix added.</summary>
    public async Task<string> TextAsync()
    {
        var texts = new List<string>();
        foreach (var document in _project.Documents.Where(document => document.Name != "Usings.cs"))
            texts.Add((await document.GetTextAsync()).ToString());
        return string.Join("\n", texts);
    }

    /// <summary>What the rule finds, in source order.</summary>
    /// <exception cref="ProofException">The program does not compile, or an analyzer threw.</exception>
    public async Task<IReadOnlyList<Diagnostic>> FindingsAsync(string ruleId)
    {
        var compilation = await CompileAsync();
        var analyzers = Analyzers.Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => rule.Id == ruleId)).ToImmutableArray();
        var diagnostics = await compilation.WithAnalyzers(analyzers, _options).GetAnalyzerDiagnosticsAsync();
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == "AD0001") is { } crash)
            throw new ProofException(crash.GetMessage());
        return [.. diagnostics.Where(diagnostic => diagnostic.Id == ruleId).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>What is on offer for a finding, best first.</summary>
    public async Task<IReadOnlyList<CodeAction>> FixesAsync(Diagnostic finding)
    {
        var actions = new List<CodeAction>();
        var document = _project.Solution.GetDocument(finding.Location.SourceTree)!;
        foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(finding.Id)))
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), default));
        return actions;
    }

    public async Task<ModelProgram> ApplyAsync(CodeAction action)
    {
        var operations = await action.GetOperationsAsync(default);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return new(changed.GetProject(_project.Id)!, _options);
    }

    /// <summary>The models of the program, as the analyzers read them: of its module types and of every <c>Sequential(…)</c>.</summary>
    public async Task<IReadOnlyList<ModelGraph>> ModelsAsync()
    {
        var compilation = await CompileAsync();
        var extractor = new ModelExtractor(compilation, KnownTypes.From(compilation)!);
        var models = new List<ModelGraph>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var semantics = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (semantics.GetDeclaredSymbol(node) is INamedTypeSymbol type && node is ClassDeclarationSyntax { BaseList: not null })
                    models.Add(extractor.FromType(type, default));
                else if (node is InvocationExpressionSyntax && semantics.GetOperation(node) is IInvocationOperation { TargetMethod.Name: "Sequential" } call)
                    models.Add(extractor.FromSequential(call, default));
            }
        }

        return models;
    }

    /// <summary>The compiled program, loaded.</summary>
    public async Task<RunningModel> RunAsync(ProofCase proofCase)
    {
        using var image = new MemoryStream();
        (await CompileAsync()).Emit(image);
        image.Position = 0;
        var context = new AssemblyLoadContext("program", isCollectible: true);
        return new(proofCase, context.LoadFromStream(image), context);
    }

    private async Task<Compilation> CompileAsync()
    {
        var compilation = (await _project.GetCompilationAsync())!;
        if (compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
            throw new ProofException($"does not compile: {error}\n{await TextAsync()}");
        return compilation;
    }

    private static T[] Instances<T>(Type ofAssembly) => [.. ofAssembly.Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(T)))
        .Select(type => (T)Activator.CreateInstance(type)!)];
}

/// <summary>A case that proves nothing, and why.</summary>
internal sealed class ProofException(string message) : Exception(message);
