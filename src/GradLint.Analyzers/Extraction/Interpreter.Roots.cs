using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>Where a model begins: a module type, or a <c>Sequential(…)</c> expression in the member around it.</summary>
internal sealed partial class Interpreter
{
    private readonly CapturedParameters _captures;

    /// <summary>Constructs an object of a module type with its own defaults; other arguments are unknown.</summary>
    public ModuleValue? ConstructRoot(INamedTypeSymbol type)
    {
        // The constructor with the fewest required parameters: the others usually chain to it or need what only a caller knows.
        var constructor = type.InstanceConstructors
            .OrderBy(candidate => candidate.Parameters.Count(parameter => !parameter.HasExplicitDefaultValue))
            .ThenByDescending(candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null)
            return null;

        var origin = OriginOf(type.Locations[0]);
        var arguments = constructor.Parameters.Select(parameter => new Argument(parameter, parameter.HasExplicitDefaultValue
            ? ExplicitDefault(parameter)
            : new UnknownValue($"is the parameter '{parameter.Name}' of the constructor", origin)));
        return Create(type, constructor, new(arguments.ToImmutableArray()), place: null) as ModuleValue;
    }

    /// <summary>Runs the member around an expression and returns the module that the expression evaluated to first.</summary>
    public ModuleValue? ConstructWatched(IOperation expression)
    {
        Watch(expression.Syntax);
        try
        {
            RunAround(expression);
        }
        catch (ConstructionOverException)
        {
        }
        _lastStepOfConstruction = int.MaxValue;

        // A lambda or local function that nothing calls here: the expression on its own.
        return WatchedModule ?? InFrame(new(instance: null, _journal.Mark), () => Evaluate(expression)) as ModuleValue;
    }

    private void RunAround(IOperation expression)
    {
        var root = expression;
        while (root.Parent is { } parent)
            root = parent;

        var enclosing = root.SemanticModel?.GetEnclosingSymbol(expression.Syntax.SpanStart, _cancellationToken);
        var type = enclosing?.ContainingType;
        if (type is not null && enclosing is { IsStatic: false } && _types.IsModule(type))
            ConstructRoot(type);

        if (WatchedModule is null)
        {
            var instance = type is null || enclosing is { IsStatic: true } ? null : new ObjectValue(type);
            InFrame(new(instance, _journal.Mark), () => Execute(root));
        }
    }
}
