namespace TorchSharp;

public static partial class torch
{
    public static long numel(Tensor input) => input.numel();
}
