namespace GradLint.CodeFixes.Tests.Fixes;

/// <summary>The classes that fixes write into a project which does not reference GradLint.Runtime.</summary>
internal static class WrittenClasses
{
    public const string Residual = """

        /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
        internal sealed class Residual : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> branch;
            private readonly double scale;

            public Residual(Module<Tensor, Tensor> branch, double scale = 1) : base(nameof(Residual))
            {
                this.branch = branch;
                this.scale = scale;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var change = branch.call(input);
                return input.add(change, scale);
            }
        }

        """;
}
