using System.Globalization;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary>Prints models for a person: layers by module, their parameters, initialisation, predicted gradient and place.</summary>
internal sealed class ModelTree(IAnsiConsole console, bool showGraph)
{
    public void Print(IReadOnlyList<PredictedModel> models)
    {
        foreach (var model in models)
        {
            console.Write(Layers(model));
            if (showGraph)
                PrintGraph(model.Graph);
            foreach (var reason in model.Graph.Reasons)
                console.MarkupLineInterpolated($"  [yellow]unknown:[/] {reason.Text} {Place(reason.Origin)}");
            foreach (var reason in model.Prediction.Unknown.Where(reason => model.Graph.Reasons.All(known => known.Text != reason.Text)))
                console.MarkupLineInterpolated($"  [yellow]not predicted:[/] {reason.Text} {Place(reason.Origin)}");
            console.WriteLine();
        }
        console.MarkupLineInterpolated($"{models.Count} model{(models.Count == 1 ? "" : "s")}: {Count(models, GraphStatus.Known)} known, {Count(models, GraphStatus.Partial)} partial, {Count(models, GraphStatus.Unknown)} unknown");
    }

    private static int Count(IReadOnlyList<PredictedModel> models, GraphStatus status) => models.Count(model => model.Graph.Status == status);

    private static Tree Layers(PredictedModel model)
    {
        var graph = model.Graph;
        var tree = new Tree(Markup.FromInterpolated($"[bold]{graph.TypeName}[/] {Place(graph.Origin)} [{Color(graph.Status)}]{graph.Status.ToString().ToLowerInvariant()}[/]"));
        var groups = new Dictionary<string, TreeNode>();
        var listed = new HashSet<int>();
        foreach (var node in graph.Nodes.Where(node => node.Path is not null))
        {
            var layer = Group(ParentOf(node.Path!)).AddNode(Markup.FromInterpolated($"{NameOf(node.Path!)} [blue]{node.Kind}[/] {Place(node.Construction)}{Times(graph, node)}"));
            foreach (var index in node.Parameters.Where(listed.Add))
                layer.AddNode(Parameter(graph.Parameters[index], index, model.Prediction));
        }
        for (var index = 0; index < graph.Parameters.Count; index++)
        {
            if (listed.Add(index))
                tree.AddNode(Parameter(graph.Parameters[index], index, model.Prediction));
        }
        return tree;

        IHasTreeNodes Group(string path)
        {
            if (path.Length == 0)
                return tree;
            if (!groups.TryGetValue(path, out var group))
                groups.Add(path, group = Group(ParentOf(path)).AddNode(Markup.FromInterpolated($"{NameOf(path)}")));
            return group;
        }
    }

    private static Markup Parameter(ModelParameter parameter, int index, Prediction prediction)
    {
        var shape = string.Join("×", parameter.Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"));
        var gradient = prediction.Parameters.FirstOrDefault(predicted => predicted.Index == index) is { } known
            ? $"gradient {Math.Pow(10, known.Log10GradientRatio.Value).ToString("0.0e+0", CultureInfo.InvariantCulture)} of the head's"
            : parameter.RequiresGrad ? "" : "frozen";
        return Markup.FromInterpolated($"[grey]{parameter.Path}[/] {shape} {Initializer(parameter.Initialization)} [green]{gradient}[/]");
    }

    private static string Initializer(Initialization initialization)
    {
        var arguments = initialization.Arguments.Names.Select(name => $"{name}: {Text(initialization.Arguments[name])}");
        return initialization.Arguments.Names.Any() ? $"{initialization.Kind}({string.Join(", ", arguments)})" : initialization.Kind.ToString();
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        IReadOnlyList<long?> sizes => $"({string.Join(", ", sizes)})",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void PrintGraph(ModelGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(input => input.Index == 0 ? $"{input.Node}" : $"{input.Node}[{input.Index}]"));
            var arguments = string.Join(", ", node.Arguments.Names.Select(name => $"{name}: {Text(node.Arguments[name])}"));
            console.MarkupLineInterpolated($"  {node.Id,4} [blue]{node.Kind}[/]({arguments}) {node.Path} {(inputs.Length > 0 ? "← " + inputs : "")} {Place(node.Use)}");
        }
        foreach (var repeat in graph.Repeats)
            console.MarkupLineInterpolated($"  {repeat.First}–{repeat.Last} repeated {repeat.Count?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} times {Place(repeat.Origin)}");
        console.MarkupLineInterpolated($"  returns {string.Join(", ", graph.Outputs.Select(output => output.Node))}");
    }

    private static string Times(ModelGraph graph, GraphNode node) =>
        graph.Repeats.Any(repeat => node.Id >= repeat.First && node.Id <= repeat.Last) ? " (repeated)" : "";

    private static string Place(Origin origin) => origin.File.Length == 0 ? "" : $"({Path.GetFileName(origin.File)}:{origin.Line})";

    private static string Color(GraphStatus status) => status switch
    {
        GraphStatus.Known => "green",
        GraphStatus.Partial => "yellow",
        _ => "red",
    };

    private static string ParentOf(string path) => path.LastIndexOf('.') is >= 0 and var dot ? path[..dot] : "";

    private static string NameOf(string path) => path[(path.LastIndexOf('.') + 1)..];
}
