using GradLint.Analyzers.Extraction;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>A model that a finding is about, as the analyzers read it.</summary>
/// <param name="Graph">The model.</param>
/// <param name="Root">The declaration of its type, or the call that makes a <c>Sequential</c>.</param>
/// <param name="Site">The same with its semantics.</param>
/// <param name="Solution">What both belong to.</param>
internal sealed record AnalysedModel(ModelGraph Graph, SyntaxNode Root, CodeSite Site, Solution Solution)
{
    /// <summary>The model whose root is at a location: the last of a finding's additional ones.</summary>
    public static async Task<AnalysedModel?> AtAsync(Solution solution, Location root, CancellationToken cancellationToken) =>
        await CodeSite.AtAsync(solution, root, cancellationToken).ConfigureAwait(false) is { } site ? Read(site, solution, cancellationToken) : null;

    public static AnalysedModel? Read(CodeSite site, Solution solution, CancellationToken cancellationToken)
    {
        var extractor = new ModelExtractor(site.Model.Compilation, site.Types);
        var graph = site.Node switch
        {
            TypeDeclarationSyntax declaration when site.Model.GetDeclaredSymbol(declaration, cancellationToken) is INamedTypeSymbol type => extractor.FromType(type, cancellationToken),
            InvocationExpressionSyntax call when site.Model.GetOperation(call, cancellationToken) is { } operation => extractor.FromSequential(operation, cancellationToken),
            _ => null,
        };
        return graph is null || graph.Status == GraphStatus.Unknown ? null : new(graph, site.Node, site, solution);
    }

    /// <summary>The code at the place that the analyzers found something at.</summary>
    public async Task<CodeSite?> SiteAsync(Origin origin, CancellationToken cancellationToken) =>
        origin.Token is Location location ? await CodeSite.AtAsync(Solution, location, cancellationToken).ConfigureAwait(false) : null;
}
