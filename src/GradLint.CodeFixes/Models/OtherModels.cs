using System.Runtime.CompilerServices;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// The models that share code with one that is edited: a helper that makes the layers of several, a block that several are
/// built of. An edit for one of them must not take another out of the band.
/// </summary>
internal static class OtherModels
{
    /// <summary>Code that more models are made of is not for an edit of one of them.</summary>
    private const int Most = 16;

    /// <summary>From a ratio of 1 to either end of the band that settings do not change.</summary>
    private const double Decades = 3;

    private static readonly ConditionalWeakTable<Compilation, IReadOnlyList<AnalysedModel>> s_known = new();

    /// <summary>Whether every other model that the edit touches is predicted to be in the band after it, or no farther from it than before.</summary>
    /// <param name="model">The model that is edited.</param>
    /// <param name="plan">The edit.</param>
    /// <param name="changed">What it makes of the code.</param>
    /// <param name="ofUnknown">What is taken of a model of which nothing can be predicted.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<bool> StayWellAsync(AnalysedModel model, SourceEdit plan, Solution changed, bool ofUnknown, CancellationToken cancellationToken)
    {
        var edited = await SharedPlacesAsync(model, changed, cancellationToken).ConfigureAwait(false);
        if (edited.Count == 0)
            return true;
        var others = Of(model, cancellationToken).Where(other => IsTouched(other.Graph, edited)).Take(Most + 1).ToArray();
        if (others.Length > Most)
            return ofUnknown;
        foreach (var other in others)
        {
            var before = Distance(other.Graph);
            if (before is null && ofUnknown)
                continue;
            var after = await EditTrial.ResultAsync(other, plan, cancellationToken).ConfigureAwait(false) is { } result ? Distance(result.Graph) : null;
            if (before is null || after is null || after > Math.Max(Decades, before.Value))
                return false;
        }

        return true;
    }

    /// <summary>What changes outside the type, or the member around the <c>Sequential</c>, that is the model.</summary>
    private static async Task<IReadOnlyList<(SyntaxTree Tree, TextSpan Span)>> SharedPlacesAsync(AnalysedModel model, Solution changed, CancellationToken cancellationToken)
    {
        var own = model.Root is TypeDeclarationSyntax ? model.Root : model.Root.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? model.Root;
        var places = new List<(SyntaxTree, TextSpan)>();
        foreach (var id in changed.GetChanges(model.Solution).GetProjectChanges().SelectMany(project => project.GetChangedDocuments()))
        {
            var before = model.Solution.GetDocument(id)!;
            var tree = (await before.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false))!;
            var changes = await changed.GetDocument(id)!.GetTextChangesAsync(before, cancellationToken).ConfigureAwait(false);
            places.AddRange(changes.Select(change => change.Span).Where(span => tree != own.SyntaxTree || !own.FullSpan.Contains(span)).Select(span => (tree, span)));
        }

        return places;
    }

    private static bool IsTouched(ModelGraph graph, IReadOnlyList<(SyntaxTree Tree, TextSpan Span)> edited) =>
        graph.Nodes.SelectMany(node => new[] { node.Construction, node.Use })
            .Concat(graph.Parameters.SelectMany(parameter => new[] { parameter.Origin, parameter.Initialization.Origin }))
            .Select(origin => origin.Token).OfType<Location>()
            .Any(place => edited.Any(edit => edit.Tree == place.SourceTree && edit.Span.IntersectsWith(place.SourceSpan)));

    /// <summary>How many decades the gradient of the worst matrix is from that of the output layer, or the worst signal from 1; null where that is not known.</summary>
    private static double? Distance(ModelGraph graph)
    {
        var prediction = Predictor.Predict(graph, PredictionOptions.Default);
        var matrices = prediction.Parameters.Where(parameter => graph.Parameters[parameter.Index].Shape.Count >= 2).Select(parameter => Math.Abs(parameter.Log10GradientRatio.Value)).ToArray();
        var signals = prediction.Layers.Select(layer => Math.Abs(layer.Log10ForwardScale.Value));
        return prediction.IsKnown && matrices.Length > 0 ? matrices.Concat(signals).Max() : null;
    }

    /// <summary>All models of the project but this one and its parts.</summary>
    private static IEnumerable<AnalysedModel> Of(AnalysedModel model, CancellationToken cancellationToken)
    {
        var all = s_known.GetValue(model.Site.Model.Compilation, compilation => [.. compilation.SyntaxTrees.SelectMany(tree => In(tree, model, cancellationToken))]);
        var parts = model.Graph.Nodes.Select(node => node.Use.Token).OfType<Location>().ToArray();
        return all.Where(other => other.Root != model.Root && !(other.Root is TypeDeclarationSyntax && parts.Any(use => use.SourceTree == other.Root.SyntaxTree && other.Root.Span.Contains(use.SourceSpan))));
    }

    private static IEnumerable<AnalysedModel> In(SyntaxTree tree, AnalysedModel model, CancellationToken cancellationToken)
    {
        var semantics = model.Site.Model.Compilation.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes())
        {
            var isModel = node switch
            {
                ClassDeclarationSyntax { BaseList: not null } declaration => semantics.GetDeclaredSymbol(declaration, cancellationToken) is { IsAbstract: false } type && model.Site.Types.IsModule(type),
                InvocationExpressionSyntax call => semantics.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol method
                    && SymbolEqualityComparer.Default.Equals(method.ContainingType, model.Site.Types.NN) && model.Site.Types.IsSequential(method.ReturnType)
                    && !model.Site.Types.IsModule(semantics.GetEnclosingSymbol(call.SpanStart, cancellationToken)?.ContainingType),
                _ => false,
            };
            if (isModel && AnalysedModel.Read(new(node, semantics, model.Site.Types), model.Solution, cancellationToken) is { } read)
                yield return read;
        }
    }
}
