using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Which models of a compilation are trained by optimizers that scale each step by a running gradient magnitude. Found
/// from where the optimizers are made; read when a rule first asks, kept as long as the compilation lives.
/// </summary>
internal sealed class ModelOptimizers
{
    private const int OptimizerLimit = 64;
    private const int DepthLimit = 6;

    private static readonly ConditionalWeakTable<Compilation, Holder> Cache = new();

    private readonly SourceOperations _source;
    private readonly KnownTypes _types;
    private readonly OriginResolver _origins;
    private readonly CallerArguments _callers;
    private readonly ModuleOutputs _modules;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<object> _adaptive = [];
    private readonly HashSet<object> _other = [];
    private bool _anyMayBeOther;

    private ModelOptimizers(Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        _source = SourceOperations.Of(compilation);
        _types = types;
        _origins = new(compilation, types, cancellationToken);
        _callers = new(_source, cancellationToken);
        _modules = new(compilation, types, _origins, cancellationToken);
        _cancellationToken = cancellationToken;
        var made = Factories(types).SelectMany(factory => _source.Calls(factory, cancellationToken)).Take(OptimizerLimit + 1).ToArray();
        _anyMayBeOther = made.Length > OptimizerLimit;
        foreach (var optimizer in made)
        {
            var isAdaptive = types.IsAdaptiveOptimizer(optimizer.Type);
            if (!CollectParameters(optimizer.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value, isAdaptive ? _adaptive : _other, depth: 0))
                _anyMayBeOther |= !isAdaptive;
        }
    }

    /// <summary>Whether some optimizer trains the model, and all that may are of the adaptive family.</summary>
    /// <param name="root">The type of the model, or the <c>Sequential(…)</c> that makes it.</param>
    /// <param name="compilation">The compilation that the root belongs to.</param>
    /// <param name="types">TorchSharp, as the compilation references it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static bool TrainAdaptively(object root, Compilation compilation, KnownTypes types, CancellationToken cancellationToken)
    {
        // Not a Lazy: it would keep the exception of a cancelled run.
        var holder = Cache.GetOrCreateValue(compilation);
        ModelOptimizers optimizers;
        lock (holder)
            optimizers = holder.Optimizers ??= new(compilation, types, cancellationToken);
        var key = Key(root);
        return optimizers._adaptive.Contains(key) && !optimizers._other.Contains(key) && !optimizers._anyMayBeOther;
    }

    private static IEnumerable<IMethodSymbol> Factories(KnownTypes types) => types.Optim is { } optim
        ? optim.GetMembers().OfType<IMethodSymbol>().Where(method => types.IsOptimizer(method.ReturnType))
        : [];

    /// <summary>Adds the models whose parameters an expression lists; false where there may be others.</summary>
    private bool CollectParameters(IOperation? parameters, HashSet<object> models, int depth)
    {
        if (parameters is IParameterReferenceOperation passed)
            return depth < DepthLimit && _callers.Of(passed.Parameter) is { } arguments && arguments.All(argument => CollectParameters(argument, models, depth + 1));
        var trained = TrainedModels.OfParameters(parameters, null, _origins, _types);
        return trained.Modules.All(module => _source.Operation(module.Taken, _cancellationToken) is { } expression && Collect(expression, models)) && !trained.IsUnknown;
    }

    private bool Collect(IOperation module, HashSet<object> models)
    {
        if (_modules.CreationsOf(module, null) is { } creations)
        {
            foreach (var creation in creations)
            {
                if (creation is IObjectCreationOperation { Type: INamedTypeSymbol type })
                    AddType(type, models);
                else
                    models.Add(creation.Syntax);
            }

            return true;
        }

        // Only the type is known: it, and whatever derives from it.
        if (module.Type is not INamedTypeSymbol declared || !_source.Declares(declared))
            return false;
        AddType(declared, models);
        foreach (var derived in _source.Derived(declared))
            AddType(derived, models);
        return true;
    }

    /// <summary>A type, those that it derives from, and the blocks that they make.</summary>
    private void AddType(INamedTypeSymbol type, HashSet<object> models)
    {
        for (var current = type; current is not null && _types.IsModule(current) && _source.Declares(current) && models.Add(Key(current)); current = current.BaseType)
        {
            foreach (var block in _source.Bodies(current, _cancellationToken).SelectMany(body => body.DescendantsAndSelf()).OfType<IObjectCreationOperation>())
            {
                if (block.Type is INamedTypeSymbol made)
                    AddType(made, models);
            }
        }
    }

    private static object Key(object root) => root is INamedTypeSymbol type ? type.OriginalDefinition : root;

    private sealed class Holder
    {
        public ModelOptimizers? Optimizers { get; set; }
    }
}
