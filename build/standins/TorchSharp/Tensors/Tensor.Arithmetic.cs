namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.Call("aten::add.Tensor", this, target);
        public Tensor add_(Tensor target) => Aten.InPlace("aten::add_.Tensor", this, target);
        public Tensor add_(Scalar scalar) => Aten.InPlace("aten::add_.Scalar", this, scalar);
        public Tensor mul_(Scalar target) => Aten.InPlace("aten::mul_.Scalar", this, target);
        public Tensor mul(Tensor target) => Aten.Call("aten::mul.Tensor", this, target);
        public Tensor sum() => Aten.Call("aten::sum", this);
    }
}
