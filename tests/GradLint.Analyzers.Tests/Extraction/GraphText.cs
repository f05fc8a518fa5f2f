using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>Parts of a graph as text, to be compared with what a running model says or with what a test expects.</summary>
internal static class GraphText
{
    public static IReadOnlyList<string> Parameters(this ModelGraph graph) =>
        graph.Parameters.Select(parameter => $"{parameter.Path}[{string.Join(",", parameter.Shape.Select(size => size?.ToString() ?? "?"))}]").ToArray();

    /// <summary>Paths of the applied layers in order.</summary>
    public static IReadOnlyList<string> LayerOrder(this ModelGraph graph) =>
        graph.Nodes.Where(node => node.Path is not null).Select(node => node.Path!).ToArray();

    /// <summary>Every node: <c>3 Linear fc1(inputSize=4, …) ← 2</c>; without places.</summary>
    public static string Describe(this ModelGraph graph) => string.Join(
        Environment.NewLine,
        graph.Nodes.Select(node => $"{node.Id} {node.Kind} {node.Path}({Arguments(node.Arguments)}) <- {string.Join(",", node.Inputs.Select(input => $"{input.Node}.{input.Index}"))} [{string.Join(",", node.Parameters)}]")
            .Append("-> " + string.Join(",", graph.Outputs.Select(output => $"{output.Node}.{output.Index}")))
            .Concat(graph.Parameters.Select(parameter => $"{parameter.Path} [{string.Join(",", parameter.Shape)}] {parameter.Initialization.Kind}({Arguments(parameter.Initialization.Arguments)}) {parameter.RequiresGrad}"))
            .Concat(graph.Repeats.Select(repeat => $"repeat {repeat.First}..{repeat.Last} x{repeat.Count?.ToString() ?? "?"}"))
            .Append(graph.Status.ToString())
            .Concat(graph.Reasons.Select(reason => reason.Text)));

    private static string Arguments(LayerArguments arguments) => string.Join(", ", arguments.Names.Select(name => $"{name}={Value(arguments, name)}"));

    private static string Value(LayerArguments arguments, string name) => arguments[name] switch
    {
        null => "null",
        IReadOnlyList<long?> sizes => $"({string.Join(",", sizes)})",
        var value => value.ToString()!,
    };
}
