using System.Reflection;
using TorchSharp;

namespace StandIns.TorchSharp.Tests.Api;

/// <summary>Nothing public in the stand-in that TorchSharp 0.105.1 and 0.107.0 do not both have, under the same signature.</summary>
public class ApiConformityTests
{
    private static readonly Assembly StandIn = typeof(torch).Assembly;

    [Fact]
    public void Identity_IsTorchSharps()
    {
        var name = StandIn.GetName();
        Assert.Equal("TorchSharp", name.Name);
        Assert.Equal(new Version(0, 105, 1, 0), name.Version);
        Assert.Equal("67b0e5e1da516a1c", Convert.ToHexStringLower(name.GetPublicKeyToken()!));
    }

    [Fact]
    public void EveryPublicMember_IsInBothVersions()
    {
        var (listed, added) = Lists();
        var strangers = PublicMembers().Select(DocumentationId.Of).Where(id => !listed.ContainsKey(id) || added.Contains(id)).ToList();
        Assert.True(strangers.Count == 0, $"{strangers.Count} members are not TorchSharp's:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void EveryMethod_HasTheOriginalsParameterNamesAndDefaults() =>
        AssertSame(PublicMembers().OfType<MethodBase>(), Signature.ParametersOf, Signature.ParametersOf);

    [Fact]
    public void EveryMethod_HasTheOriginalsResultAndModifiers() =>
        AssertSame(PublicMembers().OfType<MethodInfo>().Where(m => !m.Name.StartsWith("op_", StringComparison.Ordinal) && m.Name != "Finalize"),
            method => $"{Signature.ModifiersOf(method)} {Signature.ResultOf(method)} ".TrimStart(), line => line.Replace("?", ""));

    [Fact]
    public void EveryProperty_HasTheOriginalsTypeAndAccessors() =>
        AssertSame(PublicMembers().OfType<PropertyInfo>(), Signature.Of, line => line.Replace("?", ""));

    [Fact]
    public void EveryField_HasTheOriginalsTypeAndValue() =>
        AssertSame(PublicMembers().OfType<FieldInfo>(), Signature.Of, line => line.Replace("?", ""));

    private static void AssertSame<T>(IEnumerable<T> members, Func<T, string> own, Func<string, string> original) where T : MemberInfo
    {
        var (listed, _) = Lists();
        var differences = from member in members
                          let id = DocumentationId.Of(member)
                          where listed.ContainsKey(id)
                          let mine = own(member)
                          let theirs = original(listed[id])
                          where !Agree(mine, theirs)
                          select $"{id}\n  stand-in: {mine}\n  original: {theirs}";
        var all = differences.ToList();
        Assert.True(all.Count == 0, $"{all.Count} members differ:\n{string.Join('\n', all)}");
    }

    /// <summary>The original's whole line begins with what is compared, where only its beginning is.</summary>
    private static bool Agree(string mine, string theirs) => mine.EndsWith(' ') ? theirs.StartsWith(mine, StringComparison.Ordinal) : theirs == mine;

    private static IEnumerable<MemberInfo> PublicMembers()
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in StandIn.GetTypes().Where(IsVisible))
        {
            yield return type;
            if (typeof(Delegate).IsAssignableFrom(type)) continue;
            foreach (var member in type.GetMembers(Declared))
            {
                if (IsVisible(member)) yield return member;
            }
        }
    }

    private static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static bool IsVisible(MemberInfo member) => member switch
    {
        Type => false,
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(true).Any(IsVisible),
        EventInfo @event => IsVisible(@event.AddMethod!),
        MethodBase method => IsVisible(method) && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        _ => false,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>The lists' folder: GRADLINT_FACTS, or shared/facts beside the repository. They are not part of the repository.</summary>
    private static (Dictionary<string, string> Listed, HashSet<string> Added) Lists()
    {
        string? folder = Environment.GetEnvironmentVariable("GRADLINT_FACTS") ?? Beside();
        if (folder is null || !File.Exists(Path.Combine(folder, "torchsharp-api-0.107.tsv")))
            Assert.Skip("The lists of TorchSharp's public API are not here: set GRADLINT_FACTS to the folder of torchsharp-api-0.107.tsv.");
        var listed = File.ReadLines(Path.Combine(folder, "torchsharp-api-0.107.tsv")).Select(line => line.Split('\t')).ToDictionary(p => p[0], p => p[1]);
        return (listed, File.ReadLines(Path.Combine(folder, "torchsharp-api-added-after-0.105.1.txt")).ToHashSet());
    }

    private static string? Beside()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "GradLint.sln"))) return Path.Combine(directory.FullName, "..", "shared", "facts");
        return null;
    }
}
