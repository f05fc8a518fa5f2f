using System.Globalization;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>The statement that gives the forget gates of an LSTM, in all its layers and directions, a bias that keeps them open.</summary>
internal static class ForgetGateBlock
{
    private const string Torch = "global::TorchSharp.torch";

    /// <param name="lstm">The expression for the layer.</param>
    /// <param name="bias">What the gates start from.</param>
    /// <param name="uniqueName">Makes a name that is free where the statement goes.</param>
    public static StatementSyntax For(string lstm, ForgetBias bias, Func<string, string> uniqueName)
    {
        var (name, parameter) = (uniqueName("name"), uniqueName("parameter"));
        var gate = $"{parameter}.chunk(4)[1]";
        var statement = SyntaxFactory.ParseStatement(bias.Constant is { } value
            ? $$"""
            // Forget gates, the second of four, that start open carry the gradient far back in time.
            foreach (var ({{name}}, {{parameter}}) in {{lstm}}.named_parameters())
            {
                if ({{name}}.Contains("bias_ih"))
                    {{Torch}}.nn.init.constant_({{gate}}, {{value.ToString(CultureInfo.InvariantCulture)}});
            }

            """
            : $$"""
            // Forget gates, the second of four, that start as open as it takes to remember 1 to {{bias.Steps}} steps.
            using ({{Torch}}.no_grad())
            {
                foreach (var ({{name}}, {{parameter}}) in {{lstm}}.named_parameters())
                {
                    if ({{name}}.Contains("bias_ih"))
                        {{gate}}.uniform_(1, {{bias.Steps - 1}}).log_();
                }
            }

            """);
        var qualified = statement.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => access.ToString().StartsWith("global::", StringComparison.Ordinal));
        return statement
            .ReplaceNodes(qualified, (_, rewritten) => rewritten.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }
}
