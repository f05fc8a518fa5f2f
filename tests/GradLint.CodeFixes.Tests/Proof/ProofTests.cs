using GradLint.Analyzers;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using GradLint.Proof;
using Proven = GradLint.Proof.Proof;

namespace GradLint.CodeFixes.Tests.Proof;

/// <summary>Faulty models run before and after every fix on offer: the fault shows, and is gone by the rule's own measure.</summary>
public class ProofTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases => [.. ProofCases.All.Select(proofCase => proofCase.Name)];

    [Fact]
    public void EveryModelRuleWithAFix_HasItsModels()
    {
        var fixable = typeof(GradLintFix).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(GradLintFix)))
            .SelectMany(type => ((GradLintFix)Activator.CreateInstance(type)!).FixableDiagnosticIds);
        var judged = new ModelAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Concat([RuleIds.ActivationDoubledBeforeLoss, RuleIds.LossGivenLogits]);
        var cases = ProofCases.All.GroupBy(proofCase => proofCase.RuleId).ToDictionary(rule => rule.Key, rule => rule.Count());
        Assert.All(fixable.Intersect(judged), rule => Assert.True(cases.GetValueOrDefault(rule) >= 3, $"{rule} has {cases.GetValueOrDefault(rule)} models, fewer than three forms."));
        Assert.True(ProofCases.All.Count >= 60, $"{ProofCases.All.Count} models");
        Assert.Equal(ProofCases.All.Count, ProofCases.All.Select(proofCase => proofCase.Name).Distinct().Count());
    }

    [Trait("Speed", "slow")]
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EveryFixOnOffer_MendsTheRunningModel(string name)
    {
        var proven = await Proven.OfAsync(ProofCases.All.Single(proofCase => proofCase.Name == name));
        foreach (var fix in proven)
            output.WriteLine(fix.ToString());
        Assert.All(proven, fix => Assert.True(fix.Holds, fix.ToString()));
    }
}
