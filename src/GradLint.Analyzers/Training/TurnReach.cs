using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Training;

/// <summary>The code that a turn of a loop can come to: its own body and all that this calls, overrides and the forward of modules included.</summary>
internal static class TurnReach
{
    private const int BodyLimit = 300;

    /// <summary>The bodies, or null where the turn may come to code that cannot be read.</summary>
    public static IReadOnlyCollection<IOperation>? Of(TraceLoop turn, SourceOperations source, TrainingCalls calls, KnownTypes types, CancellationToken cancellationToken)
    {
        if (turn.Events.Any(item => item.Kind == TrainingEventKind.Unknown))
            return null;
        var reached = new HashSet<IOperation> { turn.Operation is ILoopOperation loop ? loop.Body : turn.Operation };
        var pending = new Queue<IOperation>(reached);
        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var operation in pending.Dequeue().DescendantsAndSelf())
            {
                foreach (var method in Run(operation, source, calls, types))
                {
                    if (source.Body(method, cancellationToken) is not { } body || !reached.Add(body))
                        continue;
                    if (reached.Count > BodyLimit)
                        return null;
                    pending.Enqueue(body);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<IMethodSymbol> Run(IOperation operation, SourceOperations source, TrainingCalls calls, KnownTypes types)
    {
        switch (operation)
        {
            case IInvocationOperation call when CarriedStates.RunsModule(call, types):
                return ModulesOf(call.Instance?.Type, source, types).SelectMany(type => type.GetMembers(Member.Forward)).OfType<IMethodSymbol>();
            case IInvocationOperation { TargetMethod: var method } when source.Declares(method):
                return method.IsVirtual || method.IsAbstract || method.IsOverride ? calls.Overrides(method).Append(method) : [method];
            case IObjectCreationOperation { Constructor: { } constructor } when source.Declares(constructor):
                return [constructor];
            case IPropertyReferenceOperation { Property: var property } when source.Declares(property):
                return new[] { property.GetMethod, property.SetMethod }.OfType<IMethodSymbol>();
            default:
                return [];
        }
    }

    /// <summary>The module types in source that an expression of a type can stand for, and those that they derive from.</summary>
    private static IEnumerable<INamedTypeSymbol> ModulesOf(ITypeSymbol? type, SourceOperations source, KnownTypes types)
    {
        if (type is INamedTypeSymbol declared && source.Declares(declared))
        {
            for (var current = declared; current is not null && source.Declares(current); current = current.BaseType)
                yield return current.OriginalDefinition;
            foreach (var derived in source.Derived(declared))
                yield return derived;
        }
        else if (type is not { IsAbstract: false } || types.IsSequential(type))
        {
            foreach (var module in source.SourceTypes.Where(types.IsModule))
                yield return module;
        }
    }
}
