using System.Reflection;
using GradLint.Core.Knowledge;

namespace GradLint.Core.Tests.Knowledge;

public class TorchSharpNamesTests
{
    public static TheoryData<string> MemberGroups() =>
        new(typeof(TorchSharpNames).GetNestedTypes().Where(type => type != typeof(TorchSharpNames.Types) && Constants(type).Any()).Select(type => type.Name));

    [Fact]
    public void TypesExist()
    {
        var api = TorchSharpApi.Members();
        var lists = typeof(TorchSharpNames.Types).GetProperties().SelectMany(list => (IEnumerable<string>)list.GetValue(null)!);

        Assert.All(Constants(typeof(TorchSharpNames.Types)).Concat(lists), name =>
        {
            var id = name.Replace('+', '.');
            Assert.True(api.Contains($"T:{id}") || IsStaticHolder(id, api), name);
        });
    }

    [Theory]
    [MemberData(nameof(MemberGroups))]
    public void MembersExist(string group)
    {
        var members = TorchSharpApi.Members().Select(id => id[(id.LastIndexOf('.') + 1)..]).ToHashSet();
        Assert.All(Constants(typeof(TorchSharpNames).GetNestedType(group)!), name => Assert.Contains(name, members));
    }

    /// <summary>The list names no static classes, only their members.</summary>
    private static bool IsStaticHolder(string id, HashSet<string> api) =>
        api.Any(member => member.StartsWith($"M:{id}.", StringComparison.Ordinal));

    private static IEnumerable<string> Constants(Type group) =>
        group.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
}
