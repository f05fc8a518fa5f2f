using System.Reflection;
using System.Runtime.InteropServices;
using GradLint.Proof.Measures;

namespace GradLint.Proof;

/// <summary>One fix of one case, measured.</summary>
/// <param name="Case">The case.</param>
/// <param name="Fix">What was applied.</param>
/// <param name="Before">The measure of the faulty model.</param>
/// <param name="After">Of the mended one.</param>
/// <param name="Failure">Why it is no proof; null when all holds.</param>
internal sealed record ProvenFix(ProofCase Case, AppliedFix Fix, double Before, double After, string? Failure)
{
    public bool Holds => Failure is null;

    public override string ToString() =>
        FormattableString.Invariant($"{Case.Name,-45} {Fix.Key,-22} {Case.Measure.Name,-20} {Before,9:G3} → {After,-9:G3} {(Holds ? Fix.Title : "FAILED " + Failure)}");
}

/// <summary>Measures a faulty model, applies every fix on offer, and measures again.</summary>
internal static class Proof
{
    private const int MaxRounds = 20;

    static Proof() => TorchSharp.torch.set_num_threads(1);

    /// <exception cref="ProofException">The rule does not find the fault, the fault does not show when run, or no fix is on offer.</exception>
    public static async Task<IReadOnlyList<ProvenFix>> OfAsync(ProofCase proofCase)
    {
        var faulty = ModelProgram.Of(proofCase);
        var finding = (await faulty.FindingsAsync(proofCase.RuleId)).FirstOrDefault()
            ?? throw new ProofException($"{proofCase.RuleId} does not find the fault.");
        double before;
        using (var running = await faulty.RunAsync(proofCase))
            before = proofCase.Measure.Of(running);
        if (!proofCase.Measure.IsFaulty(before))
            throw new ProofException(FormattableString.Invariant($"the fault does not show: {proofCase.Measure.Name} {before:G3}"));

        var fixes = await faulty.FixesAsync(finding);
        if (fixes.Count == 0)
            throw new ProofException("no fix is on offer.");
        var proven = new List<ProvenFix>();
        foreach (var fix in fixes)
            proven.Add(await OfAsync(proofCase, faulty, new(fix.EquivalenceKey!, fix.Title, finding.GetMessage(null)), before));
        return proven;
    }

    private static async Task<ProvenFix> OfAsync(ProofCase proofCase, ModelProgram faulty, AppliedFix fix, double before)
    {
        var mended = faulty;
        try
        {
            mended = await MendAsync(proofCase, faulty, fix.Key);
            using var running = await mended.RunAsync(proofCase);
            var after = proofCase.Measure.Of(running, fix);
            var failure = !proofCase.Measure.IsMended(before, after) ? "the fault is still there"
                : proofCase.Measure.IsAsPromised(running, fix) == false ? $"is not what it promised: {fix.Title}"
                : null;
            return new(proofCase, fix, before, after, failure is null ? null : $"{failure}\n{await mended.TextAsync()}");
        }
        catch (Exception problem) when (problem is ProofException or TargetInvocationException or ExternalException)
        {
            return new(proofCase, fix, before, double.NaN, $"{(problem.InnerException ?? problem).Message}\n{await mended.TextAsync()}");
        }
    }

    /// <summary>Applies the fix to every finding of the rule; the mended program has none left.</summary>
    public static async Task<ModelProgram> MendAsync(ProofCase proofCase, ModelProgram program, string key)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var findings = await program.FindingsAsync(proofCase.RuleId);
            if (findings.Count == 0)
                return program;
            var fixes = await program.FixesAsync(findings[0]);
            var fix = fixes.FirstOrDefault(fix => fix.EquivalenceKey == key)
                ?? throw new ProofException($"after the fix the rule still finds: {findings[0].GetMessage(null)}\n{await program.TextAsync()}");
            program = await program.ApplyAsync(fix);
        }

        throw new ProofException("the fix does not come to an end.");
    }
}
