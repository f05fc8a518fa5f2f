using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Call("aten::cat", tensors.ToArray(), dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => Aten.Call("aten::concat", tensors.ToArray(), dim);
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => Aten.Call("aten::concatenate", tensors.ToArray(), axis);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Aten.Call("aten::stack", tensors.ToArray(), dim);
    public static Tensor hstack(IEnumerable<Tensor> tensors) => Aten.Call("aten::hstack", tensors.ToArray());
    public static Tensor hstack(IList<Tensor> tensors) => Aten.Call("aten::hstack", tensors.ToArray());
    public static Tensor hstack(params Tensor[] tensors) => Aten.Call("aten::hstack", tensors);
    public static Tensor vstack(IList<Tensor> tensors) => Aten.Call("aten::vstack", tensors.ToArray());
    public static Tensor dstack(IEnumerable<Tensor> tensors) => Aten.Call("aten::dstack", tensors.ToArray());
    public static Tensor dstack(IList<Tensor> tensors) => Aten.Call("aten::dstack", tensors.ToArray());
    public static Tensor dstack(params Tensor[] tensors) => Aten.Call("aten::dstack", tensors);
    public static Tensor row_stack(IList<Tensor> tensors) => Aten.Call("aten::row_stack", tensors.ToArray());
    public static Tensor row_stack(params Tensor[] tensors) => Aten.Call("aten::row_stack", tensors);
    public static Tensor column_stack(IList<Tensor> tensors) => Aten.Call("aten::column_stack", tensors.ToArray());
    public static Tensor column_stack(params Tensor[] tensors) => Aten.Call("aten::column_stack", tensors);
    public static Tensor block_diag(params Tensor[] tensors) => Aten.Call("aten::block_diag", tensors);
    public static Tensor cartesian_prod(IList<Tensor> tensors) => Aten.Call("aten::cartesian_prod", tensors.ToArray());
    public static Tensor cartesian_prod(params Tensor[] tensors) => Aten.Call("aten::cartesian_prod", tensors);
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false) => Aten.Call("aten::combinations", input, r, with_replacement);
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Aten.CallList("aten::meshgrid.indexing", tensors.ToArray(), indexing);
}
