using System.Collections.Generic;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Shim.shim_requires_grad(Handle) != 0;
            set => Shim.Check(Shim.shim_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => Shim.shim_is_leaf(Handle) != 0;

        public void retain_grad() => Shim.Check(Shim.shim_retain_grad(Handle));

        /// <summary>A new handle at each read, the caller's to dispose; null before a backward.</summary>
        public Tensor? grad
        {
            get => Shim.shim_grad(Handle) is var found and not 0 ? new Tensor(found) : null;
            set => Shim.Check(Shim.shim_set_grad(Handle, value?.Handle ?? 0));
        }

        public void backward() => backward(null);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors!, retain_graph, create_graph, inputs!);

        public Tensor detach() => Aten.Call("aten::detach", this);
        public Tensor detach_() => Aten.InPlace("aten::detach_", this);
        public Tensor alias() => Aten.Call("aten::alias", this);
    }
}
