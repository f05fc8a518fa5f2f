using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>Writes the blocks of loops whose length the code does not tell out, a given number of times.</summary>
internal static class RepeatUnrolling
{
    /// <summary>The parameters of the first round keep their indices; those of later rounds follow after all others.</summary>
    public static ModelGraph Unrolled(this ModelGraph graph, long count)
    {
        // The last block first, so that the ids before it stay as they are.
        foreach (var block in graph.Repeats.OrderByDescending(r => r.First))
            graph = WithBlock(graph, block, Math.Max(block.Count ?? count, 1));
        return graph with { Repeats = [] };
    }

    private static ModelGraph WithBlock(ModelGraph graph, RepeatedBlock block, long count)
    {
        var length = block.Last - block.First + 1;
        var entry = graph.Nodes[block.First].Inputs.Cast<NodeOutput?>().FirstOrDefault(input => input!.Value.Node < block.First);
        var nodes = graph.Nodes.Take(block.Last + 1).ToList();
        var parameters = graph.Parameters.ToList();
        for (var round = 1; round < count; round++)
        {
            var shift = round * length;
            var renamed = new Dictionary<int, int>();
            for (var id = block.First; id <= block.Last; id++)
            {
                var node = graph.Nodes[id];
                nodes.Add(node with
                {
                    Id = id + shift,
                    Inputs = node.Inputs.Select(input => Carried(input, shift)).ToArray(),
                    Parameters = node.Parameters.Select(Renamed).ToArray(),
                });
            }

            int Renamed(int parameter)
            {
                if (renamed.TryGetValue(parameter, out var known)) return known;
                parameters.Add(graph.Parameters[parameter]);
                return renamed[parameter] = parameters.Count - 1;
            }

            // What enters the first round from before the loop is, in later rounds, what the round before left.
            NodeOutput Carried(NodeOutput input, int by) => input.Node >= block.First ? new(input.Node + by, input.Index)
                : input == entry ? new(block.Last + by - length) : input;
        }

        var added = (int)(count - 1) * length;
        NodeOutput After(NodeOutput input) => input.Node > block.Last || input.Node == block.Last ? new(input.Node + added, input.Index) : input;
        nodes.AddRange(graph.Nodes.Skip(block.Last + 1).Select(node => node with { Id = node.Id + added, Inputs = node.Inputs.Select(After).ToArray() }));
        return graph with { Nodes = nodes, Parameters = parameters, Outputs = graph.Outputs.Select(After).ToArray() };
    }
}
