using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// Rebuilds models from the code that constructs and applies them. Never throws on user code: what cannot be followed is
/// "unknown" in the graph, with the reason. Results are kept for as long as the compilation lives; safe to use concurrently.
/// </summary>
public sealed class ModelExtractor
{
    /// <summary>Ways to construct one model that are looked at; a program that has more has no one way.</summary>
    private const int MaximumWays = 4;

    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<object, ModelGraph>> Cache = new();

    private readonly Compilation _compilation;
    private readonly KnownTypes _types;
    private readonly SourceOperations _source;
    private readonly ExtractionBudget _budget;
    private readonly ConcurrentDictionary<object, ModelGraph> _models;

    public ModelExtractor(Compilation compilation, KnownTypes types, ExtractionBudget? budget = null)
    {
        _compilation = compilation;
        _types = types;
        _source = SourceOperations.Of(compilation);
        _budget = budget ?? ExtractionBudget.Default;
        _models = budget is null ? Cache.GetValue(compilation, _ => new()) : new();
    }

    /// <summary>The model that constructing an object of the given module type and calling its <c>forward</c> gives.</summary>
    public ModelGraph FromType(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var key = type.OriginalDefinition;
        if (_models.TryGetValue(key, out var known))
            return known;

        var alone = Alone(key, cancellationToken);
        var wholes = WholeModels.Of(key, _compilation, _types, cancellationToken);
        var inTheWhole = wholes.Count == 0 ? alone : WholeModels.AsTheyLeave(alone, wholes.Select(whole => Alone(whole, cancellationToken)));
        return _models.GetOrAdd(key, PretrainedPrograms.AsTheyLeave(inTheWhole, _compilation, _types, cancellationToken));
    }

    /// <summary>The model of a type, whatever a model that it is a part of does to it.</summary>
    private ModelGraph Alone(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var key = (type, nameof(Alone));
        return _models.TryGetValue(key, out var known) ? known : _models.GetOrAdd(key, ExtractType(type, cancellationToken));
    }

    /// <summary>The model that a <c>Sequential(…)</c> expression makes, with what the method around it then does to it.</summary>
    public ModelGraph FromSequential(IOperation sequentialCall, CancellationToken cancellationToken)
    {
        if (_models.TryGetValue(sequentialCall.Syntax, out var known))
            return known;

        var origin = Interpreter.OriginOf(sequentialCall);
        return _models.GetOrAdd(
            sequentialCall.Syntax,
            OnTheOneWay(TorchSharpNames.Functions.Sequential, origin, WaysTo(sequentialCall.Syntax, cancellationToken), cancellationToken)
                ?? Extract(TorchSharpNames.Functions.Sequential, origin, interpreter => interpreter.ConstructWatched(
                    sequentialCall.Syntax, WaysIn.EnclosingMember(sequentialCall.Syntax, _source, cancellationToken)), cancellationToken, out _));
    }

    /// <summary>As the program constructs it, where that is one way; otherwise as the type itself tells.</summary>
    private ModelGraph ExtractType(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var origin = Interpreter.OriginOf(type.Locations.FirstOrDefault() ?? Location.None);
        var sites = ConstructionSites.Of(type, _compilation, _types, cancellationToken).ToArray();
        var ways = sites.Where(site => site.Whole is null).SelectMany(site => WaysTo(site.Expression, cancellationToken));
        return OnTheOneWay(type.Name, origin, ways, cancellationToken)
            ?? Extract(type.Name, origin, interpreter => interpreter.ConstructRoot(type, sites), cancellationToken, out _);
    }

    private IEnumerable<(SyntaxNode Expression, ISymbol From)> WaysTo(SyntaxNode expression, CancellationToken cancellationToken) =>
        WaysIn.To(expression, _source, cancellationToken).Select(from => (expression, from));

    /// <summary>The model that every way gives alike; null where they differ or give none.</summary>
    private ModelGraph? OnTheOneWay(string name, Origin origin, IEnumerable<(SyntaxNode Expression, ISymbol From)> ways, CancellationToken cancellationToken)
    {
        var constructed = new List<ModelGraph>();
        var watch = Stopwatch.StartNew();
        foreach (var way in ways.Take(MaximumWays))
        {
            constructed.Add(Extract(name, origin, interpreter => interpreter.ConstructWatched(way.Expression, way.From), cancellationToken, out var isExceeded));
            if (isExceeded || watch.Elapsed > _budget.Time)
                return Unknown(name, origin, [new("How the program constructs the model takes too long to follow.", origin)]);
        }

        return constructed.Count > 0 && constructed[0].Status != GraphStatus.Unknown && constructed.Skip(1).All(other => AreAlike(constructed[0], other))
            ? constructed[0]
            : null;
    }

    private static bool AreAlike(ModelGraph one, ModelGraph other) =>
        one.Status == other.Status
        && one.Nodes.Select(node => (node.Kind, node.Path)).SequenceEqual(other.Nodes.Select(node => (node.Kind, node.Path)))
        && one.Parameters.Count == other.Parameters.Count
        && one.Parameters.Zip(other.Parameters, (first, second) =>
            first.Path == second.Path
            && first.Shape.SequenceEqual(second.Shape)
            && first.Initialization.Kind == second.Initialization.Kind
            && first.RequiresGrad == second.RequiresGrad).All(alike => alike);

    /// <param name="name">What the model is called.</param>
    /// <param name="origin">Where it is declared or constructed.</param>
    /// <param name="construct">Constructs it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="isExceeded">Whether the budget was used up: another attempt would use up as much.</param>
    private ModelGraph Extract(string name, Origin origin, Func<Interpreter, ModuleValue?> construct, CancellationToken cancellationToken, out bool isExceeded)
    {
        isExceeded = false;
        var interpreter = new Interpreter(_compilation, _types, _budget, cancellationToken);
        try
        {
            if (construct(interpreter) is not { } root)
                return Unknown(name, origin, [.. interpreter.Reasons, new("How the model is constructed cannot be followed.", origin)]);

            var graph = new GraphBuilder(_budget.Nodes);
            var outputs = interpreter.Trace(root, graph);
            var registry = new ModuleRegistry(root);
            interpreter.ReportUnknownArguments(registry.Modules.Select(pair => pair.Module).Concat(graph.Modules));
            return Assemble(name, origin, registry, graph, outputs, interpreter.Reasons);
        }
        catch (BudgetExceededException exceeded)
        {
            isExceeded = true;
            return Unknown(name, origin, [new($"The model {exceeded.Message}.", origin)]);
        }
        catch (InsufficientExecutionStackException)
        {
            return Unknown(name, origin, [new("The model is nested too deeply to be followed.", origin)]);
        }
    }

    private static ModelGraph Assemble(string name, Origin origin, ModuleRegistry registry, GraphBuilder graph, IReadOnlyList<NodeOutput>? outputs, IReadOnlyList<UnknownReason> reasons)
    {
        var all = reasons.ToList();
        if (registry.Unread is { IsData: false } unread)
            all.Add(new($"A registered component {unread.Reason}.", unread.Origin.File.Length > 0 ? unread.Origin : origin));

        var status = outputs is null ? GraphStatus.Unknown : all.Count > 0 ? GraphStatus.Partial : GraphStatus.Known;
        return new(name, origin, graph.Nodes(registry), outputs ?? [], registry.ToModel(), graph.Repeats, status, all);
    }

    private static ModelGraph Unknown(string name, Origin origin, IReadOnlyList<UnknownReason> reasons) =>
        new(name, origin, [], [], [], [], GraphStatus.Unknown, reasons);
}
