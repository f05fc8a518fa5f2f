namespace GradLint.Analyzers.Framework;

/// <summary>What a diagnostic tells its fix in <c>Diagnostic.Properties</c>; lists are separated by <see cref="Separator"/>.</summary>
public static class FixProperties
{
    public const char Separator = ';';

    /// <summary>The remedies, best first, each as <c>recipe|promise</c>: what it is predicted to lead to, as a title says it.</summary>
    public const string Remedies = "remedies";

    /// <summary>Index of the parameter whose gradient the finding is about.</summary>
    public const string Parameter = "parameter";

    /// <summary>Indices of the weights that the remedies may draw anew; absent for all that feed an activation.</summary>
    public const string Weights = "weights";

    /// <summary>Memory horizons in steps: before the fix; and by remedy, each as <c>layer|bias|horizon</c>, best first.</summary>
    public const string Horizon = "horizon";
    public const string RecurrentRemedies = "recurrentRemedies";

    /// <summary>Steps of the sequence; empty when unknown.</summary>
    public const string SequenceLength = "sequenceLength";

    /// <summary>The activation that a weight feeds.</summary>
    public const string Activation = "activation";

    /// <summary>Present when the same call initialises vectors too.</summary>
    public const string AlsoVectors = "alsoVectors";

    /// <summary>The number given as the slope of a leaky ReLU.</summary>
    public const string Slope = "slope";

    /// <summary>For each use of an activation on a sum, which summand is the branch: 0 or 1.</summary>
    public const string BranchSummands = "branchSummands";

    /// <summary>Present when the second additional location is the call that sets the bias, and nothing but biases.</summary>
    public const string BiasSite = "biasSite";

    /// <summary>Whether whatever is applied, or made, at the place of the first of two layers is the first of two such layers: True or False.</summary>
    public const string IsUseInEveryPair = "isUseInEveryPair";
    public const string IsConstructionInEveryPair = "isConstructionInEveryPair";

    /// <summary>Locals that hold a hidden state to detach.</summary>
    public const string States = "states";
}
