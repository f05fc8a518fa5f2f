using GradLint.Analyzers.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Framework;

/// <summary>One body of code (a method, an initialiser, top-level statements) as a layer-creation rule sees it.</summary>
internal sealed class LayerCreationContext(OperationBlockAnalysisContext context, KnownTypes types)
{
    private readonly Lazy<IReadOnlyList<IOperation>> _operations =
        new(() => context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).ToArray());

    public KnownTypes Types { get; } = types;

    public SourceOperations Source { get; } = SourceOperations.Of(context.Compilation);

    public Trainability Trainability { get; } = new(SourceOperations.Of(context.Compilation), types, context.CancellationToken);

    /// <summary>Every operation of the body, lambdas and local functions included, in source order.</summary>
    public IReadOnlyList<IOperation> Operations => _operations.Value;

    public CancellationToken CancellationToken => context.CancellationToken;

    public IReadOnlyList<Sink> SinksOf(IOperation value) => ValueFlow.SinksOf(value, Source, Types, CancellationToken);

    public void Report(DiagnosticDescriptor rule, Location location, IEnumerable<Location>? additionalLocations, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, location, additionalLocations, arguments));
}
