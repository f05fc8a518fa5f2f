namespace GradLint.Core.Rules;

/// <summary>Which static and runtime rules speak of the same fault, so that a measurement can confirm or clear a prediction.</summary>
public static class RuleSiblings
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> StaticOfRuntime =
        new Dictionary<string, IReadOnlyList<string>>
        {
            [RuntimeRuleIds.VanishingGradient] =
            [
                RuleIds.VanishingGradient, RuleIds.DefaultInitializationStarvesDepth, RuleIds.InitializerMismatchesActivation,
                RuleIds.InitialScaleFarFromCritical, RuleIds.DeepPlainStack, RuleIds.SaturatingResidualStream,
            ],
            [RuntimeRuleIds.ExplodingGradient] =
                [RuleIds.ExplodingGradient, RuleIds.InitialScaleFarFromCritical, RuleIds.RecurrentWithoutClipping],
            [RuntimeRuleIds.NonFiniteValue] =
                [RuleIds.ExplodingGradient, RuleIds.UninitializedGroupNorm, RuleIds.RecurrentWithoutClipping],
            [RuntimeRuleIds.DeadUnits] = [RuleIds.DeadUnitsAtInitialization],
            [RuntimeRuleIds.SaturatedUnits] =
                [RuleIds.VanishingGradient, RuleIds.NormalizationAfterSaturation, RuleIds.InitialScaleFarFromCritical],
            [RuntimeRuleIds.NoGradient] =
            [
                RuleIds.GraphCut, RuleIds.BareNoGrad, RuleIds.LayerNeverUsed, RuleIds.ComponentsNeverRegistered,
                RuleIds.ModulesInPlainCollection, RuleIds.AssignedAfterRegistration,
            ],
            [RuntimeRuleIds.OptimizerMismatch] =
            [
                RuleIds.ComponentsNeverRegistered, RuleIds.ModulesInPlainCollection, RuleIds.AssignedAfterRegistration,
                RuleIds.ModelMovedAfterOptimizer, RuleIds.NativeModuleInDisposeScope,
            ],
            [RuntimeRuleIds.PlateauWithStarvedLayers] =
                [RuleIds.VanishingGradient, RuleIds.DefaultInitializationStarvesDepth, RuleIds.IndistinguishableInputs],
            [RuntimeRuleIds.UnstableLoss] = [RuleIds.GradientsNeverCleared, RuleIds.RecurrentWithoutClipping],
            [RuntimeRuleIds.ShortMemoryHorizon] = [RuleIds.ShortMemoryHorizon, RuleIds.ForgetGateBiasNearZero],
            [RuntimeRuleIds.ClippingVerdict] = [RuleIds.IneffectiveClipping, RuleIds.RecurrentWithoutClipping],
            [RuntimeRuleIds.SymmetricUnits] = [RuleIds.IdenticalUnits],
            [RuntimeRuleIds.BlindSpot] = [RuleIds.ForwardBypassesHooks],
        };

    /// <summary>The static rules that a runtime finding confirms; none for a fault that only a run can show.</summary>
    public static IReadOnlyList<string> StaticSiblings(string runtimeRuleId) =>
        StaticOfRuntime.TryGetValue(runtimeRuleId, out var siblings) ? siblings : [];
}
