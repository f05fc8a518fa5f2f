using GradLint.Runtime.Tests.Programs.Faults;

namespace GradLint.Runtime.Tests.Programs;

/// <summary>Programs with one planted fault each, and where it is.</summary>
public static class FaultPrograms
{
    public static IReadOnlyList<TrainingProgram> All { get; } =
    [
        .. GradientFaults.Vanishing(), .. GradientFaults.Exploding(), .. UnitFaults.Dead(), .. UnitFaults.Saturated(),
        .. ConnectionFaults.Disconnected(), .. UnitFaults.Symmetric(), .. StepFaults.LearningRates(), .. NonFiniteFaults.NonFinite(),
        .. GradientFaults.Plateaus(), .. MemoryFaults.Horizons(), .. StepFaults.Clipping(), .. StepFaults.Mismatches(), .. StepFaults.NeverCleared(),
    ];
}
