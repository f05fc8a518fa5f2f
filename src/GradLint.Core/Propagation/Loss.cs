using GradLint.Core.Model;

namespace GradLint.Core.Propagation;

/// <summary>Where a model's loss takes hold.</summary>
internal static class Loss
{
    /// <summary>
    /// The logits: the first output, before a closing softmax, log-softmax or sigmoid, which the loss that belongs to it undoes
    /// (∂L/∂logits = p − y either way).
    /// </summary>
    public static NodeOutput PointOfApplication(ModelGraph graph)
    {
        var output = graph.Outputs[0];
        while (graph.Nodes[output.Node].Kind is LayerKind.Softmax or LayerKind.LogSoftmax or LayerKind.Sigmoid or LayerKind.LogSigmoid
            && graph.Nodes[output.Node].Inputs.Count == 1)
            output = graph.Nodes[output.Node].Inputs[0];
        return output;
    }
}
