using System.Collections.Immutable;
using System.Globalization;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2006: the second argument of kaiming_* is the slope of a leaky ReLU; a slope of 1 or more is no slope but a gain.</summary>
public sealed class KaimingSlopeGivenGain : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.KaimingSlopeGivenGain,
        "Kaiming initializer is given a gain as slope",
        "The second argument of the Kaiming initializer of '{0}' is a slope, and {1} shrinks the weights by a factor of {2}; give the nonlinearity instead",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.KaimingSlopeGivenGain));

    /// <summary>The parameter of the initializer.</summary>
    private const string Slope = "a";

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        foreach (var group in context.Graph.Parameters.Where(p => IsGain(p.Initialization)).GroupBy(p => p.Initialization.Origin.Token))
        {
            var slope = group.First().Initialization.Arguments.Number(Slope)!.Value;
            context.Report(
                Rule, ModelFindings.Places(group.Select(p => p.Initialization.Origin)), ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Slope, slope.ToString("R", CultureInfo.InvariantCulture)),
                group.First().Path, slope.ToString("0.###", CultureInfo.InvariantCulture), GradientFormat.Ratio(Math.Sqrt(1 + (slope * slope))));
        }
    }

    /// <summary>√5 is the slope that PyTorch's own defaults are written with; 1, where it is named, makes the Glorot uniform of a square layer.</summary>
    private static bool IsGain(Initialization initialization) =>
        initialization is { Kind: InitializerKind.KaimingNormal or InitializerKind.KaimingUniform, IsExplicit: true }
        && initialization.Arguments.Number(Slope) is { } slope && Math.Abs(slope) >= 1 && !(slope == 1 && NamesTheSlope(initialization)) && Math.Abs(Math.Abs(slope) - Math.Sqrt(5)) > 0.01
        && initialization.Arguments.Text("nonlinearity") is null or TorchSharpNames.Nonlinearities.LeakyReLU;

    private static bool NamesTheSlope(Initialization initialization) =>
        initialization.Origin.Token is Location { SourceTree: { } tree } call
        && tree.GetRoot().FindNode(call.SourceSpan, getInnermostNodeForTie: true) is InvocationExpressionSyntax invocation
        && invocation.ArgumentList.Arguments.Any(argument => argument.NameColon?.Name.Identifier.ValueText == Slope);
}
