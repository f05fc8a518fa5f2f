using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary>Which of TorchSharp's containers a module is or derives from.</summary>
internal enum ContainerKind
{
    None,
    Sequential,
    ModuleList,
    ModuleDict,
    ParameterList,
    ParameterDict,
}

/// <summary>
/// A module: a layer of TorchSharp (<see cref="Layer"/> says which), a container, or an object of a source type.
/// </summary>
internal sealed class ModuleValue(INamedTypeSymbol type, LayerKind? layer, ContainerKind container, LayerArguments arguments, Origin construction) : ObjectValue(type)
{
    /// <summary>The layer, <see cref="LayerKind.Unknown"/> for a module of TorchSharp that is no layer; null for containers and source types.</summary>
    public LayerKind? Layer { get; } = layer;

    public ContainerKind Container { get; } = container;

    public LayerArguments Arguments { get; } = arguments;

    public Origin Construction { get; } = construction;

    /// <summary>Arguments that the code does not tell, by name.</summary>
    public IReadOnlyList<(string Name, UnknownValue Value)> UnknownArguments { get; init; } = [];

    /// <summary>A container's elements: modules or parameters, or (name, element) tuples for named ones.</summary>
    public Cell Items { get; } = new(ListContent.Empty);

    /// <summary>Registered parameters as (name, parameter) tuples, in order.</summary>
    public Cell Parameters { get; } = new(ListContent.Empty);

    /// <summary>Registered buffers as (name, tensor) tuples.</summary>
    public Cell Buffers { get; } = new(ListContent.Empty);

    /// <summary>Registered submodules as (name, module) tuples; of a Sequential these are its <see cref="Items"/>.</summary>
    public Cell Submodules { get; } = new(ListContent.Empty);

    /// <summary>Whether <c>RegisterComponents</c> has run; it does its work once.</summary>
    public Cell IsRegistered { get; } = new(ConstantValue.False);
}
