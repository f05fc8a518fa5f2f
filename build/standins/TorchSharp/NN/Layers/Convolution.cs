using System;
using System.Linq;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Weight and bias drawn from U(±1/√fan_in), the fan in being in_channels/groups times the kernel's volume.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;
    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    /// <summary>Padding before and after each dimension, last dimension first, as <c>functional.pad</c> wants it.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null,
        ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Only PaddingModes.Zeros is supported for transposed convolutions", nameof(padding_mode));

        (this.in_channels, this.out_channels, this.groups, this.transposed) = (in_channels, out_channels, groups, transposed);
        (this.kernel_size, this.stride, this.dilation) = (kernel_size, stride, dilation);
        (this.output_padding, this.padding_mode) = (output_padding, padding_mode);
        if (padding_type is { } type) SetPadding(type);
        else SetPadding(padding ?? new long[kernel_size.Length]);

        var channels = transposed ? (in_channels, out_channels / groups) : (out_channels, in_channels / groups);
        weight = Parameter(empty([channels.Item1, channels.Item2, .. kernel_size], dtype, device));
        if (bias) this.bias = Parameter(empty([out_channels], dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public bool transposed { get; }

    public Padding? padding_type { get; private set; }

    public long[]? padding { get; private set; }

    public PaddingModes padding_mode { get; set; }

    public long groups { get; set; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

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

    public void reset_parameters()
    {
        init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is not null) init.UniformByFanIn(bias, init.CalculateFanInAndFanOut(weight).fanIn);
    }

    public void SetPadding(long[] padding)
    {
        (this.padding, padding_type) = (padding, null);
        _reversed_padding_repeated_twice = Enumerable.Reverse(padding).SelectMany(size => new[] { size, size }).ToArray();
    }

    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("A transposed convolution takes no padding type");
        if (padding == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions");
        (this.padding, padding_type) = (null, padding);
        _reversed_padding_repeated_twice = new long[kernel_size.Length * 2];
        if (padding != Padding.Same) return;
        for (var i = 0; i < kernel_size.Length; i++)
        {
            var total = dilation[i] * (kernel_size[i] - 1);
            var last = kernel_size.Length - 1 - i;
            (_reversed_padding_repeated_twice[2 * last], _reversed_padding_repeated_twice[2 * last + 1]) = (total / 2, total - total / 2);
        }
    }

    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
    }

    private protected void CheckShape(Tensor input, long dimensions)
    {
        if (!ValidateShape(input, dimensions))
            throw new ArgumentException($"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input with {in_channels} channels to {GetName()}.");
    }

    /// <summary>The convolution proper: <paramref name="op"/> is its operator's name, of which the overload with a padding type is known.</summary>
    private protected Tensor Convolve(string op, Tensor input, long dimensions)
    {
        CheckShape(input, dimensions);
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return Aten.Call(op, padded, weight, bias, stride, 0L, dilation, groups);
        }
        if (padding_type is { } type) return Aten.Call($"{op}.padding", input, weight, bias, stride, functional.NameOf(type), dilation, groups);
        return Aten.Call(op, input, weight, bias, stride, padding, dilation, groups);
    }
}

/// <summary>A convolution whose output may be given its size.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device? device = null, ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups, bias, padding_mode, device,
            dtype)
    {
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    public abstract Tensor forward(Tensor input, long[]? output_size);

    /// <summary>What must be added on one side to reach the size that was asked for.</summary>
    protected long[] _output_padding(Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null) return output_padding;

        var leading = input.Dimensions - num_spatial_dims;
        if (output_size.Length == leading + num_spatial_dims) output_size = output_size[(int)leading..];
        if (output_size.Length != num_spatial_dims)
            throw new ArgumentException($"output_size must have {num_spatial_dims} or {leading + num_spatial_dims} elements, got {output_size.Length}");

        var added = new long[num_spatial_dims];
        for (var d = 0; d < num_spatial_dims; d++)
        {
            var smallest = (input.size((int)leading + d) - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
            added[d] = output_size[d] - smallest;
            if (added[d] < 0 || added[d] >= stride[d])
                throw new ArgumentException($"Requested an output size of {output_size[d]}, but valid sizes range from {smallest} to {smallest + stride[d] - 1}");
        }
        return added;
    }

    private protected Tensor ConvolveTransposed(string op, Tensor input, long[]? output_size, long dimensions)
    {
        CheckShape(input, dimensions);
        var added = _output_padding(input, output_size, kernel_size, stride, padding!, dilation, dimensions);
        return Aten.Call(op, input, weight, bias, stride, padding, added, groups, dilation);
    }
}
