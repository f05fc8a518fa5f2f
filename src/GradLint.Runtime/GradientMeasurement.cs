using System.Globalization;
using System.Text;
using GradLint.Runtime.Recording;

namespace GradLint.Runtime;

/// <summary>The gradient of one parameter on one batch.</summary>
/// <param name="Path">As <c>named_parameters()</c> gives it: <c>net.fc0.weight</c>.</param>
/// <param name="Layer">The layer's path: <c>net.fc0</c>.</param>
/// <param name="LayerType">The layer's type name: <c>Linear</c>.</param>
/// <param name="Shape">The parameter's sizes.</param>
/// <param name="IsMatrix">Whether it is a weight matrix or convolution kernel; only these are judged.</param>
/// <param name="RequiresGrad">False for a frozen parameter.</param>
/// <param name="Norm">The L2 norm of ∂loss/∂parameter; null when the backward pass did not reach it.</param>
/// <param name="Ratio"><paramref name="Norm"/> over that of the output layer's matrices; null when either is unknown, or the latter is 0.</param>
public sealed record ParameterGradient(
    string Path, string Layer, string LayerType, IReadOnlyList<long> Shape, bool IsMatrix, bool RequiresGrad, double? Norm, double? Ratio = null);

/// <summary>The gradient at the output of a module on one batch.</summary>
/// <param name="Path">The module's path; empty for the model itself.</param>
/// <param name="ModuleType">The module's type name.</param>
/// <param name="Shape">The sizes of its output, batch first where the model has it so.</param>
/// <param name="Norm">The L2 norm of ∂loss/∂output over the whole batch.</param>
public sealed record OutputGradient(string Path, string ModuleType, IReadOnlyList<long> Shape, double Norm);

/// <summary>The gradient of one layer's weight matrices on one batch.</summary>
/// <param name="Path">The layer's path.</param>
/// <param name="LayerType">The layer's type name.</param>
/// <param name="Norm">The L2 norm over all its matrices together; null when the backward pass reached none.</param>
/// <param name="Ratio"><paramref name="Norm"/> over that of the output layer; null when either is unknown, or the latter is 0.</param>
/// <param name="OutputNorm">The L2 norm of the gradient at its output, where a hook could see it.</param>
/// <param name="Predicted">What was predicted for <paramref name="Ratio"/>, where a prediction was given.</param>
/// <param name="Source"><c>file:line</c> where the layer is constructed, where a prediction was given.</param>
public sealed record LayerGradient(
    string Path, string LayerType, double? Norm, double? Ratio, double? OutputNorm, double? Predicted = null, string? Source = null);

/// <summary>What <see cref="GradientProbe"/> measured: the loss and every gradient norm on one batch.</summary>
public sealed class GradientMeasurement
{
    internal GradientMeasurement(
        double loss, IReadOnlyList<ParameterGradient> parameters, IReadOnlyList<OutputGradient> outputs,
        IReadOnlyList<HorizonSample> horizons, IReadOnlyList<RecurrentMatrixSample> recurrentMatrices, IReadOnlyList<string> outputLayers,
        PredictedFlow.Model? prediction = null)
    {
        Loss = loss;
        Outputs = outputs;
        Horizons = horizons;
        RecurrentMatrices = recurrentMatrices;

        var norms = parameters
            .Where(parameter => parameter.IsMatrix)
            .GroupBy(parameter => parameter.Layer)
            .Select(layer => (Path: layer.Key, Type: layer.First().LayerType, Norm: Together(layer.Select(parameter => parameter.Norm)), Predicted: Together(layer.Select(parameter => Predicted(parameter.Path)))))
            .ToArray();
        OutputLayer = norms.Where(layer => outputLayers.Contains(layer.Path)).OrderByDescending(layer => layer.Norm ?? 0).FirstOrDefault().Path;
        var reference = norms.FirstOrDefault(layer => layer.Path == OutputLayer).Norm;
        Parameters = [.. parameters.Select(parameter => parameter with { Ratio = reference is > 0 ? parameter.Norm / reference : null })];
        var outputNorms = outputs.GroupBy(output => output.Path).ToDictionary(group => group.Key, group => group.Last().Norm);
        Layers = norms
            .Select(layer => new LayerGradient(
                layer.Path, layer.Type, layer.Norm,
                reference is > 0 ? layer.Norm / reference : null,
                outputNorms.TryGetValue(layer.Path, out var norm) ? norm : null,
                layer.Predicted,
                prediction?.Sources.GetValueOrDefault(layer.Path)))
            .ToArray();

        double? Predicted(string path) => prediction?.Gradients.GetValueOrDefault(path)?.Ratio;
    }

    /// <summary>The loss of the batch.</summary>
    public double Loss { get; }

    /// <summary>Every parameter, in the order of <c>named_parameters()</c>.</summary>
    public IReadOnlyList<ParameterGradient> Parameters { get; }

    /// <summary>Every layer with a weight matrix, in the order of <c>named_parameters()</c>.</summary>
    public IReadOnlyList<LayerGradient> Layers { get; }

    /// <summary>Every module output the gradient passed, in the order of computation; empty where <c>forward</c> bypassed the hooks.</summary>
    public IReadOnlyList<OutputGradient> Outputs { get; }

    /// <summary>How far back in time the gradient of each recurrent layer's last output reaches.</summary>
    public IReadOnlyList<HorizonSample> Horizons { get; }

    /// <summary>Spectral radius and largest singular value of the matrix of each recurrent layer and direction.</summary>
    public IReadOnlyList<RecurrentMatrixSample> RecurrentMatrices { get; }

    /// <summary>
    /// The path of the layer whose gradient is the unit of all ratios: the output layer; of several, the one with the largest
    /// gradient. Null when no matrix has a gradient.
    /// </summary>
    public string? OutputLayer { get; }

    /// <summary>The smallest ratio of any trainable layer: how much of the gradient reaches the worst-served one.</summary>
    public double? SmallestRatio => Layers.Min(layer => layer.Ratio);

    /// <summary>The largest ratio of any layer.</summary>
    public double? LargestRatio => Layers.Max(layer => layer.Ratio);

    /// <summary>A table of the layers with their gradient norms and ratios.</summary>
    public override string ToString()
    {
        var width = Math.Max(5, Layers.Select(layer => layer.Path.Length).DefaultIfEmpty().Max());
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"loss {Loss:G4}, ratios to '{OutputLayer}'");
        var hasPredictions = Layers.Any(layer => layer.Predicted is not null);
        table.AppendLine($"{"layer".PadRight(width)}  type                gradient     ratio{Predicted("predicted")}  at output");
        foreach (var layer in Layers)
        {
            table.AppendLine(
                $"{layer.Path.PadRight(width)}  {layer.LayerType,-16}  {SampleTable.Number(layer.Norm),10}  {SampleTable.Number(layer.Ratio),8}{Predicted(SampleTable.Number(layer.Predicted))}  {SampleTable.Number(layer.OutputNorm),9}  {layer.Source}".TrimEnd());
        }

        foreach (var horizon in Horizons)
            table.AppendLine(horizon.ToString());
        foreach (var matrix in RecurrentMatrices)
            table.AppendLine(matrix.ToString());
        return table.ToString().TrimEnd();

        string Predicted(string cell) => hasPredictions ? $"{cell,11}" : "";
    }

    private static double? Together(IEnumerable<double?> parts)
    {
        var norms = parts.OfType<double>().ToArray();
        // Scaled by the largest: squares of a vanished gradient would not fit a double either.
        var largest = norms.DefaultIfEmpty().Max();
        return norms.Length == 0 ? null
            : largest is 0 or double.NaN or double.PositiveInfinity ? largest
            : largest * Math.Sqrt(norms.Sum(norm => norm / largest * (norm / largest)));
    }
}
