using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

/// <summary>An expression, and the activation of the code it stands in.</summary>
internal readonly record struct FramedValue(IOperation Operation, CallFrame? Frame);

/// <summary>One activation of a body of code: from where it was called, and with what.</summary>
internal sealed class CallFrame(CallFrame? caller, IOperation? site, IMethodSymbol? method)
{
    private readonly Dictionary<ISymbol, FramedValue> _bindings = new(SymbolEqualityComparer.Default);

    public CallFrame? Caller { get; } = caller;

    /// <summary>The call that made it; null for a root.</summary>
    public IOperation? Site { get; } = site;

    public IMethodSymbol? Method { get; } = method;

    /// <summary>What <c>this</c> is in it, as the caller wrote it.</summary>
    public FramedValue? Receiver { get; init; }

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    public void Bind(IParameterSymbol parameter, FramedValue value) => _bindings[parameter.OriginalDefinition] = value;

    /// <summary>What a parameter is bound to; that of an enclosing method, when a lambda refers to it, is found in the callers.</summary>
    public FramedValue? Binding(IParameterSymbol parameter)
    {
        for (var frame = this; frame is not null; frame = frame.Caller)
        {
            if (frame._bindings.TryGetValue(parameter.OriginalDefinition, out var value))
                return value;
        }

        return null;
    }

    public bool IsRunning(IMethodSymbol method)
    {
        for (var frame = this; frame is not null; frame = frame.Caller)
        {
            if (SymbolEqualityComparer.Default.Equals(frame.Method?.OriginalDefinition, method.OriginalDefinition))
                return true;
        }

        return false;
    }

    /// <summary>The calls that lead here, innermost first.</summary>
    public static IEnumerable<SyntaxNode> Path(CallFrame? frame)
    {
        for (; frame?.Site is { } site; frame = frame.Caller)
            yield return site.Syntax;
    }
}
