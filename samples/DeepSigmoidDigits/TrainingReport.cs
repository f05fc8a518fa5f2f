using System.Text.Json;
using GradLint.Runtime;

namespace GradLint.Samples;

/// <summary>The results of a training run as a JSON file.</summary>
internal static class TrainingReport
{
    /// <param name="accuracy">On the test set, 0..1.</param>
    /// <param name="gradients">Of the untrained model.</param>
    public static void Write(string path, double accuracy, GradientMeasurement gradients)
    {
        var layers = gradients.Layers.Select(layer => new { layer.Path, layer.Norm, layer.Ratio });
        File.WriteAllText(path, JsonSerializer.Serialize(new { accuracy, layers }, JsonSerializerOptions.Web));
    }
}
