namespace GradLint.Runtime.Rules;

/// <summary>All runtime rules, by id.</summary>
public static class RuntimeRules
{
    public static IReadOnlyList<RuntimeRule> All { get; } =
    [
        new VanishingGradientRule(),
        new ExplodingGradientRule(),
        new NonFiniteValueRule(),
        new DeadUnitsRule(),
        new SaturatedUnitsRule(),
        new FrozenUpdatesRule(),
        new UnstableUpdatesRule(),
        new NoGradientRule(),
        new OptimizerMismatchRule(),
        new PlateauWithStarvedLayersRule(),
        new UnstableLossRule(),
        new ShortMemoryHorizonRule(),
        new ClippingVerdictRule(),
        new SymmetricUnitsRule(),
        new BlindSpotRule(),
    ];
}
