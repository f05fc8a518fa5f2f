using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Accuracy;

/// <summary>Gradients of a running model at initialisation: means of log10 over weight seeds.</summary>
/// <param name="Log10Norms">By parameter name.</param>
/// <param name="Log10ByStep">log10 ‖∂L/∂x_t‖ by time step back from the last; empty where it is not measured.</param>
internal sealed record Measurement(IReadOnlyDictionary<string, double> Log10Norms, IReadOnlyList<double> Log10ByStep)
{
    public const int BatchSize = 32;

    /// <summary>Below this the float32 gradient has lost its digits.</summary>
    public const double Floor = -36;

    public static Measurement Of(ModelSource source, ModelBatch batch, int seeds, long firstSeed)
    {
        var norms = new Dictionary<string, double>();
        var byStep = new double[source.EndsAtLastStep ? source.SequenceLength!.Value : 0];
        for (var seed = 0; seed < seeds; seed++)
        {
            random.manual_seed(firstSeed + seed);
            using var model = batch.Construct(source.TypeName);
            using var scope = NewDisposeScope();
            var x = Input(source);
            if (byStep.Length > 0) x.requires_grad = true;
            var loss = nn.functional.cross_entropy(model.call(x), randint(source.Classes, BatchSize));
            loss.backward();
            foreach (var (name, parameter) in model.named_parameters())
                norms[name] = norms.GetValueOrDefault(name) + (Log10Norm(parameter.grad) / seeds);
            for (var back = 0; back < byStep.Length; back++)
                byStep[back] += Log10Norm(x.grad!.select(1, byStep.Length - 1 - back)) / seeds;
        }

        return new(norms, byStep);
    }

    private static Tensor Input(ModelSource source)
    {
        long[] shape = source.IsTimeFirst ? [source.InputShape[0], BatchSize, .. source.InputShape.Skip(1)] : [BatchSize, .. source.InputShape];
        return source.Vocabulary is { } vocabulary ? randint(vocabulary, shape) : randn(shape);
    }

    private static double Log10Norm(Tensor? gradient) =>
        gradient is null ? double.NegativeInfinity : Math.Log10(Math.Max(gradient.to_type(ScalarType.Float64).norm().item<double>(), 1e-60));
}
