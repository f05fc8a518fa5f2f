using GradLint.Core.Knowledge;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>A parameter of a live model, under the name that <c>named_parameters()</c> gives it.</summary>
/// <param name="Path">For example <c>net.fc0.weight</c>.</param>
/// <param name="Layer">The layer it belongs to, <c>net.fc0</c>: the path without its last part; empty for the model itself.</param>
/// <param name="LayerType">The type name of the module at that path, or of the nearest one above: <c>Linear</c>.</param>
/// <param name="Tensor">The parameter itself; the model owns it.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsMatrix">
/// Whether it multiplies a signal: gradient-flow rules judge matrices (and convolution kernels) only, because biases and
/// the scales of normalisation layers have gradients on another scale.
/// </param>
/// <param name="HasUnitRows">Whether each row is what one unit of a linear layer or convolution takes in.</param>
/// <param name="IsRecurrent">Whether it carries a recurrent layer's state from step to step.</param>
internal sealed record LiveParameter(
    string Path, string Layer, string LayerType, Parameter Tensor, IReadOnlyList<long> Shape, bool IsMatrix, bool HasUnitRows, bool IsRecurrent)
{
    /// <summary>All parameters of a model in the order of <c>named_parameters()</c>.</summary>
    public static IReadOnlyList<LiveParameter> Of(nn.Module model)
    {
        var modules = new Dictionary<string, nn.Module> { [""] = model };
        foreach (var (path, module) in model.named_modules())
            modules[path] = module;

        var parameters = new List<LiveParameter>();
        foreach (var (path, parameter) in model.named_parameters())
        {
            var layer = Parent(path);
            var module = Nearest(layer, modules);
            var shape = parameter.shape;
            var isMatrix = MultipliesSignal(module, shape);
            parameters.Add(new(
                path, layer, module.GetType().Name, parameter, shape, isMatrix, isMatrix && LayerKinds.HasUnitRows(module) && shape[0] > 1,
                LayerKinds.Has(module, LayerTraits.Recurrent) && path[(layer.Length == 0 ? 0 : layer.Length + 1)..].StartsWith(LayerParameters.RecurrentWeight, StringComparison.Ordinal)));
        }

        return parameters;
    }

    private static string Parent(string path) => path.LastIndexOf('.') is > 0 and var dot ? path[..dot] : "";

    // Native modules (Transformer, MultiheadAttention) have parameters with dotted names, but no child modules.
    private static nn.Module Nearest(string layer, Dictionary<string, nn.Module> modules)
    {
        while (true)
        {
            if (modules.TryGetValue(layer, out var module))
                return module;
            layer = Parent(layer);
        }
    }

    private static bool MultipliesSignal(nn.Module module, long[] shape) => shape.Length >= 2 && module switch
    {
        _ when LayerKinds.Has(module, LayerTraits.Normalizing) && !LayerKinds.Has(module, LayerTraits.Weighted) => false,
        _ when module.GetType().Assembly == typeof(nn.Module).Assembly => true,
        // A bare parameter of a user's module: a class token of shape (1, 1, d) is no matrix.
        _ => shape.Count(size => size > 1) >= 2,
    };
}
