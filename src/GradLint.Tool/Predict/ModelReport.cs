using GradLint.Core.Model;
using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary>Prints models for a person: the gradient by layer, what would change it, and what stayed unknown.</summary>
internal sealed class ModelReport(IAnsiConsole console, bool showParameters, bool showGraph)
{
    public void Print(IReadOnlyList<PredictedModel> models)
    {
        foreach (var model in models)
        {
            var graph = model.Graph;
            console.MarkupLineInterpolated($"[bold]{graph.TypeName}[/] {CodeText.Place(graph.Origin)} [{Color(graph.Status)}]{graph.Status.ToString().ToLowerInvariant()}[/]");
            if (model.Prediction.IsKnown)
                new GradientProfile(model).Print(console);
            if (showParameters || !model.Prediction.IsKnown)
                console.Write(ModelTree.Of(model));
            if (showGraph)
                PrintGraph(graph);
            foreach (var reason in graph.Reasons)
                console.MarkupLineInterpolated($"  [yellow]unknown:[/] {reason.Text} {CodeText.Place(reason.Origin)}");
            foreach (var reason in model.Prediction.Unknown.Where(reason => graph.Reasons.All(known => known.Text != reason.Text)))
                console.MarkupLineInterpolated($"  [yellow]not predicted:[/] {reason.Text} {CodeText.Place(reason.Origin)}");
            console.WriteLine();
        }

        if (models.Any(model => model.Prediction.IsKnown))
            console.MarkupLine($"[grey]{GradientProfile.Legend}[/]");
        console.WriteLine($"{models.Count} model{(models.Count == 1 ? "" : "s")}: {Count(GraphStatus.Known)} known, {Count(GraphStatus.Partial)} partial, {Count(GraphStatus.Unknown)} unknown");

        int Count(GraphStatus status) => models.Count(model => model.Graph.Status == status);
    }

    private void PrintGraph(ModelGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(input => input.Index == 0 ? $"{input.Node}" : $"{input.Node}[{input.Index}]"));
            var arguments = string.Join(", ", node.Arguments.Names.Select(name => $"{name}: {CodeText.Value(node.Arguments[name])}"));
            console.MarkupLineInterpolated($"  {node.Id,4} [blue]{node.Kind}[/]({arguments}) {node.Path} {(inputs.Length > 0 ? "← " + inputs : "")} {CodeText.Place(node.Use)}");
        }

        foreach (var repeat in graph.Repeats)
            console.MarkupLineInterpolated($"  {repeat.First}–{repeat.Last} repeated {CodeText.Value(repeat.Count) ?? "an unknown number of"} times {CodeText.Place(repeat.Origin)}");
        console.MarkupLineInterpolated($"  returns {string.Join(", ", graph.Outputs.Select(output => output.Node))}");
    }

    private static string Color(GraphStatus status) => status switch
    {
        GraphStatus.Known => "green",
        GraphStatus.Partial => "yellow",
        _ => "red",
    };
}
