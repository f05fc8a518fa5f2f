using System.Globalization;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Framework;

/// <summary>The statement that gives the forget gates of an LSTM, in all its layers and directions, a bias that keeps them open.</summary>
internal static class ForgetGateBlock
{
    private static readonly string s_torch = QualifiedName.Full(TorchSharpNames.Types.Torch);

    /// <param name="type">The layer's type, in full.</param>
    /// <param name="bias">What the gates start from.</param>
    public static LayerCode For(string type, ForgetBias bias) => new("OpenForgetGates", "lstm", type, (lstm, free) => [Statement(lstm, bias, free)]);

    private static StatementSyntax Statement(string lstm, ForgetBias bias, Func<string, string> uniqueName)
    {
        var (name, parameter) = (uniqueName("name"), uniqueName("parameter"));
        var gate = $"{parameter}.chunk(4)[1]";
        var statement = SyntaxFactory.ParseStatement(bias.Constant is { } value
            ? $$"""
            // Forget gates, the second of four, that start open carry the gradient far back in time.
            foreach (var ({{name}}, {{parameter}}) in {{lstm}}.{{TorchSharpNames.ModuleMembers.NamedParameters}}())
            {
                if ({{name}}.Contains("{{TorchSharpNames.ModuleMembers.BiasIh}}"))
                    {{InitializerCode.Init}}.{{TorchSharpNames.Initializers.Constant}}({{gate}}, {{value.ToString(CultureInfo.InvariantCulture)}});
            }

            """
            : $$"""
            // Forget gates, the second of four, that start as open as it takes to remember 1 to {{bias.Steps}} steps.
            using ({{s_torch}}.{{TorchSharpNames.Functions.NoGrad}}())
            {
                foreach (var ({{name}}, {{parameter}}) in {{lstm}}.{{TorchSharpNames.ModuleMembers.NamedParameters}}())
                {
                    if ({{name}}.Contains("{{TorchSharpNames.ModuleMembers.BiasIh}}"))
                        {{gate}}.uniform_(1, {{bias.Steps - 1}}).log_();
                }
            }

            """);
        return InitializerCode.Simplifiable(statement).WithAdditionalAnnotations(Formatter.Annotation);
    }
}
