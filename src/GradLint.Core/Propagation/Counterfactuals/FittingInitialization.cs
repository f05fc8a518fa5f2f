using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Nonlinearities = GradLint.Core.Knowledge.TorchSharpNames.Nonlinearities;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>The initialiser that keeps signal and gradient through an activation, for the weights that feed it.</summary>
/// <param name="Activation">What the weights feed.</param>
/// <param name="Name">What people call it: He, Xavier, LeCun.</param>
/// <param name="Initialization">How TorchSharp draws it.</param>
public sealed record FittingInitialization(LayerKind Activation, string Name, Initialization Initialization)
{
    /// <summary>
    /// He et al. 2015 for the ReLU family (and what resembles it), Glorot &amp; Bengio 2010 for sigmoid and tanh, LeCun et al. 1998
    /// for SELU (Klambauer et al. 2017).
    /// </summary>
    public static FittingInitialization For(LayerKind activation) => activation switch
    {
        LayerKind.Tanh or LayerKind.Hardtanh or LayerKind.Softsign => new(activation, "Xavier", Explicit(InitializerKind.XavierUniform, ("gain", Gains.Tanh))),
        LayerKind.Sigmoid or LayerKind.Hardsigmoid => new(activation, "Xavier", Explicit(InitializerKind.XavierUniform, ("gain", 1.0))),
        LayerKind.SELU => new(activation, "LeCun", Explicit(InitializerKind.KaimingNormal, ("mode", "FanIn"), ("nonlinearity", Nonlinearities.Linear))),
        LayerKind.LeakyReLU => new(activation, "He", Explicit(InitializerKind.KaimingNormal, ("a", 0.01), ("mode", "FanIn"), ("nonlinearity", Nonlinearities.LeakyReLU))),
        LayerKind.PReLU => new(activation, "He", Explicit(InitializerKind.KaimingNormal, ("a", 0.25), ("mode", "FanIn"), ("nonlinearity", Nonlinearities.LeakyReLU))),
        _ => new(activation, "He", Explicit(InitializerKind.KaimingNormal, ("mode", "FanIn"), ("nonlinearity", Nonlinearities.ReLU))),
    };

    /// <summary>Linear and convolution weights (indices) with the activation each feeds, whatever normalises, drops, pools or reshapes between.</summary>
    public static IReadOnlyDictionary<int, LayerKind> FedActivations(ModelGraph graph)
    {
        var fed = new Dictionary<int, LayerKind>();
        foreach (var node in graph.Nodes.Where(n => IsPlainWeighted(n.Kind)))
        {
            if (node.Parameters.Count == 0 || NextActivation(graph, node.Id) is not { } activation) continue;
            fed[node.Parameters[0]] = activation;
        }

        return fed;
    }

    /// <summary>
    /// Those of the given weights (indices) that feed an activation and are not yet drawn as it wants, with what would fit; and
    /// the matrices that the same call of an initialiser draws along, such as the output layer's.
    /// </summary>
    public static IReadOnlyDictionary<int, FittingInitialization> Missing(ModelGraph graph, IReadOnlyList<int> weights)
    {
        var fed = FedActivations(graph);
        var missing = weights.Where(fed.ContainsKey).Select(index => (index, Fitting: For(fed[index])))
            .Where(pair => !IsAlike(graph.Parameters[pair.index], pair.Fitting.Initialization))
            .ToDictionary(pair => pair.index, pair => pair.Fitting);
        foreach (var group in Enumerable.Range(0, graph.Parameters.Count)
            .Where(index => graph.Parameters[index] is { Shape.Count: >= 2, Initialization: { IsExplicit: true, Origin.Token: not null } })
            .ToLookup(index => graph.Parameters[index].Initialization.Origin))
        {
            var feeding = group.Where(fed.ContainsKey).ToArray();
            if (feeding.Length == 0 || !feeding.All(missing.ContainsKey) || feeding.Select(index => missing[index].Activation).Distinct().Count() > 1) continue;
            foreach (var index in group.Except(feeding))
                missing.Add(index, missing[feeding[0]]);
        }

        return missing;
    }

    /// <summary>The model with the fitting initialiser in all the given weights.</summary>
    public static ModelGraph Applied(ModelGraph graph, IEnumerable<KeyValuePair<int, LayerKind>> weights) =>
        weights.Aggregate(graph, (edited, weight) => edited.WithInitialization([weight.Key], For(weight.Value).Initialization));

    public static bool IsPlainWeighted(LayerKind kind) =>
        kind == LayerKind.Linear || (LayerTable.Has(kind, LayerTraits.Convolution) && LayerTable.Has(kind, LayerTraits.Weighted));

    private static bool IsAlike(ModelParameter weight, Initialization fitting)
    {
        if (weight.Shape.Any(size => size is null)) return false;
        var shape = weight.Shape.Select(size => (double)size!.Value).ToArray();
        return WeightDistribution.Of(weight.Initialization, shape, shape[0]) is { } now && WeightDistribution.Of(fitting, shape, shape[0]) is { } then
            && now.Mean == then.Mean && Math.Abs(now.Variance - then.Variance) <= 1e-3 * then.Variance;
    }

    private static LayerKind? NextActivation(ModelGraph graph, int node)
    {
        const LayerTraits Passing = LayerTraits.Normalizing | LayerTraits.Dropout | LayerTraits.Shape | LayerTraits.Pooling;
        while (true)
        {
            var users = graph.Nodes.Where(n => n.Inputs.Any(i => i.Node == node)).ToArray();
            if (users.Length != 1) return null;
            var user = users[0];
            if (LayerTable.Has(user.Kind, LayerTraits.Activation)) return LayerTable.Has(user.Kind, LayerTraits.Probability) ? null : user.Kind;
            if ((LayerTable.Describe(user.Kind).Traits & Passing) == 0 || LayerTable.Has(user.Kind, LayerTraits.Weighted)) return null;
            node = user.Id;
        }
    }

    private static Initialization Explicit(InitializerKind kind, params (string Name, object? Value)[] arguments) =>
        new(kind, new(arguments.ToDictionary(a => a.Name, a => a.Value)), IsExplicit: true, Origin.None);
}
