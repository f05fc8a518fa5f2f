namespace GradLint.Core.Knowledge;

/// <summary>GradLint.Runtime's modules that put a shortcut around another.</summary>
public static class WrapperNames
{
    public const string Assembly = "GradLint.Runtime";
    public const string Namespace = "GradLint.Runtime.Modules";
    public const string Residual = "Residual";
    public const string ReZero = "ReZero";
    public const string Highway = "Highway";
    public const string StochasticDepth = "StochasticDepth";

    // Parameters of their constructors, which the registered fields share their names with.
    public const string Branch = "branch";
    public const string Shortcut = "shortcut";
    public const string Scale = "scale";
    public const string Transform = "transform";
    public const string Size = "size";
    public const string GateBias = "gateBias";
    public const string DropProbability = "dropProbability";
    public const string Gate = "gate";
    public const string Alpha = "alpha";
}
