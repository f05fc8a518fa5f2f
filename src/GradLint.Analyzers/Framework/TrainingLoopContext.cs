using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Framework;

/// <summary>One body of code (a method, an initialiser, top-level statements) as a training-loop rule sees it.</summary>
public sealed class TrainingLoopContext(OperationBlockAnalysisContext context, KnownTypes types)
{
    public KnownTypes Types { get; } = types;

    public Compilation Compilation => context.Compilation;

    /// <summary>The member whose body this is.</summary>
    public ISymbol Member => context.OwningSymbol;

    /// <summary>Every operation of the body, lambdas and local functions included, in source order.</summary>
    public IEnumerable<IOperation> Operations =>
        context.OperationBlocks.SelectMany(Microsoft.CodeAnalysis.Operations.OperationExtensions.DescendantsAndSelf);

    public GradLintOptions Options => GradLintOptions.Read(
        context.Options.AnalyzerConfigOptionsProvider.GetOptions(context.OperationBlocks[0].Syntax.SyntaxTree));

    public CancellationToken CancellationToken => context.CancellationToken;

    public void Report(Diagnostic diagnostic) => context.ReportDiagnostic(diagnostic);
}
