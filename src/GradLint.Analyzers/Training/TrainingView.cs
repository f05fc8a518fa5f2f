using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

/// <summary>
/// The training of a whole compilation: the traces of all code that trains, from the places where it starts. Made when a
/// rule first asks, kept as long as the compilation lives.
/// </summary>
internal sealed class TrainingView
{
    private static readonly ConditionalWeakTable<Compilation, Holder> Cache = new();

    private readonly ILookup<SyntaxNode, TrainingEvent> _events;

    private TrainingView(Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        Source = SourceOperations.Of(compilation);
        Calls = new(compilation, types);
        var origins = new OriginResolver(compilation, types, cancellationToken);
        var visited = new HashSet<SyntaxNode>();
        var traces = new List<TraceList>();
        foreach (var body in new CodeIndex(compilation, cancellationToken).Bodies)
        {
            if (visited.Contains(body) || Source.Operation(body, cancellationToken) is not { } operation)
                continue;
            var method = Source.Model(body.SyntaxTree).GetDeclaredSymbol(body, cancellationToken) as IMethodSymbol;
            traces.Add(new TraceBuilder(Source, Calls, origins, node => visited.Add(node), cancellationToken).Build(operation, method));
        }

        Traces = traces;
        LoopsWithBackward = [.. traces.SelectMany(trace => trace.Events)
            .Where(item => item.Kind == TrainingEventKind.Backward)
            .SelectMany(item => item.Loops)
            .Select(loop => loop.Operation.Syntax)];
        _events = traces.SelectMany(trace => trace.Events).ToLookup(item => item.Operation.Syntax);
    }

    /// <summary>What each start of the program does.</summary>
    public IReadOnlyList<TraceList> Traces { get; }

    /// <summary>The loops of the source that go through a backward, in their own body or in what it calls.</summary>
    public HashSet<SyntaxNode> LoopsWithBackward { get; }

    public SourceOperations Source { get; }

    public TrainingCalls Calls { get; }

    public static TrainingView Of(Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        // Not a Lazy: it would keep the exception of a cancelled run.
        var holder = Cache.GetOrCreateValue(compilation);
        lock (holder)
            return holder.View ??= new(compilation, types, cancellationToken);
    }

    /// <summary>The events at a place, one for each way that leads there.</summary>
    public IEnumerable<TrainingEvent> EventsAt(SyntaxNode syntax) => _events[syntax];

    private sealed class Holder
    {
        public TrainingView? View { get; set; }
    }
}
