using System.Globalization;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>The statement that draws the weight matrices of a model anew, to fit an activation.</summary>
internal static class InitializationBlock
{
    private const string Init = "global::TorchSharp.torch.nn.init";

    /// <param name="model">The expression for the model, or null for the model whose constructor the statement goes into.</param>
    /// <param name="activation">What the weights feed.</param>
    /// <param name="keptWeights">Paths of the matrices that are left as they are: the output layer's, embeddings.</param>
    /// <param name="uniqueName">Makes a name that is free where the statement goes.</param>
    public static StatementSyntax For(string? model, LayerKind activation, IReadOnlyList<string> keptWeights, Func<string, string> uniqueName)
    {
        var (name, parameter) = (uniqueName("name"), uniqueName("parameter"));
        var conditions = keptWeights.Select(path => $"{name} != {SymbolDisplay.FormatLiteral(path, quote: true)}").Prepend($"{parameter}.dim() > 1");
        var statement = SyntaxFactory.ParseStatement(
            $$"""
            // {{(activation == LayerKind.SELU ? "LeCun" : "He")}} initialization keeps the scale of signal and gradient through {{activation}} layers.
            foreach (var ({{name}}, {{parameter}}) in {{(model is null ? "" : model + ".")}}named_parameters())
            {
                if ({{string.Join(" && ", conditions)}})
                    {{Init}}.kaiming_normal_({{parameter}}, {{Arguments(activation)}});
            }

            """);
        var qualified = statement.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => access.ToString().StartsWith("global::", StringComparison.Ordinal));
        return statement
            .ReplaceNodes(qualified, (_, rewritten) => rewritten.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static string Arguments(LayerKind activation) => activation switch
    {
        LayerKind.LeakyReLU => Slope(0.01),
        LayerKind.PReLU => Slope(0.25),
        LayerKind.SELU => $"nonlinearity: {Init}.NonlinearityType.Linear",
        _ => $"nonlinearity: {Init}.NonlinearityType.ReLU",
    };

    private static string Slope(double slope) => $"a: {slope.ToString(CultureInfo.InvariantCulture)}";
}
