using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Microsoft.CodeAnalysis;

namespace GradLint.CodeFixes.Models;

/// <summary>Tries an edit out on the side: does the code compile, and which model is it then?</summary>
internal static class EditTrial
{
    /// <summary>Ratios of the model that was meant and of the one that was made agree within this many decades.</summary>
    private const double Tolerance = 0.004;

    /// <summary>The model after the edit; null where the code would no longer compile or be read.</summary>
    public static async Task<AnalysedModel?> ResultAsync(AnalysedModel model, SourceEdit plan, CancellationToken cancellationToken)
    {
        var edit = new SolutionEdit(model.Solution);
        await plan.ApplyAsync(edit, cancellationToken).ConfigureAwait(false);

        var mark = new SyntaxAnnotation();
        var rootDocument = model.Solution.GetDocument(model.Root.SyntaxTree)!;
        (await edit.EditorAsync(model.Root.SyntaxTree, cancellationToken).ConfigureAwait(false))!
            .ReplaceNode(model.Root, (current, _) => current.WithAdditionalAnnotations(mark));

        var changed = edit.Changed;
        if (!await CompilesAsync(model.Solution, changed, cancellationToken).ConfigureAwait(false))
            return null;
        var document = changed.GetDocument(rootDocument.Id)!;
        var semantics = (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;
        var root = (await semantics.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false)).GetAnnotatedNodes(mark).SingleOrDefault();
        return root is null ? null : AnalysedModel.Read(new(root, semantics, KnownTypes.From(semantics.Compilation)!), changed, cancellationToken);
    }

    /// <summary>Whether the changed documents have no more errors than before.</summary>
    public static async Task<bool> CompilesAsync(Solution original, Solution changed, CancellationToken cancellationToken)
    {
        foreach (var id in changed.GetChanges(original).GetProjectChanges().SelectMany(project => project.GetChangedDocuments()))
        {
            if (await ErrorsAsync(changed.GetDocument(id)!, cancellationToken).ConfigureAwait(false)
                > await ErrorsAsync(original.GetDocument(id)!, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether two models have the same layers, connected alike, with parameters of the same number and matrices of the same gradient.</summary>
    public static bool IsAlike(ModelGraph meant, ModelGraph made)
    {
        if (!Shape(meant).SequenceEqual(Shape(made)) || Vectors(meant) != Vectors(made))
            return false;
        var (expected, actual) = (Ratios(meant), Ratios(made));
        return expected.Count == actual.Count && expected.Zip(actual, (one, other) => one == other || Math.Abs(one - other ?? double.NaN) <= Tolerance).All(agree => agree);
    }

    private static async Task<int> ErrorsAsync(Document document, CancellationToken cancellationToken) =>
        (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!
            .GetDiagnostics(cancellationToken: cancellationToken).Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Kinds and inputs, whatever does nothing left out.</summary>
    private static IEnumerable<(LayerKind Kind, string Inputs)> Shape(ModelGraph graph)
    {
        var numbers = new Dictionary<int, int>();
        foreach (var node in graph.Nodes)
        {
            if (node.Inputs.Count == 1 && (node.Kind == LayerKind.Identity || node is { Kind: LayerKind.Scale } && node.Arguments.Number("factor") == 1))
            {
                numbers[node.Id] = numbers[node.Inputs[0].Node];
                continue;
            }

            numbers[node.Id] = numbers.Count == 0 ? 0 : numbers.Values.Max() + 1;
            yield return (node.Kind, string.Join(",", node.Inputs.Select(input => $"{numbers[input.Node]}.{input.Index}")));
        }
    }

    /// <summary>Scales and shifts of norms; the slope of a PReLU comes with the activation.</summary>
    private static int Vectors(ModelGraph graph)
    {
        var slopes = graph.Nodes.Where(node => node.Kind == LayerKind.PReLU).SelectMany(node => node.Parameters).ToArray();
        return graph.Parameters.Where((parameter, index) => parameter.Shape.Count < 2 && !slopes.Contains(index)).Count();
    }

    /// <summary>Of the matrices, node by node.</summary>
    private static IReadOnlyList<double?> Ratios(ModelGraph graph)
    {
        var predicted = Predictor.Predict(graph, PredictionOptions.Default).Parameters.ToDictionary(parameter => parameter.Index, parameter => (double?)parameter.Log10GradientRatio.Value);
        return graph.Nodes.SelectMany(node => node.Parameters).Where(index => graph.Parameters[index].Shape.Count >= 2)
            .Select(index => predicted.TryGetValue(index, out var ratio) ? ratio : null).ToArray();
    }
}
