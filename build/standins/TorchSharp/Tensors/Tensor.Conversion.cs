namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Aten.Call("aten::to.device", this, device, type, non_blocking, copy);
        public Tensor to(ScalarType type) => Aten.Call("aten::to.dtype", this, type);
        public Tensor cpu() => to(dtype, CPU);
    }
}
