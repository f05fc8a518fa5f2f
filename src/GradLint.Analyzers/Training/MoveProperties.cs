using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

/// <summary>A finding that a move of one statement mends: its place is the call to move, its first additional location the one to move to.</summary>
public static class MoveProperties
{
    /// <summary>The property that says on which side of the other call it belongs.</summary>
    public const string Place = "place";

    public const string Before = "before";
    public const string After = "after";

    internal static Diagnostic Diagnostic(DiagnosticDescriptor rule, IOperation misplaced, IOperation? anchor, string? place, params object[] arguments) =>
        Microsoft.CodeAnalysis.Diagnostic.Create(
            rule,
            misplaced.Syntax.GetLocation(),
            anchor is null ? [] : [anchor.Syntax.GetLocation()],
            place is null ? null : ImmutableDictionary<string, string?>.Empty.Add(Place, place),
            arguments);
}
