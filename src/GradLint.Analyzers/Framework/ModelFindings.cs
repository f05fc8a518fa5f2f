using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

/// <summary>What the rules over predictions have in common.</summary>
public static class ModelFindings
{
    public static GradientBand Band(this ModelRuleContext context) => new(context.Options.MinGradientRatio, context.Options.MaxGradientRatio);

    /// <summary>Path of the output layer.</summary>
    public static string HeadPath(this ModelRuleContext context) => LayerPath(context.Graph.Parameters[context.Prediction.HeadParameter!.Value].Path);

    /// <summary>What is out of range, with its number, as messages begin.</summary>
    public static string Describe(this ModelRuleContext context, GradientFault fault)
    {
        if (fault.Layer is not { } layer)
            return $"Gradient reaching '{LayerPath(fault.Parameter.Path)}' is predicted to be {fault.Parameter.RatioText()} of the one at '{context.HeadPath()}'";
        var node = context.Graph.Nodes[layer.Node];
        return $"Signal leaving '{node.Path ?? node.Kind.ToString()}' is predicted to have an RMS of {GradientFormat.Ratio(Math.Pow(10, layer.Log10ForwardScale.Value))}";
    }

    /// <summary>The places of parameters' initialisation: the call that set it, or where the layer is constructed.</summary>
    public static IReadOnlyList<Location> InitializationSites(this ModelGraph graph, IEnumerable<int> parameters) => Places(parameters
        .Select(index => graph.Parameters[index])
        .Select(parameter => parameter.Initialization.Origin.Token is Location ? parameter.Initialization.Origin : parameter.Origin));

    public static IReadOnlyList<Location> Places(IEnumerable<Origin> origins) =>
        origins.Select(origin => origin.Token).OfType<Location>().Distinct().ToArray();

    /// <summary><c>net.fc0.weight</c> is the weight of <c>net.fc0</c>.</summary>
    public static string LayerPath(string parameterPath) =>
        parameterPath.LastIndexOf('.') is var dot && dot > 0 ? parameterPath.Substring(0, dot) : parameterPath;

    /// <summary><c>bias_hh_l0</c> of <c>net.lstm.bias_hh_l0</c>.</summary>
    public static string LastName(string parameterPath) => parameterPath.Substring(parameterPath.LastIndexOf('.') + 1);

    /// <summary>The predicted ratio as messages write it.</summary>
    public static string RatioText(this ParameterPrediction parameter) =>
        GradientFormat.Ratio(Math.Pow(10, parameter.Log10GradientRatio.Value));

    /// <summary>The node's only user, or null.</summary>
    public static GraphNode? OnlyUser(this ModelGraph graph, int node)
    {
        var users = graph.Nodes.Where(n => n.Inputs.Any(i => i.Node == node)).ToArray();
        return users.Length == 1 ? users[0] : null;
    }

    public static bool IsOutput(this ModelGraph graph, int node) => graph.Outputs.Any(output => output.Node == node);

    /// <summary>The node and all that it depends on.</summary>
    public static HashSet<int> Ancestors(this ModelGraph graph, int node)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>([node]);
        while (pending.Count > 0)
        {
            var id = pending.Pop();
            if (!seen.Add(id)) continue;
            foreach (var input in graph.Nodes[id].Inputs)
                pending.Push(input.Node);
        }

        return seen;
    }
}
