using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>Finds recurrent layers in modules: of their own type, of its bases, of the blocks that they construct.</summary>
internal sealed class RecurrentLayers(SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
{
    private readonly HashSet<ITypeSymbol> _visited = new(SymbolEqualityComparer.Default);

    /// <summary>The recurrent layer's type, or null when the module has none that can be seen.</summary>
    public ITypeSymbol? In(TrainedModule module) =>
        module.Origin.Sites.Select(site => site.Value?.Operation.Type).Prepend(module.Type).Select(type => In(type)).FirstOrDefault(found => found is not null);

    private ITypeSymbol? In(ITypeSymbol? type)
    {
        if (types.IsRecurrent(type))
            return type;
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
}
