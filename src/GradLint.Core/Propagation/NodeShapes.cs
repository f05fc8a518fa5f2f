using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of the results of a model's nodes.</summary>
internal static class NodeShapes
{
    /// <summary>In the usual scenario; null when one cannot be told.</summary>
    public static IReadOnlyList<IReadOnlyList<TensorShape>>? Of(ModelGraph graph) => Of(graph, Scenario.For(graph, PredictionOptions.Default)[0]);

    /// <summary>Null when a layer does not fit its input, or a shape cannot be told.</summary>
    public static IReadOnlyList<IReadOnlyList<TensorShape>>? Of(ModelGraph graph, Scenario scenario)
    {
        var context = new FlowContext(graph, scenario, CancellationToken.None);
        var layout = new InputLayout(graph, context, scenario);
        var constants = new ConstantLayout(graph, context, scenario);
        var shapes = new IReadOnlyList<TensorShape>[graph.Nodes.Count];
        foreach (var node in graph.Nodes)
        {
            IReadOnlyList<TensorShape>? outputs;
            if (node.Kind == LayerKind.Input)
            {
                outputs = layout.Of(node) is { } shape ? [shape] : null;
            }
            else if (node.Kind == LayerKind.Constant)
            {
                // One that nothing reads for its shape may stay without.
                outputs = constants.ShapeOf(node, output => shapes[output.Node]?.ElementAtOrDefault(output.Index)) is { } constant ? [constant] : [];
            }
            else
            {
                var inputs = node.Inputs.Select(input => shapes[input.Node].ElementAtOrDefault(input.Index)).ToArray();
                outputs = inputs.Any(input => input is null) ? null : ShapeInference.Outputs(node, inputs!, context, out _);
            }

            if (outputs is null) return null;
            shapes[node.Id] = outputs;
        }

        return shapes;
    }
}
