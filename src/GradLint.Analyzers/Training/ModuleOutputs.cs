using System.Collections.Immutable;
using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>What an expression of module type can stand for: one layer of TorchSharp, or a model that can be read.</summary>
/// <param name="Layer">The kind of the layer, or null for a model.</param>
/// <param name="Dimension">The dimension that the layer works along, where it has one and the code tells it.</param>
/// <param name="Creation">Where the layer is made.</param>
/// <param name="Model">The model, or null for a layer.</param>
internal sealed record ModuleOutput(LayerKind? Layer, long? Dimension, SyntaxNode? Creation, ModelGraph? Model);

/// <summary>Finds the layers and models behind expressions: where they are created, whoever passes them on.</summary>
internal sealed class ModuleOutputs(Compilation compilation, KnownTypes types, OriginResolver origins, CancellationToken cancellationToken)
{
    private const int DepthLimit = 6;

    private readonly SourceOperations _source = SourceOperations.Of(compilation);
    private readonly CallerArguments _callers = new(SourceOperations.Of(compilation), cancellationToken);
    private readonly ModelExtractor _extractor = new(compilation, types);

    /// <summary>All that a module can be, or null when it may be something else.</summary>
    public IReadOnlyList<ModuleOutput>? Of(IOperation module, CallFrame? frame)
    {
        if (CreationsOf(module, frame) is not { } creations)
            return module.Type is INamedTypeSymbol type && Declared(type, module) is { } declared ? [declared] : null;
        var outputs = new List<ModuleOutput>();
        foreach (var creation in creations)
        {
            if (Created(creation) is not { } output)
                return null;
            outputs.Add(output);
        }

        return outputs;
    }

    /// <summary>Every expression that creates the module, or null when it may come from elsewhere.</summary>
    public IReadOnlyList<IOperation>? CreationsOf(IOperation module, CallFrame? frame, int depth = 0)
    {
        var origin = origins.Of(module, frame);
        if (origin.IsUnknown || origin.Sites.Count == 0 || depth > DepthLimit)
            return null;
        var creations = new List<IOperation>();
        foreach (var site in origin.Sites)
        {
            if (site.Value is { } value)
            {
                creations.Add(value.Operation);
                continue;
            }

            if (site.Key is not IParameterSymbol parameter || _callers.Of(parameter) is not { } arguments)
                return null;
            foreach (var argument in arguments)
            {
                if (CreationsOf(argument, null, depth + 1) is not { } passed)
                    return null;
                creations.AddRange(passed);
            }
        }

        return creations;
    }

    public static long? DimensionOf(IEnumerable<IArgumentOperation> arguments) =>
        arguments.FirstOrDefault(argument => argument.Parameter is { } parameter && LayerTable.ArgumentName(parameter.Name) == TorchSharpNames.Arguments.Dim)?.Value is { ConstantValue: { HasValue: true, Value: { } dimension } }
            ? dimension switch { int number => number, long number => number, _ => null }
            : null;

    private ModuleOutput? Created(IOperation creation)
    {
        if (creation.Type is not INamedTypeSymbol type)
            return null;
        if (!types.IsFromTorchSharp(type))
            return creation is IObjectCreationOperation ? ModelOf(_extractor.FromType(type, cancellationToken)) : null;
        if (types.IsSequential(type))
            return creation is IInvocationOperation ? ModelOf(_extractor.FromSequential(creation, cancellationToken)) : null;
        var arguments = (creation as IInvocationOperation)?.Arguments ?? (creation as IObjectCreationOperation)?.Arguments ?? ImmutableArray<IArgumentOperation>.Empty;
        return LayerTable.OfModule(type.Name) is { } kind ? new(kind, DimensionOf(arguments), creation.Syntax, null) : null;
    }

    /// <summary>A module of which only the type is known: a layer of TorchSharp's, or a type that nothing derives from.</summary>
    private ModuleOutput? Declared(INamedTypeSymbol type, IOperation module)
    {
        if (types.IsFromTorchSharp(type))
            return LayerTable.OfModule(type.Name) is { } kind ? new(kind, null, module.Syntax, null) : null;
        return _source.Declares(type) && !type.IsAbstract && types.IsModule(type) && !_source.Derived(type).Any()
            ? ModelOf(_extractor.FromType(type, cancellationToken))
            : null;
    }

    private static ModuleOutput? ModelOf(ModelGraph graph) => graph.Status == GraphStatus.Unknown ? null : new(null, null, null, graph);
}
