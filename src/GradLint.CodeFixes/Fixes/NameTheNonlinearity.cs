using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Nonlinearities = GradLint.Core.Knowledge.TorchSharpNames.Nonlinearities;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2006: the nonlinearity that has the gain which was given as a slope.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameTheNonlinearity))]
public sealed class NameTheNonlinearity() : SiteFix(RuleIds.KaimingSlopeGivenGain, place: 0)
{
    private const double Precision = 0.01;

    private static readonly string[] s_nonlinearities = [Nonlinearities.ReLU, Nonlinearities.Tanh, Nonlinearities.Linear];

    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var gain = double.Parse(diagnostic.Properties[FixProperties.Slope]!, System.Globalization.CultureInfo.InvariantCulture);
        var nonlinearity = s_nonlinearities.FirstOrDefault(known => Math.Abs(Math.Sqrt(Gains.Squared(known)) - gain) < Precision);
        if (nonlinearity is null
            || InitializerCall.At(site, cancellationToken) is not { Call.Expression: { } callee } call)
        {
            return [];
        }

        var arguments = call.Argument("mode") is { } mode
            ? new[] { $"mode: {mode}", InitializerCall.Nonlinearity(nonlinearity) }
            : [InitializerCall.Nonlinearity(nonlinearity)];
        var function = callee.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last().Identifier.ValueText;
        return
        [
            Remedy.At(call.Call, "nonlinearity", $"Use the gain of {nonlinearity}", editor => editor.ReplaceNode(call.Call, call.With(function, arguments))),
        ];
    }
}
