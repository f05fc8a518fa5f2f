using GradLint.Analyzers.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Framework;

/// <summary>One module type of the compilation as a wiring rule sees it.</summary>
internal sealed class ModuleWiringContext
{
    private readonly SymbolAnalysisContext _context;
    private readonly Lazy<IReadOnlyList<Construction>> _constructions;

    public ModuleWiringContext(SymbolAnalysisContext context, KnownTypes types)
    {
        _context = context;
        Type = (INamedTypeSymbol)context.Symbol;
        Types = types;
        Source = SourceOperations.Of(context.Compilation);
        Trainability = new(Source, types, context.CancellationToken);
        _constructions = new(() => Type.InstanceConstructors
            .Select(constructor => new Construction(constructor, ConstructionTimeline.Of(Type, constructor, Source, types, context.CancellationToken)))
            .ToArray());
    }

    public INamedTypeSymbol Type { get; }

    public KnownTypes Types { get; }

    public SourceOperations Source { get; }

    public Trainability Trainability { get; }

    /// <summary>What each constructor of the type does.</summary>
    public IReadOnlyList<Construction> Constructions => _constructions.Value;

    public Compilation Compilation => _context.Compilation;

    public CancellationToken CancellationToken => _context.CancellationToken;

    /// <summary>The type and those of its bases that are declared outside TorchSharp, most derived first.</summary>
    public IEnumerable<INamedTypeSymbol> Hierarchy
    {
        get
        {
            for (var type = Type; type is not null && !Types.IsFromTorchSharp(type); type = type.BaseType)
                yield return type;
        }
    }

    public IReadOnlyList<Sink> SinksOf(IOperation value) => ValueFlow.SinksOf(value, Source, Types, CancellationToken);

    /// <summary>Whether the place is in the type's own declarations, where a diagnostic of this type belongs.</summary>
    public bool IsOwn(SyntaxNode node) =>
        Type.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree && reference.Span.Contains(node.Span));

    /// <summary>Whether a member is declared there: a property of another part of the type is, one of a base type is not.</summary>
    public bool IsOwn(ISymbol member) => member.DeclaringSyntaxReferences.Any(reference => IsOwn(reference.GetSyntax(CancellationToken)));

    public void Report(DiagnosticDescriptor rule, Location location, IEnumerable<Location>? additionalLocations, params object[] arguments) =>
        _context.ReportDiagnostic(Diagnostic.Create(rule, location, additionalLocations, arguments));
}

/// <summary>One way to construct a module: a constructor and what it does, step by step.</summary>
internal sealed record Construction(IMethodSymbol Constructor, IReadOnlyList<ConstructionEvent> Events);
