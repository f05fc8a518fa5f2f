namespace GradLint.Core.Propagation;

/// <summary>A reproducible stream of random numbers: the same on every run, machine and runtime.</summary>
internal sealed class FixedRandom(ulong seed)
{
    private ulong _state = unchecked((seed * 0x9E3779B97F4A7C15) + 0x1234567887654321);
    private double? _spare;

    /// <summary>Uniform on [0, 1).</summary>
    public double Uniform()
    {
        _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
        var mixed = unchecked((_state ^ (_state >> 29)) * 0xBF58476D1CE4E5B9);
        return ((mixed ^ (mixed >> 32)) >> 11) / (double)(1UL << 53);
    }

    /// <summary>Standard normal, by the Box–Muller transform.</summary>
    public double Normal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform())), angle = 2 * Math.PI * Uniform();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }
}
