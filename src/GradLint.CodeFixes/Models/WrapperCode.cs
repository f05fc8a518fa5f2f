using System.Globalization;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.CodeFixes.Models;

/// <summary>The class that a project without GradLint.Runtime gets for a shortcut: the same module, and no more than it needs.</summary>
internal static class WrapperCode
{
    private const string Tensor = "global::TorchSharp.torch.Tensor";
    private const string Module = $"global::TorchSharp.torch.nn.Module<{Tensor}, {Tensor}>";

    public static string Of(Shortcut shortcut, string name) => shortcut switch
    {
        Shortcut.ReZero => ReZero(name),
        Shortcut.StochasticDepth => StochasticDepth(name),
        Shortcut.Highway => Highway(name),
        _ => Residual(name),
    };

    private static string Residual(string name) => $$"""
        /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
        internal sealed class {{name}} : {{Module}}
        {
            private readonly {{Module}} branch;
            private readonly double scale;

            public {{name}}({{Module}} branch, double scale = 1) : base(nameof({{name}}))
            {
                this.branch = branch;
                this.scale = scale;
                RegisterComponents();
            }

            public override {{Tensor}} forward({{Tensor}} input)
            {
                using var change = branch.call(input);
                return input.add(change, scale);
            }
        }

        """;

    private static string ReZero(string name) => $$"""
        /// <summary>x + alpha * f(x) with a trained alpha that begins at 0: the identity at first, at any depth.</summary>
        internal sealed class {{name}} : {{Module}}
        {
            private readonly {{Module}} branch;
            private readonly global::TorchSharp.Modules.Parameter alpha;

            public {{name}}({{Module}} branch) : base(nameof({{name}}))
            {
                this.branch = branch;
                alpha = new global::TorchSharp.Modules.Parameter(global::TorchSharp.torch.zeros(1));
                RegisterComponents();
            }

            public override {{Tensor}} forward({{Tensor}} input)
            {
                using var change = branch.call(input);
                using var scaled = change * alpha;
                return input + scaled;
            }
        }

        """;

    private static string StochasticDepth(string name) => $$"""
        /// <summary>x + f(x) whose branch is left out at random, sample by sample, while training; x + (1 - p) * f(x) in evaluation.</summary>
        internal sealed class {{name}} : {{Module}}
        {
            private readonly {{Module}} branch;
            private readonly double dropProbability;

            public {{name}}({{Module}} branch, double dropProbability) : base(nameof({{name}}))
            {
                this.branch = branch;
                this.dropProbability = dropProbability;
                RegisterComponents();
            }

            public override {{Tensor}} forward({{Tensor}} input)
            {
                using var change = branch.call(input);
                var sizes = new long[input.ndim];
                global::System.Array.Fill(sizes, 1);
                sizes[0] = input.shape[0];
                using var samples = global::TorchSharp.torch.ones(sizes, input.dtype, input.device);

                // Dropout scales what it keeps by 1 / (1 - p); of the branch it is to be taken as it is.
                using var kept = global::TorchSharp.torch.nn.functional.dropout(samples, dropProbability, training);
                using var share = change * kept;
                return input.add(share, 1 - dropProbability);
            }
        }

        """;

    private static string Highway(string name) => $$"""
        /// <summary>t * f(x) + (1 - t) * x with a trained gate t that begins mostly closed.</summary>
        internal sealed class {{name}} : {{Module}}
        {
            private readonly {{Module}} transform;
            private readonly global::TorchSharp.Modules.Linear gate;

            public {{name}}(long size, {{Module}} transform) : base(nameof({{name}}))
            {
                this.transform = transform;
                gate = global::TorchSharp.torch.nn.Linear(size, size);
                global::TorchSharp.torch.nn.init.constant_(gate.bias!, {{ShortcutBlock.GateBias.ToString(CultureInfo.InvariantCulture)}});
                RegisterComponents();
            }

            public override {{Tensor}} forward({{Tensor}} input)
            {
                using var open = gate.call(input);
                using var share = open.sigmoid();
                using var changed = transform.call(input);
                using var taken = share * changed;
                using var negative = -share;
                using var rest = negative + 1;
                using var passed = rest * input;
                return taken + passed;
            }
        }

        """;
}
