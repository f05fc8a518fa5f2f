using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary>A delegate: a lambda or local function with the frame it was made in, or a method with its receiver.</summary>
internal sealed class FunctionValue : Value
{
    /// <summary>A lambda or local function.</summary>
    public FunctionValue(IMethodSymbol method, IOperation body, Frame definedIn) => (Method, Body, DefinedIn) = (method, body, definedIn);

    /// <summary>A method group.</summary>
    public FunctionValue(IMethodSymbol method, Value? receiver) => (Method, Receiver) = (method, receiver);

    public IMethodSymbol Method { get; }

    public IOperation? Body { get; }

    public Frame? DefinedIn { get; }

    public Value? Receiver { get; }
}
