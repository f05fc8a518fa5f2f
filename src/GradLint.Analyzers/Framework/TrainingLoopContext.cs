using GradLint.Analyzers.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Framework;

/// <summary>One body of code (a method, an initialiser, top-level statements) as a training-loop rule sees it.</summary>
internal sealed class TrainingLoopContext
{
    private readonly OperationBlockAnalysisContext _context;
    private readonly Action<Diagnostic> _report;
    private readonly Lazy<IReadOnlyList<IOperation>> _operations;
    private readonly Lazy<TrainingView> _training;
    private readonly Lazy<IReadOnlyList<TrainingEvent>> _events;

    public TrainingLoopContext(OperationBlockAnalysisContext context, KnownTypes types)
    {
        _context = context;
        _report = SoftenedFindings.LeaveOutRaised(context.ReportDiagnostic, context.Compilation, context.CancellationToken);
        Types = types;
        _operations = new(() => context.OperationBlocks.SelectMany(OperationExtensions.DescendantsAndSelf).ToArray());
        _training = new(() => TrainingView.Of(context.Compilation, types, context.CancellationToken));
        _events = new(() => CollectEvents().ToArray());
        Origins = new(context.Compilation, types, context.CancellationToken);
        Sources = new(context.Compilation, types, Origins, context.CancellationToken);
    }

    public KnownTypes Types { get; }

    public Compilation Compilation => _context.Compilation;

    /// <summary>The member whose body this is.</summary>
    public ISymbol Member => _context.OwningSymbol;

    /// <summary>Every operation of the body, lambdas and local functions included, in source order.</summary>
    public IReadOnlyList<IOperation> Operations => _operations.Value;

    public SourceOperations Source => SourceOperations.Of(Compilation);

    /// <summary>The training of the whole compilation.</summary>
    public TrainingView Training => _training.Value;

    public OriginResolver Origins { get; }

    /// <summary>What makes the values of tensors.</summary>
    public TensorSources Sources { get; }

    public GradLintOptions Options => GradLintOptions.Read(
        _context.Options.AnalyzerConfigOptionsProvider.GetOptions(_context.OperationBlocks[0].Syntax.SyntaxTree));

    public CancellationToken CancellationToken => _context.CancellationToken;

    /// <summary>The training events of a kind that happen in this body, one for each way that leads there.</summary>
    public IEnumerable<TrainingEvent> Events(TrainingEventKind kind) => _events.Value.Where(item => item.Kind == kind);

    /// <summary>The steps in this body, one for each way that leads there.</summary>
    public IEnumerable<TrainingStep> Steps => Events(TrainingEventKind.Step).Select(step => new TrainingStep(step, Origins, Types));

    /// <summary>Whether the place is in this body, where its findings belong.</summary>
    public bool Contains(SyntaxNode syntax) =>
        _context.OperationBlocks.Any(block => block.Syntax.SyntaxTree == syntax.SyntaxTree && block.Syntax.Span.Contains(syntax.Span));

    public void Report(Diagnostic diagnostic) => _report(diagnostic);

    /// <summary>The view of the whole compilation is made only for a body with a call that means something for training.</summary>
    private IEnumerable<TrainingEvent> CollectEvents()
    {
        var calls = new TrainingCalls(Compilation, Types);
        foreach (var operation in Operations)
        {
            var isEvent = operation is IInvocationOperation call ? calls.KindOf(call, out _) is not null and not TrainingEventKind.ModuleCall
                : operation is IObjectCreationOperation creation && calls.CreatesOptimizer(creation);
            if (isEvent)
            {
                foreach (var item in Training.EventsAt(operation.Syntax))
                    yield return item;
            }
        }
    }
}
