namespace GradLint.Core.Rules;

/// <summary>The ids of all rules. An id is never reused: what has been published keeps its meaning.</summary>
public static class RuleIds
{
    // GL0: GradLint itself.
    public const string InvalidOption = "GL0001";
    public const string StaleEvidence = "GL0002";
    public const string MeasuredFinding = "GL0003";

    // GL1: activations.
    public const string VanishingGradient = "GL1001";
    public const string ExplodingGradient = "GL1002";
    public const string ActivationDoubledBeforeLoss = "GL1003";
    public const string LossGivenLogits = "GL1004";
    public const string SaturatingResidualStream = "GL1005";
    public const string AdjacentLinearLayers = "GL1006";
    public const string IndistinguishableInputs = "GL1007";
    public const string DeadUnitsAtInitialization = "GL1008";

    // GL2: initialisation.
    public const string DefaultInitializationStarvesDepth = "GL2001";
    public const string InitializerMismatchesActivation = "GL2002";
    public const string IdenticalUnits = "GL2003";
    public const string InitialScaleFarFromCritical = "GL2004";
    public const string XavierNormalDrawsUniform = "GL2005";
    public const string KaimingSlopeGivenGain = "GL2006";
    public const string UninitializedGroupNorm = "GL2007";

    // GL3: recurrent models.
    public const string RecurrentWithoutClipping = "GL3001";
    public const string IneffectiveClipping = "GL3002";
    public const string ShortMemoryHorizon = "GL3003";
    public const string ForgetGateBiasNearZero = "GL3004";
    public const string HiddenStateNotDetached = "GL3005";

    // GL4: architecture.
    public const string DeepPlainStack = "GL4001";
    public const string NormalizationAfterSaturation = "GL4002";
    public const string DeepPostNormTransformer = "GL4003";

    // GL5: the training loop.
    public const string GradientsNeverCleared = "GL5001";
    public const string StepOutOfOrder = "GL5002";
    public const string GraphCut = "GL5003";
    public const string BareNoGrad = "GL5004";
    public const string LossGraphKeptAlive = "GL5005";
    public const string EvalNeverUndone = "GL5006";
    public const string ModelMovedAfterOptimizer = "GL5007";
    public const string ForwardBypassesHooks = "GL5008";

    // GL6: the wiring of modules.
    public const string ComponentsNeverRegistered = "GL6001";
    public const string ModulesInPlainCollection = "GL6002";
    public const string AssignedAfterRegistration = "GL6003";
    public const string LayerNeverUsed = "GL6004";
    public const string LayerUsedAtSeveralDepths = "GL6005";
    public const string TrainableTensorBecomesBuffer = "GL6006";
    public const string NativeModuleInDisposeScope = "GL6007";
    public const string FieldHidesModule = "GL6008";
}
