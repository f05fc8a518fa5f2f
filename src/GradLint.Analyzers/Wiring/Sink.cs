using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Wiring;

/// <summary>Where a value ends up.</summary>
internal enum SinkKind
{
    /// <summary>In a field or property; <see cref="Sink.Member"/> says which.</summary>
    Member,

    /// <summary>In a collection (list, array, dictionary, tuple) that is held by a field or property.</summary>
    CollectionMember,

    /// <summary>A child of a <c>Sequential</c>.</summary>
    SequentialChild,

    /// <summary>A child of a <c>ModuleList</c> or <c>ModuleDict</c>.</summary>
    ModuleCollectionChild,

    /// <summary>Given to <c>register_module</c> or <c>register_parameter</c>.</summary>
    Registered,

    /// <summary>The receiver of a call; <see cref="Sink.Operation"/> is the call.</summary>
    Receiver,

    /// <summary>Returned to the callers of the method.</summary>
    Returned,

    /// <summary>Somewhere that could not be followed.</summary>
    Unknown,
}

/// <param name="Kind">What kind of place.</param>
/// <param name="Operation">The operation that puts it there.</param>
/// <param name="Member">The field or property, for the member kinds.</param>
internal readonly record struct Sink(SinkKind Kind, IOperation Operation, ISymbol? Member = null);
