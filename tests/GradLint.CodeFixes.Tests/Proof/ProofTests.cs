using GradLint.Proof;
using Proven = GradLint.Proof.Proof;

namespace GradLint.CodeFixes.Tests.Proof;

/// <summary>Faulty models run before and after every fix on offer: the fault shows, and is gone by the rule's own measure.</summary>
public class ProofTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases => [.. ProofCases.All.Select(proofCase => proofCase.Name)];

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
