using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;

namespace GradLint.Analyzers.Extraction;

/// <summary>Collects nodes while <c>forward</c> is traced; paths and parameter indices are filled in when the model is complete.</summary>
internal sealed class GraphBuilder(int maximumNodes)
{
    private readonly List<PendingNode> _nodes = [];
    private readonly List<RepeatedBlock> _repeats = [];
    private readonly Dictionary<ConstantTensor, int> _constants = [];

    public int Count => _nodes.Count;

    /// <summary>Appends a node and returns its first output.</summary>
    public NodeOutput Add(
        LayerKind kind,
        ModuleValue? module,
        IReadOnlyList<ParameterValue> parameters,
        LayerArguments arguments,
        IReadOnlyList<NodeOutput> inputs,
        Origin construction,
        Origin use)
    {
        if (_nodes.Count >= maximumNodes)
            throw new BudgetExceededException("applies too many layers to be followed");
        _nodes.Add(new(kind, module, parameters, arguments, inputs, construction, use));
        return new(_nodes.Count - 1);
    }

    /// <summary>The node of a tensor that does not depend on the input: one for each tensor.</summary>
    public NodeOutput Constant(ConstantTensor tensor, Origin use)
    {
        if (_constants.TryGetValue(tensor, out var known))
            return new(known);

        var parameter = tensor as ParameterValue;
        var output = Add(LayerKind.Constant, null, parameter is null ? [] : [parameter], ConstantArguments.Of(tensor.Shape, tensor.CurrentInitialization), [], parameter?.Construction ?? use, use);
        _constants.Add(tensor, output.Node);
        return output;
    }

    public void Repeat(int first, int last, Origin origin) => _repeats.Add(new(first, last, Count: null, origin));

    /// <summary>Takes back the nodes from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        _nodes.RemoveRange(count, _nodes.Count - count);
        _repeats.RemoveAll(repeat => repeat.Last >= count);
        foreach (var tensor in _constants.Where(pair => pair.Value >= count).Select(pair => pair.Key).ToArray())
            _constants.Remove(tensor);
    }

    public IReadOnlyList<RepeatedBlock> Repeats => _repeats;

    /// <summary>The modules that are applied.</summary>
    public IEnumerable<ModuleValue> Modules => _nodes.Select(node => node.Module).OfType<ModuleValue>();

    /// <param name="registry">What the model's registered modules and parameters are called.</param>
    public IReadOnlyList<GraphNode> Nodes(ModuleRegistry registry) => _nodes.Select((node, id) => new GraphNode(
        id,
        node.Kind,
        node.Module is null ? null : registry.PathOf(node.Module),
        node.Arguments,
        node.Inputs,
        registry.IndicesOf(node.Module, node.Parameters),
        node.Construction,
        node.Use)).ToArray();

    private sealed record PendingNode(
        LayerKind Kind,
        ModuleValue? Module,
        IReadOnlyList<ParameterValue> Parameters,
        LayerArguments Arguments,
        IReadOnlyList<NodeOutput> Inputs,
        Origin Construction,
        Origin Use);
}
