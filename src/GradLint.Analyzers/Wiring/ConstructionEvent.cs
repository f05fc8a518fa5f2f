using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Wiring;

internal enum ConstructionEventKind
{
    /// <summary>A field or auto-property gets a value.</summary>
    Assign,

    /// <summary>A <c>ModuleList</c> or <c>ModuleDict</c> held by a field gets a child.</summary>
    Fill,

    /// <summary>All fields are registered as they stand now: <c>RegisterComponents()</c>.</summary>
    RegisterAll,

    /// <summary>One component is registered under a name of its own: <c>register_module</c>.</summary>
    RegisterOne,

    /// <summary>Something that could register components and cannot be read.</summary>
    Unknown,
}

/// <summary>One step in the construction of a module, as far as it matters to registration.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Operation">The assignment or call; null for a step that could not be read.</param>
/// <param name="Member">The field or property concerned.</param>
/// <param name="Value">What is assigned, added or registered.</param>
/// <param name="IsCertain">Whether every construction takes this step.</param>
internal sealed record ConstructionEvent(
    ConstructionEventKind Kind,
    IOperation? Operation,
    ISymbol? Member = null,
    IOperation? Value = null,
    bool IsCertain = true);
