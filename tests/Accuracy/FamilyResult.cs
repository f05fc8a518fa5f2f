namespace GradLint.Accuracy;

/// <summary>All comparisons of a family.</summary>
internal sealed record FamilyResult(string Family, IReadOnlyList<Comparison> Comparisons)
{
    public const double Bar = 0.95;

    public double Share => Comparisons.Count(c => c.Holds) / (double)Comparisons.Count;

    public static FamilyResult Run(string family, int seed, int count, int seeds)
    {
        // Each family draws on its own, so that a change in one leaves the others as they are.
        var generator = new ModelGenerator(new Random(HashCode(seed, family)));
        var sources = Enumerable.Range(0, count).Select(i => ModelGenerator.Families[family](generator, $"Model{i}")).ToArray();
        var batch = new ModelBatch(sources);
        return new(family, sources.Select((source, i) => Comparison.Of(source, batch, seeds, (((long)seed * 10_000) + i) * 1_000)).ToArray());
    }

    public double Percentile(double share)
    {
        var errors = Comparisons.Select(c => c.Error).Order().ToArray();
        return errors[Math.Min((int)(share * errors.Length), errors.Length - 1)];
    }

    private static int HashCode(int seed, string text) => text.Aggregate(seed * 7919, (hash, c) => unchecked((hash * 31) + c));
}
