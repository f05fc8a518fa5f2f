using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>One activation of a method, lambda or initialiser.</summary>
internal sealed class Frame
{
    private readonly Dictionary<ISymbol, Cell> _variables;
    private readonly Frame? _definedIn;
    private Dictionary<ITypeParameterSymbol, ITypeSymbol>? _typeArguments;

    public Frame(ObjectValue? instance, Cell.Mark entry, Frame? definedIn = null)
        : this(instance, entry, definedIn, new(SymbolEqualityComparer.Default))
    {
    }

    private Frame(ObjectValue? instance, Cell.Mark entry, Frame? definedIn, Dictionary<ISymbol, Cell> variables) =>
        (Instance, Entry, _definedIn, _variables) = (instance, entry, definedIn, variables);

    public ObjectValue? Instance { get; }

    /// <summary>What runs in the frame; null for initialisers.</summary>
    public IMethodSymbol? Method { get; init; }

    /// <summary>The journal's position when the frame was entered.</summary>
    public Cell.Mark Entry { get; }

    /// <summary>What has been returned so far.</summary>
    public Value? Result { get; set; }

    /// <summary>What an iterator has yielded.</summary>
    public List<Value>? Yielded { get; set; }

    /// <summary>Ways out taken under conditions that the code does not decide, waiting for the point where they meet the rest.</summary>
    public List<PendingExit> PendingExits { get; } = [];

    /// <summary>Receivers of conditional accesses, initialisers and <c>with</c>, innermost last.</summary>
    public Stack<Value> ImplicitReceivers { get; } = new();

    public void Declare(ISymbol symbol, Cell cell) => _variables[symbol] = cell;

    public Cell? Find(ISymbol symbol)
    {
        for (var frame = this; frame is not null; frame = frame._definedIn)
        {
            if (frame._variables.TryGetValue(symbol, out var cell))
                return cell;
        }
        return null;
    }

    /// <summary>The frame as a lambda captures it: variables declared anew in a later pass of a loop are not seen.</summary>
    public Frame Capture() => new(Instance, Entry, _definedIn, new(_variables, SymbolEqualityComparer.Default)) { Method = Method, _typeArguments = _typeArguments };

    /// <summary>The frame, this or one that it is defined in, in which a method runs.</summary>
    public Frame? Around(ISymbol method)
    {
        for (var frame = this; frame is not null; frame = frame._definedIn)
        {
            if (SymbolEqualityComparer.Default.Equals(frame.Method, method))
                return frame;
        }
        return null;
    }

    /// <summary>Binds the type parameters of a method to its type arguments as the caller sees them.</summary>
    public void BindTypeArguments(IMethodSymbol method, Frame caller)
    {
        Bind(method.OriginalDefinition.TypeParameters, method.TypeArguments, caller);
        if (method.ContainingType is { } type)
            BindTypeArguments(type, caller);
    }

    public void BindTypeArguments(INamedTypeSymbol type, Frame caller)
    {
        for (var current = type; current is not null; current = current.ContainingType)
            Bind(current.OriginalDefinition.TypeParameters, current.TypeArguments, caller);
    }

    /// <summary>The type that a type parameter stands for here.</summary>
    public ITypeSymbol Substitute(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { IsGenericType: true } generic && !generic.IsUnboundGenericType && generic.TypeArguments.Any(argument => argument is ITypeParameterSymbol))
            return generic.OriginalDefinition.Construct(generic.TypeArguments.Select(Substitute).ToArray());

        for (var frame = this; frame is not null; frame = frame._definedIn)
        {
            if (type is ITypeParameterSymbol parameter && frame._typeArguments is { } map && map.TryGetValue(parameter, out var argument))
                return argument;
        }
        return type;
    }

    private void Bind(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments, Frame caller)
    {
        for (var index = 0; index < parameters.Count; index++)
        {
            if (SymbolEqualityComparer.Default.Equals(parameters[index], arguments[index]))
                continue;
            _typeArguments ??= new(SymbolEqualityComparer.Default);
            _typeArguments[parameters[index]] = caller.Substitute(arguments[index]);
        }
    }
}

/// <summary>A way out of a loop or method that was taken under an undecided condition.</summary>
/// <param name="Completion">How it leaves.</param>
/// <param name="Result">What a return returns.</param>
/// <param name="Written">The cells written since the frame was entered, with what they hold on that way.</param>
/// <param name="Reason">The condition.</param>
internal sealed record PendingExit(Completion Completion, Value? Result, Dictionary<Cell, Value> Written, UnknownValue Reason);

/// <summary>How a statement ends.</summary>
internal enum Completion
{
    Normal,
    Break,
    Continue,
    Return,

    /// <summary>By an exception: what follows on this way does not happen.</summary>
    Throw,
}
