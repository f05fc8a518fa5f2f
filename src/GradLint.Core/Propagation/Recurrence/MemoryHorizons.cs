namespace GradLint.Core.Propagation.Recurrence;

/// <summary>Reads a memory horizon off the gradient's decay back in time.</summary>
internal static class MemoryHorizons
{
    /// <param name="node">The recurrent node.</param>
    /// <param name="logs">ln of the gradient norm by steps back from the last.</param>
    public static MemoryHorizon Of(int node, double[] logs)
    {
        // The slope of the second half: the first steps still hold what the largest gates have not outlived.
        var half = logs.Length / 2;
        var slope = logs.Length > 1 ? (logs[logs.Length - 1] - logs[half]) / Math.Max(logs.Length - 1 - half, 1) : 0;
        return new(node, Math.Exp(slope), StepsTo(-3), StepsTo(Math.Log(1e-3)), logs.Select(log => (log - logs[0]) / Math.Log(10)).ToArray());

        double StepsTo(double level)
        {
            for (var back = 0; back < logs.Length; back++)
                if (logs[back] - logs[0] < level) return back;
            return slope < 0 ? Math.Ceiling(logs.Length - 1 + ((level - (logs[logs.Length - 1] - logs[0])) / slope)) : double.PositiveInfinity;
        }
    }
}
