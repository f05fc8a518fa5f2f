using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2005: <c>normal_</c> with Glorot's deviation, computed from the weight's sizes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DrawFromNormal))]
public sealed class DrawFromNormal() : SiteFix(RuleIds.XavierNormalDrawsUniform, place: 0)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (InitializerCall.At(site, cancellationToken) is not { HasPlainTensor: true } call
            || call.Call.ArgumentList.Arguments.Count > 2)
        {
            return [];
        }

        return
        [
            Remedy.At(call.Call, "normal", "Draw from a normal distribution of the same variance", editor => editor.ReplaceNode(call.Call, call.With(TorchSharpNames.Initializers.Normal, "0", Deviation(call, site.Model)))),
        ];
    }

    /// <summary>gain · √(2 / (fan_in + fan_out)): of a linear layer the two sizes, else all elements over each of the first two.</summary>
    private static string Deviation(InitializerCall call, SemanticModel model)
    {
        var weight = call.Tensor.WithoutTrivia().ToString();
        var fans = IsOfLinear(call.Tensor, model)
            ? $"{weight}.shape[0] + {weight}.shape[1]"
            : $"{weight}.numel() / {weight}.shape[0] + {weight}.numel() / {weight}.shape[1]";
        var deviation = $"global::System.Math.Sqrt(2.0 / ({fans}))";
        return call.Argument("gain") switch
        {
            null => deviation,
            BinaryExpressionSyntax or ConditionalExpressionSyntax => $"({call.Argument("gain")}) * {deviation}",
            var gain => $"{gain} * {deviation}",
        };
    }

    private static bool IsOfLinear(ExpressionSyntax tensor, SemanticModel model) =>
        (tensor is PostfixUnaryExpressionSyntax forgiving ? forgiving.Operand : tensor) is MemberAccessExpressionSyntax { Name.Identifier.ValueText: TorchSharpNames.ModuleMembers.Weight } access
        && model.GetTypeInfo(access.Expression).Type?.Name == LayerTable.Describe(Core.Model.LayerKind.Linear).Modules[0];
}
