using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static class functional
        {
            /// <summary>∂output/∂input: the output's dimensions, then the input's.</summary>
            public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs) =>
                jacobian(given => function(given[0]), [inputs]).Single();

            /// <summary>One Jacobian an input.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs)
            {
                var variables = Array.ConvertAll(inputs, input => input.detach().requires_grad_());
                var output = function(variables);
                var rows = output.flatten().unbind().Select(element => grad([element], variables, retain_graph: true)).ToList();
                return variables.Select((variable, i) => stack(rows.Select(row => row[i])).reshape([.. output.shape, .. variable.shape])).ToList();
            }
        }
    }
}
