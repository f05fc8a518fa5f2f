using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>Finds recurrent layers in modules: of their own type, of its bases, of the blocks that they construct.</summary>
internal sealed class RecurrentLayers(SourceOperations source, KnownTypes types, OriginResolver origins, CancellationToken cancellationToken)
{
    private readonly HashSet<ITypeSymbol> _visited = new(SymbolEqualityComparer.Default);

    /// <summary>The recurrent layer's type, or null when the module has none that can be seen.</summary>
    public ITypeSymbol? In(TrainedModule module) =>
        module.Origin.Sites.SelectMany(TypesAt).Prepend(module.Type).Select(In).FirstOrDefault(found => found is not null);

    /// <summary>The type created there, or those that the callers of the method give it.</summary>
    private IEnumerable<ITypeSymbol?> TypesAt(OriginSite site) => site switch
    {
        { Value.Operation.Type: var created } => [created],
        { Key: IParameterSymbol parameter } => (new CallerArguments(source, cancellationToken).Of(parameter) ?? [])
            .SelectMany(argument => origins.Of(argument, null).Sites)
            .Select(given => given.Value?.Operation.Type),
        _ => [],
    };

    private ITypeSymbol? In(ITypeSymbol? type)
    {
        if (types.IsRecurrent(type))
            return type;
        if (type is ITypeParameterSymbol parameter)
            return In(parameter);
        for (var current = type as INamedTypeSymbol; current is not null && types.IsModule(current) && source.Declares(current) && _visited.Add(current); current = current.BaseType)
        {
            foreach (var body in source.Bodies(current, cancellationToken))
            {
                foreach (var operation in body.DescendantsAndSelf())
                {
                    if (operation is IInvocationOperation or IObjectCreationOperation && types.IsModule(operation.Type) && In(operation.Type) is { } found)
                        return found;
                }
            }
        }

        return null;
    }

    /// <summary>The model of a generic trainer is what the trainers derived from it say it is; every one must have recurrent layers.</summary>
    private ITypeSymbol? In(ITypeParameterSymbol parameter)
    {
        if (parameter.ConstraintTypes.Select(In).FirstOrDefault(found => found is not null) is { } constrained)
            return constrained;
        if (parameter.DeclaringType is not { } trainer)
            return null;
        var found = source.Derived(trainer).SelectMany(BasesOf)
            .Where(given => SymbolEqualityComparer.Default.Equals(given.OriginalDefinition, trainer.OriginalDefinition))
            .Select(given => given.TypeArguments[parameter.Ordinal])
            .Where(model => model is not ITypeParameterSymbol)
            .Select(model => new RecurrentLayers(source, types, origins, cancellationToken).In(model))
            .ToArray();
        return found.All(layer => layer is not null) ? found.FirstOrDefault() : null;
    }

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
            yield return current;
    }
}
