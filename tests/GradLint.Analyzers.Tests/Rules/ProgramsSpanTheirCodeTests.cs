using System.Reflection;
using GradLint.Core.Rules;
using GradLint.Tests.Framework;

namespace GradLint.Analyzers.Tests.Rules;

/// <summary>
/// The rules over wiring and training are tested on programs as people write them: at least six that trigger and six that
/// do not, and at least half of each spread over several methods or types.
/// </summary>
public class ProgramsSpanTheirCodeTests(ITestOutputHelper output)
{
    private static readonly string[] OverTraining = [RuleIds.RecurrentWithoutClipping, RuleIds.IneffectiveClipping, RuleIds.HiddenStateNotDetached];

    public static TheoryData<string> Rules => [.. Ids
        .Where(id => id.Value.StartsWith("GL5", StringComparison.Ordinal) || id.Value.StartsWith("GL6", StringComparison.Ordinal) || OverTraining.Contains(id.Value))
        .Select(id => id.Name)];

    private static IEnumerable<(string Name, string Value)> Ids => typeof(RuleIds)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(id => (id.Name, (string)id.GetRawConstantValue()!));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task HalfOfThePrograms_SpanSeveralMethodsOrTypes(string rule)
    {
        var id = Ids.Single(id => id.Name == rule).Value;
        var tests = GetType().Assembly.GetTypes().Where(type => type.Namespace == GetType().Namespace && type.Name.StartsWith(rule, StringComparison.Ordinal) && type.Name.EndsWith("Tests", StringComparison.Ordinal));
        var span = new ProgramSpan(isAboutModules: id.StartsWith("GL6", StringComparison.Ordinal));

        var programs = new List<(bool Triggers, bool Spans)>();
        foreach (var files in (await Task.WhenAll(tests.Select(RecordedPrograms.OfAsync))).SelectMany(recorded => recorded))
            programs.Add((files.Any(file => file.Contains($"{{|{id}:", StringComparison.Ordinal)), span.Count(files) > 1));
        var kinds = programs.ToLookup(program => program.Triggers).Select(kind => (Name: kind.Key ? "triggering" : "silent", Count: kind.Count(), Spanning: kind.Count(program => program.Spans))).ToArray();
        foreach (var kind in kinds)
            output.WriteLine($"{id} {kind.Name,-10} {kind.Count,3}, spanning several methods or types {kind.Spanning,3}");
        Assert.Equal(2, kinds.Length);
        Assert.All(kinds, kind => Assert.True(kind.Count >= 6 && kind.Spanning * 2 >= kind.Count, $"{kind.Name}: {kind.Count}, spanning {kind.Spanning}"));
    }
}
