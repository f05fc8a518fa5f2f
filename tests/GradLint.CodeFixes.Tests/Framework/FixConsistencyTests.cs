using System.Reflection;
using GradLint.CodeFixes.Fixes;
using GradLint.CodeFixes.Framework;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace GradLint.CodeFixes.Tests.Framework;

/// <summary>What holds for every fix.</summary>
public class FixConsistencyTests
{
    private static readonly Assembly CodeFixes = typeof(MendVanishingGradient).Assembly;

    public static TheoryData<string> Fixes => [.. Types.Select(type => type.Name)];

    private static IEnumerable<Type> Types => CodeFixes.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFixProvider)));

    [Fact]
    public void CodeFixes_LoadIntoTheOldestCompiler() => AssemblyReferences.LoadIntoTheOldestCompiler(CodeFixes);

    [Theory]
    [MemberData(nameof(Fixes))]
    public void EveryFix_IsExportedUnderItsName(string name)
    {
        var export = Type(name).GetCustomAttribute<ExportCodeFixProviderAttribute>();
        Assert.NotNull(export);
        Assert.Equal(name, export.Name);
        Assert.Equal([LanguageNames.CSharp], export.Languages);
    }

    /// <summary><c>[Shared]</c> would tie the fixes to one version of System.Composition.</summary>
    [Theory]
    [MemberData(nameof(Fixes))]
    public void EveryFix_HasNoOtherAttribute(string name) =>
        Assert.All(Type(name).GetCustomAttributesData(), attribute => Assert.DoesNotContain("Composition", attribute.AttributeType.Assembly.GetName().Name!));

    [Theory]
    [MemberData(nameof(Fixes))]
    public void EveryFix_FixesAllOfAScope(string name)
    {
        var fix = Assert.IsAssignableFrom<GradLintFix>(Activator.CreateInstance(Type(name)));
        Assert.Equal([FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution], fix.GetFixAllProvider()!.GetSupportedFixAllScopes());
        Assert.Single(fix.FixableDiagnosticIds);
    }

    /// <summary>Every fix has its tests, and one of them keeps a comment at the edited place.</summary>
    [Theory]
    [MemberData(nameof(Fixes))]
    public void EveryFix_IsTestedWithTrivia(string name)
    {
        var path = Path.Combine(Repository.Root, "tests", "GradLint.CodeFixes.Tests", "Fixes", $"{name}Tests.cs");
        Assert.True(File.Exists(path), $"{path} is missing.");
        Assert.Matches(@"(?m)(//|/\*) .*$", File.ReadAllText(path));
    }

    [Fact]
    public void EveryRefactoring_IsExportedUnderItsName() => Assert.All(
        CodeFixes.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeRefactoringProvider))),
        type =>
        {
            var export = type.GetCustomAttribute<ExportCodeRefactoringProviderAttribute>();
            Assert.Equal((type.Name, LanguageNames.CSharp), (export?.Name, Assert.Single(export?.Languages ?? [])));
        });

    private static Type Type(string name) => Types.Single(type => type.Name == name);
}
