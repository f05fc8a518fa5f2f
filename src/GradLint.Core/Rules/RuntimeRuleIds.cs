namespace GradLint.Core.Rules;

/// <summary>The ids of what the runtime monitor finds. An id is never reused.</summary>
public static class RuntimeRuleIds
{
    public const string VanishingGradient = "GL7001";
    public const string ExplodingGradient = "GL7002";
    public const string NonFiniteValue = "GL7003";
    public const string DeadUnits = "GL7004";
    public const string SaturatedUnits = "GL7005";
    public const string FrozenUpdates = "GL7006";
    public const string UnstableUpdates = "GL7007";
    public const string NoGradient = "GL7008";
    public const string OptimizerMismatch = "GL7009";
    public const string PlateauWithStarvedLayers = "GL7010";
    public const string UnstableLoss = "GL7011";
    public const string ShortMemoryHorizon = "GL7012";
    public const string ClippingVerdict = "GL7013";
    public const string SymmetricUnits = "GL7014";
    public const string BlindSpot = "GL7015";
}
