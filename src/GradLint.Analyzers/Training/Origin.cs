using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

/// <summary>A place where an object comes from.</summary>
/// <param name="Key">The syntax that creates it, or the parameter, field or type (for <c>this</c>) that receives it from outside.</param>
/// <param name="Value">The creation, where the code shows it.</param>
internal sealed record OriginSite(object Key, FramedValue? Value)
{
    /// <summary>
    /// Whether the two can be one object. A helper that creates is told apart by its calls; where a field was followed
    /// without its callers only the innermost calls are known, and only they are compared.
    /// </summary>
    public bool MayBe(OriginSite other) => (Key, other.Key) switch
    {
        (SyntaxNode own, SyntaxNode its) => own == its && CallFrame.Path(Value?.Frame).Zip(CallFrame.Path(other.Value?.Frame), (a, b) => a == b).All(same => same),
        (IParameterSymbol or IFieldSymbol or IPropertySymbol, ISymbol its) when its.Kind == ((ISymbol)Key).Kind => SymbolEqualityComparer.Default.Equals((ISymbol)Key, its),
        _ => true,
    };

    public bool IsSurely(OriginSite other) => (Key, other.Key) switch
    {
        (SyntaxNode, SyntaxNode) => MayBe(other),
        (ISymbol own, ISymbol its) => SymbolEqualityComparer.Default.Equals(own, its),
        _ => false,
    };
}

/// <summary>Where the value of an expression can come from.</summary>
/// <param name="Sites">The places known.</param>
/// <param name="IsUnknown">Whether it can come from elsewhere too.</param>
internal sealed record Origin(IReadOnlyList<OriginSite> Sites, bool IsUnknown)
{
    public static Origin Unknown { get; } = new([], IsUnknown: true);

    /// <summary>Whether the two can be one object.</summary>
    public bool MayBe(Origin other) =>
        IsUnknown || other.IsUnknown || Sites.Any(site => other.Sites.Any(site.MayBe));

    /// <summary>Whether the two are one object on every path.</summary>
    public bool IsSurely(Origin other) =>
        !IsUnknown && !other.IsUnknown && Sites.Count == 1 && other.Sites.Count == 1 && Sites[0].IsSurely(other.Sites[0]);
}
