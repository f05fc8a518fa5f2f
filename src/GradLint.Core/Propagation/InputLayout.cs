using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>The axes of a model's inputs, told from the layers they enter.</summary>
internal sealed class InputLayout(ModelGraph graph, FlowContext context, Scenario scenario)
{
    /// <summary>Null when no layer that the input reaches tells.</summary>
    public TensorShape? Of(GraphNode input) => Required(input.Id);

    private TensorShape? Required(int node)
    {
        foreach (var consumer in graph.Nodes)
        {
            if (!consumer.Inputs.Any(i => i.Node == node)) continue;
            if (ShapeInference.RequiredInput(consumer, context, scenario) is { } shape) return shape;
            if (Required(consumer.Id) is { } later) return later;
        }

        return null;
    }
}
