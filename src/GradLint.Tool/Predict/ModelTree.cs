using System.Globalization;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using Spectre.Console;

namespace GradLint.Tool.Predict;

/// <summary>Layers by module, with their parameters, initialisation, predicted gradient and place.</summary>
internal static class ModelTree
{
    public static Tree Of(PredictedModel model)
    {
        var graph = model.Graph;
        var tree = new Tree(new Text("parameters"));
        var groups = new Dictionary<string, TreeNode>();
        var listed = new HashSet<int>();
        foreach (var node in graph.Nodes.Where(node => node.Path is not null))
        {
            var layer = Group(ParentOf(node.Path!)).AddNode(Markup.FromInterpolated($"{NameOf(node.Path!)} [blue]{node.Kind}[/] {CodeText.Place(node.Construction)}{Times(graph, node)}"));
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
        var shape = string.Join("×", parameter.Shape.Select(size => CodeText.Value(size) ?? "?"));
        var gradient = prediction.Parameters.FirstOrDefault(predicted => predicted.Index == index) is { } known
            ? $"gradient {Math.Pow(10, known.Log10GradientRatio.Value).ToString("0.0E+0", CultureInfo.InvariantCulture)} of the head's"
            : parameter.RequiresGrad ? "" : "frozen";
        return Markup.FromInterpolated($"[grey]{parameter.Path}[/] {shape} {Initializer(parameter.Initialization)} [green]{gradient}[/]");
    }

    private static string Initializer(Initialization initialization)
    {
        var arguments = initialization.Arguments.Names.Select(name => $"{name}: {CodeText.Value(initialization.Arguments[name]) ?? "null"}");
        return initialization.Arguments.Names.Any() ? $"{initialization.Kind}({string.Join(", ", arguments)})" : initialization.Kind.ToString();
    }

    private static string Times(ModelGraph graph, GraphNode node) =>
        graph.Repeats.Any(repeat => node.Id >= repeat.First && node.Id <= repeat.Last) ? " (repeated)" : "";

    private static string ParentOf(string path) => path.LastIndexOf('.') is >= 0 and var dot ? path[..dot] : "";

    private static string NameOf(string path) => path[(path.LastIndexOf('.') + 1)..];
}
