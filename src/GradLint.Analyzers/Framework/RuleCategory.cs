namespace GradLint.Analyzers.Framework;

/// <summary>The categories of the rules, one for each thousand of their ids.</summary>
public static class RuleCategory
{
    public const string Configuration = "Configuration";
    public const string Activation = "Activation";
    public const string Initialization = "Initialization";
    public const string Recurrence = "Recurrence";
    public const string Architecture = "Architecture";
    public const string TrainingLoop = "TrainingLoop";
    public const string Wiring = "Wiring";
}
