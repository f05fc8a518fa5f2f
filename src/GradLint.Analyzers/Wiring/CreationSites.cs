using System.Runtime.CompilerServices;
using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Wiring;

/// <summary>
/// Where a compilation constructs which type. One syntactic pass over the compilation, made when a rule first asks;
/// only the expressions that could construct the type in question are bound.
/// </summary>
internal sealed class CreationSites
{
    private static readonly ConditionalWeakTable<Compilation, CreationSites> Cache = new();

    private readonly Compilation _compilation;
    private readonly Lazy<ILookup<string, BaseObjectCreationExpressionSyntax>> _byTypeName;

    private CreationSites(Compilation compilation)
    {
        _compilation = compilation;
        _byTypeName = new(() => compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>())
            .ToLookup(TypeName));
    }

    public static CreationSites Of(Compilation compilation) => Cache.GetValue(compilation, key => new(key));

    public IEnumerable<IObjectCreationOperation> Constructing(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var source = SourceOperations.Of(_compilation);
        return _byTypeName.Value[type.Name].Concat(_byTypeName.Value[""])
            .Select(syntax => source.Operation(syntax, cancellationToken))
            .OfType<IObjectCreationOperation>()
            .Where(creation => SymbolEqualityComparer.Default.Equals(creation.Type?.OriginalDefinition, type.OriginalDefinition));
    }

    /// <summary>The last identifier of the type named, or nothing for <c>new(…)</c>.</summary>
    private static string TypeName(BaseObjectCreationExpressionSyntax creation) => creation switch
    {
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax { Right.Identifier.ValueText: var name } } => name,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax { Identifier.ValueText: var name } } => name,
        _ => "",
    };
}
