using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2007: TorchSharp 0.104 to 0.107 leaves GroupNorm's weight and bias as the memory was.</summary>
public sealed class UninitializedGroupNorm : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.UninitializedGroupNorm,
        "GroupNorm starts from uninitialized memory",
        "GroupNorm '{0}' starts from uninitialized memory in TorchSharp 0.104 to 0.107; call init.ones_ on its weight and init.zeros_ on its bias",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.UninitializedGroupNorm));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var node in graph.Nodes.Where(n => n.Kind == LayerKind.GroupNorm && n.Parameters.Any(IsUninitialized)).GroupBy(n => n.Construction.Token).Select(g => g.First()))
            context.Report(Rule, ModelFindings.Places([node.Construction]), ImmutableDictionary<string, string?>.Empty, node.Path ?? graph.TypeName);

        bool IsUninitialized(int parameter) => graph.Parameters[parameter].Initialization.Kind == InitializerKind.Uninitialized;
    }
}
