using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Runtime.Measurement;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradLint.Runtime.Initialization;

/// <summary>
/// Draws the weights of linear layers and convolutions anew so that signal and gradient keep their variance from layer to
/// layer; biases become 0. Every method returns how many layers it initialised.
/// </summary>
public static class Initialize
{
    /// <summary>N(0, 2/((1 + a²)·fan_in)): for ReLU and its leaky kin with slope a.</summary>
    /// <remarks>He et al., Delving deep into rectifiers, 2015.</remarks>
    public static int He(nn.Module model, double negativeSlope = 0) =>
        All(model, (fanIn, _) => Math.Sqrt(2 / ((1 + (negativeSlope * negativeSlope)) * fanIn)));

    /// <summary>N(0, 2·gain²/(fan_in + fan_out)): for tanh and other odd, saturating activations.</summary>
    /// <remarks>Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.</remarks>
    public static int Xavier(nn.Module model, double gain = 1) =>
        All(model, (fanIn, fanOut) => gain * Math.Sqrt(2.0 / (fanIn + fanOut)));

    /// <summary>N(0, 1/fan_in): for SELU, and for layers that no activation follows.</summary>
    /// <remarks>LeCun et al., Efficient backprop, 1998; Klambauer et al., Self-normalizing neural networks, 2017.</remarks>
    public static int LeCun(nn.Module model) => All(model, (fanIn, _) => Math.Sqrt(1.0 / fanIn));

    /// <summary>
    /// Gives each layer the initialisation that fits the activation module called next after it: He for the ReLU family (with
    /// the slope of LeakyReLU), Xavier for tanh (with gain 4 for sigmoid, whose slope is 1/4), LeCun for SELU and where
    /// none follows.
    /// </summary>
    /// <param name="model">The model; activations written as functions are not seen and count as none.</param>
    /// <param name="sample">An input to call it with once, to see the order of its layers.</param>
    public static int ByActivation(nn.Module<Tensor, Tensor> model, Tensor sample)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var called = CallOrder.Of(model, sample);
        var layers = 0;
        for (var i = 0; i < called.Count; i++)
        {
            if (Fans.Of(called[i]) is not var (weight, fanIn, fanOut))
                continue;

            // Normalisation and dropout keep the activation that comes after them.
            var next = called.Skip(i + 1).FirstOrDefault(module => IsActivation(module) || Fans.Of(module) is not null);
            Draw(called[i], weight, Deviation(next, fanIn, fanOut));
            layers++;
        }

        return layers;
    }

    /// <summary>
    /// Layer-sequential unit variance: orthogonal weights, scaled one layer after the other until the outputs on
    /// <paramref name="batch"/> have variance 1.
    /// </summary>
    /// <remarks>Mishkin and Matas, All you need is a good init, 2016.</remarks>
    /// <param name="model">The model, called a few times for each layer.</param>
    /// <param name="batch">One like those it will be trained on.</param>
    /// <param name="tolerance">How far from 1 a standard deviation may stay; positive.</param>
    /// <param name="maxIterations">Tries per layer; at least 1.</param>
    public static int Lsuv_(nn.Module<Tensor, Tensor> model, Tensor batch, double tolerance = 0.05, int maxIterations = 10)
    {
        Option.Require(tolerance > 0, nameof(tolerance), tolerance, "above 0");
        Option.Require(maxIterations >= 1, nameof(maxIterations), maxIterations, "at least 1");
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var layers = CallOrder.Of(model, batch).Where(module => Fans.Of(module) is not null).ToArray();
        foreach (var layer in layers)
        {
            var weight = Fans.Of(layer)!.Value.Weight;
            nn.init.orthogonal_(weight);
            if (Bias(layer) is { } bias)
                nn.init.zeros_(bias);
            for (var i = 0; i < maxIterations; i++)
            {
                var deviation = CallOrder.OutputDeviation(model, batch, layer);
                if (!(deviation > 0) || Math.Abs(deviation - 1) <= tolerance)
                    break;
                weight.div_(deviation);
            }
        }

        return layers.Length;
    }

    private static int All(nn.Module model, Func<long, long, double> deviation)
    {
        using var mode = no_grad();
        var layers = 0;
        foreach (var module in model.modules().Prepend(model).Distinct())
        {
            if (Fans.Of(module) is not var (weight, fanIn, fanOut))
                continue;
            Draw(module, weight, deviation(fanIn, fanOut));
            layers++;
        }

        return layers;
    }

    private static void Draw(nn.Module module, Tensor weight, double deviation)
    {
        // Not init.xavier_normal_: in TorchSharp up to 0.107 it draws from a uniform distribution.
        nn.init.normal_(weight, 0, deviation);
        if (Bias(module) is { } bias)
            nn.init.zeros_(bias);
    }

    private static Tensor? Bias(nn.Module module) =>
        module.named_parameters(recurse: false).FirstOrDefault(entry => entry.name == "bias").parameter;

    private static bool IsActivation(nn.Module module) => LayerKinds.Has(module, LayerTraits.Activation);

    private static double Deviation(nn.Module? activation, long fanIn, long fanOut) =>
        activation is null || !IsActivation(activation) ? Math.Sqrt(1.0 / fanIn)
        : activation is LeakyReLU leaky ? Math.Sqrt(2 / ((1 + (leaky.negative_slope * leaky.negative_slope)) * fanIn))
        : LayerKinds.KindOf(activation) is LayerKind.SELU ? Math.Sqrt(1.0 / fanIn)
        : LayerKinds.KindOf(activation) is LayerKind.Sigmoid or LayerKind.Hardsigmoid ? 4 * Math.Sqrt(2.0 / (fanIn + fanOut))
        : LayerKinds.Has(activation, LayerTraits.Rectifying) ? Math.Sqrt(2.0 / fanIn)
        : LayerKinds.Has(activation, LayerTraits.Saturating) ? Math.Sqrt(2.0 / (fanIn + fanOut))
        : Math.Sqrt(1.0 / fanIn);
}
