using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients by min(1, max_norm / (norm + 1e-6)), the norm being taken over all of them together.</summary>
            /// <returns>The norm before; 0 when there is no gradient.</returns>
            /// <remarks>An infinite gradient becomes NaN and all others 0; a NaN makes all of them NaN.</remarks>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var grads = GradientsOf(tensors);
                if (grads.Length == 0) return 0;

                var total = norm_type switch
                {
                    double.PositiveInfinity => stack(grads.Select(grad => grad.abs().max())).max(),
                    0.0 => tensor((double)grads.Length),
                    _ => stack(grads.Select(grad => Norm(grad, norm_type))) is var norms && norms.numel() == 1 ? norms[0] : Norm(norms, norm_type),
                };
                var coefficient = (max_norm / (total + 1e-6)).clamp(max: 1.0);
                foreach (var grad in grads) grad.mul_(coefficient.to(grad.device));
                return total.ToDouble();
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                foreach (var grad in GradientsOf(tensors)) grad.clamp_(-clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors) => cat(tensors.Select(tensor => tensor.reshape(-1)).ToList());

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var position = 0L;
                foreach (var parameter in tensors)
                {
                    var count = parameter.numel();
                    parameter.copy_(vec.narrow(0, position, count).view(parameter.shape));
                    position += count;
                }
            }

            public static partial class rnn
            {
                /// <summary>Stacks sequences of several lengths, the shorter ones filled up at their ends: (length, batch, …), or (batch, length, …).</summary>
                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0.0) =>
                    Aten.Call("aten::pad_sequence", sequences.ToArray(), batch_first, padding_value);
            }

            private static Tensor[] GradientsOf(IEnumerable<Parameter> parameters) =>
                parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();

            private static Tensor Norm(Tensor tensor, double p) => Aten.Call("aten::norm.Scalar", tensor, p);
        }
    }
}
