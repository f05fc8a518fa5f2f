using GradLint.Proof.Cases;

namespace GradLint.Proof;

/// <summary>All cases: for every rule with a fix, the forms that its models are written in.</summary>
internal static class ProofCases
{
    public static IReadOnlyList<ProofCase> All { get; } =
    [
        .. VanishingGradientCases.All,
        .. DepthCases.All,
        .. WrapperCases.All,
        .. ScaleCases.All,
        .. LossCases.All,
        .. ActivationCases.All,
        .. RecurrentCases.All,
        .. InitializerCases.All,
        .. NormalizationCases.All,
    ];
}
