using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>One argument of a call.</summary>
/// <param name="Parameter">The parameter it binds to.</param>
/// <param name="Value">Its value.</param>
/// <param name="Reference">The cell that <c>ref</c> or <c>out</c> passes.</param>
/// <param name="WriteBack">Where that belongs which the call leaves in the cell, if it is a cell of its own.</param>
internal sealed record Argument(IParameterSymbol? Parameter, Value Value, Cell? Reference = null, Place? WriteBack = null);

/// <summary>The arguments of a call in the order of the parameters, defaults included.</summary>
internal sealed class Arguments(ImmutableArray<Argument> all)
{
    public static Arguments None { get; } = new(ImmutableArray<Argument>.Empty);

    public ImmutableArray<Argument> All { get; } = all;

    public int Count => All.Length;

    public Value? this[int position] => position < All.Length ? All[position].Value : null;

    public Value? this[string name] => All.FirstOrDefault(argument => argument.Parameter?.Name == name)?.Value;

    public IEnumerable<Value> Values => All.Select(argument => argument.Value);

    /// <summary>The arguments after the first ones.</summary>
    public Arguments Skip(int count) => new(All.RemoveRange(0, Math.Min(count, All.Length)));

    /// <summary>Positional values bound to a method's parameters.</summary>
    public static Arguments Bind(IMethodSymbol method, IEnumerable<Value> values) =>
        new(values.Select((value, index) => new Argument(index < method.Parameters.Length ? method.Parameters[index] : null, value)).ToImmutableArray());
}
