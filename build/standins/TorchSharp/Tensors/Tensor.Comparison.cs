namespace TorchSharp;

public static partial class torch
{
    // Comparisons give a tensor of Booleans.
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Aten.Call("aten::eq.Scalar", this, target);
        public Tensor eq(Tensor target) => Aten.Call("aten::eq.Tensor", this, target);
        public Tensor eq_(Scalar target) => Aten.InPlace("aten::eq_.Scalar", this, target);
        public Tensor eq_(Tensor target) => Aten.InPlace("aten::eq_.Tensor", this, target);
        public Tensor ne(Scalar target) => Aten.Call("aten::ne.Scalar", this, target);
        public Tensor ne(Tensor target) => Aten.Call("aten::ne.Tensor", this, target);
        public Tensor ne_(Scalar target) => Aten.InPlace("aten::ne_.Scalar", this, target);
        public Tensor ne_(Tensor target) => Aten.InPlace("aten::ne_.Tensor", this, target);
        public Tensor lt(Scalar target) => Aten.Call("aten::lt.Scalar", this, target);
        public Tensor lt(Tensor target) => Aten.Call("aten::lt.Tensor", this, target);
        public Tensor lt_(Scalar target) => Aten.InPlace("aten::lt_.Scalar", this, target);
        public Tensor lt_(Tensor target) => Aten.InPlace("aten::lt_.Tensor", this, target);
        public Tensor le(Scalar target) => Aten.Call("aten::le.Scalar", this, target);
        public Tensor le(Tensor target) => Aten.Call("aten::le.Tensor", this, target);
        public Tensor le_(Scalar target) => Aten.InPlace("aten::le_.Scalar", this, target);
        public Tensor le_(Tensor target) => Aten.InPlace("aten::le_.Tensor", this, target);
        public Tensor gt(Scalar target) => Aten.Call("aten::gt.Scalar", this, target);
        public Tensor gt(Tensor target) => Aten.Call("aten::gt.Tensor", this, target);
        public Tensor gt_(Scalar target) => Aten.InPlace("aten::gt_.Scalar", this, target);
        public Tensor gt_(Tensor target) => Aten.InPlace("aten::gt_.Tensor", this, target);
        public Tensor ge(Scalar target) => Aten.Call("aten::ge.Scalar", this, target);
        public Tensor ge(Tensor target) => Aten.Call("aten::ge.Tensor", this, target);
        public Tensor ge_(Scalar target) => Aten.InPlace("aten::ge_.Scalar", this, target);
        public Tensor ge_(Tensor target) => Aten.InPlace("aten::ge_.Tensor", this, target);
        public Tensor equal(Tensor target) => eq(target);
        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) => Aten.CallBool("aten::allclose", this, target, rtol, atol, equal_nan);
        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) => Aten.Call("aten::isclose", this, other, rtol, atol, nanEqual);
        public Tensor not_equal(Tensor target) => Aten.Call("aten::not_equal.Tensor", this, target);
        public Tensor not_equal_(Tensor target) => Aten.InPlace("aten::not_equal_.Tensor", this, target);
        public Tensor less(Tensor target) => Aten.Call("aten::less.Tensor", this, target);
        public Tensor less_equal(Tensor target) => Aten.Call("aten::less_equal.Tensor", this, target);
        public Tensor less_equal_(Tensor target) => Aten.InPlace("aten::less_equal_.Tensor", this, target);
        public Tensor greater(Tensor target) => Aten.Call("aten::greater.Tensor", this, target);
        public Tensor greater_equal(Tensor target) => Aten.Call("aten::greater_equal.Tensor", this, target);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => Aten.Call("aten::isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
    }
}
