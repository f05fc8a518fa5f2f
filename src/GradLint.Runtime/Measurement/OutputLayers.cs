using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>
/// Finds the layers whose gradient all others are compared with: those with a weight matrix from whose output no other
/// such layer is reached.
/// </summary>
internal static class OutputLayers
{
    /// <summary>The paths of the output layers, found by a backward pass from every layer's input.</summary>
    /// <param name="taps">The outputs and inputs of one forward pass, whose graph is still there and stays.</param>
    /// <param name="layers">The paths of the layers with a weight matrix that count.</param>
    /// <returns>None where no hook saw one of them.</returns>
    public static IReadOnlyList<string> Of(OutputTaps taps, IReadOnlySet<string> layers)
    {
        var tapped = taps.Outputs.Where(output => layers.Contains(output.Path)).ToArray();
        var inputs = tapped.Where(output => output.Input is { requires_grad: true }).Select(output => output.Input!).ToArray();
        if (inputs.Length == 0)
            return [.. tapped.Select(output => output.Path).Distinct()];

        foreach (var output in tapped)
            output.Output.grad = null;
        try
        {
            autograd.backward(inputs, [.. inputs.Select(input => ones_like(input))], retain_graph: true, inputs: [.. tapped.Select(output => output.Output)]);
            return [.. tapped.Where(output => !Reaches(output)).Select(output => output.Path).Distinct()];
        }
        finally
        {
            // Of all outputs: those in between retain what passes them too.
            foreach (var output in taps.Outputs)
                output.Output.grad = null;
        }
    }

    private static bool Reaches(TappedOutput output)
    {
        using var gradient = output.Output.grad;
        return gradient is not null;
    }
}
