using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>The gradients of the outputs, weighted with <paramref name="grad_outputs"/>, with respect to the inputs.</summary>
        /// <returns>One tensor an input; an invalid one where <paramref name="allow_unused"/> let an input be unused.</returns>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var found = new nint[inputs.Count];
            nint[] from = Handles(outputs), to = Handles(inputs), weights = Handles(grad_outputs);
            fixed (nint* o = from, i = to, g = weights, r = found)
                Shim.Check(Shim.shim_gradients(o, from.Length, i, to.Length, g, weights.Length, Flag(retain_graph), Flag(create_graph), Flag(allow_unused), r));
            return found.Select(handle => new Tensor(handle)).ToList();
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] from = Handles(tensors), weights = Handles(grad_tensors), to = Handles(inputs);
            fixed (nint* t = from, g = weights, i = to)
                Shim.Check(Shim.shim_backward(t, from.Length, g, weights.Length, Flag(retain_graph ?? create_graph), Flag(create_graph), i, to.Length));
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        internal static nint[] Handles(IEnumerable<Tensor?>? tensors) => tensors?.Select(t => t?.Handle ?? 0).ToArray() ?? [];

        private static int Flag(bool value) => value ? 1 : 0;
    }
}
