using System.Text.Json.Serialization;

namespace GradLint.Runtime.Recording;

/// <summary>What was measured in one sampled step. Gradients are accumulated over the step's backward passes, unscaled and before clipping.</summary>
public sealed record Sample
{
    /// <summary>The step's number, from 0.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds since the monitor was attached.</summary>
    public double Seconds { get; init; }

    /// <summary>The losses since the last sample; null when the monitor was given none.</summary>
    public LossInterval? Loss { get; init; }

    /// <summary>The losses of the last steps up to this one, oldest first; kept where a post-mortem is asked for.</summary>
    [JsonIgnore]
    public IReadOnlyList<StepLoss> RecentLosses { get; init; } = [];

    /// <summary>The path of the layer that ratios are relative to: the output layer, of several the one with the largest gradient.</summary>
    public string? OutputLayer { get; init; }

    /// <summary>In the order of <see cref="RunInfo.Parameters"/>.</summary>
    public required IReadOnlyList<ParameterSample> Parameters { get; init; }

    /// <summary>In the order of computation; empty where no hook fired.</summary>
    public IReadOnlyList<ModuleSample> Modules { get; init; } = [];

    /// <summary>Whether its losses, gradients and weights are all finite.</summary>
    [JsonIgnore]
    public bool IsFinite =>
        (Loss is null || double.IsFinite(Loss.Last + Loss.Mean))
        && Parameters.All(parameter => double.IsFinite(parameter.Weight + (parameter.Gradient ?? 0)));

    /// <summary>Null when the monitor does not clip.</summary>
    public ClippingInterval? Clipping { get; init; }

    /// <summary>Of each recurrent layer, where it was measured in this step.</summary>
    public IReadOnlyList<HorizonSample> Horizons { get; init; } = [];

    /// <summary>Of each recurrent layer and direction, whenever horizons are due.</summary>
    public IReadOnlyList<RecurrentMatrixSample> RecurrentMatrices { get; init; } = [];
}

/// <summary>The losses since the last sample, accumulated on the device.</summary>
/// <param name="Steps">How many.</param>
/// <param name="Mean">Their mean; not finite as soon as one of them was not.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Last">The loss of the sampled step.</param>
public sealed record LossInterval(long Steps, double Mean, double Deviation, double Last);

/// <summary>The loss of one step, or of one of its micro-batches.</summary>
/// <param name="Step">The step's number.</param>
/// <param name="Loss">Its loss.</param>
public sealed record StepLoss(long Step, double Loss);

/// <summary>One parameter in one sampled step. Norms are L2.</summary>
public sealed record ParameterSample
{
    /// <summary>‖∂L/∂p‖; null when there is no gradient.</summary>
    public double? Gradient { get; init; }

    /// <summary>max |∂L/∂p|.</summary>
    public double? GradientMax { get; init; }

    /// <summary>‖p‖ before the step.</summary>
    public double Weight { get; init; }

    /// <summary>‖Δp‖ of the step; null when it was not measured.</summary>
    public double? Update { get; init; }

    /// <summary>Share of output units whose gradient was exactly zero in every sample of the window; null for what has no such units.</summary>
    public double? IdleUnits { get; init; }

    /// <summary>How many samples the window of <see cref="IdleUnits"/> holds.</summary>
    public int IdleWindow { get; init; }

    /// <summary>Share of output units whose gradient equals another unit's; null where not measured.</summary>
    public double? TwinUnits { get; init; }

    /// <summary>How many elements of the gradient have a magnitude in [2^k, 2^(k+1)), for k from <see cref="LowestBin"/>; null unless asked for.</summary>
    public IReadOnlyList<long>? Histogram { get; init; }

    /// <summary>The exponent of the first histogram bin; smaller magnitudes are counted there too.</summary>
    public const int LowestBin = -40;

    /// <summary>The exponent of the last histogram bin; larger magnitudes are counted there too.</summary>
    public const int HighestBin = 8;

    /// <summary>‖Δp‖/‖p‖; null when it was not measured or the parameter is zero.</summary>
    [JsonIgnore]
    public double? UpdateRatio => Weight > 0 ? Update / Weight : null;
}

/// <summary>One output of one module in one sampled step.</summary>
public sealed record ModuleSample
{
    /// <summary>The module's path; empty for the model itself.</summary>
    public required string Path { get; init; }

    /// <summary>The module's type name.</summary>
    public required string Type { get; init; }

    /// <summary>Mean of the output over the batch and all units; not finite when any value is not.</summary>
    public double Mean { get; init; }

    /// <summary>Standard deviation of the output.</summary>
    public double Deviation { get; init; }

    /// <summary>‖∂L/∂output‖ over the whole batch.</summary>
    public double Gradient { get; init; }

    /// <summary>Share of units that were never active in the window so far; null for what cannot die.</summary>
    public double? DeadUnits { get; init; }

    /// <summary>Share of units of which nine in ten outputs in the window so far had φ′ below 5 % of its maximum; null for what cannot saturate.</summary>
    public double? SaturatedUnits { get; init; }

    /// <summary>How many samples the window of <see cref="DeadUnits"/> and <see cref="SaturatedUnits"/> holds.</summary>
    public int Window { get; init; }

    /// <summary>How many units the module has.</summary>
    public long Units { get; init; }
}

/// <summary>What clipping did since the last sample.</summary>
/// <param name="Steps">How many steps asked for it.</param>
/// <param name="Engaged">In how many of them the total norm was above the limit.</param>
/// <param name="NonFinite">In how many of them it was NaN or infinite.</param>
/// <param name="Limit">The largest total norm allowed.</param>
/// <param name="MeanNorm">The mean total norm before clipping.</param>
public sealed record ClippingInterval(long Steps, long Engaged, long NonFinite, double Limit, double MeanNorm);

/// <summary>How far back in time a recurrent layer's gradient reaches.</summary>
/// <param name="Path">The layer's path.</param>
/// <param name="Length">The sequence length T.</param>
/// <param name="Norms">‖∂h_T/∂x_t‖ for t = 1..T, with h_T contracted with a fixed vector of signs.</param>
/// <param name="OnlyLastStepUsed">Whether the loss takes the last time step's output alone.</param>
public sealed record HorizonSample(string Path, int Length, IReadOnlyList<double> Norms, bool OnlyLastStepUsed)
{
    /// <summary>Steps back until the norm stays below 1/e³ of the last step's; <see cref="Length"/> when it never does.</summary>
    [JsonIgnore]
    public int StepsToE3 => StepsTo(Math.Exp(-3));

    /// <summary>Steps back until the norm stays below a thousandth of the last step's; <see cref="Length"/> when it never does.</summary>
    [JsonIgnore]
    public int StepsToThousandth => StepsTo(1e-3);

    /// <summary>The two horizons against the sequence, in one sentence.</summary>
    public override string ToString() =>
        $"the gradient of the last output of '{Path}' falls to 1/e³ within {StepsToE3} and to 1e-3 within {StepsToThousandth} of {Length} time steps";

    /// <summary>Steps back until the norm stays below <paramref name="fraction"/> of the last step's.</summary>
    public int StepsTo(double fraction)
    {
        for (var step = 0; step < Length; step++)
        {
            if (Norms[step] >= fraction * Norms[^1])
                return Length - step;
        }

        return 0;
    }
}
