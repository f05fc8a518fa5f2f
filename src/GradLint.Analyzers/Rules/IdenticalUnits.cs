using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL2003: units with equal weights in and equal weights out get equal gradients, and stay one unit.</summary>
public sealed class IdenticalUnits : IModelRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.IdenticalUnits,
        "Units start identical and stay so",
        "All units of '{0}' start with equal weights, in and out to '{1}', and get equal gradients for good{3}; use {2} initialization",
        RuleCategory.Initialization,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.IdenticalUnits));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModelRuleContext context)
    {
        var graph = context.Graph;
        foreach (var node in graph.Nodes.Where(n => IsConstant(context, n) && Units(graph, n) > 1))
        {
            if (Next(graph, node) is not { } next || !IsConstant(context, next))
                continue;
            var activation = FittingInitialization.FedActivations(graph).TryGetValue(node.Parameters[0], out var fed) ? fed : LayerKind.ReLU;
            context.Report(
                Rule, graph.InitializationSites([node.Parameters[0], next.Parameters[0]]), Properties(graph, node.Parameters[0], activation),
                node.Path ?? graph.TypeName, next.Path ?? graph.TypeName, FittingInitialization.For(activation).Name,
                graph.Parameters[node.Parameters[0]].Initialization.Kind == InitializerKind.TruncatedNormal ? TruncatedNormalNote : "");
            return;
        }
    }

    private const string TruncatedNormalNote = " (trunc_normal_ without a mean fills with std in TorchSharp up to 0.107)";

    /// <summary>Weight and bias of one value each, set by the code.</summary>
    private static bool IsConstant(ModelRuleContext context, GraphNode node) =>
        FittingInitialization.IsPlainWeighted(node.Kind) && node.Parameters.Count > 0 && context.Graph.Parameters[node.Parameters[0]].Initialization.IsExplicit
        && node.Parameters.All(index => IsConstant(context, context.Graph.Parameters[index].Initialization));

    /// <summary>TorchSharp's <c>trunc_normal_</c> multiplies by the mean and adds the deviation.</summary>
    private static bool IsConstant(ModelRuleContext context, Initialization initialization) => initialization.Kind switch
    {
        InitializerKind.Zeros or InitializerKind.Ones or InitializerKind.Constant => true,
        InitializerKind.TruncatedNormal => context.HasKnownFaults && !initialization.Arguments.IsUnknown("mean") && (initialization.Arguments.Number("mean") ?? 0) == 0,
        _ => false,
    };

    private static ImmutableDictionary<string, string?> Properties(ModelGraph graph, int weight, LayerKind activation)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Activation, $"{activation}");
        var call = graph.Parameters[weight].Initialization.Origin.Token;
        return graph.Parameters.Any(p => p.Shape.Count < 2 && Equals(p.Initialization.Origin.Token, call)) ? properties.Add(FixProperties.AlsoVectors, "") : properties;
    }

    private static long? Units(ModelGraph graph, GraphNode node) => graph.Parameters[node.Parameters[0]].Shape is { Count: > 1 } shape ? shape[0] : null;

    /// <summary>The next weighted layer, if nothing but activations, dropout and pooling lies between.</summary>
    private static GraphNode? Next(ModelGraph graph, GraphNode node)
    {
        const LayerTraits Passing = LayerTraits.Activation | LayerTraits.Dropout | LayerTraits.Pooling;
        for (var user = graph.OnlyUser(node.Id); user is not null; user = graph.OnlyUser(user.Id))
        {
            if (FittingInitialization.IsPlainWeighted(user.Kind)) return user;
            if ((LayerTable.Describe(user.Kind).Traits & Passing) == 0) return null;
        }

        return null;
    }
}
