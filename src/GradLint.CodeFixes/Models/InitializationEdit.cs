using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Draws weights anew: in the calls that draw them now, where these draw nothing else; otherwise after the model is
/// constructed and whatever initialises it there; where no statement can stand there, in a method that its parts go through.
/// </summary>
internal static class InitializationEdit
{
    /// <summary>The ways to do it, best first; a way whose code does not become what is meant is not taken.</summary>
    /// <param name="model">The model.</param>
    /// <param name="edit">What is to be drawn how.</param>
    /// <param name="edited">The model after what else is done to it, for the names that its weights have then.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static IEnumerable<(bool IsInPlace, Func<Task<IReadOnlyList<EditStep>?>> Plan)> Plans(AnalysedModel model, ModelEdit edit, ModelGraph edited, CancellationToken cancellationToken)
    {
        var weights = Weights(model.Graph, edit, edited);
        return
        [
            (true, () => InPlaceAsync(model, edit, cancellationToken)),
            (false, () => Task.FromResult(AfterConstruction(model, weights, cancellationToken))),
            (false, () => Task.FromResult(InitializationMethods.OfMembers(model, weights, cancellationToken))),
            (false, () => InitializationMethods.OfLayersAsync(model, weights, cancellationToken)),
        ];
    }

    /// <summary>Null when some of the weights have no call of their own.</summary>
    private static async Task<IReadOnlyList<EditStep>?> InPlaceAsync(AnalysedModel model, ModelEdit edit, CancellationToken cancellationToken)
    {
        var parameters = model.Graph.Parameters;
        var steps = new List<EditStep>();
        foreach (var drawn in edit.Initializations.GroupBy(pair => parameters[pair.Key].Initialization.Origin))
        {
            var all = Enumerable.Range(0, parameters.Count).Where(index => parameters[index].Initialization.Origin.Equals(drawn.Key));
            if (drawn.Key.Token is null
                || !all.All(edit.Initializations.ContainsKey)
                || drawn.Select(pair => InitializerCode.Arguments(pair.Value)).Distinct().Count() != 1
                || await model.SiteAsync(drawn.Key, cancellationToken).ConfigureAwait(false) is not { } site
                || InitializerCode.ReplacementAt(site, drawn.First().Value, cancellationToken) is not { } replace)
            {
                return null;
            }

            steps.Add(async (solution, token) =>
            {
                if (solution.IsFirst(site.Node) && await solution.EditorAsync(site.Node.SyntaxTree, token).ConfigureAwait(false) is { } editor)
                    editor.ReplaceNode(site.Node, (current, _) => replace(current));
            });
        }

        return steps;
    }

    private static IReadOnlyList<EditStep>? AfterConstruction(AnalysedModel model, IReadOnlyList<DrawnWeight> weights, CancellationToken cancellationToken)
    {
        var places = InitializationPlace.Of(model.Root, model.Site.Model, cancellationToken);
        if (places.Count == 0 || InitializationBlock.Of([.. weights.Select(weight => (weight.Path, weight.Fitting))]) is not { } block)
            return null;
        return places.Select(place => (EditStep)(async (solution, token) =>
        {
            if (solution.IsFirst(place.Node) && await solution.EditorAsync(place.Node.SyntaxTree, token).ConfigureAwait(false) is { } editor)
                place.Insert(editor, block);
        })).ToArray();
    }

    /// <summary>All matrices, in order.</summary>
    private static IReadOnlyList<DrawnWeight> Weights(ModelGraph graph, ModelEdit edit, ModelGraph edited)
    {
        // Edits that draw weights anew add no matrices, and leave their order.
        var names = edited.Parameters.Where(parameter => parameter.Shape.Count >= 2).Select(parameter => parameter.Path);
        return Enumerable.Range(0, graph.Parameters.Count).Where(index => graph.Parameters[index].Shape.Count >= 2)
            .Zip(names, (index, name) => new DrawnWeight(index, name, edit.Initializations.TryGetValue(index, out var fitting) ? fitting : null)).ToArray();
    }
}
