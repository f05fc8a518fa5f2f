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
    /// <param name="taps">The outputs and inputs of one forward pass, whose graph is still there.</param>
    /// <param name="gradients">The parameters; what they say decides alone where no hook fired.</param>
    public static IReadOnlyList<string> Of(OutputTaps taps, IReadOnlyList<ParameterGradient> gradients)
    {
        var layers = gradients.Where(gradient => gradient.IsMatrix && gradient.Norm is not null).Select(gradient => gradient.Layer).ToHashSet();
        var tapped = taps.Outputs.Where(output => layers.Contains(output.Path)).ToArray();
        if (tapped.Length == 0)
            return gradients.LastOrDefault(gradient => gradient.IsMatrix && gradient.Norm is not null) is { } last ? [last.Layer] : [];

        var inputs = tapped.Where(output => output.Input is { requires_grad: true }).Select(output => output.Input!).ToArray();
        if (inputs.Length == 0)
            return [.. tapped.Select(output => output.Path).Distinct()];

        foreach (var output in tapped)
            output.Output.grad = null;
        var ones = inputs.Select(input => ones_like(input)).ToArray();
        autograd.backward(inputs, ones, inputs: [.. tapped.Select(output => output.Output)]);
        return [.. tapped.Where(output => !Reaches(output)).Select(output => output.Path).Distinct()];
    }

    private static bool Reaches(TappedOutput output)
    {
        using var gradient = output.Output.grad;
        return gradient is not null;
    }
}
