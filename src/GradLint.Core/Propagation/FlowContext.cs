using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>What a flow may ask about the model around it.</summary>
internal sealed class FlowContext(ModelGraph graph, Scenario scenario, CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    public ModelGraph Graph { get; } = graph;

    public double BatchSize => scenario.BatchSize;

    /// <summary>The node's parameter of that name (the last part of its path), or null when it has none such.</summary>
    public NodeParameter? Parameter(GraphNode node, string name)
    {
        foreach (var index in node.Parameters)
        {
            var path = Graph.Parameters[index].Path;
            if (path.EndsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[path.Length - name.Length - 1] == '.'))
                return new(index, Graph.Parameters[index]);
        }

        return null;
    }
}

/// <summary>A parameter and its index in the model.</summary>
internal sealed record NodeParameter(int Index, ModelParameter Parameter)
{
    /// <summary>Its sizes, or null while one is unknown.</summary>
    public IReadOnlyList<double>? Shape { get; } =
        Parameter.Shape.All(s => s is not null) ? Parameter.Shape.Select(s => (double)s!.Value).ToArray() : null;

    public WeightDistribution? Distribution(double fanIn) =>
        Shape is null ? null : WeightDistribution.Of(Parameter.Initialization, Shape, fanIn);
}
