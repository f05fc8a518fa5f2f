namespace GradLint.Core.Propagation.Stages;

/// <summary>
/// What batch normalisation does right after an activation, where features differ: z = common + varying, the common part the
/// feature's own (biases, what samples share). A feature far on the flat side of φ varies little and is scaled up the more.
/// </summary>
/// <param name="InverseVariance">E[φ′²/σ²]/E[φ′²] over features: what 1/σ² amounts to for the gradient that passes φ.</param>
/// <param name="Alive">Share of the features that vary at all within a batch.</param>
internal sealed record FeatureSpread(double InverseVariance, double Alive)
{
    private const double Negligible = 0.02;

    /// <param name="common">E[z·z′] over pairs of the batch.</param>
    /// <param name="elements">Elements of a feature in the batch.</param>
    /// <returns>Null where the features hardly differ.</returns>
    public static FeatureSpread? Of(ActivatedNormal source, double common, double elements, double epsilon)
    {
        var shared = Math.Max(common - (source.Mean * source.Mean), 0);
        var varying = source.Variance - shared;
        if (varying <= 0 || shared < Negligible * source.Variance) return null;

        var quadrature = GaussianQuadrature.Standard;
        double slopes = 0, scaled = 0, alive = 0;
        for (var i = 0; i < quadrature.Nodes.Length; i++)
        {
            var (centre, deviation) = (source.Mean + (Math.Sqrt(shared) * quadrature.Nodes[i]), Math.Sqrt(varying));
            var value = GaussianKernel.PowersOf(source.Activation, source.Activation.Value, centre, deviation);
            var slope = GaussianKernel.PowersOf(source.Activation, source.Activation.Slope, centre, deviation);
            var variance = value.Second - (value.Mean * value.Mean);

            // A slope that is 0 but for a few elements may be 0 for all of a batch.
            var participation = slope.Fourth > 0 ? slope.Second * slope.Second / slope.Fourth : 0;
            var present = 1 - Math.Exp(-participation * elements);
            slopes += quadrature.Weights[i] * slope.Second;
            scaled += quadrature.Weights[i] * slope.Second * present / (Math.Max(variance, 0) + epsilon);
            alive += quadrature.Weights[i] * present * variance / (Math.Max(variance, 0) + epsilon);
        }

        return slopes > 0 ? new(scaled / slopes, Math.Min(alive, 1)) : null;
    }
}
