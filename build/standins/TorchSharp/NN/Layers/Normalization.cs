using System;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Scale 1 and shift 0 at first, and running statistics where they are asked for.</summary>
public abstract class NormBase : Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;
    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;
    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name) : base(name)
    {
        (this.num_features, this.eps, this.momentum) = (num_features, eps, momentum);
        (this.affine, this.track_running_stats) = (affine, track_running_stats);
        if (affine)
        {
            weight = Parameter(empty([num_features], dtype, device));
            bias = Parameter(empty([num_features], dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros([num_features], dtype, device);
            running_var = ones([num_features], dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    public long num_features { get; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter weight
    {
        get => _weight!;
        set => Replace(nameof(weight), ref _weight, value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => Replace(nameof(bias), ref _bias, value);
    }

    public Tensor? running_mean
    {
        get => _running_mean;
        set => Replace(nameof(running_mean), ref _running_mean, value);
    }

    public Tensor? running_var
    {
        get => _running_var;
        set => Replace(nameof(running_var), ref _running_var, value);
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set => Replace(nameof(num_batches_tracked), ref _num_batches_tracked, value);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        init.ones_(weight);
        init.zeros_(bias!);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        init.zeros_(running_mean!);
        init.ones_(running_var!);
        init.zeros_(num_batches_tracked!);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    private protected static void Expect(Tensor input, params ReadOnlySpan<long> dimensions)
    {
        if (!dimensions.Contains(input.Dimensions))
            throw new ArgumentException($"Expected a {string.Join("D or ", dimensions.ToArray())}D tensor, but got {input.Dimensions}D instead");
    }
}

public abstract class BatchNorm : NormBase
{
    public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <summary>With a single sample there is no variance: the output is the shift, and no gradient goes upstream. PyTorch throws there.</summary>
    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        if (training && track_running_stats) num_batches_tracked?.add_(1);
        var useBatch = training || (running_mean is null && running_var is null);
        var useRunning = !training || track_running_stats;
        return functional.batch_norm(input, useRunning ? running_mean : null, useRunning ? running_var : null, weight, bias, useBatch, momentum ?? 0, eps);
    }
}

// GetName says BatchNorm1d for BatchNorm2d and 3d, and InstanceNorm1d for InstanceNorm2d, as TorchSharp does.
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
    {
    }

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 2, 3);
}

public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
    {
    }

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 4);
}

public sealed class BatchNorm3d : BatchNorm
{
    internal BatchNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
    {
    }

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 5);
}

public abstract class InstanceNorm : NormBase
{
    public InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        if (input.Dimensions != GetNumberOfBatchDimensions()) return Normalize(input);
        using var batch = input.unsqueeze(0);
        using var normalized = Normalize(batch);
        return normalized.squeeze(0);
    }

    /// <summary>How many dimensions an input without a batch dimension has.</summary>
    protected abstract long GetNumberOfBatchDimensions();

    private Tensor Normalize(Tensor input) => functional.instance_norm(
        input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0, eps);
}

public sealed class InstanceNorm1d : InstanceNorm
{
    internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d))
    {
    }

    protected override long GetNumberOfBatchDimensions() => 2;

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 2, 3);
}

public sealed class InstanceNorm2d : InstanceNorm
{
    internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d))
    {
    }

    protected override long GetNumberOfBatchDimensions() => 3;

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 3, 4);
}

public sealed class InstanceNorm3d : InstanceNorm
{
    internal InstanceNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm3d))
    {
    }

    protected override long GetNumberOfBatchDimensions() => 4;

    protected override void ValidateInputDimensions(Tensor input) => Expect(input, 4, 5);
}
