using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Where a model begins: a module type, or an expression that makes one in the member around it.</summary>
internal sealed partial class Interpreter
{
    /// <summary>A member is run this far to reach the expression in it; what comes before is seldom more than a few lines.</summary>
    private const int StepsToWatched = 100_000;

    /// <summary>What follows it is read for initialisation, which comes soon after it or not at all.</summary>
    private const int StepsAfterWatched = 50_000;

    private readonly CapturedParameters _captures;
    private SyntaxNode? _watched;
    private int _lastStepOfConstruction = int.MaxValue;

    /// <summary>The first module that the watched expression evaluated to.</summary>
    public ModuleValue? WatchedModule { get; private set; }

    /// <summary>Constructs an object of a module type with its own defaults; what the program passes somewhere is unknown.</summary>
    public ModuleValue? ConstructRoot(INamedTypeSymbol type, IReadOnlyList<ConstructionSite> sites)
    {
        var constructors = sites.Select(site => site.Creation.Constructor!.OriginalDefinition).Distinct<IMethodSymbol>(SymbolEqualityComparer.Default).ToArray();
        var passed = sites.SelectMany(site => site.Creation.Arguments)
            .Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue)
            .Select(argument => argument.Parameter?.Name)
            .ToArray();
        var constructor = constructors.Length == 1 ? type.InstanceConstructors.FirstOrDefault(candidate => candidate.Equals(constructors[0], SymbolEqualityComparer.Default)) : null;
        return ConstructWithDefaults(type, constructor, passed) as ModuleValue;
    }

    /// <summary>
    /// Runs a member that comes to an expression, up to where training begins, and returns the module that the expression
    /// made; where it does not come to it, the member around the expression, or the expression on its own.
    /// </summary>
    public ModuleValue? ConstructWatched(SyntaxNode expression, ISymbol? from)
    {
        _watched = expression;
        RunToWatched(from);
        if (WatchedModule is null && WaysIn.EnclosingMember(expression, _source, _cancellationToken) is { } around && !SymbolEqualityComparer.Default.Equals(around, from))
            RunToWatched(around);

        // A lambda or local function that nothing calls here: the expression on its own.
        return WatchedModule ?? InFrame(new(instance: null, _journal.Mark), () => Evaluate(_source.Operation(expression, _cancellationToken))) as ModuleValue;
    }

    private void RunToWatched(ISymbol? member)
    {
        if (member?.ContainingType is not { } type)
            return;

        _lastStepOfConstruction = _steps + StepsToWatched;
        try
        {
            var instance = member.IsStatic ? null : ConstructWithDefaults(type) as ObjectValue;
            if (WatchedModule is null && member is IMethodSymbol method && _source.Body(method, _cancellationToken) is { } body)
                InFrame(EntryFrame(method, instance), () => Execute(body));
            else if (member is { IsStatic: true } and (IFieldSymbol or IPropertySymbol) && _source.Initializer(member, _cancellationToken) is ISymbolInitializerOperation initializer)
                InFrame(new(instance: null, _journal.Mark), () => Evaluate(initializer.Value));
        }
        catch (ConstructionOverException)
        {
        }
        _lastStepOfConstruction = int.MaxValue;
    }

    /// <summary>A method as something outside the code calls it: with the defaults that no call in the code overrides.</summary>
    private Frame EntryFrame(IMethodSymbol method, ObjectValue? instance)
    {
        var frame = new Frame(instance, _journal.Mark) { Method = method };
        var optional = method.Parameters.Where(parameter => parameter.HasExplicitDefaultValue).ToArray();
        if (optional.Length == 0)
            return frame;

        var passed = new HashSet<int>(_source.Calls(method, _cancellationToken)
            .SelectMany(call => call.Arguments)
            .Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue)
            .Select(argument => argument.Parameter?.Ordinal ?? -1));
        foreach (var parameter in optional.Where(parameter => !passed.Contains(parameter.Ordinal)))
            frame.Declare(parameter, new(ExplicitDefault(parameter)));
        return frame;
    }

    private Value? ConstructWithDefaults(INamedTypeSymbol type, IMethodSymbol? constructor = null, IReadOnlyCollection<string?>? passed = null)
    {
        // The constructor with the fewest required parameters: the others usually chain to it or need what only a caller knows.
        constructor ??= type.InstanceConstructors
            .OrderBy(candidate => candidate.Parameters.Count(parameter => !parameter.HasExplicitDefaultValue))
            .ThenByDescending(candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null)
            return null;

        var origin = OriginOf(type.Locations[0]);
        var arguments = constructor.Parameters.Select(parameter => new Argument(parameter, parameter.HasExplicitDefaultValue && passed?.Contains(parameter.Name) != true
            ? ExplicitDefault(parameter)
            : new UnknownValue($"is the parameter '{parameter.Name}' of the constructor", origin)));
        return Create(type, constructor, new(arguments.ToImmutableArray()), place: null);
    }

    private void Observe(IOperation operation, Value value)
    {
        if (_watched is null || WatchedModule is not null || !ReferenceEquals(operation.Syntax, _watched) || value is not ModuleValue module)
            return;
        WatchedModule = module;
        _lastStepOfConstruction = _steps + StepsAfterWatched;
    }
}
