namespace GradLint.Analyzers.Framework;

/// <summary>What a diagnostic tells its fix in <c>Diagnostic.Properties</c>; lists are separated by <see cref="Separator"/>.</summary>
public static class FixProperties
{
    public const char Separator = ';';

    /// <summary>The remedies, best first, each as <c>recipe|ratio</c>.</summary>
    public const string Remedies = "remedies";

    /// <summary>How many of the additional locations, from the first, are the places of activations.</summary>
    public const string ActivationSites = "activationSites";

    /// <summary>Paths of the weight matrices that keep the initialiser they have.</summary>
    public const string KeptWeights = "keptWeights";

    /// <summary>Memory horizons in steps: before the fix; and by remedy, each as <c>layer|bias|horizon</c>, best first.</summary>
    public const string Horizon = "horizon";
    public const string RecurrentRemedies = "recurrentRemedies";

    /// <summary>Steps of the sequence; empty when unknown.</summary>
    public const string SequenceLength = "sequenceLength";

    /// <summary>Locals that hold a hidden state to detach.</summary>
    public const string States = "states";

    /// <summary>The ratio before the fix, as the message has it.</summary>
    public const string Ratio = "ratio";
}
