namespace GradLint.Core.Propagation;

/// <summary>One choice for everything that the code leaves open.</summary>
internal sealed record Scenario(double BatchSize, double SequenceLength, double SpatialSize);
