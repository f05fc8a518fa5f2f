using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Patterns;

/// <summary>
/// A recurrent cell applied step by step, h = cell(x[t], h), seen as the recurrent layer that it makes: steps share their weights,
/// which a step by itself does not tell.
/// </summary>
internal static class UnrolledCellPattern
{
    /// <summary>The number of steps that the code writes out.</summary>
    public const string Steps = "steps";

    public static ModelGraph WithCellsFused(this ModelGraph graph)
    {
        foreach (var cells in graph.Nodes.Where(n => LayerOf(n.Kind) is not null && n.Path is not null).GroupBy(n => n.Path).Select(g => g.ToArray()).ToArray())
            graph = (cells.Length == 1 ? InALoop(graph, cells[0]) : WrittenOut(graph, cells)) ?? graph;
        return graph;
    }

    /// <summary>The loop has a length that the code tells: one node a step.</summary>
    private static ModelGraph? WrittenOut(ModelGraph graph, GraphNode[] cells)
    {
        var (first, last) = (cells[0], cells[cells.Length - 1]);
        if (StepOf(graph, first) is not { } source || source.Index != 0 || !StartsFromConstant(graph, first)) return null;
        for (var t = 1; t < cells.Length; t++)
        {
            if (StepOf(graph, cells[t]) is not { } step || step.Source != source.Source || step.Dim != source.Dim || step.Index != t) return null;
            if (cells[t].Inputs.Count < 2 || cells[t].Inputs.Skip(1).Select((input, i) => input == new NodeOutput(cells[t - 1].Id, i)).Any(follows => !follows)) return null;
        }

        // What an inner step gives to others is a step of the sequence; its cell state is not.
        var users = graph.Nodes.Where(n => n.Path != first.Path).SelectMany(n => n.Inputs.Select(input => (Node: n, input))).Where(use => cells.Any(c => c.Id == use.input.Node)).ToArray();
        if (users.Any(use => use.input.Index != 0 || use.input.Node == first.Id)) return null;

        var layer = Layer(first, source) with { Arguments = With(first, source.Dim, cells.Length) };
        return graph with
        {
            Nodes = graph.Nodes.Select(node => node.Id == first.Id ? layer : Array.FindIndex(cells, c => c.Id == node.Id) is > 0 and var step ? Selected(node, source.Dim, step) : node).ToArray(),
            Parameters = Renamed(graph, first),
        };

        GraphNode Selected(GraphNode node, long dim, int step) => node with
        {
            Kind = LayerKind.Select,
            Path = null,
            Inputs = [new(first.Id)],
            Parameters = [],
            Arguments = new(new Dictionary<string, object?> { ["dim"] = dim, ["index"] = node.Id == last.Id ? -1L : (long)step }),
        };
    }

    /// <summary>The loop has a length that only data can tell: its body stands once, and what follows reads the last state.</summary>
    private static ModelGraph? InALoop(ModelGraph graph, GraphNode cell)
    {
        var loop = graph.Repeats.FirstOrDefault(r => r.First <= cell.Id && cell.Id <= r.Last);
        if (loop is null || StepOf(graph, cell) is not { } source || source.Index is not null || source.Source.Node >= loop.First || !StartsFromConstant(graph, cell)) return null;
        if (Enumerable.Range(loop.First, loop.Last - loop.First + 1).Any(id => id != cell.Id && graph.Nodes[id].Kind is not (LayerKind.Select or LayerKind.Constant))) return null;
        if (graph.Nodes.Any(n => n.Kind != LayerKind.Linear && n.Inputs.Any(input => input.Node == cell.Id))) return null;
        return graph with
        {
            Nodes = graph.Nodes.Select(node => node.Id == cell.Id ? Layer(cell, source) : node with { Inputs = node.Inputs.Select(FinalState).ToArray() }).ToArray(),
            Parameters = Renamed(graph, cell),
            Repeats = graph.Repeats.Where(r => r != loop).ToArray(),
        };

        NodeOutput FinalState(NodeOutput input) => input.Node == cell.Id ? new(cell.Id, input.Index + 1) : input;
    }

    /// <summary>The sequence that a cell reads a step of; no index where the code does not tell it.</summary>
    private static (NodeOutput Source, long Dim, long? Index)? StepOf(ModelGraph graph, GraphNode cell) =>
        graph.Nodes[cell.Inputs[0].Node] is { Kind: LayerKind.Select } select && select.Arguments.Integer("dim") is { } dim && (select.Arguments.Integer("index") is not null || select.Arguments.IsUnknown("index"))
            ? (select.Inputs[0], dim, select.Arguments.Integer("index")) : null;

    private static bool StartsFromConstant(ModelGraph graph, GraphNode cell) => cell.Inputs.Skip(1).All(input => graph.Nodes[input.Node].Kind == LayerKind.Constant);

    private static GraphNode Layer(GraphNode cell, (NodeOutput Source, long Dim, long? Index) step) =>
        cell with { Kind = LayerOf(cell.Kind)!.Value, Inputs = [step.Source], Arguments = With(cell, step.Dim, null) };

    private static LayerArguments With(GraphNode cell, long dim, int? steps)
    {
        var arguments = cell.Arguments.Names.ToDictionary(name => name, name => cell.Arguments.IsUnknown(name) ? LayerArguments.Unknown : cell.Arguments[name]);
        arguments["batchFirst"] = dim == 1;
        if (steps is { } known) arguments[Steps] = (long)known;
        return new(arguments);
    }

    private static IReadOnlyList<ModelParameter> Renamed(ModelGraph graph, GraphNode cell) =>
        graph.Parameters.Select((parameter, index) => cell.Parameters.Contains(index) ? parameter with { Path = parameter.Path + "_l0" } : parameter).ToArray();

    private static LayerKind? LayerOf(LayerKind cell) => cell switch
    {
        LayerKind.RNNCell => LayerKind.RNN,
        LayerKind.LSTMCell => LayerKind.LSTM,
        LayerKind.GRUCell => LayerKind.GRU,
        _ => null,
    };
}
